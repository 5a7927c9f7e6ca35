"""Posters: made once, drawn again when their facts change, never an error for the person."""

import io
import re
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select, update
from worker_bench import World

from distribution import poster_batches, poster_renewals, poster_templates, posters
from distribution.posters import Drawing, Ready
from models import Poster, Product
from models import tables as t
from posters import PosterFacts
from scheduler.poster_sheets import Sheets
from scheduler.runner import Runner


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


def test_who_cannot_be_sent_the_picture_is_noticed_that_it_is_ready(world: World, product: int) -> None:
    openid, _, distributor_id = world.person(talks=False)
    templates = {"poster": next(iter(world.parts.templates.values()))}
    ask(world, distributor_id, product, "k")
    Runner(replace(world.parts, templates=templates), "noticing").run_due()

    assert world.received(openid)[-1][0] == "template"
    assert world.row("notice:ready:poster:1:k").result == "template"


def test_what_is_printed_bears_a_code_that_lasts(world: World) -> None:
    openid, _, distributor_id = world.person()
    wanted = {"product_id": None, "purpose": "stand", "request_key": "k", "now": world.clock.now()}
    with world.database.transaction() as session:
        posters.ask(session, distributor_id, **wanted)
    world.runner.run_due()

    assert "长期有效" in world.received(openid)[-1][1]
    with world.database.reading() as session:
        assert session.execute(select(t.scene.c.permanent, t.scene.c.expires_at)).one() == (True, None)
    assert zxingcpp.read_barcode(Image.open(io.BytesIO(drawn(world)))) is not None


def test_a_merchants_own_template_is_what_is_sent(world: World, product: int) -> None:
    _, _, distributor_id = world.person()
    areas = [{"part": "qr", "box": [300, 300, 780, 780]}, {"part": "small", "box": [72, 1000, 1008, 1040], "size": 22}]
    document = {"size": [1080, 1080], "kinds": ["product"], "area": areas}
    facts = {"title": "我的", "document": document, "background_id": None, "by": "老板", "now": world.clock.now()}
    with world.database.transaction() as session:
        row = poster_templates.save(session, 1, None, **facts)
        poster_templates.choose(session, 1, "product", f"own:{row.id}", by="老板", now=world.clock.now())
    ask(world, distributor_id, product)
    world.runner.run_due()

    assert Image.open(io.BytesIO(drawn(world))).size == (1080, 1080)


def test_a_code_is_made_anew_before_it_ends_and_the_poster_drawn_with_it(world: World, product: int) -> None:
    _, _, distributor_id = world.person()
    ask(world, distributor_id, product)
    world.runner.run_due()
    world.advance(days=29, hours=12)
    assert isinstance(ask(world, distributor_id, product, "k2"), Drawing)
    world.runner.run_due()

    with world.database.reading() as session:
        url, ends = session.execute(select(t.scene.c.url, t.scene.c.expires_at)).one()
    assert ends > world.clock.now()
    assert zxingcpp.read_barcode(Image.open(io.BytesIO(drawn(world)))).text == url


def test_a_batch_is_drawn_by_the_worker_and_nobody_is_written_to(world: World) -> None:
    people = [world.person(name) for name in ("李娜", "李芳", "李敏")]
    with world.database.transaction() as session:
        batch = poster_batches.start(session, 1, purpose="shop", by="老板", now=world.clock.now())
    before = [world.received(openid) for openid, _, _ in people]
    world.runner.run_due()

    with world.database.reading() as session:
        ended = poster_batches.get(session, batch.id)
        assert (ended.done, ended.failed, ended.total) == (3, 0, 3)
        assert ended.ended_at is not None
        assert len(session.scalars(select(t.scene.c.url)).all()) == 3
    assert [world.received(openid) for openid, _, _ in people] == before


def test_one_poster_that_cannot_be_drawn_does_not_stop_the_others(world: World) -> None:
    for name in ("李娜", "李芳", "李敏"):
        world.person(name)
    world.fault("qrcode/create", errcode=45067)
    with world.database.transaction() as session:
        batch = poster_batches.start(session, 1, purpose="shop", by="老板", now=world.clock.now())
    world.runner.run_due()

    with world.database.reading() as session:
        ended = poster_batches.get(session, batch.id)
        assert (ended.done, ended.failed) == (2, 1)


def test_a_limit_of_the_account_makes_the_batch_wait_not_fail(world: World) -> None:
    world.person("李娜")
    world.fault("qrcode/create", errcode=40053)
    with world.database.transaction() as session:
        batch = poster_batches.start(session, 1, purpose="shop", by="老板", now=world.clock.now())
    world.runner.run_due()
    with world.database.reading() as session:
        assert poster_batches.get(session, batch.id).ended_at is None
    world.runner.run_due()
    with world.database.reading() as session:
        assert poster_batches.get(session, batch.id).done == 1


def test_a_poster_whose_code_dies_is_sent_anew_with_the_day_the_old_one_ends(world: World, product: int) -> None:
    openid, _, distributor_id = world.person()
    ask(world, distributor_id, product)
    world.runner.run_due()
    before = drawn(world)
    world.advance(days=28)
    world.post(f"/people/{openid}/say", text="在吗")
    renew(world)
    world.advance(hours=12)
    world.runner.run_due()

    assert [kind for kind, _ in world.received(openid)][-2:] == ["image", "text"]
    assert re.search(r"旧图 \d+月\d+日 起扫不开", world.received(openid)[-1][1])
    assert drawn(world) != before
    assert renew(world) == 0


def test_in_a_closed_chat_the_person_is_told_to_ask_again(world: World, product: int) -> None:
    _, _, distributor_id = world.person()
    ask(world, distributor_id, product)
    world.runner.run_due()
    world.advance(days=28)
    renew(world)
    world.advance(hours=12)
    world.runner.run_due()

    with world.database.reading() as session:
        notices = session.scalars(select(t.outbox_row.c.facts).where(t.outbox_row.c.kind == "notice")).all()
    assert [each["text"] for each in notices if "回复“生成海报”拿新的" in each["text"]]


def test_the_sheet_of_a_changed_product_is_drawn_before_anybody_asks(world: World, product: int) -> None:
    drawn: list[PosterFacts] = []
    sheets = Sheets(replace(world.parts, prepare=drawn.append))
    assert [sheets.draw(), sheets.draw()] == [1, 0]
    world.advance(seconds=1)
    with world.database.transaction() as session:
        session.execute(update(t.product).values(price_fen=7900, updated_at=world.clock.now()))

    assert sheets.draw() == 1
    assert [facts.price_fen for facts in drawn] == [8900, 7900]


def renew(world: World) -> int:
    with world.database.transaction() as session:
        return poster_renewals.put(session, now=world.clock.now())
