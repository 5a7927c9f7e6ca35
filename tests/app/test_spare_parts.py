"""The fixtures themselves: what they hand out works."""

import redis
from sqlalchemy import text

from models import schema
from models.database import Database


def test_every_test_gets_a_migrated_and_empty_database(database: Database) -> None:
    assert schema.current(database) == schema.head()

    with database.reading() as session:
        assert session.execute(text("select count(*) from member")).scalar_one() == 0


def test_a_second_connection_sees_what_the_first_committed(database, another_connection) -> None:
    with database.transaction() as session:
        session.execute(text("insert into level (name, rank) values ('金牌', 2)"))

    with another_connection().reading() as session:
        assert session.execute(text("select name from level")).scalar_one() == "金牌"


def test_redis_is_real_and_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()
        assert client.dbsize() == 0


def test_the_clock_moves_only_when_told_to(clock) -> None:
    before = clock.now()

    assert clock.now() == before
    assert (clock.advance(days=7) - before).days == 7
