"""The desk's own envelopes, against the published vectors and another library."""

import pytest
from desk_bench import AES_KEY, APP_ID, TOKEN
from wechatpy.crypto import WeChatCrypto

from simulator import codec

SEALED = "Q3stYC6hdFzMh9T8HCvyDJatpvLhfy9s8l+X+yRGMWdgRo/xOmbizFJUSe4RTctTc67Z/8FQA7/LztUK9Pz80A=="


def test_the_signature_is_the_published_one() -> None:
    assert codec.sign(TOKEN, "1700000000", "n0nce") == "77e6b3dfc0d00bfa6d7941359d6070e20f742b60"


def test_the_envelope_is_the_published_one() -> None:
    assert codec.seal(b"<xml><A>1</A></xml>", AES_KEY, APP_ID, salt=b"0123456789abcdef") == SEALED
    assert codec.sign(TOKEN, "1700000000", "n0nce", SEALED) == "ac5fa240831a050f67be2b34922364dc13bb20f9"


@pytest.mark.parametrize("length", range(0, 40))
def test_every_length_comes_back(length: int) -> None:
    assert codec.unseal(codec.seal(b"x" * length, AES_KEY, APP_ID), AES_KEY, APP_ID) == b"x" * length


@pytest.mark.parametrize(("key", "app_id"), [(AES_KEY, "wxother"), ("B" + AES_KEY[1:], APP_ID)])
def test_another_key_or_account_opens_nothing(key: str, app_id: str) -> None:
    with pytest.raises(codec.BadEnvelope):
        codec.unseal(SEALED, key, app_id)


def test_another_library_opens_what_is_sealed() -> None:
    sealed = codec.seal("<xml><A>中文</A></xml>".encode(), AES_KEY, APP_ID)
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    xml = f"<xml><Encrypt>{sealed}</Encrypt></xml>"
    assert "中文" in crypto.decrypt_message(xml, codec.sign(TOKEN, "1", "2", sealed), "1", "2")


def test_a_text_cannot_leave_its_cdata() -> None:
    raw = codec.to_xml({"Content": "a]]><Evil>1</Evil>"})
    assert codec.read_xml(raw).findtext("Content") == "a]]><Evil>1</Evil>"


def test_a_dtd_is_no_answer() -> None:
    with pytest.raises(codec.BadEnvelope):
        codec.read_xml(b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>')
