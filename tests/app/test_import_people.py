"""Distributors from a file: with their codes and inviters, each generation below the one before."""

import datetime as dt

from importing import CHEN, LI, PEOPLE, counted
from sqlalchemy import func, select

from distribution import levels
from models import Distributor
from models import tables as t


def test_distributors_land_below_their_inviters_whatever_the_order(desk) -> None:
    with desk.database.transaction() as session:
        levels.make_level(session, "金牌", 1, by="test", now=desk.clock.now())
    third = "o3,wang,王静,138 0000 0003,lina,金牌,frozen,\n"

    assert desk.take("distributors", PEOPLE + third + LI + CHEN) == counted(new=3)
    people = {row.code: row for row in desk.rows(Distributor)}
    assert people["WANG"].inviter_id == people["LINA"].id
    assert (people["WANG"].state, people["WANG"].phone, people["WANG"].terms_version) == (
        "frozen", "13800000003", "imported",
    )  # fmt: skip
    assert people["CHEN"].applied_at == dt.datetime(2024, 1, 4, 16, tzinfo=dt.UTC)
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(t.team_path)) == 6
    desk.prove()


def test_distributors_imported_twice_change_nothing(desk) -> None:
    told = PEOPLE + LI + CHEN + "o4,,周婷,13800000004,CHEN,,,\n"
    desk.take("distributors", told)
    before = desk.everything()
    desk.clock.advance(days=1)

    assert desk.take("distributors", told) == counted(held=3)
    assert desk.everything() == before


def test_each_bad_distributor_is_named_and_so_is_whom_he_brought(light_desk) -> None:
    light_desk.take("distributors", PEOPLE + CHEN)
    told = PEOPLE + "".join(
        [
            "x2,CHEN,李娜,13800000012,,,,\n",
            "x3,A3,李娜,13800000013,CHEN,,,\n",
            "x4,A4,李娜,13800000014,NOBODY,,,\n",
            "x5,A5,李娜,13800000015,A4,,,\n",
            "x6,A6,李娜,13800000001,,,,\n",
            "x7,A7,李娜,13800000017,,钻石,,\n",
            "x8,A8,李娜,13800000018,A9,,,\n",
            "x9,A9,李娜,13800000019,A8,,,\n",
            "xa,AA,李娜,13800000020,A9,,,\n",
            "xb,AB,李娜,13800000021,AB,,,\n",
            "x3,AC,李娜,13800000022,,,,\n",
            "xd,AD,小仙女,13800000023,,,,\n",
            "xe,AE,李娜,1380,,,,\n",
            "xf,AF,李娜,13800000025,,,boss,\n",
            "xg,AG,李娜,13800000026,,,,2099-01-01\n",
        ]
    )

    assert light_desk.take("distributors", told) == counted(rejected=15)
    named = {int(each["rejected_line"]): each for each in light_desk.rejected()}
    why = {line: each["rejected_reason"] for line, each in named.items()}
    assert [named[line]["rejected_column"] for line in range(2, 17)] == [
        "code", "inviter_code", "inviter_code", "inviter_code", "phone", "level", "inviter_code", "inviter_code",
        "inviter_code", "inviter_code", "openid", "name", "phone", "state", "joined_at",
    ]  # fmt: skip
    assert why[3] == "邀请人 CHEN（第 2 行）没有导入"
    assert why[8] == "邀请关系成了环：A8 → A9 → A8"
    assert why[10] == "邀请人 A9 在一个环里，没有导入"
    light_desk.prove()
