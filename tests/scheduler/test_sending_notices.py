"""Notices: into an open chat, else by template; once each, or given up with a reason."""

from datetime import timedelta

import pytest
from worker_bench import World

from distribution import outbox
from models import Member


def test_an_open_chat_gets_the_whole_sentence(world: World) -> None:
    openid, member_id, _ = world.person()
    world.notice(member_id)

    assert world.runner.run_due() is None
    assert world.received(openid) == [("text", "到账了 ¥60.00")]
    assert (world.row("n").state, world.row("n").result) == ("done", "chat")


def test_running_again_sends_nothing_twice(world: World) -> None:
    openid, member_id, _ = world.person()
    world.notice(member_id)
    world.runner.run_due()
    world.runner.run_due()

    assert len(world.received(openid)) == 1


def test_a_closed_chat_gets_the_template_with_its_link(world: World) -> None:
    openid, member_id, _ = world.person(talks=False)
    world.notice(member_id, link="confirm:W1")
    world.runner.run_due()

    assert [kind for kind, _ in world.received(openid)] == ["template"]
    assert world.row("n").result == "template"


def test_the_confirm_link_stands_in_the_text(world: World) -> None:
    openid, member_id, _ = world.person()
    world.notice(member_id, link="confirm:W1")
    world.runner.run_due()

    ((_, text),) = world.received(openid)
    assert f'<a href="{world.base}/h5/withdrawals/W1">去确认收款</a>' in text


def test_without_window_and_template_it_is_given_up_with_the_reason(world: World) -> None:
    _, member_id, _ = world.person(talks=False)
    world.notice(member_id, kind="settlement")
    world.runner.run_due()

    assert world.row("n").state == "given_up"
    assert "没有配置 settlement 的模板消息" in str(world.row("n").result)


def test_who_left_is_noted_and_not_written_to_again(world: World) -> None:
    openid, member_id, _ = world.person(talks=False)
    world.post(f"/people/{openid}/unfollow")
    world.notice(member_id)
    world.runner.run_due()

    assert world.row("n").result == "已取消关注"
    with world.database.reading() as session:
        assert not session.get_one(Member, member_id).following


@pytest.mark.parametrize("how", [{"errcode": -1}, {"errcode": 45011}, {"http": 503}])
def test_a_busy_wechat_is_asked_again_later(world: World, how: dict[str, int]) -> None:
    openid, member_id, _ = world.person()
    world.notice(member_id)
    world.fault("custom/send", **how)

    due = world.runner.run_due()
    assert due is not None
    assert world.received(openid) == []
    world.clock.freeze(due)
    world.runner.run_due()
    assert len(world.received(openid)) == 1


def test_a_lost_answer_of_a_chat_message_is_never_repeated(world: World) -> None:
    openid, member_id, _ = world.person()
    world.notice(member_id)
    world.fault("custom/send", lost="after")
    world.runner.run_due()
    world.jump(hours=1)

    assert len(world.received(openid)) == 1
    assert str(world.row("n").result).startswith("unknown")


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_lost_answer_of_a_template_is_repeated_under_its_id_and_arrives_once(world: World, lost: str) -> None:
    openid, member_id, _ = world.person(talks=False)
    world.notice(member_id)
    world.fault("template/send", lost=lost)
    world.runner.run_due()
    world.jump(minutes=5)

    assert [kind for kind, _ in world.received(openid)] == ["template"]
    assert world.row("n").state == "done"


def test_what_may_have_arrived_long_ago_is_marked_unknown(world: World) -> None:
    openid, member_id, _ = world.person()
    world.notice(member_id)
    with world.database.transaction() as session:
        outbox.claim(session, "died", now=world.clock.now(), limit=1)
    world.advance(minutes=30)
    world.runner.run_due()

    assert world.received(openid) == []
    assert str(world.row("n").result).startswith("unknown")


def test_a_worker_that_died_is_followed_by_another_after_its_lease(world: World) -> None:
    openid, member_id, _ = world.person()
    world.notice(member_id)
    with world.database.transaction() as session:
        outbox.claim(session, "died", now=world.clock.now(), limit=1)

    assert world.runner.run_due() == world.clock.now() + timedelta(seconds=60)
    world.advance(seconds=60)
    world.runner.run_due()
    assert len(world.received(openid)) == 1


def test_the_only_worker_does_not_wait_for_the_lease_of_its_dead_self(world: World) -> None:
    openid, member_id, _ = world.person()
    world.notice(member_id)
    with world.database.transaction() as session:
        outbox.claim(session, "died", now=world.clock.now(), limit=1)

    world.another("reborn", pace=type(world.parts.pace)(alone=True)).run_due()
    assert len(world.received(openid)) == 1


def test_a_persons_messages_arrive_in_the_order_they_were_put(world: World) -> None:
    openid, member_id, _ = world.person()
    for number in range(4):
        world.put("message", {"text": f"第 {number} 条"}, once=f"m{number}", member_id=member_id)
    world.fault("custom/send", errcode=-1)
    world.jump(minutes=1)

    assert [text for _, text in world.received(openid)] == [f"第 {number} 条" for number in range(4)]


def test_a_hopeless_row_is_given_up_after_its_tries(world: World) -> None:
    _, member_id, _ = world.person()
    world.notice(member_id)
    world.fault("custom/send", errcode=-1, times=1000)
    world.jump(hours=3)

    assert world.row("n").state == "given_up"
    assert world.row("n").tries == 12


def test_an_unknown_kind_is_given_up_and_said(world: World) -> None:
    world.put("fax", {}, once="f")
    world.runner.run_due()

    assert world.row("f").result == "nobody can do fax"
