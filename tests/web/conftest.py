"""A shop with the default policy, and a mall that reports to it."""

from typing import Any

import pytest
from web_desk import Desk
from web_shop import Mall, Shop, built, opened_shop

from models.database import Database
from models.states import Role
from web.console import console
from web.h5 import h5
from web.intake import api
from web.links import links


@pytest.fixture
def shop(database: Database, clock: Any) -> Shop:
    return opened_shop(database, clock)


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
