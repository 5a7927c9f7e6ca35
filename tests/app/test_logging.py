"""No secret and nobody's data reaches a log line."""

import json
import logging

import pytest
import structlog

from app.logging import Mask, configure, secrets_in
from app.settings import LogSettings
from wechat.settings import WechatSettings

OPENID = "oCANARYcanaryCANARYcanary_12"
PHONE = "13987654321"


@pytest.fixture(autouse=True)
def _as_before():
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.getLogger().handlers.clear()


def lines(capsys) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        f"pushed to {OPENID}",
        f"called {PHONE}",
        "GET /cgi-bin/x?access_token=canary_token_1234567 failed",
        '{"app_secret": "canary_token_1234567"}',
        "secret whsec_Y2FuYXJ5X3Rva2VuXzEyMzQ1Njc=",
        "postgresql://root:canary_token_1234567@host/x",
        "the key canary_known_value was read",
        "DETAIL:  Failing row contains (7, canary_token_1234567, 2026).",
    ],
)
def test_a_value_never_shows_a_secret_or_a_person(text) -> None:
    masked = json.dumps(Mask(["canary_known_value"])(None, "info", {"event": text, "deep": [{"in": (text,)}]}))

    for canary in ("canary_token", "canary_known", OPENID, PHONE, "Y2FuYXJ5"):
        assert canary not in masked


def test_an_error_is_logged_with_its_traceback_masked(capsys) -> None:
    configure(LogSettings(), secrets=["canary_known_value"])

    try:
        raise ValueError(f"canary_known_value of {OPENID}")
    except ValueError:
        structlog.get_logger().exception("thing.failed", phone=PHONE, fen=12345)

    [line] = lines(capsys)
    assert line["event"] == "thing.failed"
    assert line["fen"] == 12345
    assert "Traceback" in str(line)
    assert not any(canary in str(line) for canary in ("canary_known", OPENID, PHONE))


def test_lines_of_a_message_carry_its_id(capsys) -> None:
    configure(LogSettings())

    with structlog.contextvars.bound_contextvars(message="24012345"):
        structlog.get_logger().info("withdrawal.requested", no="W202611230001")

    assert lines(capsys)[0]["message"] == "24012345"


def test_the_libraries_write_the_same_form(capsys) -> None:
    configure(LogSettings(), secrets=["canary_known_value"])

    logging.getLogger("urllib3").warning("retry %s", "canary_known_value")

    [line] = lines(capsys)
    assert line["level"] == "warning"
    assert line["event"] == "retry ***"


def test_a_line_break_in_a_value_makes_no_second_line(capsys) -> None:
    configure(LogSettings())

    structlog.get_logger().info("said", text="one\n2026 forged")

    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_is_below_the_level_is_silent(capsys) -> None:
    configure(LogSettings(level="error"))

    structlog.get_logger().info("quiet")

    assert capsys.readouterr().err == ""


def test_every_secret_of_the_settings_is_found() -> None:
    settings = WechatSettings(
        app_id="wx0123456789abcdef",
        original_id="gh_0123456789ab",
        app_secret="a" * 32,
        token="demoToken",
        encoding_aes_key="b" * 43,
    )

    assert {"a" * 32, "demoToken", "b" * 43} <= set(secrets_in(settings))
