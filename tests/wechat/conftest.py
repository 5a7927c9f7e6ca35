"""The stand-in server and the clients under test, wired as the service wires them."""

from collections.abc import Iterator

import pytest
from wechat_stand_in import TOKEN_CALL, HandClock, StandIn, token

from wechat.http import open_session
from wechat.official import Official
from wechat.settings import WechatSettings
from wechat.tokens import AccessTokens

SECRET = "canary0secret0canary0secret0cana"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def server() -> Iterator[StandIn]:
    stand_in = StandIn()
    stand_in.play(TOKEN_CALL, token("canary-token-one"))
    yield stand_in
    stand_in.stop()


@pytest.fixture
def tokens(server: StandIn, clock: HandClock) -> AccessTokens:
    return AccessTokens(open_session(server.base), "wx0123456789abcdef", SECRET, clock=clock)


@pytest.fixture
def settings(server: StandIn) -> WechatSettings:
    return WechatSettings(
        app_id="wx0123456789abcdef",
        original_id="gh_0123456789ab",
        app_secret=SECRET,
        token="demoToken2026",
        encoding_aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        api_base=server.base + "/sim/wechat",
    )


@pytest.fixture
def official(settings: WechatSettings, clock: HandClock) -> Official:
    http = open_session(settings.api_base, timeouts=(1.0, 1.0))
    tokens = AccessTokens(http, settings.app_id, SECRET, clock=clock)
    return Official(settings, http, tokens, clock=clock)
