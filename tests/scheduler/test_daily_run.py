"""The daily run: at three in the morning, once, whoever works; boards follow every change at once."""

from datetime import timedelta

from sqlalchemy import func, select
from test_jobs import code_of, sell
from worker_bench import World

from distribution import levels, nightly, ranking, tallies
from models import tables as t
from scheduler import daily


def level(world: World) -> None:
    now = world.clock.now()
    with world.database.transaction() as session:
        row = levels.make_level(session, "银牌", 2, by="boss", now=now)
        told = {"mode": "any", "need": {"orders": 1}, "keep": {}, "permissions": {}}
        levels.shape_level(session, row.id, **told, by="boss", now=now)


def held(world: World, person: int) -> str | None:
    with world.database.reading() as session:
        row = levels.progress(session, person, world.clock.now()).current
    return row.name if row else None


def test_a_level_is_reached_the_next_night_within_a_jump(world: World) -> None:
    _, _, person = world.person()
    level(world)
    world.runner.run_due()
    sell(world, code_of(world, person), 1)
    assert held(world, person) is None

    world.jump(hours=24)
    assert held(world, person) == "银牌"
    with world.database.reading() as session:
        told = t.outbox_row.c.once.like("notice:level:%")
        assert session.scalar(select(func.count()).select_from(t.outbox_row).where(told)) == 1


def test_the_daily_run_is_made_once_a_night(world: World) -> None:
    world.person()
    world.runner.run_due()
    world.advance(days=1)
    daily.every_day(world.parts)

    with world.database.reading() as session:
        assert not nightly.is_due(session, now=world.clock.now())
        assert nightly.is_due(session, now=world.clock.now() + timedelta(days=1))


def test_a_board_follows_a_change_at_once(world: World) -> None:
    _, _, person = world.person()
    sell(world, code_of(world, person), 1)
    with world.database.transaction() as session:
        for order_id in session.scalars(select(t.order.c.id)).all():
            tallies.touch(session, order_id)

    world.runner.run_due()

    with world.database.reading() as session:
        [row] = ranking.board(session, "sales", "day", 10, now=world.clock.now())
    assert (row.place, row.distributor_id, row.value) == (1, person, 8900)


def test_sums_of_a_shop_that_was_there_before_are_made_at_the_first_run(world: World) -> None:
    _, _, person = world.person()
    sell(world, code_of(world, person), 1)
    daily.every_day(world.parts)

    with world.database.reading() as session:
        assert ranking.place_of(session, person, "sales", "all", now=world.clock.now()).place == 1
