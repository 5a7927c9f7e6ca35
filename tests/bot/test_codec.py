import base64
import datetime as dt

import pytest
from bot_pushes import APP_ID, KEY, OLD_KEY, ORIGINAL, TOKEN, codec, fields_xml, push, query, said_xml
from wechatpy.crypto import WeChatCrypto

from bot.cipher import BadEnvelope, Envelope, signed
from bot.codec import Codec, Refused
from bot.markup import read
from bot.messages import Said
from bot.replies import Silence, Text

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
VECTOR = "Q3stYC6hdFzMh9T8HCvyDJatpvLhfy9s8l+X+yRGMWdgRo/xOmbizFJUSe4RTctTc67Z/8FQA7/LztUK9Pz80A=="


def test_the_signature_is_the_one_of_the_reference() -> None:
    assert signed("demoToken2026", "1700000000", "n0nce") == "77e6b3dfc0d00bfa6d7941359d6070e20f742b60"
    assert signed("demoToken2026", "1700000000", "n0nce", VECTOR) == "ac5fa240831a050f67be2b34922364dc13bb20f9"


def test_the_envelope_is_the_one_of_the_reference() -> None:
    envelope = Envelope("wx0123456789abcdef", ["abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"])

    assert envelope.seal(b"<xml><A>1</A></xml>", salt=b"0123456789abcdef") == VECTOR
    assert envelope.open(VECTOR) == b"<xml><A>1</A></xml>"


@pytest.mark.parametrize("length", range(0, 70))
def test_content_of_any_length_survives_the_envelope(length: int) -> None:
    envelope = Envelope(APP_ID, [KEY])

    assert envelope.open(envelope.seal(b"x" * length)) == b"x" * length


def test_another_implementation_opens_what_we_seal() -> None:
    message, _ = codec().open(*push(said_xml("收益")))

    sealed = codec().seal(Text("可提现 ¥60.00"), message, NOW)

    outer = read(sealed)
    peer = WeChatCrypto(TOKEN, KEY, APP_ID)
    xml = peer.decrypt_message(sealed.decode(), outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
    assert read(xml.encode() if isinstance(xml, str) else xml)["Content"] == "可提现 ¥60.00"


def test_we_open_what_another_implementation_seals() -> None:
    peer = WeChatCrypto(TOKEN, KEY, APP_ID)
    outer = read(peer.encrypt_message(said_xml("收益").decode(), "n0nce", "1700000000").encode())
    body = fields_xml(ToUserName=ORIGINAL, Encrypt=outer["Encrypt"])

    message, _ = codec().open(query(msg_signature=outer["MsgSignature"], encrypt_type="aes"), body)

    assert isinstance(message, Said)
    assert message.text == "收益"


@pytest.mark.parametrize("mode", ["safe", "compatible"])
def test_an_encrypted_push_is_opened(mode: str) -> None:
    message, xml = codec(mode=mode).open(
        *push(said_xml("你好"), beside=said_xml("你好") if mode == "compatible" else b"")
    )

    assert isinstance(message, Said)
    assert (message.text, message.account) == ("你好", ORIGINAL)
    assert "你好" in xml


def test_a_plain_push_passes_in_plain_mode_alone() -> None:
    message, _ = codec(mode="plain").open(query(), said_xml("你好"))

    assert isinstance(message, Said)
    for mode in ("safe", "compatible"):
        with pytest.raises(Refused) as refused:
            codec(mode=mode).open(query(), said_xml("你好"))
        assert refused.value.status == 403


def test_a_plain_answer_in_plain_mode() -> None:
    plain = codec(mode="plain")
    message, _ = plain.open(query(), said_xml("你好"))

    answer = read(plain.seal(Text("好 ]]> <b>"), message, NOW))

    assert answer["Content"] == "好 ]]> <b>"
    assert (answer["ToUserName"], answer["FromUserName"]) == (message.openid, ORIGINAL)
    assert answer["CreateTime"] == str(int(NOW.timestamp()))


def test_silence_is_the_word_success() -> None:
    message, _ = codec().open(*push(said_xml("你好")))

    assert codec().seal(Silence(), message, NOW) == b"success"
    assert codec().seal(Text("  "), message, NOW) == b"success"


def test_the_previous_key_still_opens_and_the_new_one_seals() -> None:
    rotated = codec(keys=[KEY, OLD_KEY])

    message, _ = rotated.open(*push(said_xml("旧"), key=OLD_KEY))

    assert isinstance(message, Said)
    sealed = read(rotated.seal(Text("新"), message, NOW))["Encrypt"]
    assert Envelope(APP_ID, [KEY]).open(sealed)
    with pytest.raises(BadEnvelope):
        Envelope(APP_ID, [OLD_KEY]).open(sealed)


def test_the_echo_comes_back_as_it_was_sent() -> None:
    assert codec().echo(query(echostr="4375120948345356249")) == "4375120948345356249"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (query(), 400),
        (query(echostr=""), 400),
        (query(echostr="x" * 600), 400),
        (query(echostr="a\nb"), 400),
        (query(echostr="1", signature="0" * 40), 403),
        (b"echostr=1", 403),
    ],
)
def test_an_unproven_or_unusable_echo_is_refused(text: bytes, status: int) -> None:
    with pytest.raises(Refused) as refused:
        codec().echo(text)

    assert refused.value.status == status


def test_a_mode_with_encryption_needs_a_key_of_43_characters() -> None:
    for keys in ([], ["short"], [KEY + "A"], ["#" * 43]):
        with pytest.raises(ValueError, match="EncodingAESKey"):
            Codec(token=TOKEN, app_id=APP_ID, keys=keys)


def test_no_changed_byte_passes_unseen() -> None:
    envelope = Envelope(APP_ID, [KEY])
    sealed = base64.b64decode(envelope.seal(b"y" * 40))
    for at in range(len(sealed)):
        changed = bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]])
        try:
            assert envelope.open(base64.b64encode(changed).decode()) != b"y" * 40
        except BadEnvelope:
            continue
