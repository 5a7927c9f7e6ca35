"""The command line from outside: what it lists, its exit statuses, one line when something is wrong."""

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from app_settings import VARIABLES
from importing import CHEN, PEOPLE

ROOT = Path(__file__).parent.parent.parent
COMMANDS = (
    "serve",
    "worker",
    "check",
    "db",
    "evidence",
    "import",
    "ledger",
    "staff",
    "poster",
    "posters",
    "trial",
    "demo",
    "understand",
)


@pytest.fixture
def fenxiao(tmp_path):
    """Runs the command in an empty folder, with nothing but what the test says in its environment."""

    def run(*words: str, said: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        own = {name: value for name, value in os.environ.items() if not name.startswith("FENXIAO_")}
        environment = {**own, "PYTHONPATH": str(ROOT), **variables}
        line = [sys.executable, "-m", "app", *words]
        return subprocess.run(
            line, cwd=tmp_path, env=environment, input=said, capture_output=True, text=True, timeout=60, check=False
        )

    return run


def test_help_lists_every_command_quickly(fenxiao) -> None:
    fenxiao("--help")
    began = time.monotonic()
    answer = fenxiao("--help")

    assert answer.returncode == 0
    assert all(command in answer.stdout for command in COMMANDS)
    assert time.monotonic() - began < 1.5


def test_help_imports_nothing_heavy(fenxiao) -> None:
    check = "import sys, app.cli; print([m for m in ('flask', 'sqlalchemy', 'PIL', 'wechatpy') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("words", [("wibble",), ("demo", "--port", "x"), ("staff", "add", "老板"), ("db", "sideways")])
def test_wrong_usage_is_status_2(fenxiao, words) -> None:
    assert fenxiao(*words).returncode == 2


@pytest.mark.parametrize("words", [("serve",), ("worker",), ("db", "current"), ("ledger", "prove")])
def test_without_a_configuration_one_line_names_what_is_missing(fenxiao, words) -> None:
    answer = fenxiao(*words)

    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "wechat.app_secret" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_doctor_says_what_is_wrong_with_the_configuration(fenxiao) -> None:
    answer = fenxiao("check")

    assert answer.returncode == 1
    assert "坏了  配置" in answer.stdout


def test_each_line_is_understood_whatever_it_holds(fenxiao, tmp_path) -> None:
    (tmp_path / "said.txt").write_text('看看昨天的订单\n\n{"text": "提2百"}\n{"text": 1\n', "utf-8")

    answer = fenxiao("understand", "--at", "2026-11-23", "said.txt")

    assert [json.loads(line) for line in answer.stdout.splitlines()] == [
        {"intent": "orders", "slots": {"period": {"from": "2026-11-22", "to": "2026-11-23"}}},
        {"intent": "withdraw", "slots": {"amount": 20000}},
        {"intent": "other", "slots": {}},
    ]


def test_what_cannot_be_understood_is_one_line(fenxiao) -> None:
    missing = fenxiao("understand", "nowhere.txt")

    assert missing.returncode == 1
    assert missing.stderr.count("\n") == 1
    assert fenxiao("understand", "--at", "soon", "-").returncode == 2


def test_a_poster_is_drawn_from_a_file(fenxiao, tmp_path) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text(
        'product = "即食阿胶糕 250g"\nprice_fen = 8900\nname = "陈晓燕"\nslogan = "好吃"\nurl = "https://e.cn/s/C1"\n',
        "utf-8",
    )

    answer = fenxiao("poster", "--facts", str(facts), "--out", "poster.png")

    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "poster.png").read_bytes().startswith(b"\x89PNG")


def test_a_poster_that_cannot_be_drawn_is_one_line(fenxiao) -> None:
    answer = fenxiao("poster", "--facts", "nowhere.toml", "--out", "poster.png")

    assert answer.returncode == 1
    assert "nowhere.toml" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_posters_for_nobody_are_refused_in_one_line(fenxiao) -> None:
    fenxiao("db", "upgrade", **VARIABLES)

    answer = fenxiao("posters", **VARIABLES)

    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert "没有" in answer.stderr


def test_posters_that_could_not_be_drawn_are_a_failure_in_one_line(fenxiao, tmp_path) -> None:
    fenxiao("db", "upgrade", **VARIABLES)
    (tmp_path / "people.csv").write_text(PEOPLE + CHEN, "utf-8")
    fenxiao("import", "distributors", "people.csv", **VARIABLES)

    answer = fenxiao("posters", **VARIABLES)

    assert answer.returncode == 1
    assert "画好 0 张" in answer.stdout
    assert answer.stderr == "1 张没画成，原因在日志里\n"


def test_a_new_database_goes_from_nothing_to_a_working_shop(fenxiao) -> None:
    own = VARIABLES

    assert "空" in fenxiao("db", "current", **own).stdout
    refused = fenxiao("serve", **own)
    assert refused.returncode == 1
    assert "fenxiao db upgrade" in refused.stderr
    assert fenxiao("db", "upgrade", **own).returncode == 0
    assert "最新" in fenxiao("db", "current", **own).stdout
    assert "已是最新" in fenxiao("db", "upgrade", **own).stdout
    proven = fenxiao("ledger", "prove", **own)
    assert proven.returncode == 0, proven.stdout + proven.stderr
    assert "全部相符" in proven.stdout


def test_a_console_account_is_made_once_with_a_long_password(fenxiao) -> None:
    own = VARIABLES
    fenxiao("db", "upgrade", **own)
    add = ("staff", "add", "老板", "--role", "owner", "--password-stdin")

    assert fenxiao(*add, said="short\n", **own).returncode == 1
    assert fenxiao(*add, said="long enough for anyone\n", **own).returncode == 0
    again = fenxiao(*add, said="long enough for anyone\n", **own)
    assert again.returncode == 1
    assert again.stderr.count("\n") == 1
    assert fenxiao("staff", "add", "老板", "--role", "king", said="x\n", **own).returncode == 2


def test_the_doctor_names_each_part_and_what_to_do(fenxiao) -> None:
    own = VARIABLES

    before = fenxiao("check", **own)
    assert before.returncode == 1
    assert "坏了  数据库" in before.stdout
    assert "fenxiao db upgrade" in before.stdout

    fenxiao("db", "upgrade", **own)
    after = fenxiao("check", **own)
    assert "ok    数据库" in after.stdout
    assert "坏了  微信：" in after.stdout
    assert "注意  微信支付" in after.stdout
    assert "ok    字体" in after.stdout


def test_the_evidence_opens_without_the_product(fenxiao, tmp_path) -> None:
    own = VARIABLES
    fenxiao("db", "upgrade", **own)

    answer = fenxiao("evidence", "--out", "evidence.zip", **own)

    assert answer.returncode == 0, answer.stderr
    with zipfile.ZipFile(tmp_path / "evidence.zip") as folder:
        names = set(folder.namelist())
        page = folder.read("evidence/index.html").decode()
        proof = folder.read("evidence/proof.csv").decode("utf-8-sig")
    assert {"evidence/rules.html", "evidence/trees.csv", "evidence/audit.html", "evidence/payouts.csv"} <= names
    assert all(f'href="{name}.html"' in page for name in ("rules", "consents", "commissions", "campaigns"))
    assert "不符" not in proof.splitlines()[1]
