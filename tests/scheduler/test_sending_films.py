"""Short films into open chats: uploaded once, with a picture in front, never twice by accident."""

import io

import pytest
from PIL import Image
from worker_bench import World

from distribution import films, materials, pictures
from scheduler.senders.film import thumbnail

MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 256


@pytest.fixture
def film(world: World) -> int:
    now = world.clock.now()
    with world.database.transaction() as session:
        video_id = pictures.store(session, MP4, films.CONTENT_TYPE, now=now)
        what = {"title": "坚果开箱", "text": "一天一小包", "picture_id": None, "video_id": video_id}
        return materials.create(session, 1, **what, by="老板", now=now).id


def asked(world: World, member_id: int, material_id: int, key: str = "m1") -> None:
    with world.database.transaction() as session:
        films.send(session, member_id, material_id, key=key, now=world.clock.now())


def test_a_film_reaches_the_chat_of_whoever_asked(world: World, film: int) -> None:
    openid, member_id, _ = world.person()
    asked(world, member_id, film)
    asked(world, member_id, film)
    world.runner.run_due()
    assert world.received(openid) == [("video", "坚果开箱")]
    assert world.row("film:m1").state == "done"


def test_a_film_that_wechat_lost_is_uploaded_again(world: World, film: int) -> None:
    openid, member_id, _ = world.person()
    world.fault("message/custom/send", errcode=40007)
    asked(world, member_id, film)
    world.runner.run_due()
    world.jump(minutes=5)
    assert [kind for kind, _ in world.received(openid)] == ["video"]


def test_a_closed_chat_gets_no_film(world: World, film: int) -> None:
    openid, member_id, _ = world.person(talks=False)
    asked(world, member_id, film)
    world.runner.run_due()
    assert world.received(openid) == []
    assert world.row("film:m1").state == "given_up"


def test_a_film_that_is_gone_is_given_up_and_said_so(world: World) -> None:
    openid, member_id, _ = world.person()
    asked(world, member_id, 99)
    world.runner.run_due()
    assert world.row("film:m1").state == "given_up"
    assert [text[:7] for _, text in world.received(openid)] == ["视频没能发出去"]


@pytest.mark.parametrize("size", [None, (1600, 1600), (30, 900)])
def test_the_picture_in_front_is_small_enough_for_wechat(size) -> None:
    picture = None
    if size is not None:
        out = io.BytesIO()
        Image.effect_noise(size, 200).convert("RGB").save(out, "JPEG", quality=95)
        picture = out.getvalue()
    small = thumbnail(picture)
    assert len(small) <= 64 * 1024
    assert small.startswith(b"\xff\xd8")
