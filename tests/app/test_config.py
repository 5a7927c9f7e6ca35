"""The configuration: what it reads, and the one message when something is wrong."""

import re
import tomllib
from pathlib import Path

import pytest

from app.complaints import keys_of
from app.config import ConfigError, Settings, load

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "config.example.toml"
GOOD = """
[wechat]
app_id = "wx0123456789abcdef"
original_id = "gh_0123456789ab"
app_secret = "0123456789abcdef0123456789abcdef"
token = "demoToken2026"
encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
[api]
secrets = ["whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"]
[console]
secret_key = "0123456789abcdef0123456789abcdef"
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def complaint_about(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value)


def test_a_short_file_is_enough_and_the_rest_has_defaults(written) -> None:
    settings = load(written(GOOD))

    assert settings.wechat.mode == "safe"
    assert settings.public_url == "http://127.0.0.1:8000"


def test_the_environment_names_the_file_and_goes_before_it(written, monkeypatch) -> None:
    monkeypatch.setenv("FENXIAO_CONFIG", str(written(GOOD)))
    monkeypatch.setenv("FENXIAO_WECHAT__APP_SECRET", "from-the-environment-0123")
    monkeypatch.setenv("FENXIAO_SERVER__PORT", "9001")

    settings = load()

    assert settings.wechat.app_secret.get_secret_value() == "from-the-environment-0123"
    assert settings.server.port == 9001


def test_one_message_names_every_wrong_key_its_value_and_what_is_allowed(written) -> None:
    said = complaint_about(written(GOOD.replace('"gh_0123456789ab"', '"zh_1"') + "[server]\nport = 99999\nhost = 3\n"))

    assert "3 处" in said
    assert "wechat.original_id = 'zh_1'" in said
    assert "server.port = 99999：不能大于 65535" in said
    assert "server.host = 3：要写成文字" in said
    assert "\n" not in said


def test_an_unknown_key_is_an_error_and_the_near_one_is_suggested(written) -> None:
    said = complaint_about(written(GOOD + "[server]\nprot = 1\n[wibble]\n"))

    assert "server.prot = 1 不认识，是不是 port？" in said
    assert "wibble 不认识" in said


def test_an_unknown_variable_is_an_error(written, monkeypatch) -> None:
    monkeypatch.setenv("FENXIAO_SERVR__PORT", "1")

    assert "FENXIAO_SERVR__PORT 不认识" in complaint_about(written(GOOD))


@pytest.mark.parametrize(
    "change",
    [
        ('app_secret = "0123456789abcdef0123456789abcdef"', 'app_secret = "canary-1"'),
        ('token = "demoToken2026"', 'token = "canary-1!"'),
        ('secret_key = "0123456789abcdef0123456789abcdef"', 'secret_key = "canary-1"'),
        ('["whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"]', '["canary-1"]'),
        ("[console]", '[database]\nurl = "mysql://root:canary-1@host/x"\n[console]'),
        ("app_secret", 'app_secert = "canary-1"\napp_secret'),
    ],
)
def test_no_secret_is_repeated(written, change) -> None:
    said = complaint_about(written(GOOD.replace(*change)))

    assert "canary-1" not in said
    assert "***" in said


@pytest.mark.parametrize(
    "secrets", ["[]", '["whsec_c2hvcnQ="]', '["whsec_not base64"]', '["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"]']
)
def test_an_empty_or_short_api_secret_refuses_to_start(written, secrets) -> None:
    said = complaint_about(written(GOOD.replace('["whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"]', secrets)))

    assert "api.secrets" in said


def test_several_web_processes_need_redis(written) -> None:
    assert "redis.url" in complaint_about(written(GOOD + "[server]\nweb_workers = 2\n"))


def test_one_connection_is_too_few_for_a_message_that_asks_what_was_taught(written) -> None:
    assert "database.connections" in complaint_about(written(GOOD + "[database]\nconnections = 1\n"))


def test_broken_toml_says_where(written) -> None:
    assert "line 2" in complaint_about(written("[server]\nport = = 1\n"))


def test_a_missing_file_is_said_in_one_sentence(tmp_path) -> None:
    assert "打不开配置文件" in complaint_about(tmp_path / "nowhere.toml")


def test_settings_cannot_be_changed(written) -> None:
    settings = load(written(GOOD))

    with pytest.raises(ValueError, match="frozen"):
        settings.server.port = 1  # type: ignore[misc]


def example_keys() -> dict[str, object]:
    """Every key of the example by its dotted name; keys shown in a comment count too."""
    text = re.sub(r"^# ([a-z_]+ = \"\")$", r"\1", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    tables = tomllib.loads(text)
    return {f"{table}.{key}": value for table, keys in tables.items() for key, value in keys.items()} | (
        {"wechat.templates": tables["wechat"]["templates"]}
    )


def test_the_example_names_exactly_all_keys() -> None:
    assert sorted(example_keys()) == sorted(name for name, _ in keys_of(Settings))


def test_the_example_shows_the_defaults() -> None:
    shown = example_keys()
    for name, field in keys_of(Settings):
        if field.is_required() or field.default is None:
            continue
        default = field.get_default(call_default_factory=True)
        default = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        assert shown[name] == (list(default) if isinstance(default, tuple) else default), name


def test_the_example_as_it_stands_refuses_to_start(monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)

    said = complaint_about(EXAMPLE)

    assert all(
        key in said
        for key in (
            "wechat.app_id",
            "wechat.app_secret",
            "wechat.encoding_aes_key",
            "api.secrets",
            "console.secret_key",
        )
    )


def test_every_key_of_the_example_is_explained() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    blocks = "\n".join(lines).split("\n\n")
    assert all("#" in block for block in blocks)
