"""What the desk must be told: the account, the bank's keys, and where the service lives."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple


class Template(NamedTuple):
    """A notice template of the account; the prefix of a key (`thing3`) is its type."""

    template_id: str
    title: str
    keys: tuple[str, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """One account and one merchant; addresses without a trailing slash, keys as PEM text."""

    app_id: str
    original_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    encoding_aes_key: str = field(repr=False)
    mode: Literal["safe", "compatible", "plain"]
    webhook_url: str
    service_url: str
    mch_id: str
    mch_serial: str
    mch_public_key_pem: str
    api_v3_key: str = field(repr=False)
    pay_private_key_pem: str = field(repr=False)
    pay_public_key_id: str
    pay_notify_url: str
    templates: tuple[Template | tuple[str, str, tuple[str, ...]], ...]
    data_dir: Path
    api_secret: str = field(repr=False)
    console: dict[str, str] = field(default_factory=dict, repr=False)
    deliveries: int = 3
    delivery_timeout: float = 5.0
    delivery_pause: float = 0.2
    account_name: str = "分销助手"
    balance_fen: int = 100_000_000

    def template(self, template_id: str) -> Template | None:
        """The template of that id, or None."""
        return next((Template(*each) for each in self.templates if each[0] == template_id), None)
