"""Addresses of our own pages; those that grant something carry a signature that expires."""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

#: How long a private address works, by its purpose. One to a confirm page outlives any transfer that waits; one that
#: shows money or asks for a person's papers is of use to whoever finds it in a forwarded chat, and is short.
LIVES = {
    "withdrawal": dt.timedelta(days=30),
    "statement": dt.timedelta(hours=24),
    "recover": dt.timedelta(hours=24),
    "realname": dt.timedelta(hours=1),
}
_LONGEST_CODE = 64
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> dt.datetime: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """What a private address is worth now.

    ``subject`` is None where it opens nothing: forged or of another purpose, or ``lapsed``, once ours and too old.
    """

    subject: str | None
    made_at: dt.datetime = _NEVER
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses under ``base_url``; ``secret`` signs, ``clock`` says when a signature was made and whether it lives."""

    base_url: str
    secret: str
    clock: Clock

    def landing(self, code: str) -> str:
        """A distributor's link."""
        return f"{self.base_url}/s/{code}"

    def product(self, code: str, product_id: int) -> str:
        """A product's page with its recommender."""
        return f"{self.base_url}/p/{product_id}?d={code}"

    def code_in(self, address: str) -> str | None:
        """The code of a person or a poster in an address of ours; None for any other address."""
        if not address.startswith(f"{self.base_url}/"):
            return None
        try:
            parts = urlsplit(address.removeprefix(self.base_url))
        except ValueError:  # brackets in wrong places
            return None
        code = parse_qs(parts.query).get("d", [""])[0] if parts.path.startswith("/p/") else ""
        code = parts.path.removeprefix("/s/") if parts.path.startswith("/s/") else code
        return code if 0 < len(code) <= _LONGEST_CODE and code.isascii() and code.isprintable() else None

    def confirm(self, no: str) -> str:
        """The page where the payee confirms a transfer; it opens without a log-in."""
        return f"{self.base_url}/h5/withdrawals/{self.sign('withdrawal', no)}"

    def statement(self, distributor_id: int, month: str) -> str:
        """A person's statement of a month (2026-11); it opens without a log-in."""
        return f"{self.base_url}/h5/statements/{self.sign('statement', f'{distributor_id}:{month}')}"

    def real_name(self, distributor_id: int) -> str:
        """The page where somebody's real name is looked at; it opens without a log-in."""
        return f"{self.base_url}/h5/realname/{self.sign('realname', str(distributor_id))}"

    def recover(self, openid: str) -> str:
        """The page where somebody with another WeChat says which account is his; it opens without a log-in."""
        return f"{self.base_url}/h5/recover/{self.sign('recover', openid)}"

    def agreement(self) -> str:
        """The written rules."""
        return f"{self.base_url}/h5/agreement"

    def sign(self, purpose: str, subject: str) -> str:
        """The unguessable part of a private address."""
        signed: str = self._serializer(purpose).dumps(subject)
        return signed

    def digest(self, purpose: str, text: str) -> str:
        """A keyed digest of something that is not kept itself; the same for the same text while the secret stays."""
        return hmac.new(self.secret.encode(), f"fenxiao.{purpose}:{text}".encode(), hashlib.sha256).hexdigest()

    def opened(self, purpose: str, signed: str) -> Opened:
        """The subject behind a signature of ours and when it was made, if it still lives."""
        life = int(LIVES[purpose].total_seconds())
        try:
            subject, made_at = self._serializer(purpose).loads(signed, max_age=life, return_timestamp=True)
        except SignatureExpired:
            return Opened(None, lapsed=True)
        except BadData:
            return Opened(None)
        return Opened(subject, made_at) if isinstance(subject, str) else Opened(None)

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self.secret,
            salt=f"fenxiao.{purpose}",
            signer=_signer(self.clock),
            signer_kwargs={"digest_method": hashlib.sha256},
        )


def _signer(clock: Clock) -> type[TimestampSigner]:
    class ClockSigner(TimestampSigner):
        """Stamps by our clock, which the demo may move."""

        def get_timestamp(self) -> int:
            return int(clock.now().timestamp())

    return ClockSigner
