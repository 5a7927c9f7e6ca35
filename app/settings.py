"""The sections of the configuration that no other folder declares."""

import base64
import binascii
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

_SHORTEST_API_SECRET = 24
_SHORTEST_KEY = 32


class Section(BaseModel):
    """A table of the file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise ValueError("要以 https:// 或 http:// 开头，或者留空")
    return text.rstrip("/")


def _database(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("要以 sqlite:/// 或 postgresql:// 开头")
    return text


def _redis(text: str) -> str:
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("要以 redis://、rediss:// 或 unix:// 开头，或者留空")
    return text


def _api_secret(secret: SecretStr) -> SecretStr:
    head, _, body = secret.get_secret_value().partition("_")
    try:
        length = len(base64.b64decode(body, validate=True))
    except (binascii.Error, ValueError):
        length = 0
    if head != "whsec" or length < _SHORTEST_API_SECRET:
        raise ValueError(f"要写成 whsec_ 加 BASE64，解开后至少 {_SHORTEST_API_SECRET} 字节")
    return secret


def _long_key(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < _SHORTEST_KEY:
        raise ValueError(f"至少 {_SHORTEST_KEY} 个字符，随机生成")
    return secret


class ServerSettings(Section):
    """Where the web service listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: Annotated[str, AfterValidator(_address)] = ""
    web_workers: int = Field(default=1, ge=1, le=64)
    threads: int = Field(default=1024, ge=4, le=8192)
    proxies: int = Field(default=0, ge=0, le=9)


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: Annotated[str, AfterValidator(_database)] = "sqlite:///data/fenxiao.sqlite3"
    #: Two at least: what the shop taught is read while a message holds the other.
    connections: int = Field(default=16, ge=2, le=500)


class RedisSettings(Section):
    """Where several web processes share open questions and the access token."""

    url: Annotated[str, AfterValidator(_redis)] = ""


class ApiSettings(Section):
    """Who may post orders."""

    secrets: tuple[Annotated[SecretStr, AfterValidator(_api_secret)], ...] = Field(
        min_length=1, description="商城签名用的密钥，whsec_ 开头"
    )


class ShopSettings(Section):
    """The shop that a new database starts with."""

    name: str = Field(default="我的小店", min_length=1, max_length=40)
    jurisdiction: str = Field(default="CN", pattern=r"^[A-Z]{2}$")


class ConsoleSettings(Section):
    """The merchant's pages and everything else that is signed for a browser."""

    secret_key: Annotated[SecretStr, AfterValidator(_long_key)] = Field(
        description="给登录、链接签名的密钥，至少 32 个随机字符"
    )


class PosterSettings(Section):
    """How posters are drawn."""

    font: str = ""
    picture_hosts: tuple[str, ...] = ()
    folder: str = ""
    folder_mb: int = Field(default=2048, ge=16, le=1_000_000)


class LogSettings(Section):
    """What is written to the standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "console"] = "json"


class DemoSettings(Section):
    """Set by `fenxiao demo` in its own folder; never in production."""

    enabled: bool = False
    clock_file: str = ""
    folder: str = ""
