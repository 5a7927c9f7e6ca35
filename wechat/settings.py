"""The settings of the account and of WeChat Pay, checked before anything is sent."""

import ipaddress
import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

_SHORTEST_SECRET = 16


class NoticeTemplate(BaseModel):
    """One template message: its id and which fact of ours fills which key of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, max_length=64, description="template_id as the console of WeChat shows it")
    fields: dict[str, str] = Field(default_factory=dict, description="key of the template = name of our fact")


class WechatSettings(BaseModel):
    """The official account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    app_id: str = Field(pattern=r"^[A-Za-z0-9_-]{4,64}$", description="AppID, wx and 16 characters")
    original_id: str = Field(pattern=r"^gh_[A-Za-z0-9_]{1,40}$", description="original id of the account, gh_…")
    app_secret: SecretStr = Field(description="AppSecret, 32 characters")
    token: SecretStr = Field(description="token of the message push, 3 to 32 letters and digits")
    encoding_aes_key: SecretStr = Field(
        default=SecretStr(""), description="EncodingAESKey, 43 letters and digits; may be empty in plain mode only"
    )
    previous_aes_key: SecretStr | None = Field(
        default=None, description="the EncodingAESKey before the last change; accepted as well while it is set"
    )
    mode: Literal["safe", "compatible", "plain"] = Field(default="safe", description="how WeChat pushes messages")
    api_base: str = Field(default="https://api.weixin.qq.com", description="where the account API answers")
    path: str = Field(default="/wechat", pattern=r"^/[A-Za-z0-9/_-]{1,100}$", description="path of the webhook")
    templates: dict[str, NoticeTemplate] = Field(
        default_factory=dict, description="our notice = the template message that carries it"
    )

    @field_validator("app_secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value()) < _SHORTEST_SECRET:
            raise ValueError(f"at least {_SHORTEST_SECRET} characters")
        return secret

    @field_validator("token")
    @classmethod
    def _is_token(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9]{3,32}", token.get_secret_value()):
            raise ValueError("3 to 32 letters and digits")
        return token

    @field_validator("encoding_aes_key", "previous_aes_key")
    @classmethod
    def _is_aes_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key and key.get_secret_value() and not re.fullmatch(r"[A-Za-z0-9]{43}", key.get_secret_value()):
            raise ValueError("exactly 43 letters and digits")
        return key

    @field_validator("api_base")
    @classmethod
    def _is_address(cls, address: str) -> str:
        return checked_address(address)

    @model_validator(mode="after")
    def _mode_has_its_key(self) -> Self:
        if self.mode != "plain" and not self.encoding_aes_key.get_secret_value():
            raise ValueError(f"encoding_aes_key is needed in {self.mode} mode: 43 letters and digits")
        return self


class PaySettings(BaseModel):
    """Merchant transfers of WeChat Pay in public-key mode; without a mch_id payouts are switched off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mch_id: str = Field(default="", pattern=r"^(\d{6,32})?$", description="merchant number; empty = no payouts")
    api_base: str = Field(default="https://api.mch.weixin.qq.com", description="where WeChat Pay answers")
    serial_no: str = Field(
        default="", pattern=r"^[0-9A-Fa-f]{0,64}$", description="serial number of the merchant's API certificate"
    )
    private_key_file: str = Field(default="", description="file of the merchant's private key (apiclient_key.pem)")
    api_v3_key: SecretStr = Field(default=SecretStr(""), description="APIv3 key, 32 bytes")
    public_key_file: str = Field(default="", description="file of WeChat Pay's public key (pub_key.pem)")
    public_key_id: str = Field(
        default="", pattern=r"^(PUB_KEY_ID_[0-9A-Za-z]+)?$", description="id of that key, PUB_KEY_ID_…"
    )
    notify_url: str = Field(default="", max_length=256, description="where notices go: https, without a query")
    scene_id: str = Field(default="1005", pattern=r"^\d{4}$", description="transfer scene; 1005 is commission")
    report_infos: dict[str, str] = Field(
        default={"岗位类型": "分销员", "报酬说明": "推广佣金"},
        description="what the scene asks to be reported, at most 32 characters each",
    )
    remark: str = Field(default="推广佣金", min_length=1, max_length=32, description="remark the payee sees")

    @field_validator("api_base")
    @classmethod
    def _is_address(cls, address: str) -> str:
        return checked_address(address)

    @field_validator("notify_url")
    @classmethod
    def _is_notify_url(cls, address: str) -> str:
        return checked_address(address) if address else address

    @field_validator("report_infos")
    @classmethod
    def _are_short(cls, infos: dict[str, str]) -> dict[str, str]:
        if not all(kind and 0 < len(content) <= 32 for kind, content in infos.items()):
            raise ValueError("each report needs a type and 1 to 32 characters")
        return infos

    @field_validator("api_v3_key")
    @classmethod
    def _is_v3_key(cls, key: SecretStr) -> SecretStr:
        if len(key.get_secret_value().encode()) not in (0, 32):
            raise ValueError("exactly 32 bytes")
        return key

    @model_validator(mode="after")
    def _complete_or_off(self) -> Self:
        needed = ("serial_no", "private_key_file", "public_key_file", "public_key_id")
        missing = [name for name in needed if not getattr(self, name)]
        missing += [] if self.api_v3_key.get_secret_value() else ["api_v3_key"]
        if self.mch_id and missing:
            raise ValueError(f"with a mch_id these are needed too: {', '.join(missing)}")
        return self

    @property
    def enabled(self) -> bool:
        """Whether payouts through WeChat Pay are configured."""
        return bool(self.mch_id)


def checked_address(address: str) -> str:
    """The address without a trailing slash; ValueError unless it is https, or http on this machine, and bare."""
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname or (parts.port is not None and parts.port < 1):
        raise ValueError("an address such as https://api.weixin.qq.com")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("https, except on this machine itself")
    if parts.username is not None or parts.query or parts.fragment or "?" in address or "#" in address:
        raise ValueError("an address without user, query or fragment")
    return address.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
