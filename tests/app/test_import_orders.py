"""Orders of the past from a file: every line finds its order, the refused stay out, nobody is told."""

import signal
import time

from importing import CHEN, LI, ORDER, PEOPLE, counted, order
from sqlalchemy import func, select, text

from models import Member, Order, OutboxRow
from models import tables as t
from models.database import Database


def test_orders_land_with_their_commissions_and_tell_nobody(desk) -> None:
    desk.take("distributors", PEOPLE + CHEN + LI)

    told = ORDER + order("E1", line=1, code="LINA") + order("E1", line=2, code="LINA") + order("E2", "received")
    assert desk.take("orders", told) == counted(new=2)
    with desk.database.reading() as session:
        earned = dict(session.execute(select(t.commission.c.kind, func.sum(t.commission.c.fen)).group_by("kind")).all())
    assert earned == {"l1": 3_000, "l2": 1_000}
    assert desk.rows(OutboxRow) == []
    desk.prove()


def test_orders_imported_twice_change_nothing(desk) -> None:
    desk.take("distributors", PEOPLE + CHEN)
    told = (
        ORDER + order("E1") + order("E2", "unpaid") + order("E2", "paid", 2) + order("E2", "received", 3) + order("E3")
    )

    assert desk.take("orders", told) == counted(new=3, changed=2)
    before = desk.everything()
    desk.clock.advance(days=1)
    assert desk.take("orders", told) == counted(held=5)
    assert desk.everything() == before
    assert desk.rows(OutboxRow) == []


def test_only_the_order_that_is_refused_stays_out(desk) -> None:
    desk.take("distributors", PEOPLE + CHEN)
    desk.take("orders", ORDER + order("E2"))

    told = ORDER + order("E1") + order("E2", version=2, fen=1) + order("E3")
    assert desk.take("orders", told) == counted(new=2, rejected=1)
    assert desk.said == ["第 3 行 line_no：库里这一单已付款，商品明细、优惠券和积分不能再改"]
    assert {row.order_no for row in desk.rows(Order)} == {"E1", "E2", "E3"}
    desk.prove()


def test_one_bad_line_keeps_its_whole_order_out(light_desk) -> None:
    told = ORDER + order("E1") + order("E1", line=2, fen=-1) + order("E2").replace("10:00:00+08:00", "10:00")

    assert light_desk.take("orders", told) == counted(rejected=3)
    assert light_desk.said[:2] == [
        "第 2 行：同一单的第 3 行有错，整单没有导入",
        "第 3 行 unit_fen：“-1”不能小于 0",
    ]
    assert light_desk.said[2].startswith("第 4 行 occurred_at：")
    assert [each["order_no"] for each in light_desk.rejected()] == ["E1", "E1", "E2"]


def test_the_lines_of_an_order_are_found_wherever_they_stand(light_desk) -> None:
    apart = ORDER + order("E1", line=1) + order("E2") + order("E1", line=2).replace("paid,1", ",1").replace("CHEN", "")

    assert light_desk.take("orders", apart) == counted(new=2)
    with light_desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(t.order_line)) == 3
    assert light_desk.said == ["注意，第 2 行 distributor_code：“CHEN”不是在任的分销员，他的单都按客户的绑定算"]


def test_lines_that_tell_different_orders_are_refused(light_desk) -> None:
    told = ORDER + order("E1") + order("E1", "received", line=2) + order("E2") + order("E2")

    assert light_desk.take("orders", told) == counted(rejected=4)
    assert "第 3 行 state：“received”与同一单第 2 行的“paid”不一样" in light_desk.said
    assert "第 5 行 line_no：同一单里的 line_no 不能重复" in light_desk.said


def test_killed_in_the_middle_and_run_again_nothing_is_doubled(shop_command, tmp_path) -> None:
    many = 4_000
    (tmp_path / "list.csv").write_text(ORDER + "".join(order(f"E{at}", code="") for at in range(many)), "utf-8")
    running = shop_command.start("import", "orders", "list.csv")
    database = Database(f"sqlite:///{tmp_path / 'data' / 'fenxiao.sqlite3'}")
    landed = 0
    while landed == 0 and running.poll() is None:
        time.sleep(0.02)
        with database.reading() as session:
            landed = session.scalar(text('select count(*) from "order"')) or 0
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=60)

    status, told, _ = shop_command("import", "orders", "list.csv")
    assert status == 0, told
    with database.reading() as session:
        assert session.scalar(text('select count(*), count(distinct order_no) from "order"')) == many
        assert session.scalar(select(func.count()).select_from(Member)) == 1
    database.close()
