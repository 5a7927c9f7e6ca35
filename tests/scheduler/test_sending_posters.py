"""Posters: made once, drawn again when their facts change, never an error for the person."""

import io

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select, update
from worker_bench import World

from distribution import posters
from distribution.posters import Drawing, Ready
from models import Poster, Product
from models import tables as t


@pytest.fixture
def product(world: World) -> int:
    with world.database.transaction() as session:
        row = Product(
            merchant_id=1, sku="AJ250", name="即食阿胶糕 250g", price_fen=8900, stock=9, updated_at=world.clock.now()
        )
        session.add(row)
        session.flush()
        return row.id


def ask(world: World, distributor_id: int, product_id: int | None, key: str = "k") -> Ready | Drawing:
    purpose = "product" if product_id else "invitation"
    with world.database.transaction() as session:
        return posters.ask(
            session, distributor_id, product_id=product_id, purpose=purpose, request_key=key, now=world.clock.now()
        )


def drawn(world: World) -> bytes:
    with world.database.reading() as session:
        picture_id = session.scalars(select(Poster.picture_id)).one()
        return bytes(session.scalar(select(t.picture.c.content).where(t.picture.c.id == picture_id)))


def test_a_poster_is_drawn_sent_and_explained(world: World, product: int) -> None:
    openid, _, distributor_id = world.person()
    assert isinstance(ask(world, distributor_id, product), Drawing)
    world.runner.run_due()

    assert [kind for kind, _ in world.received(openid)] == ["image", "text"]
    code = zxingcpp.read_barcode(Image.open(io.BytesIO(drawn(world))))
    assert code is not None
    with world.database.reading() as session:
        assert code.text == session.scalar(select(t.scene.c.url))


def test_the_second_time_it_is_ready(world: World, product: int) -> None:
    _, _, distributor_id = world.person()
    ask(world, distributor_id, product)
    world.runner.run_due()

    assert isinstance(ask(world, distributor_id, product, "k2"), Ready)


def test_a_new_price_draws_it_again(world: World, product: int) -> None:
    _, _, distributor_id = world.person()
    ask(world, distributor_id, product)
    world.runner.run_due()
    first = drawn(world)
    with world.database.transaction() as session:
        session.execute(update(t.product).values(price_fen=7900))

    assert isinstance(ask(world, distributor_id, product, "k2"), Drawing)
    world.runner.run_due()
    assert drawn(world) != first


def test_an_invitation_needs_no_product(world: World) -> None:
    openid, _, distributor_id = world.person()
    ask(world, distributor_id, None)
    world.runner.run_due()

    assert "只按真实成交计佣" in world.received(openid)[-1][1]


@pytest.mark.parametrize("call", ["qrcode/create", "media/upload", "custom/send"])
@pytest.mark.parametrize("how", [{"errcode": -1}, {"lost": "before"}])
def test_a_failure_on_the_way_only_delays_it(world: World, product: int, call: str, how: dict[str, object]) -> None:
    openid, _, distributor_id = world.person()
    ask(world, distributor_id, product)
    world.fault(call, **how)
    world.runner.run_due()
    world.jump(minutes=5)

    assert [kind for kind, _ in world.received(openid)] == ["image", "text"]


def test_a_picture_wechat_has_dropped_is_uploaded_again(world: World, product: int) -> None:
    openid, _, distributor_id = world.person()
    ask(world, distributor_id, product)
    world.fault("custom/send", errcode=40007)
    world.runner.run_due()

    assert [kind for kind, _ in world.received(openid)] == ["image", "text"]


def test_a_poster_that_cannot_be_drawn_is_apologised_for(world: World, product: int) -> None:
    openid, _, distributor_id = world.person()
    ask(world, distributor_id, product)
    world.fault("qrcode/create", errcode=45067)
    world.runner.run_due()

    assert "没画出来" in world.received(openid)[-1][1]


def test_a_closed_chat_is_no_reason_to_try_for_ever(world: World, product: int) -> None:
    openid, _, distributor_id = world.person(talks=False)
    ask(world, distributor_id, product, "k")
    world.jump(minutes=30)

    assert world.received(openid) == []
    assert world.row("poster:1:k").state == "given_up"
    assert isinstance(ask(world, distributor_id, product, "k2"), Ready)
