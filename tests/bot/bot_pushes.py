"""Pushes as WeChat makes them, with a hand of our own for everything a forger might try."""

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.codec import Codec

TOKEN = "demoToken2026"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OLD_KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg"
APP_ID = "wx0123456789abcdef"
ORIGINAL = "gh_0123456789ab"
OPENID = "oABCDEFGHIJKLMNOPQRSTUVWXYZ1"


def codec(**changes: Any) -> Codec:
    settings: dict[str, Any] = {"token": TOKEN, "app_id": APP_ID, "keys": [KEY], "original_id": ORIGINAL}
    return Codec(**(settings | changes))


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def query(**changes: str) -> bytes:
    """A signed query string; a changed timestamp or nonce is signed too."""
    timestamp, nonce = changes.get("timestamp", "1700000000"), changes.get("nonce", "n0nce")
    fields = {"signature": sign(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce, "openid": OPENID}
    return urlencode(fields | changes).encode()


def fields_xml(**fields: str) -> bytes:
    return (
        "<xml>" + "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in fields.items()) + "</xml>"
    ).encode()


def said_xml(text: str, **changes: str) -> bytes:
    return fields_xml(**(common("text") | {"Content": text, "MsgId": "7000000001"} | changes))


def event_xml(event: str, inside: str = "", **changes: str) -> bytes:
    flat = fields_xml(**(common("event") | {"Event": event} | changes))
    return flat.removesuffix(b"</xml>") + inside.encode() + b"</xml>"


def common(kind: str) -> dict[str, str]:
    return {"ToUserName": ORIGINAL, "FromUserName": OPENID, "CreateTime": "1700000000", "MsgType": kind}


def sealed(plain: bytes, key: str = KEY) -> str:
    """Whole plaintext (salt to padding) encrypted as it is."""
    raw = base64.b64decode(key + "=")
    encryptor = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def plaintext(xml: bytes, *, app_id: str = APP_ID, length: int | None = None, pad: bytes | None = None) -> bytes:
    head = b"0123456789abcdef" + (len(xml) if length is None else length).to_bytes(4, "big")
    body = head + xml + app_id.encode()
    count = 32 - len(body) % 32
    return body + (bytes([count]) * count if pad is None else pad)


def push(xml: bytes, *, key: str = KEY, beside: bytes = b"") -> tuple[bytes, bytes]:
    """The query and body of an encrypted push; ``beside`` puts the plain fields next to it, as compatible mode does."""
    return push_of(sealed(plaintext(xml), key), beside=beside)


def push_of(text: str, *, beside: bytes = b"") -> tuple[bytes, bytes]:
    """The query and body around any Encrypt text, well signed."""
    signature = sign(TOKEN, "1700000000", "n0nce", text)
    plain = beside.removeprefix(b"<xml>").removesuffix(b"</xml>") or f"<ToUserName>{ORIGINAL}</ToUserName>".encode()
    body = b"<xml>" + plain + f"<Encrypt><![CDATA[{text}]]></Encrypt></xml>".encode()
    return query(encrypt_type="aes", msg_signature=signature), body
