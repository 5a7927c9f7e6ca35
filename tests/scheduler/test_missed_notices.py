"""What found the chat closed is sent when the person speaks again: the newest, in order, once."""

from sqlalchemy import select
from worker_bench import World

from distribution import missed_notices
from models import tables as t


def missed(world: World, member_id: int) -> str | None:
    with world.database.reading() as session:
        return session.scalar(select(t.member.c.missed).where(t.member.c.id == member_id))


def tells(world: World, member_id: int, *words: str, kind: str = "settlement", link: str | None = None) -> None:
    """Notices without a template, into a chat that is closed."""
    for word in words:
        facts = {"kind": kind, "text": f"结算 {word}", "facts": {}, "link": link}
        world.put("notice", facts, once=word, member_id=member_id)
        world.runner.run_due()


def speaks(world: World, openid: str, member_id: int) -> None:
    world.post(f"/people/{openid}/say", text="在吗")
    with world.database.transaction() as session:
        missed_notices.catch_up(session, member_id, now=world.clock.now())
    world.runner.run_due()


def test_the_newest_three_come_in_order_when_the_person_speaks(world: World) -> None:
    openid, member_id, _ = world.person(talks=False)
    tells(world, member_id, "一", "二", "三", "四")
    assert world.received(openid) == []

    speaks(world, openid, member_id)
    assert [text for _, text in world.received(openid)] == ["结算 二", "结算 三", "结算 四"]
    assert missed(world, member_id) is None
    speaks(world, openid, member_id)
    assert len(world.received(openid)) == 3


def test_what_is_stale_or_waits_for_a_tap_is_let_go(world: World) -> None:
    _, member_id, _ = world.person(talks=False)
    tells(world, member_id, "缺货", kind="stock")
    tells(world, member_id, "确认", kind="settlement", link="confirm:W1")
    assert missed(world, member_id) is None


def test_after_a_week_nothing_is_sent_any_more(world: World) -> None:
    openid, member_id, _ = world.person(talks=False)
    tells(world, member_id, "一")
    world.advance(days=7)
    speaks(world, openid, member_id)
    assert world.received(openid) == []


def test_who_left_is_not_caught_up_with(world: World) -> None:
    openid, member_id, _ = world.person(talks=False)
    world.post(f"/people/{openid}/unfollow")
    tells(world, member_id, "一")
    assert missed(world, member_id) is None
