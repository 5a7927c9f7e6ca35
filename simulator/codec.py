"""The desk's own hand at WeChat's signatures, AES envelopes and XML."""

import base64
import hashlib
import os
import re
import struct
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class BadEnvelope(Exception):
    """An answer that cannot be opened; the text says why."""


def sign(*parts: str) -> str:
    """SHA-1 in hex over the parts, sorted by their bytes and joined."""
    joined = b"".join(sorted(part.encode() for part in parts))
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def seal(xml: bytes, encoding_aes_key: str, app_id: str, *, salt: bytes | None = None) -> str:
    """The Base64 text of the XML encrypted for `app_id`; `salt` is 16 bytes, random when not given."""
    plain = (salt or os.urandom(16)) + struct.pack(">I", len(xml)) + xml + app_id.encode()
    pad = _BLOCK - len(plain) % _BLOCK
    encryptor = _cipher(encoding_aes_key).encryptor()
    sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def unseal(sealed: str, encoding_aes_key: str, app_id: str) -> bytes:
    """The XML inside; BadEnvelope if padding, length or app id do not fit."""
    try:
        decryptor = _cipher(encoding_aes_key).decryptor()
        plain = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
    except ValueError as error:
        raise BadEnvelope("not a ciphertext") from error
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad or len(plain) - pad < 20:
        raise BadEnvelope("bad padding")
    plain = plain[:-pad]
    (length,) = struct.unpack(">I", plain[16:20])
    if plain[20 + length :] != app_id.encode():
        raise BadEnvelope("another app id")
    return plain[20 : 20 + length]


def _cipher(encoding_aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(encoding_aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def to_xml(fields: Mapping[str, Any]) -> bytes:
    """`<xml>` with texts in CDATA, numbers bare, mappings nested and lists repeated; UTF-8."""
    return f"<xml>{_inside(fields)}</xml>".encode()


def _inside(fields: Mapping[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_inside(value)}</{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    return f"<{name}><![CDATA[{str(value).replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def read_xml(raw: bytes) -> ElementTree.Element:
    """The root of well-formed XML named `xml` without a DTD; BadEnvelope otherwise."""
    if re.search(rb"<!(DOCTYPE|ENTITY)", raw, re.IGNORECASE):
        raise BadEnvelope("a DTD")
    try:
        root = ElementTree.fromstring(raw)
    except (ElementTree.ParseError, ValueError) as error:
        raise BadEnvelope("not XML") from error
    if root.tag != "xml":
        raise BadEnvelope("the root is not <xml>")
    return root
