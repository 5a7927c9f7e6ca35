"""The bank's own hand at signing, sealing and checking."""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from simulator.clock import machine_seconds
from simulator.desk import Desk

SCHEME = "WECHATPAY2-SHA256-RSA2048"
_PROBE = "WECHATPAY/SIGNTEST/"
_MOST_SECONDS_OFF = 300
_PART = re.compile(r'(\w+)="([^"]*)"')


class BadSignature(Exception):
    """A request the bank does not take; the text says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a request's signature covers."""

    method: str
    path: str
    body: bytes


def new_key_pair() -> tuple[str, str]:
    """A fresh RSA key of 2048 bits: private and public half as PEM text."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@lru_cache(maxsize=8)
def _private(pem: str) -> rsa.RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@lru_cache(maxsize=8)
def _public(pem: str) -> rsa.RSAPublicKey:
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def check_request(desk: Desk, authorization: str, signed: Signed) -> None:
    """Nothing for a request the merchant signed within five minutes; BadSignature otherwise.

    Both the desk's clock and the machine's count as now: merchants' libraries read the latter.
    """
    scheme, _, rest = authorization.partition(" ")
    parts = dict(_PART.findall(rest))
    settings = desk.settings
    if scheme != SCHEME or not {"mchid", "nonce_str", "signature", "timestamp", "serial_no"} <= parts.keys():
        raise BadSignature("Authorization is missing or malformed")
    if parts["mchid"] != settings.mch_id or parts["serial_no"] != settings.mch_serial:
        raise BadSignature("unknown mchid or serial_no")
    if not _is_recent(desk, parts["timestamp"]):
        raise BadSignature("the timestamp is more than five minutes off")
    text = f"{signed.method}\n{signed.path}\n{parts['timestamp']}\n{parts['nonce_str']}\n".encode()
    try:
        signature = base64.b64decode(parts["signature"], validate=True)
        message = text + signed.body + b"\n"
        _public(settings.mch_public_key_pem).verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error) as error:
        raise BadSignature("the signature does not fit") from error


def _is_recent(desk: Desk, timestamp: str) -> bool:
    if not timestamp.isdecimal() or len(timestamp) > 12:
        return False
    return any(abs(now - int(timestamp)) <= _MOST_SECONDS_OFF for now in (desk.now() // 1000, machine_seconds()))


def headers(desk: Desk, body: bytes, *, probe: bool = False) -> dict[str, str]:
    """The headers that sign a response or notice; with `probe` the signature is wrong on purpose."""
    timestamp, nonce = str(desk.now() // 1000), secrets.token_hex(16)
    message = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
    raw = _private(desk.settings.pay_private_key_pem).sign(message, padding.PKCS1v15(), hashes.SHA256())
    signature = base64.b64encode(raw).decode()
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": _PROBE + signature[len(_PROBE) :] if probe else signature,
        "Wechatpay-Serial": desk.settings.pay_public_key_id,
        "Wechatpay-Signature-Type": SCHEME,
        "Request-ID": secrets.token_hex(16).upper(),
    }


def open_secret(desk: Desk, sealed: str) -> str:
    """The text of a sensitive field sealed for the bank; ValueError if it cannot be opened."""
    raw = base64.b64decode(sealed, validate=True)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    return _private(desk.settings.pay_private_key_pem).decrypt(raw, oaep).decode()


def seal_notice(api_v3_key: str, plain: bytes, *, nonce: str, associated: str) -> str:
    """AES-256-GCM of a notice's resource, in Base64."""
    sealed = AESGCM(api_v3_key.encode()).encrypt(nonce.encode(), plain, associated.encode())
    return base64.b64encode(sealed).decode()
