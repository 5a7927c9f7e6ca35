"""Levels, tasks, contests and the guard at the console, by forms alone."""

from web_shop import APP_ID

from distribution import compliance, materials, orders, tasks
from distribution.rules.compliance import Limits
from distribution.shapes import LineReport, OrderReport
from models import Level


def test_a_level_gets_conditions_and_permissions(shop, desk):
    desk.send("/levels/", "新增等级", name="金牌", rank="3")
    desk.send("/levels/1", "保存", mode="all", need_sales_fen="10000", need_orders="5", direct="200")

    with shop.database.reading() as session:
        row = session.get(Level, 1)
    assert (row.mode, row.need) == ("all", {"sales_fen": 1_000_000, "orders": 5})
    assert row.permissions["direct_withdrawal_up_to_fen"] == 20_000
    assert "本人成交额 ¥10,000.00且本人成交单数 5" in desk.open("/levels/").text


def test_a_task_is_made_with_its_tiers(shop, desk):
    desk.send("/goals/", "新建任务", name="双十二", reach="1000, 2000", bonus="20，50")

    with shop.database.reading() as session:
        [row] = tasks.list_of(session, shop.merchant_id)
    assert row.tiers == [{"reach_fen": 100_000, "bonus_fen": 2_000}, {"reach_fen": 200_000, "bonus_fen": 5_000}]
    assert "满 ¥1,000.00 奖 ¥20.00" in desk.open(f"/goals/tasks/{row.id}").text


def test_a_task_with_a_goal_too_many_is_refused_beside_the_field(desk):
    answer = desk.send("/goals/", "新建任务", name="双十二", reach="1000, 2000", bonus="20")

    assert answer.status_code == 422
    assert "每一档目标要有一个奖励" in answer.text


def test_a_contest_is_made_and_called_off(desk):
    desk.send("/goals/", "新建排行奖", name="十二月榜", prizes="500, 300")
    assert "第 2 名 ¥300.00" in desk.open("/goals/contests/1").text

    desk.send("/goals/contests/1", "取消排行奖")
    assert "已取消" in desk.open("/goals/").text


def test_the_boards_open_in_every_way(desk):
    for by in ("sales", "orders", "earnings", "invitations", "nonsense"):
        for period in ("day", "week", "month", "all"):
            assert desk.open(f"/ranking/?by={by}&period={period}").status_code == 200


def test_held_material_is_named_and_let_pass_with_a_reason(shop, desk):
    with shop.database.transaction() as session:
        told = {"title": "加入我们", "text": "跟着我稳赚", "picture_id": None, "by": "老板", "now": shop.clock.now()}
        materials.create(session, shop.merchant_id, **told)
    assert "“稳赚”（承诺收益" in desk.open("/compliance/").text

    desk.send("/compliance/", "放行", reason="引用别人的话")
    assert '被拦下的素材</h2>\n<p class="empty">' in desk.open("/compliance/").text


def test_an_alarm_is_decided_with_a_reason(shop, desk):
    shop.distributor("李娜")
    with shop.database.transaction() as session:
        compliance.scan(session, now=shop.clock.now(), limits=Limits(tree_people=1, tree_generations=1))
    assert "1 件要看" in desk.open("/compliance/").text

    desk.send("/compliance/", "处理完毕", reason="核对过，都是真实成交")
    assert "没有要处理的" in desk.open("/compliance/").text


def test_two_who_sell_to_each_other_alone_are_told_as_what_is_only_shown(shop, desk):
    people = [shop.distributor(name) for name in ("李娜", "王芳")]
    with shop.database.transaction() as session:
        for number in range(6):
            buyer, seller = number % 2, people[1 - number % 2]
            line = LineReport(line_no=1, sku="S", name="礼盒", quantity=1, unit_fen=1000)
            told = OrderReport(f"E{number}", "paid", 1, shop.clock.now(), (line,), distributor_code=seller.code,
                               buyer_openid=f"o-person-{buyer + 1}")  # fmt: skip
            orders.record(session, shop.merchant_id, told, appid=APP_ID, now=shop.clock.now())
        compliance.scan(session, now=shop.clock.now())

    page = desk.open("/compliance/").text
    assert "两位分销员近期几乎只互相下单（3 单和 3 单）" in page
    assert "没有暂停什么" in page
    assert "结算和提现已暂停" not in page
