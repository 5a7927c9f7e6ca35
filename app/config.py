"""The configuration: one TOML file and the environment become frozen settings, or one message names what is wrong."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from app.complaints import complaint, deepest, one_message
from app.settings import (
    ApiSettings,
    ConsoleSettings,
    DatabaseSettings,
    DemoSettings,
    LogSettings,
    PosterSettings,
    RedisSettings,
    ServerSettings,
    ShopSettings,
)
from wechat.settings import PaySettings, WechatSettings

PREFIX = "FENXIAO_"
DEFAULT_FILE = "config.toml"


class ConfigError(Exception):
    """The configuration cannot stand; the message names every wrong key, its value and what is allowed."""


class Settings(BaseSettings):
    """Everything that is decided before the start."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__")

    wechat: WechatSettings
    api: ApiSettings
    console: ConsoleSettings
    server: ServerSettings = ServerSettings()
    pay: PaySettings = PaySettings()
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    shop: ShopSettings = ShopSettings()
    posters: PosterSettings = PosterSettings()
    log: LogSettings = LogSettings()
    demo: DemoSettings = DemoSettings()

    @classmethod
    def settings_customise_sources(  # type: ignore[override]
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        **_: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file."""
        return env_settings, init_settings

    @model_validator(mode="after")
    def _processes_share_redis(self) -> Self:
        if self.server.web_workers > 1 and not self.redis.url:
            raise ValueError("server.web_workers 大于 1 时要配置 redis.url")
        return self

    @property
    def public_url(self) -> str:
        """The address under which browsers and WeChat reach the service."""
        return self.server.public_url or f"http://{self.server.host}:{self.server.port}"


def load(path: Path | None = None) -> Settings:
    """Settings from `path`, else from the file FENXIAO_CONFIG names, else ./config.toml, and the environment.

    Raises ConfigError with one message for everything that is wrong.
    """
    file = path or _chosen_file()
    written = {"wechat": {}, "api": {}, "console": {}, **(_read(file) if file else {})}
    complaints = [f"环境变量 {name} 不认识" for name in _unknown_variables()]
    try:
        settings = Settings(**written)
    except ValidationError as error:
        complaints += [complaint(item, Settings) for item in deepest(error.errors())]
    except SettingsError as error:
        complaints.append(f'环境变量里的列表要写成 JSON，如 ["whsec_…"]：{_first_line(error)}')
    if complaints:
        raise ConfigError(one_message(complaints, file.name if file else None))
    return settings


def _chosen_file() -> Path | None:
    named = os.environ.get(f"{PREFIX}CONFIG")
    if named:
        return Path(named)
    return Path(DEFAULT_FILE) if Path(DEFAULT_FILE).exists() else None


def _read(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"打不开配置文件 {file}（{error.strerror}）") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"配置文件 {file.name} 不是正确的 TOML：{_first_line(error)}") from error


def _unknown_variables() -> list[str]:
    nested = [name for name in os.environ if name.upper().startswith(PREFIX) and "__" in name]
    return [name for name in nested if name[len(PREFIX) :].split("__")[0].lower() not in Settings.model_fields]


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
