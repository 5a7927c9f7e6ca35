"""Campaigns: open chats at once, the others in one mass send; each person at most once, each with an outcome."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from worker_bench import World

from distribution import campaign_sends, campaigns, materials, outbox, pictures, policy
from models import MassJob
from models import tables as t
from scheduler.senders.mass import _cover


@pytest.fixture
def planned(world: World):
    """Plans and approves a campaign to everybody, with a picture, an hour from now."""

    def plan() -> int:
        now = world.clock.now()
        with world.database.transaction() as session:
            picture_id = pictures.store(session, _cover(), "image/jpeg", now=now)
            what = {"title": "双十二预热", "text": "阿胶糕第二件半价", "picture_id": picture_id}
            material = materials.create(session, 1, **what, by="ann", now=now)
            how = {"audience": {"kind": "all"}, "send_at": now + timedelta(hours=1)}
            row = campaigns.plan(session, 1, material_id=material.id, **how, by="ann", now=now)
            campaigns.approve(session, row.id, by="boss", now=now)
            return row.id

    return plan


def outcomes(world: World, campaign_id: int) -> list[tuple[str, str | None]]:
    with world.database.reading() as session:
        return [(row["state"], row["reason"]) for row in campaigns.recipients(session, campaign_id)]


def state(world: World, campaign_id: int) -> str:
    with world.database.reading() as session:
        return str(session.scalar(select(t.campaign.c.state).where(t.campaign.c.id == campaign_id)))


def test_an_open_chat_gets_words_and_picture_at_its_time(world: World, planned) -> None:
    openid, _, _ = world.person()
    campaign_id = planned()
    assert world.runner.run_due() == world.clock.now() + timedelta(hours=1)
    assert world.received(openid) == []
    world.jump(hours=1)

    assert [kind for kind, _ in world.received(openid)] == ["text", "image"]
    assert outcomes(world, campaign_id) == [("sent", None)]
    assert state(world, campaign_id) == "done"


def test_closed_chats_get_one_article_together(world: World, planned) -> None:
    people = [world.person(name, talks=False)[0] for name in ("王静", "李娜", "赵磊")]
    talker, _, _ = world.person("孙鹏")
    campaign_id = planned()
    world.jump(hours=1, minutes=5)

    assert [world.received(openid)[-1][0] for openid in people] == ["news"] * 3
    assert [kind for kind, _ in world.received(talker)] == ["text", "image"]
    assert outcomes(world, campaign_id) == [("sent", None)] * 4
    assert state(world, campaign_id) == "done"


def test_one_closed_chat_alone_is_skipped_with_the_reason(world: World, planned) -> None:
    world.person(talks=False)
    campaign_id = planned()
    world.jump(hours=2)

    assert outcomes(world, campaign_id) == [("skipped", "不在可发送窗口")]
    assert state(world, campaign_id) == "done"


def test_who_left_is_skipped(world: World, planned) -> None:
    openid, _, _ = world.person()
    world.post(f"/people/{openid}/unfollow")
    campaign_id = planned()
    world.jump(hours=2)

    assert outcomes(world, campaign_id) == [("skipped", "已取消关注")]


def test_an_interrupted_copy_is_never_sent_twice(world: World, planned) -> None:
    openid, _, _ = world.person()
    campaign_id = planned()
    now = world.advance(hours=1)
    with world.database.transaction() as session:
        campaigns.feed(session, now=now)
        (row,) = outbox.claim(session, "died", now=now, limit=1)
        campaign_sends.begin(session, row.facts["recipient_id"], now=now)
    world.jump(minutes=2)

    assert world.received(openid) == []
    assert outcomes(world, campaign_id)[0][0] == "unknown"


def test_a_lost_answer_is_unknown_and_not_repeated(world: World, planned) -> None:
    openid, _, _ = world.person()
    campaign_id = planned()
    world.fault("custom/send", lost="after")
    world.jump(hours=2)

    assert len(world.received(openid)) == 1
    assert outcomes(world, campaign_id)[0][0] == "unknown"


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_lost_answer_of_a_mass_send_is_repeated_under_its_id(world: World, planned, lost: str) -> None:
    people = [world.person(name, talks=False)[0] for name in ("王静", "李娜")]
    campaign_id = planned()
    world.fault("mass/send", lost=lost)
    world.jump(hours=2)

    assert [[kind for kind, _ in world.received(openid)] for openid in people] == [["news"], ["news"]]
    assert outcomes(world, campaign_id) == [("sent", None)] * 2


def test_a_spent_quota_skips_with_the_reason(world: World, planned) -> None:
    for name in ("王静", "李娜"):
        world.person(name, talks=False)
    campaign_id = planned()
    world.fault("mass/send", errcode=45028)
    world.jump(hours=2)

    assert outcomes(world, campaign_id) == [("skipped", "本月群发次数已用完")] * 2


def test_a_mass_send_nobody_reports_is_unknown_after_a_day(world: World, planned) -> None:
    for name in ("王静", "李娜"):
        world.person(name, talks=False)
    campaign_id = planned()
    world.service.config["HEARS"] = False
    world.advance(hours=1)
    world.runner.run_due()
    with world.database.reading() as session:
        assert session.scalars(select(MassJob.msg_id)).one()
    world.advance(hours=25)
    world.runner.run_due()

    assert outcomes(world, campaign_id) == [("unknown", "微信没有回报结果")] * 2


def test_a_stopped_campaign_reaches_nobody_any_more(world: World, planned) -> None:
    openid, _, _ = world.person()
    campaign_id = planned()
    now = world.advance(hours=1)
    with world.database.transaction() as session:
        campaigns.feed(session, now=now)
        campaigns.stop(session, campaign_id, by="boss", now=now)
    world.jump(minutes=1)

    assert world.received(openid) == []
    assert outcomes(world, campaign_id) == [("skipped", "群发已停止")]


def test_quiet_hours_are_waited_out(world: World, planned) -> None:
    openid, _, _ = world.person()
    quiet = {"quiet_hours": [10, 14]}
    with world.database.transaction() as session:
        now = world.clock.now()
        policy.publish(session, merchant_id=1, document=quiet, effective_from=now, by="boss", now=now)
    planned()
    world.jump(hours=2)
    assert world.received(openid) == []

    world.jump(hours=2, minutes=1)
    assert [kind for kind, _ in world.received(openid)] == ["text", "image"]
