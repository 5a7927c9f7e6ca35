"""佣金试算: every worked case is answered as it was worked out by hand, on both kinds of database; nothing stays."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from sqlalchemy import create_engine, text

TESTS = Path(__file__).parent.parent
CASES = TESTS / "cases" / "commission.dev.yaml"
ONE = """
defaults: {store_rate_bp: {l1: 1000, l2: 500}}
cases:
- {id: A, type: order, people: {D1: {}}, order: {buyer: U, l1: D1, lines: [{id: a, unit_fen: 1000, qty: 1}]}}
- {id: B, type: order, people: {D1: {}}, order: {buyer: U, l1: D1, lines: [{id: a, unit_fen: 1000, qty: 1}]},
   steps: [{at: "2025-03-02T10:00:00", do: STEP}]}
"""


def fenxiao(*words: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-m", "app", "trial", *words]
    return subprocess.run(line, cwd=TESTS.parent, input=said, capture_output=True, text=True, check=False)


def score(*more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "app", "trial", *more, "-"]
    line = [sys.executable, str(TESTS / "cases" / "score.py"), str(CASES), "--", *command]
    return subprocess.run(line, cwd=TESTS.parent, capture_output=True, text=True, check=False)


def test_every_worked_case_is_answered_right() -> None:
    scored = score()

    assert scored.returncode == 0, scored.stdout[-3000:]


def test_every_worked_case_is_answered_right_on_postgresql_and_leaves_nothing(postgres_url: str) -> None:
    def databases() -> list[str]:
        engine = create_engine(postgres_url)
        with engine.connect() as connection:
            found = list(connection.scalars(text("select datname from pg_database where datname like '%scratch%'")))
        engine.dispose()
        return found

    scored = score("--database", postgres_url)

    assert scored.returncode == 0, scored.stdout[-3000:]
    assert databases() == []


def test_a_case_that_cannot_be_tried_is_named_and_the_others_are_answered() -> None:
    told = fenxiao("-", said=ONE.replace("STEP", "wibble"))

    assert [json.loads(line)["id"] for line in told.stdout.splitlines()] == ["A"]
    assert told.returncode == 1
    assert "B: 没有 wibble 这一步" in told.stderr


@pytest.mark.parametrize(
    ("text_of_file", "said"),
    [
        ("cases: [{id: A, type: wibble}]", "没有 wibble 这种案例"),
        ("cases: {", "不是正确的 YAML"),
        ("a: 1", "没有 cases 列表"),
        ("timezone: '+00:00'\ncases: []", "时区"),
    ],
)
def test_a_broken_file_is_refused_in_one_line(text_of_file: str, said: str) -> None:
    told = fenxiao("-", said=text_of_file)

    assert (told.returncode, told.stdout) == (1, "")
    assert said in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("amount", ["1.5", "'1000'", "true"])
def test_an_amount_that_is_no_integer_is_never_guessed(amount: str) -> None:
    told = fenxiao("-", said=ONE.replace("STEP", "receive").replace("unit_fen: 1000", f"unit_fen: {amount}"))

    assert (told.returncode, told.stdout) == (1, "")


@pytest.mark.parametrize(
    ("was", "wrong", "said"),
    [
        ("unit_fen: 1000", "unit_fen: -1", "unit_fen 不能小于 0，写的是 -1"),
        ("qty: 1}", "qty: 0}", "qty 不能小于 1，写的是 0"),
        ("do: STEP", "do: refund, id: R, lines: [{id: z, fen: 1}]", "订单里没有 z 这一行"),
        ("do: STEP", "do: refund, id: R, lines: [{id: a, fen: -5}]", "fen 不能小于 0，写的是 -5"),
    ],
)
def test_a_number_that_cannot_be_is_named(was: str, wrong: str, said: str) -> None:
    told = fenxiao("-", said=ONE.replace(was, wrong).replace("STEP", "receive"))

    assert told.returncode == 1
    assert said in told.stderr


def test_a_name_that_nobody_introduced_is_said_with_its_case_and_place() -> None:
    lines = "lines: [{id: a, unit_fen: 1000, qty: 1}]"
    people, order = "people: {D1: {}}", f"order: {{buyer: U, l1: D1, {lines}}}"
    steps = {
        "status, who: D9, status: frozen": "的 status：people 里没有 D9",
        "level, who: D9, level: A": "的 level：people 里没有 D9",
        "terminate, who: D9": "的 terminate：people 里没有 D9",
        "credit, who: D9, fen: 1": "的 credit：people 里没有 D9",
        "withdraw_paid, who: U, fen: 1": "的 withdraw_paid：people 里没有 U",
        "withdraw_request, id: W, fen: 1": "的 withdraw_request：没有写是谁",
    }
    begun = f"type: order, {people}, {order}, steps: [{{at: '2025-03-02T10:00:00', do: "
    wrong = {begun + f"{step}}}]": f"2025-03-02T10:00:00 {said}" for step, said in steps.items()} | {
        f"type: order, {people}, order: {{buyer: U, l1: D9, {lines}}}": "order.l1：people 里没有 D9",
        f"type: order, people: {{D1: {{inviter: D9}}}}, {order}": "D1 的 inviter：people 里没有 D9",
        f"type: order, {people}, region_agents: [{{who: D9, scope: city, code: '330100'}}], {order}": (
            "region_agents：people 里没有 D9"
        ),
        f"type: invite, {people}, requests: [{{child: D1, parent: D9}}]": "requests 的 parent：people 里没有 D9",
        "type: invite, people: {D1: {inviter: D9}}, requests: []": "D1 的 inviter：people 里没有 D9",
        "type: invite, people: {D1: {inviter: D1}}, requests: []": "people 里的邀请关系绕成了圈",
        "type: invite, people: {}": "缺少 requests",
    }
    told = fenxiao("-", said="cases:\n" + "\n".join(f"- {{id: A{at}, {each}}}" for at, each in enumerate(wrong)))

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.splitlines() == [f"试算不了：A{at}: {each}" for at, each in enumerate(wrong.values())]


@pytest.mark.parametrize(("depth", "jurisdiction"), [(3, "CN"), (3, None), (0, "SG"), (4, "SG")])
def test_a_third_generation_in_china_is_refused(depth: int, jurisdiction: str | None) -> None:
    document = yaml.safe_load(ONE.replace("STEP", "receive"))
    document["defaults"] |= {"depth": depth} | ({"jurisdiction": jurisdiction} if jurisdiction else {})
    told = fenxiao("-", said=yaml.safe_dump(document))

    assert {json.loads(line)["refused"] for line in told.stdout.splitlines()} == {"depth_not_allowed"}
    assert told.returncode == 0


def answered(document: str) -> "list[dict[str, object]]":
    told = fenxiao("-", said=document)
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]


def test_who_is_nobodys_customer_may_be_unbound_in_a_timeline() -> None:
    timeline = """cases: [{id: A, type: binding, timeline: [
      {at: "2025-01-01T00:00:00", do: unbind}, {at: "2025-01-01T00:00:01", do: click, distributor: D1},
      {at: "2025-01-02T00:00:00", do: order}, {at: "2025-02-02T00:00:00", do: unbind},
      {at: "2025-02-02T00:00:01", do: order}]}]"""

    assert answered(timeline) == [{"id": "A", "l1": ["D1", None]}]


def test_a_payment_that_is_all_tax_counts_as_income_of_its_month() -> None:
    sums = [80_000, 1, 1, 1, 1, 1, 100]  # above ¥800.00 a fifth: the fifth fen is due with the fifth fen
    payments = [{"month": "2025-03", "gross_fen": fen} for fen in sums]
    case = {"id": "A", "type": "tax", "payments": payments}

    assert answered(yaml.safe_dump({"cases": [case]})) == [{"id": "A", "tax_fen": [0, 0, 0, 0, 0, 1, 20]}]


@pytest.mark.parametrize("country", [None, "cn", " CN"])
def test_saying_no_country_or_china_in_any_spelling_is_china(country: str | None) -> None:
    document = yaml.safe_load(ONE.split("- {id: B")[0])
    document["cases"][0]["config"] = {"depth": 3, "jurisdiction": country}

    assert answered(yaml.safe_dump(document)) == [{"id": "A", "refused": "depth_not_allowed"}]


@pytest.mark.parametrize(("mode", "rows"), [("upline", [("D2", "l1", 100), ("D3", "l2", 50)]), ("none", [])])
def test_what_somebody_bought_for_himself_stays_so_after_his_termination(mode: str, rows: list[object]) -> None:
    document = yaml.safe_load(ONE.split("- {id: B")[0])
    people = {"D1": {"inviter": "D2", "status": "terminated"}, "D2": {"inviter": "D3"}, "D3": {}}
    document["cases"][0] |= {"people": people, "config": {"self_purchase": mode}}
    document["cases"][0]["order"]["buyer"] = "D1"

    [answer] = answered(yaml.safe_dump(document))
    assert [(row["who"], row["kind"], row["fen"]) for row in answer["rows"]] == rows


def test_the_cycle_is_no_matter_of_one_order() -> None:
    document = yaml.safe_load(ONE.split("- {id: B")[0])
    steps = [{"at": "2025-03-02T00:00:00", "do": "receive"}, {"at": "2025-03-09T00:00:00", "do": "scheduler"}]
    document["cases"][0] |= {"config": {"cycle": {"mode": "monthly", "day": 31}}, "steps": steps}

    [answer] = answered(yaml.safe_dump(document))
    assert answer["steps"][-1]["balance"] == {"D1": {"pending": 0, "available": 100}}


def test_steps_that_go_back_in_time_are_not_guessed_at() -> None:
    told = fenxiao("-", said=ONE.replace("STEP", "receive").replace("2025-03-02", "2025-02-02"))

    assert told.returncode == 1
    assert "2025-02-02T10:00:00" in told.stderr
