"""Pictures that people send: whose poster it is, or that no code was seen; hostile ones harm nobody."""

import base64
import io
from datetime import timedelta
from typing import Any

import pytest
import qrcode
import requests
from PIL import Image
from sqlalchemy import select, update
from worker_bench import APP_ID, World

from distribution import bindings, people, policy, posters, sent_pictures
from models import Poster, Product
from models import tables as t


@pytest.fixture
def poster(world: World) -> tuple[str, bytes, str]:
    """Somebody's poster: openid, the picture, and the code of its scene."""
    openid, _, distributor_id = world.person()
    now = world.clock.now()
    with world.database.transaction() as session:
        goods: dict[str, Any] = {"name": "即食阿胶糕 250g", "price_fen": 8900, "stock": 9, "on_sale": True}
        row = Product(merchant_id=1, sku="AJ250", updated_at=now, **goods)
        session.add(row)
        session.flush()
        posters.ask(session, distributor_id, product_id=row.id, purpose="product", request_key="k", now=now)
    world.runner.run_due()
    with world.database.reading() as session:
        picture_id, scene_id = session.execute(select(Poster.picture_id, Poster.scene_id)).one()
        content = bytes(session.scalar(select(t.picture.c.content).where(t.picture.c.id == picture_id)))
        return openid, content, str(session.scalar(select(t.scene.c.code).where(t.scene.c.id == scene_id)))


def media_of(world: World, openid: str) -> str:
    """What WeChat calls the picture that somebody sent last."""
    messages = requests.get(f"{world.base}/sim/people/{openid}/phone", timeout=20).json()["messages"]
    return str(
        [each for each in messages if each["from"] == "person" and each["type"] == "image"][-1]["image_url"]
    ).rsplit("/")[-1]


def sends(world: World, openid: str, picture: bytes) -> str:
    """What is told of a picture that somebody sends."""
    world.post(f"/people/{openid}/send_image", image_base64=base64.b64encode(picture).decode())
    media_id, now = media_of(world, openid), world.clock.now()
    with world.database.transaction() as session:
        member = people.meet(session, APP_ID, openid, now).member_id
        sent_pictures.ask(session, member, media_id, key=media_id, now=now)
    before = len(world.received(openid))
    world.runner.run_due()
    kind, text = world.received(openid)[before:][-1]
    assert kind == "text"
    return text


def code(says: str) -> bytes:
    file = io.BytesIO()
    qrcode.make(says).save(file, "PNG")
    return file.getvalue()


def test_its_owner_reads_how_long_it_lives_and_what_it_brought(world: World, poster) -> None:
    openid, picture, scene = poster
    visitor, _, _ = world.person("李敏")
    now = world.clock.now()
    with world.database.transaction() as session:
        member = people.meet(session, APP_ID, visitor, now).member_id
        bindings.scan(session, member, scene, policy=policy.Policy(), at=now, now=now)

    told = sends(world, openid, picture)
    assert told.startswith("这是你的海报：即食阿胶糕 250g，现价 ¥89.00，现在有货。")
    assert "有效到 12月23日（还有 30 天）" in told
    assert "扫过 1 次（1 人），带来 1 位客户" in told


def test_others_read_of_the_product_alone(world: World, poster) -> None:
    told = sends(world, world.person("王芳")[0], poster[1])

    assert told.startswith("图里是本店的“即食阿胶糕 250g”，现价 ¥89.00，现在有货。")
    assert "陈晓燕" not in told
    assert "客户" not in told


def test_a_poster_that_died_or_whose_product_went_says_so(world: World, poster) -> None:
    openid, picture, _ = poster
    with world.database.transaction() as session:
        session.execute(update(t.product).values(on_sale=False))
        session.execute(update(t.scene).values(expires_at=world.clock.now() - timedelta(hours=1)))

    told = sends(world, openid, picture)
    assert "已下架" in told
    assert "已过期，别再发这张了" in told


def test_a_code_of_an_address_of_ours_is_known(world: World, poster) -> None:
    assert "图里是本店的“即食阿胶糕 250g”" in sends(world, world.person("王芳")[0], code(f"{world.base}/s/{poster[2]}"))


@pytest.mark.parametrize(
    "says",
    ["https://elsewhere.test/pay?x=1", "weixin://wxpay/bizpayurl?pr=1", "a\x00b", "BEGIN:VCARD\nN:王\nEND:VCARD"],
)
def test_a_strangers_code_is_never_opened(world: World, says: str) -> None:
    told = sends(world, world.person()[0], code(says))

    assert "不是本店的" in told
    assert "elsewhere" not in told


def test_what_is_too_large_is_not_read(world: World) -> None:
    file = io.BytesIO()
    Image.effect_noise((1600, 1600), 90).save(file, "PNG")

    assert "没读出来" in sends(world, world.person()[0], file.getvalue())


def test_a_picture_without_a_code_is_said_to_have_none(world: World) -> None:
    file = io.BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(file, "JPEG")

    assert sends(world, world.person()[0], file.getvalue()).startswith("没认出二维码")


def test_a_strip_too_thin_for_a_code_is_said_to_have_none(world: World) -> None:
    file = io.BytesIO()
    Image.new("L", (60_000, 2)).save(file, "PNG")

    assert sends(world, world.person()[0], file.getvalue()).startswith("没认出二维码")


def test_a_picture_that_cannot_be_had_is_said_so(world: World) -> None:
    openid, member_id, _ = world.person()
    world.put("look", {"media_id": "gone"}, once="look:gone", member_id=member_id)
    for _ in range(6):
        world.jump(minutes=10)

    assert [text[:8] for _, text in world.received(openid)] == ["这张图没读出来（"]
    assert world.row("look:gone").state == "given_up"


def test_a_flood_of_pictures_waits_outside(world: World) -> None:
    _, member_id, _ = world.person()
    with world.database.transaction() as session:
        taken = [sent_pictures.ask(session, member_id, "m", key=f"{n}", now=world.clock.now()) for n in range(5)]

    assert taken == [True, True, True, False, False]
