"""Who signed a request: Standard Webhooks signatures over the raw body, compared in constant time."""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import Headers

TOLERANCE = dt.timedelta(minutes=5)
_ID = re.compile(r"[\x21-\x7e]{1,200}")
_SECONDS = re.compile(r"[0-9]{1,12}")
_MOST_SIGNATURES = 16


class Unsigned(Exception):
    """Nobody we know signed this request, now; the message says what is wrong without telling a secret."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The signature's headers, well formed and in time; ``matches`` says whether a secret made them."""

    webhook_id: str
    content: bytes
    signatures: tuple[bytes, ...]

    def matches(self, secret: str) -> bool:
        """Whether this secret made one of the signatures."""
        expected = hmac.new(_key(secret), self.content, hashlib.sha256).digest()
        return any([hmac.compare_digest(expected, each) for each in self.signatures])


def read(headers: Headers, body: bytes, *, now: dt.datetime) -> Signed:
    """The signature of a request; Unsigned when it is missing, malformed or more than five minutes off."""
    webhook_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _ID.fullmatch(webhook_id):
        raise Unsigned("webhook-id is missing or malformed")
    if not _SECONDS.fullmatch(stamp):
        raise Unsigned("webhook-timestamp is missing or malformed")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise Unsigned("webhook-timestamp is more than five minutes off")
    signatures = tuple(_signatures(headers.get("webhook-signature", "")))
    if not signatures:
        raise Unsigned("webhook-signature holds no v1 signature")
    return Signed(webhook_id, f"{webhook_id}.{stamp}.".encode() + body, signatures)


def signer_of(signed: Signed, secrets: Mapping[int, Iterable[str]]) -> int | None:
    """The merchant one of whose secrets signed; None when nobody's did. Every secret is tried."""
    found = [merchant for merchant, own in secrets.items() if any([signed.matches(secret) for secret in own])]
    return found[0] if found else None


def _signatures(header: str) -> Iterable[bytes]:
    for each in header.split(" ")[:_MOST_SIGNATURES]:
        version, _, encoded = each.partition(",")
        if version != "v1":
            continue
        try:
            yield base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            continue


def _key(secret: str) -> bytes:
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    if not key:
        raise ValueError("an empty secret signs nothing")
    return key
