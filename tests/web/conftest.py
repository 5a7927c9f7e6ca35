"""A shop with the default policy, and a mall that reports to it."""

from typing import Any

import pytest
from web_desk import Desk
from web_shop import APP_ID, SECRET, Mall, Shop, built

from bot import wording
from distribution import merchants, policy
from distribution.links import Links
from models.database import Database
from models.states import Role
from web.console import console
from web.h5 import h5
from web.intake import api
from web.links import links
from web.parts import WebParts


@pytest.fixture
def shop(database: Database, clock: Any) -> Shop:
    with database.transaction() as session:
        merchant_id = merchants.create(session, name="晓燕的小店", by="setup", now=clock.now()).id
        policy.publish(
            session, merchant_id=merchant_id, document={}, effective_from=clock.now(), by="setup", now=clock.now()
        )
    clock.advance(seconds=1)
    links = Links("http://localhost", "0123456789abcdef0123456789abcdef", clock)
    parts = WebParts(database, clock, links, wording.sentence, APP_ID, mch_id="1900000001", api_secrets=(SECRET,))
    return Shop(database, clock, merchant_id, parts)


@pytest.fixture
def mall(shop: Shop) -> Mall:
    return Mall(built(shop.parts, api).test_client(), shop.clock.now)


@pytest.fixture
def desk(shop: Shop) -> Desk:
    """The console with an owner logged in."""
    desk = Desk(shop, built(shop.parts, console, links, h5))
    desk.hire("老板", Role.OWNER)
    desk.login("老板")
    return desk
