"""The stand-in server and the clients under test, wired as the service wires them."""

from collections.abc import Iterator

import pytest
from wechat_pay_bank import KEY_ID, MCH_ID, V3_KEY, Bank
from wechat_stand_in import TOKEN_CALL, HandClock, StandIn, token

from wechat.http import open_session
from wechat.official import Official
from wechat.pay import Pay
from wechat.settings import PaySettings, WechatSettings
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


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return Bank(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def pay_settings(server: StandIn, bank: Bank) -> PaySettings:
    return PaySettings(
        mch_id=MCH_ID,
        api_base=server.base + "/sim/pay",
        serial_no="5F3A",
        private_key_file=str(bank.private_key_file),
        api_v3_key=V3_KEY,
        public_key_file=str(bank.public_key_file),
        public_key_id=KEY_ID,
        notify_url="https://shop.example/pay/notify",
    )


@pytest.fixture
def pay(server: StandIn, pay_settings: PaySettings, clock: HandClock) -> Pay:
    http = open_session(server.base, pay_settings.api_base, timeouts=(1.0, 1.0))
    return Pay(pay_settings, "wx0123456789abcdef", http, clock=clock)
