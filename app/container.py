"""The parts of the service, each built once, when it is first asked for."""

from functools import cached_property
from pathlib import Path

import redis
import requests

from app.clock import Clock, clock_for
from app.config import Settings
from distribution.links import Links
from models.database import Database
from wechat.http import open_session
from wechat.official import Official
from wechat.pay import Pay
from wechat.settings import PaySettings
from wechat.token_stores import MemoryStore, RedisStore, TokenStore
from wechat.tokens import AccessTokens

_REDIS_PATIENCE = 1.0


class Container:
    """Builds lazily and hands out one of each; close() gives connections back."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def clock(self) -> Clock:
        """The one clock."""
        return clock_for(self.settings.demo)

    @cached_property
    def database(self) -> Database:
        """The database; a SQLite file's folder is made if it is missing."""
        settings = self.settings.database
        database = Database(settings.url, pool_size=settings.connections)
        if database.is_sqlite and database.url.database:
            Path(database.url.database).parent.mkdir(parents=True, exist_ok=True)
        return database

    @cached_property
    def redis(self) -> "redis.Redis | None":
        """Redis, or None when this one process keeps everything itself; it answers within a second or not at all."""
        url = self.settings.redis.url
        if not url:
            return None
        patience = {"socket_timeout": _REDIS_PATIENCE, "socket_connect_timeout": _REDIS_PATIENCE}
        return redis.Redis.from_url(url, health_check_interval=30, **patience)

    @cached_property
    def links(self) -> Links:
        """Addresses of our own pages."""
        return Links(self.settings.public_url, self.settings.console.secret_key.get_secret_value(), self.clock)

    @cached_property
    def http(self) -> requests.Session:
        """The only line to the outside: it reaches WeChat and WeChat Pay."""
        return open_session(self.settings.wechat.api_base, self.settings.pay.api_base)

    @cached_property
    def tokens(self) -> AccessTokens:
        """The account's access token."""
        account = self.settings.wechat
        store: TokenStore = RedisStore(self.redis, account.app_id) if self.redis else MemoryStore()
        return AccessTokens(self.http, account.app_id, account.app_secret.get_secret_value(), store, clock=self.clock)

    @cached_property
    def official(self) -> Official:
        """The account's API."""
        return Official(self.settings.wechat, self.http, self.tokens, clock=self.clock)

    @cached_property
    def pay(self) -> Pay | None:
        """WeChat Pay, or None when payouts are switched off; Outside if a key cannot be read."""
        if not self.settings.pay.enabled:
            return None
        return Pay(self.pay_settings, self.settings.wechat.app_id, self.http, clock=self.clock)

    @property
    def pay_settings(self) -> PaySettings:
        """The settings of WeChat Pay with the address of our notices filled in."""
        pay = self.settings.pay
        return (
            pay if pay.notify_url else pay.model_copy(update={"notify_url": f"{self.settings.public_url}/pay/notify"})
        )

    def close(self) -> None:
        """Give every connection back."""
        for name, part in list(vars(self).items()):
            if name in ("database", "redis", "http") and part is not None:
                part.close()
