"""The settings of the account and of WeChat Pay, checked before anything is sent."""

import ipaddress
import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator, model_validator

_SHORTEST_SECRET = 16


class NoticeTemplate(BaseModel):
    """One template message: its id and which fact of ours fills which key of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, max_length=64, description="模板 ID，在公众号后台的模板消息里")
    fields: dict[str, str] = Field(default_factory=dict, description="模板的字段 = 我们的事实")


class WechatSettings(BaseModel):
    """The official account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    app_id: str = Field(pattern=r"^[A-Za-z0-9_-]{4,64}$", description="公众号的 AppID，wx 开头")
    original_id: str = Field(pattern=r"^gh_[A-Za-z0-9_]{1,40}$", description="公众号的原始 ID，gh_ 开头")
    app_secret: SecretStr = Field(description="公众号的 AppSecret，32 个字符")
    token: SecretStr = Field(description="消息推送的 Token，3 到 32 位字母和数字")
    mode: Literal["safe", "compatible", "plain"] = Field(default="safe", description="消息加解密方式")
    encoding_aes_key: SecretStr = Field(
        default=SecretStr(""),
        validate_default=True,
        description="EncodingAESKey，43 位字母和数字；只有明文模式可以留空",
    )
    previous_aes_key: SecretStr | None = Field(default=None, description="换之前的 EncodingAESKey，写着它就两把都认")
    api_base: str = Field(default="https://api.weixin.qq.com", description="微信接口的地址")
    path: str = Field(default="/wechat", pattern=r"^/[A-Za-z0-9/_-]{1,100}$", description="消息推送的路径")
    templates: dict[str, NoticeTemplate] = Field(default_factory=dict, description="通知名 = 送它的模板消息")

    @field_validator("app_secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value()) < _SHORTEST_SECRET:
            raise ValueError(f"至少 {_SHORTEST_SECRET} 个字符")
        return secret

    @field_validator("token")
    @classmethod
    def _is_token(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9]{3,32}", token.get_secret_value()):
            raise ValueError("要 3 到 32 位字母和数字")
        return token

    @field_validator("encoding_aes_key", "previous_aes_key")
    @classmethod
    def _is_aes_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key and key.get_secret_value() and not re.fullmatch(r"[A-Za-z0-9]{43}", key.get_secret_value()):
            raise ValueError("要正好 43 位字母和数字")
        return key

    @field_validator("api_base")
    @classmethod
    def _is_address(cls, address: str) -> str:
        return checked_address(address)

    @field_validator("encoding_aes_key")
    @classmethod
    def _is_there(cls, key: SecretStr, told: ValidationInfo) -> SecretStr:
        # Beside every other wrong key, so that one message names them all.
        if not key.get_secret_value() and told.data.get("mode", "plain") != "plain":
            raise ValueError(f"{told.data['mode']} 模式要写，43 位字母和数字")
        return key


class PaySettings(BaseModel):
    """Merchant transfers of WeChat Pay in public-key mode; without a mch_id payouts are switched off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mch_id: str = Field(default="", pattern=r"^(\d{6,32})?$", description="微信支付商户号；空 = 不打款")
    api_base: str = Field(default="https://api.mch.weixin.qq.com", description="微信支付接口的地址")
    serial_no: str = Field(default="", pattern=r"^[0-9A-Fa-f]{0,64}$", description="商户 API 证书的序列号")
    private_key_file: str = Field(default="", description="商户私钥文件 apiclient_key.pem 的路径")
    api_v3_key: SecretStr = Field(default=SecretStr(""), description="APIv3 密钥，32 字节")
    public_key_file: str = Field(default="", description="微信支付公钥文件 pub_key.pem 的路径")
    public_key_id: str = Field(
        default="", pattern=r"^(PUB_KEY_ID_[0-9A-Za-z]+)?$", description="微信支付公钥的 ID，PUB_KEY_ID_ 开头"
    )
    notify_url: str = Field(default="", max_length=256, description="打款结果通知的地址，https，不带参数")
    scene_id: str = Field(default="1005", pattern=r"^\d{4}$", description="商家转账的场景，1005 是佣金报酬")
    report_infos: dict[str, str] = Field(
        default={"岗位类型": "分销员", "报酬说明": "推广佣金"},
        description="场景要求的报备信息，每条最多 32 个字",
    )
    remark: str = Field(default="推广佣金", min_length=1, max_length=32, description="收款人看到的备注")

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
            raise ValueError("每条报备要有类型和 1 到 32 个字的内容")
        return infos

    @field_validator("api_v3_key")
    @classmethod
    def _is_v3_key(cls, key: SecretStr) -> SecretStr:
        if len(key.get_secret_value().encode()) not in (0, 32):
            raise ValueError("要正好 32 字节")
        return key

    @model_validator(mode="after")
    def _complete_or_off(self) -> Self:
        needed = ("serial_no", "private_key_file", "public_key_file", "public_key_id")
        missing = [name for name in needed if not getattr(self, name)]
        missing += [] if self.api_v3_key.get_secret_value() else ["api_v3_key"]
        if self.mch_id and missing:
            raise ValueError(f"写了 mch_id，还要写 {'、'.join(missing)}")
        return self

    @property
    def enabled(self) -> bool:
        """Whether payouts through WeChat Pay are configured."""
        return bool(self.mch_id)


def checked_address(address: str) -> str:
    """The address without a trailing slash; ValueError unless it is https, or http on this machine, and bare."""
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname or (parts.port is not None and parts.port < 1):
        raise ValueError("要写成完整的地址，如 https://api.weixin.qq.com")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("要用 https；只有本机可以用 http")
    if parts.username is not None or parts.query or parts.fragment or "?" in address or "#" in address:
        raise ValueError("地址里不能有用户名、? 或 #")
    return address.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
