"""wechatpayv3's core on our own line and clock: what is signed is what is sent, and no answer is believed unsigned."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import aes_decrypt

from .clock import Clock
from .errors import Action, Outside
from .settings import PaySettings

_SIGNED_BY = "Wechatpay-Signature-Type"
_METHOD = "WECHATPAY2-SHA256-RSA2048"
_PROBE = "WECHATPAY/SIGNTEST/"
_HEADERS = ("Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial", _SIGNED_BY)
_OLDEST = 300


class Unproven(Exception):
    """The signature does not show that WeChat Pay wrote this; `probe` if it is WeChat's deliberate fake."""

    def __init__(self, reason: str, *, probe: bool = False) -> None:
        self.probe = probe
        super().__init__(reason)


class PayLine(Core):
    """Signs, sends and verifies in public-key mode; never fetches certificates."""

    def __init__(self, settings: PaySettings, http: requests.Session, clock: Clock) -> None:
        super().__init__(
            mchid=settings.mch_id,
            cert_serial_no=settings.serial_no,
            private_key=_key_text(settings.private_key_file),
            apiv3_key=settings.api_v3_key.get_secret_value(),
            public_key=_key_text(settings.public_key_file),
            public_key_id=settings.public_key_id,
        )
        self._gate_way = settings.api_base
        self._http = http
        self._clock = clock

    def request(
        self, path: str, method: RequestType = RequestType.GET, data: dict[str, Any] | None = None, **_: Any
    ) -> tuple[int, str]:
        """Status and text of a call; `Unproven` if the answer is a success, or signed, and the signature is bad."""
        told = {name: value for name, value in (data or {}).items() if value is not None}
        body = json.dumps(told, ensure_ascii=False).encode() if told else b""
        url, headers = self._gate_way + path, self._headers(method.value, path, body.decode())
        response = self._http.request(method.value, url, data=body or None, headers=headers)
        if 200 <= response.status_code < 300 or "Wechatpay-Signature" in response.headers:
            self.prove(response.headers, response.content, now=self._clock.now())
        return response.status_code, response.content.decode("utf-8", "replace")

    def prove(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
        """Returns if WeChat Pay signed this body within five minutes of `now`; else `Unproven`. Never any network."""
        given = CaseInsensitiveDict(headers.items())
        held = {name: str(given.get(name, "")) for name in _HEADERS}
        if held["Wechatpay-Signature"].startswith(_PROBE):
            raise Unproven("a probe", probe=True)
        if held["Wechatpay-Serial"] != self._public_key_id:
            raise Unproven("another key")
        if held[_SIGNED_BY] != _METHOD:
            raise Unproven("another way of signing")
        moment = held["Wechatpay-Timestamp"]
        if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
            raise Unproven("no moment")
        if abs(now.timestamp() - int(moment)) > _OLDEST:
            raise Unproven("too old or too new")
        if not self._is_signed(held, body):
            raise Unproven("a wrong signature")

    def opened(self, envelope: Mapping[str, Any]) -> str:
        """The text sealed in a notice; KeyError, TypeError or ValueError if it was not sealed with our key."""
        resource = envelope["resource"]
        if resource["algorithm"] != "AEAD_AES_256_GCM":
            raise ValueError("another way of sealing")
        sealed = {name: resource[name] for name in ("nonce", "ciphertext")}
        sealed["associated_data"] = resource.get("associated_data") or ""
        if not all(isinstance(value, str) for value in sealed.values()):
            raise TypeError("a sealed part that is no text")
        text = aes_decrypt(**sealed, apiv3_key=self._apiv3_key)
        if not isinstance(text, str):
            raise ValueError("another key")
        return text

    def _is_signed(self, headers: dict[str, str], body: bytes) -> bool:
        try:
            return bool(self._verify_signature(headers, body.decode()))
        except Exception:
            return False

    def _headers(self, method: str, path: str, body: str) -> dict[str, str]:
        moment, nonce = str(int(self._clock.now().timestamp())), secrets.token_hex(16)
        signature = self.sign([method, path, moment, nonce, body])
        parts = {"mchid": self._mchid, "nonce_str": nonce, "signature": signature}
        parts |= {"timestamp": moment, "serial_no": self._cert_serial_no}
        return {
            "Authorization": f"{_METHOD} " + ",".join(f'{name}="{value}"' for name, value in parts.items()),
            "Wechatpay-Serial": self._public_key_id,
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "fenxiao",
        }

    def _update_certificates(self) -> None:
        """Nothing: an unknown serial is a reason to refuse, not to call out."""


class Calls(WeChatPay):
    """wechatpayv3's calls on a line of ours; its own constructor would open another."""

    def __init__(self, line: PayLine, *, app_id: str, notify_url: str) -> None:
        self._type = WeChatPayType.JSAPI
        self._core = line
        self._mchid = line._mchid
        self._appid = app_id
        self._notify_url = notify_url or None
        self._partner_mode = False


def open_line(settings: PaySettings, http: requests.Session, clock: Clock) -> PayLine:
    """The line, without any network; `Outside` with `STOP` if payouts are off or a key cannot be used."""
    if not settings.enabled:
        raise Outside(Action.STOP, "pay", "OFF", message="payouts are not configured")
    try:
        return PayLine(settings, http, clock)
    except (OSError, UnicodeDecodeError) as error:
        reason = f"a key file cannot be read: {type(error).__name__}"
    except Exception as error:
        # wechatpayv3 raises bare exceptions here.
        reason = f"a key cannot be used: {error}"
    raise Outside(Action.STOP, "pay keys", "KEY", message=reason)


def _key_text(path: str) -> str:
    return Path(path).read_text(encoding="ascii").replace("\r\n", "\n").strip()
