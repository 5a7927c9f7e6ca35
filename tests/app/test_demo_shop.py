"""The sample shop: played by production's own operations, so the books must prove it."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.config import load
from app.container import Container
from app.demo.folder import Folder, prepare, simulator_settings, write_config
from app.demo.shop import open_demo_shop
from app.demo.trace import Trace
from distribution import ledger, outbox
from distribution.proof import prove
from models import tables as t
from simulator.clock import SharedClock
from simulator.store import Store

BASE = "http://127.0.0.1:8123"


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    """Opens a demo shop in a folder of its own: the container and what its simulated WeChat keeps."""
    opened = []

    def open_shop(*, empty: bool) -> tuple[Container, Store]:
        folder = Folder(tmp_path_factory.mktemp("demo"))
        write_config(folder, prepare(folder), port=8123)
        desk = simulator_settings(folder, prepare(folder), base=BASE)
        container = Container(load(folder.config))
        open_demo_shop(container, folder, desk, empty=empty)
        opened.append((container, Store(folder.desk / "simulator.sqlite3")))
        return opened[-1]

    yield open_shop
    for container, store in opened:
        container.close()
        store.close()


@pytest.fixture(scope="module")
def shop(shops):
    return shops(empty=False)


def count(session, table, *conditions) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions))


def test_the_books_of_ninety_days_prove_to_the_fen(shop) -> None:
    with shop[0].database.reading() as session:
        assert [finding.name for finding in prove(session) if not finding.ok] == []


def test_it_looks_like_a_shop_that_is_open(shop) -> None:
    with shop[0].database.reading() as session:
        assert count(session, t.order) > 100
        assert count(session, t.distributor, t.distributor.c.state == "active") == 9
        assert count(session, t.withdrawal, t.withdrawal.c.state == "paid") > 5
        assert count(session, t.refund) > 2
        assert count(session, t.commission, t.commission.c.state == "pending") > 5
        assert count(session, t.product) == 8


def test_there_is_something_to_do_for_the_merchant(shop) -> None:
    with shop[0].database.reading() as session:
        assert count(session, t.distributor, t.distributor.c.state == "pending") == 2
        assert count(session, t.withdrawal, t.withdrawal.c.state == "requested") == 1


def test_nothing_of_the_past_rings_a_phone_today(shop) -> None:
    with shop[0].database.reading() as session:
        assert outbox.waiting(session) == {}


def test_every_distributor_has_a_phone_under_the_same_openid(shop) -> None:
    container, store = shop
    phones = {row["openid"] for row in store.all("SELECT openid FROM person WHERE follows = 1")}
    with container.database.reading() as session:
        joined = select(t.member.c.openid).join(t.distributor, t.distributor.c.member_id == t.member.c.id)
        assert set(session.scalars(joined)) <= phones


def test_its_pictures_are_kept_beside_it(shop) -> None:
    with shop[0].database.reading() as session:
        urls = set(session.scalars(select(t.product.c.image_url)))
        kept = {f"/pictures/{name}" for name in session.scalars(select(t.picture.c.sha256))}
    assert urls <= kept
    assert len(urls) == 8


def test_an_empty_shop_has_a_merchant_an_account_and_nothing_else(shops) -> None:
    container, _ = shops(empty=True)
    with container.database.reading() as session:
        assert count(session, t.merchant) == count(session, t.operator) == count(session, t.policy_version) == 1
        assert count(session, t.order) == count(session, t.product) == count(session, t.distributor) == 0


def test_the_clock_starts_at_the_machines_time(shops) -> None:
    container, _ = shops(empty=True)

    assert abs(container.clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=30)
    assert isinstance(container.clock, SharedClock)


def test_the_trace_tells_messages_and_what_moved_afterwards(shops) -> None:
    container, _ = shops(empty=True)
    trace, now = Trace(), container.clock.now()
    with container.database.transaction() as session:
        ledger.post(session, "before", [("merchant:1:commission", "bank:x", 5)], cause="past", actor="test", at=now)
        trace.begin(session)
        trace.message(at=now, openid="o1", xml="<xml/>", intent="earnings", reply="¥0.00")
        ledger.post(session, "after", [("merchant:1:commission", "bank:x", 7)], cause="now", actor="test", at=now)

    with container.database.reading() as session:
        events = trace.since(session, 0, None)
        assert [event["kind"] for event in events] == ["message", "ledger"]
        assert events[1]["ledger"][0]["fen"] == 7
        assert trace.since(session, 0, "o1") == events[:1]
        assert trace.since(session, events[-1]["n"], None) == []
