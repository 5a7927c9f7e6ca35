"""Wrong settings are refused before anything is sent."""

from typing import Any

import pytest
from pydantic import ValidationError

from wechat.settings import PaySettings, WechatSettings

ACCOUNT = {
    "app_id": "wx0123456789abcdef",
    "original_id": "gh_0123456789ab",
    "app_secret": "0123456789abcdef0123456789abcdef",
    "token": "demoToken2026",
    "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}


def test_safe_mode_is_the_default() -> None:
    assert WechatSettings(**ACCOUNT).mode == "safe"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("app_id", ""),
        ("original_id", "0123"),
        ("app_secret", "short"),
        ("token", "a b"),
        ("encoding_aes_key", "x" * 42),
        ("encoding_aes_key", ""),
        ("previous_aes_key", "x"),
        ("mode", "raw"),
        ("path", "wechat"),
        ("api_base", "http://api.weixin.qq.com"),
        ("api_base", "https://user@api.weixin.qq.com"),
        ("api_base", "https://api.weixin.qq.com/?a=b"),
        ("api_base", "ftp://api.weixin.qq.com"),
        ("unheard_of", "1"),
    ],
)
def test_a_wrong_value_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        WechatSettings(**{**ACCOUNT, name: value})
    assert ACCOUNT["app_secret"] not in str(caught.value)


def test_plain_mode_needs_no_key() -> None:
    assert WechatSettings(**{**ACCOUNT, "mode": "plain", "encoding_aes_key": ""}).mode == "plain"


def test_secrets_do_not_show() -> None:
    assert ACCOUNT["app_secret"] not in repr(WechatSettings(**ACCOUNT))


def test_a_base_may_have_a_path_and_loses_its_last_slash() -> None:
    settings = WechatSettings(**ACCOUNT, api_base="http://127.0.0.1:8000/sim/wechat/")

    assert settings.api_base == "http://127.0.0.1:8000/sim/wechat"


def test_pay_is_off_without_a_merchant_number_and_complete_with_one() -> None:
    assert not PaySettings().enabled
    with pytest.raises(
        ValidationError, match="serial_no、private_key_file、public_key_file、public_key_id、api_v3_key"
    ):
        PaySettings(mch_id="1900000001")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("api_v3_key", "x" * 31),
        ("public_key_id", "5F3A"),
        ("notify_url", "https://a/b?c=d"),
        ("remark", "字" * 33),
        ("report_infos", {"岗位类型": "字" * 33}),
        ("serial_no", "xyz"),
        ("scene_id", "commission"),
    ],
)
def test_a_wrong_pay_value_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        PaySettings(**{name: value})
