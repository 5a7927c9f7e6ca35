"""Addresses of our own pages; those that grant something carry a signature that expires."""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

#: A link to a confirm page works this long: longer than any transfer can wait.
LIFE = dt.timedelta(days=30)
_LONGEST_CODE = 64


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> dt.datetime: ...


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

    def read(self, purpose: str, signed: str) -> str | None:
        """The subject behind a signature of ours; None when it is forged, of another purpose or older than LIFE."""
        try:
            subject = self._serializer(purpose).loads(signed, max_age=int(LIFE.total_seconds()))
        except BadData:
            return None
        return subject if isinstance(subject, str) else None

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
