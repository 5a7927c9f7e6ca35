"""Signatures and the AES envelope of the message push."""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
_SALT = 16
_HEAD = _SALT + 4
_AES_BLOCK = 16


class BadEnvelope(Exception):
    """A text that was not sealed for us; the reason is for logs."""


def signed(*parts: str) -> str:
    """SHA-1 in hex over the parts, sorted by their bytes and joined."""
    joined = b"".join(sorted([part.encode("utf-8", "surrogatepass") for part in parts]))
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def same(expected: str, given: str) -> bool:
    """Whether two signatures agree, in constant time and for any text."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


class Envelope:
    """Seals and opens messages of one account; keys are built once, older keys open but never seal."""

    def __init__(self, app_id: str, keys: Sequence[str]) -> None:
        self._app_id = app_id.encode()
        self._ciphers = [_cipher(key) for key in keys]

    def seal(self, content: bytes, *, salt: bytes | None = None) -> str:
        """The Base64 text of ``content`` sealed with the newest key; ``salt`` is 16 bytes, random if not given."""
        salt = os.urandom(_SALT) if salt is None else salt
        plain = b"".join((salt, len(content).to_bytes(4, "big"), content, self._app_id))
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._ciphers[0].encryptor()
        return base64.b64encode(encryptor.update(plain + bytes((pad,)) * pad) + encryptor.finalize()).decode("ascii")

    def open(self, sealed: str) -> bytes:
        """The content of a sealed Base64 text; BadEnvelope if no key of ours fits."""
        try:
            raw = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadEnvelope("not Base64") from error
        if not raw or len(raw) % _AES_BLOCK:
            raise BadEnvelope("not whole blocks")
        for cipher in self._ciphers:
            content = self._content(cipher, raw)
            if content is not None:
                return content
        raise BadEnvelope("padding, length or app id do not fit")

    def _content(self, cipher: Cipher[modes.CBC], raw: bytes) -> bytes | None:
        decryptor = cipher.decryptor()
        plain = decryptor.update(raw) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= _BLOCK or len(plain) < pad + _HEAD or plain[-pad:] != bytes((pad,)) * pad:
            return None
        end = len(plain) - pad - len(self._app_id)
        if int.from_bytes(plain[_SALT:_HEAD], "big") != end - _HEAD:
            return None
        return plain[_HEAD:end] if plain[end : len(plain) - pad] == self._app_id else None


def _cipher(key: str) -> Cipher[modes.CBC]:
    try:
        # The 43rd character may carry unused bits, which this decoder ignores.
        raw = base64.b64decode(key + "=", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("an EncodingAESKey has 43 letters and digits") from error
    if len(key) != 43:
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return Cipher(algorithms.AES(raw), modes.CBC(raw[:_AES_BLOCK]))
