"""What strangers may send: refused with 4xx at once, nothing fetched, nothing expanded."""

import base64
import time
from collections.abc import Callable

import pytest
from bot_pushes import (
    APP_ID,
    OLD_KEY,
    OPENID,
    ORIGINAL,
    TOKEN,
    codec,
    event_xml,
    fields_xml,
    plaintext,
    push,
    push_of,
    query,
    said_xml,
    sealed,
    sign,
)

from bot.codec import Refused

Push = tuple[bytes, bytes]
GOOD = said_xml("你好")
BOMB = '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(8)
)


def xml_of(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


INSIDES: dict[str, str | bytes] = {
    "empty": b"",
    "spaces": b"   ",
    "no xml": b"hello",
    "json": b'{"MsgType": "text"}',
    "another root": b"<html></html>",
    "upper root": GOOD.replace(b"<xml>", b"<XML>").replace(b"</xml>", b"</XML>"),
    "root with attributes": GOOD.replace(b"<xml>", b"<xml a='1'>"),
    "namespace": GOOD.replace(b"<xml>", b"<xml xmlns='urn:x'>"),
    "cut off": GOOD[:-4],
    "two roots": GOOD + GOOD,
    "text after": GOOD + b"x",
    "mismatched tags": b"<xml><A>1</B></xml>",
    "no fields": b"<xml></xml>",
    "bare ampersand": b"<xml><A>a & b</A></xml>",
    "unknown entity": b"<xml><A>&nbsp;</A></xml>",
    "null reference": b"<xml><A>&#0;</A></xml>",
    "surrogate reference": b"<xml><A>&#xD800;</A></xml>",
    "control reference": b"<xml><A>&#1;</A></xml>",
    "comment": GOOD.replace(b"<xml>", b"<xml><!-- -->"),
    "comment inside": b"<xml><Content>a<!-- -->b</Content></xml>",
    "instruction": GOOD.replace(b"<xml>", b"<xml><?php echo 1 ?>"),
    "stylesheet": b"<?xml-stylesheet href='http://127.0.0.1/x'?>" + GOOD,
    "doctype": b"<!DOCTYPE xml>" + GOOD,
    "doctype after declaration": b"<?xml version='1.0'?><!DOCTYPE xml SYSTEM 'http://127.0.0.1:9/x.dtd'>" + GOOD,
    "external entity": b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><xml><A>&f;</A></xml>",
    "parameter entity": b"<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/'> %p;]><xml></xml>",
    "billion laughs": BOMB + "]><xml><A>&h;</A></xml>",
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 20000}">]><xml><A>{"&a;" * 2000}</A></xml>',
    "utf-16": GOOD.decode().encode("utf-16"),
    "utf-32": GOOD.decode().encode("utf-32"),
    "gbk": GOOD.decode().encode("gbk"),
    "latin-1 declared": b"<?xml version='1.0' encoding='iso-8859-1'?>" + GOOD,
    "utf-7 declared": b"<?xml version='1.0' encoding='utf-7'?>" + GOOD,
    "xml 1.1": b"<?xml version='1.1'?>" + GOOD,
    "broken utf-8": GOOD.replace("你".encode(), b"\xe4\xbd"),
    "overlong utf-8": GOOD.replace("你".encode(), b"\xc0\xaf"),
    "encoded surrogate": GOOD.replace("你".encode(), b"\xed\xa0\x80"),
    "NUL": GOOD.replace("你".encode(), b"\x00"),
    "deep": b"<xml>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</xml>",
    "deep enough": b"<xml>" + b"<a>" * 200 + b"</a>" * 200 + b"</xml>",
    "wide": b"<xml>" + b"".join(b"<a%d/>" % i for i in range(5000)) + b"</xml>",
    "many attributes": b"<xml><a " + b" ".join(b"a%d='1'" % i for i in range(4000)) + b"/></xml>",
    "repeated field": fields_xml(ToUserName=ORIGINAL).replace(b"</xml>", b"") + GOOD.removeprefix(b"<xml>"),
    "repeated item": GOOD.replace(b"<xml>", b"<xml><item>1</item><item>2</item>"),
    "nested content": GOOD.replace("<![CDATA[你好]]>".encode(), b"<b>x</b>"),
    "no type": fields_xml(ToUserName=ORIGINAL, FromUserName=OPENID, CreateTime="1700000000"),
    "no sender": said_xml("x").replace(b"FromUserName", b"Someone"),
    "empty sender": said_xml("x", FromUserName=""),
    "odd sender": said_xml("x", FromUserName="o'; drop table member;--"),
    "long sender": said_xml("x", FromUserName="o" * 500),
    "sender in Chinese": said_xml("x", FromUserName="张三"),
    "no moment": said_xml("x", CreateTime=""),
    "moment in words": said_xml("x", CreateTime="now"),
    "moment of full width": said_xml("x", CreateTime="１７００００００００"),
    "negative moment": said_xml("x", CreateTime="-1"),
    "endless moment": said_xml("x", CreateTime="9" * 400),
    "moment after the last year": said_xml("x", CreateTime="999999999999999"),
    "fraction of a moment": said_xml("x", CreateTime="1.5"),
    "no number": said_xml("x", MsgId=""),
    "number in words": said_xml("x", MsgId="first"),
    "endless number": said_xml("x", MsgId="1" * 300),
    "no content": said_xml("x").replace(b"Content", b"Kontent"),
    "no event": fields_xml(ToUserName=ORIGINAL, FromUserName=OPENID, CreateTime="1", MsgType="event"),
    "nested event name": event_xml("x").replace(b"<![CDATA[x]]>", b"<a>1</a>"),
    "nested event key": event_xml("CLICK", "<EventKey><a>1</a></EventKey>"),
    "another account": said_xml("x", ToUserName="gh_another"),
    "no account": said_xml("x", ToUserName=""),
}


@pytest.mark.parametrize("inside", INSIDES.values(), ids=INSIDES.keys())
def test_a_well_sealed_but_malformed_message_is_refused(inside: str | bytes) -> None:
    refused_quickly(*push(xml_of(inside)))


@pytest.mark.parametrize("inside", INSIDES.values(), ids=INSIDES.keys())
def test_a_malformed_body_is_refused_in_plain_mode(inside: str | bytes) -> None:
    refused_quickly(query(), xml_of(inside), mode="plain")


@pytest.mark.parametrize("outer", INSIDES.values(), ids=INSIDES.keys())
def test_a_malformed_envelope_is_refused(outer: str | bytes) -> None:
    refused_quickly(query(encrypt_type="aes", msg_signature="0" * 40), xml_of(outer))


ENVELOPES: dict[str, Callable[[], Push]] = {
    "not Base64": lambda: push_of("####"),
    "Base64 with spaces": lambda: push_of(sealed(plaintext(GOOD)).replace("A", " A")),
    "nothing": lambda: push_of("AAAA"),
    "half a block": lambda: push_of(base64.b64encode(b"x" * 24).decode()),
    "one block": lambda: push_of(base64.b64encode(b"x" * 16).decode()),
    "noise": lambda: push_of(base64.b64encode(bytes(range(256)) * 2).decode()),
    "another key": lambda: push(GOOD, key=OLD_KEY),
    "another app": lambda: push_of(sealed(plaintext(GOOD, app_id="wx9999999999999999"))),
    "longer app": lambda: push_of(sealed(plaintext(GOOD, app_id=APP_ID + "x"))),
    "no app": lambda: push_of(sealed(plaintext(GOOD, app_id=""))),
    "too long": lambda: push_of(sealed(plaintext(GOOD, length=len(GOOD) + 1))),
    "too short": lambda: push_of(sealed(plaintext(GOOD, length=len(GOOD) - 1))),
    "negative length": lambda: push_of(sealed(plaintext(GOOD, length=2**32 - 1))),
    "length nought": lambda: push_of(sealed(plaintext(GOOD, length=0))),
    "padding nought": lambda: push_of(sealed(padded(GOOD, b"\x00"))),
    "padding 33": lambda: push_of(sealed(padded(GOOD, b"\x21"))),
    "padding 255": lambda: push_of(sealed(padded(GOOD, b"\xff"))),
    "uneven padding": lambda: push_of(sealed(padded(GOOD, b"\x01\x02"))),
    "wrong msg_signature": lambda: (query(encrypt_type="aes", msg_signature="0" * 40), push(GOOD)[1]),
    "no msg_signature": lambda: (query(encrypt_type="aes"), push(GOOD)[1]),
    "plain signature twice": lambda: (
        query(encrypt_type="aes", msg_signature=sign(TOKEN, "1700000000", "n0nce")),
        GOOD,
    ),
    "no Encrypt": lambda: (query(encrypt_type="aes", msg_signature="x"), GOOD),
    "downgraded": lambda: (query(), GOOD),
    "downgraded to raw": lambda: (query(encrypt_type="raw"), GOOD),
    "envelope without encrypt_type": lambda: (query(msg_signature="x"), push(GOOD)[1]),
    "unknown encrypt_type": lambda: (query(encrypt_type="rot13"), push(GOOD)[1]),
    "too large": lambda: (push(GOOD)[0], b"<xml>" + b" " * 70_000 + b"</xml>"),
    "large inside": lambda: push(said_xml("x" * 70_000)),
}


def padded(xml: bytes, end: bytes) -> bytes:
    body = plaintext(xml, pad=b"")
    count = 32 - len(body) % 32
    return body + (end * count)[-count:]


@pytest.mark.parametrize("make", ENVELOPES.values(), ids=ENVELOPES.keys())
def test_a_forged_envelope_is_refused(make: Callable[[], Push]) -> None:
    refused_quickly(*make())


GOOD_QUERY = push(GOOD)[0]
QUERIES: dict[str, bytes] = {
    "none": b"",
    "no signature": GOOD_QUERY.replace(b"signature=", b"sig=", 1),
    "empty signature": query(signature=""),
    "short signature": query(signature="77e6"),
    "upper signature": query(signature=sign(TOKEN, "1700000000", "n0nce").upper()),
    "signature in Chinese": query(signature="签名"),
    "raw bytes": b"signature=\xff\xfe&timestamp=1&nonce=2",
    "broken escapes": b"signature=%FF%FE&timestamp=1&nonce=2",
    "surrogate escapes": b"signature=%ED%A0%80&timestamp=1&nonce=2",
    "no timestamp": query(timestamp=""),
    "no nonce": query(nonce=""),
    "signature twice": GOOD_QUERY + b"&signature=0",
    "same signature twice": GOOD_QUERY + b"&" + GOOD_QUERY.split(b"&")[0],
    "timestamp twice": GOOD_QUERY + b"&timestamp=1",
    "encrypt_type twice": GOOD_QUERY + b"&encrypt_type=raw",
    "other timestamp": GOOD_QUERY.replace(b"1700000000", b"1700000001"),
    "moved boundary": GOOD_QUERY.replace(b"nonce=n0nce", b"nonce=0nce").replace(b"1700000000", b"1700000000n"),
    "a thousand parameters": b"&".join(b"a%d=1" % i for i in range(1000)) + b"&" + GOOD_QUERY,
    "endless": b"nonce=" + b"x" * 100_000,
}


@pytest.mark.parametrize("text", QUERIES.values(), ids=QUERIES.keys())
def test_an_unproven_push_is_refused(text: bytes) -> None:
    refused_quickly(text, push(GOOD)[1])


def refused_quickly(text: bytes, body: bytes, mode: str = "safe") -> None:
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        codec(mode=mode).open(text, body)

    assert refused.value.status in (400, 403, 413)
    assert time.monotonic() - began < 0.5
    assert OPENID not in refused.value.reason
