"""Posters, links, scans, earnings, orders in the chat."""

import pytest
from sqlalchemy import update

from distribution import campaigns, materials, members, orders, posters, settlement
from distribution.shapes import LineReport, OrderReport
from models import tables as t

APP_ID = "wx0123456789abcdef"


@pytest.fixture
def alice(chat):
    return chat.distributor("爱丽丝", "o-alice")


def sells(chat, who, no, fen=100_000, state="received"):
    report = OrderReport(
        no, state, 1, chat.clock.now(), (LineReport(1, "AJ250", "即食阿胶糕", 1, fen),), distributor_code=who.code
    )
    with chat.database.transaction() as session:
        return orders.record(session, 1, report, appid=APP_ID, now=chat.clock.now())


def settles(chat):
    chat.clock.advance(days=7)
    with chat.database.transaction() as session:
        settlement.settle_due(session, now=chat.clock.now())


def test_a_poster_is_chosen_by_number_or_name(alice):
    assert "赚 ¥8.90" in alice.says("生成海报")
    assert "海报正在生成" in alice.says("1")
    alice.says("生成海报")
    assert "“面膜”有 2 款" in alice.says("面膜")
    assert "海报正在生成" in alice.says("2")
    assert "海报正在生成" in alice.says("要个阿胶糕的海报")


def test_what_has_sold_out_is_said_and_others_are_offered(chat, alice):
    alice.says("生成海报")
    with chat.database.transaction() as session:
        session.execute(update(t.product).where(t.product.c.id == 1).values(stock=0))
    answer = alice.says("1")

    assert "卖完了，换一个推吧" in answer
    assert "1 " in answer
    assert "海报正在生成" in alice.says("1")


def test_a_running_campaign_has_its_place_among_the_numbers(chat, alice):
    assert "没有带海报的活动" in alice.says("活动海报")
    facts = {"by": "老板", "now": chat.clock.now()}
    with chat.database.transaction() as session:
        row = materials.create(session, 1, title="春茶节", text="第二件半价", picture_id=None, **facts)
        everyone = {"audience": {"kind": "all"}, "send_at": chat.clock.now(), "poster_template": "festival"}
        planned = campaigns.plan(session, 1, material_id=row.id, **everyone, **facts)
        campaigns.approve(session, planned.id, **facts)
        campaigns.feed(session, now=chat.clock.now())

    assert "5 活动海报：春茶节" in alice.says("生成海报")
    assert "海报正在生成" in alice.says("5")
    assert "海报正在生成" in alice.says("活动海报")


def test_name_cards_and_stands_are_posters_too(alice):
    assert "海报正在生成" in alice.says("我的名片")
    assert "海报正在生成" in alice.says("店铺台卡")


def test_a_scanned_poster_binds_and_shows_the_product(chat, alice):
    alice.says("生成海报")
    alice.says("1")
    with chat.database.reading() as session:
        work = posters.work_of(session, 1, now=chat.clock.now())
    carol = chat.person("o-carol")
    told = carol.follows(work.scene_code)

    assert "爱丽丝分享的是" in told
    assert "即食阿胶糕，¥89.00，现在有货" in told
    assert "https://shop.test/p/1?d=" in told


def test_a_code_that_nobody_knows_still_leads_to_the_shop(chat):
    told = chat.person("o-carol").follows("nobody-made-this")

    assert "欢迎关注" in told
    assert "这张海报已经用不了啦" in told
    assert "https://shop.test/s/" in told


def test_the_purse_adds_up_and_today_is_told(chat, alice):
    sells(chat, alice, "E1", 8900, state="paid")

    assert "待结算 ¥8.90" in alice.says("我的收益")
    assert "收益 ¥8.90，1 单" in alice.says("今天赚了多少")
    assert "还没有收益" in alice.says("上个月赚了多少")
    assert "E1" in alice.says("查订单")


def test_who_is_no_distributor_is_told_how_to_become_one(chat):
    carol = chat.person("o-carol")
    for words in ("我的收益", "提现", "生成海报", "推广链接"):
        assert "我要成为分销员" in carol.says(words)
    assert "第 1 步" in carol.says("1")


def test_money_leaves_only_after_an_explicit_yes_to_that_very_question(chat, alice):
    sells(chat, alice, "E1")
    settles(chat)
    assert "没有等你确认的事" in alice.says("确认")
    assert "可提现 ¥100.00" in alice.says("提现")
    assert "请核对" in alice.says("60")
    assert "已提交，单号 W" in alice.says("1")
    assert "没有提交" not in alice.says("我的收益")
    assert "提现中 ¥60.00" in alice.says("我的收益")


def test_a_yes_after_five_minutes_is_too_late(chat, alice):
    sells(chat, alice, "E1")
    settles(chat)
    alice.says("提现60")
    chat.clock.advance(minutes=6)

    assert "过期" in alice.says("确认")
    assert "可提现 ¥100.00" in alice.says("我的收益")


@pytest.mark.parametrize(
    ("said", "heard"),
    [("提现5", "单笔最低 ¥10.00"), ("提现200", "可提现只有 ¥100.00"), ("提一万二", "提不了 ¥12,000.00")],
)
def test_what_cannot_be_paid_is_refused_with_the_reason(chat, alice, said, heard):
    sells(chat, alice, "E1")
    settles(chat)

    assert heard in alice.says(said)


def test_the_amount_can_be_changed_before_the_yes(chat, alice):
    sells(chat, alice, "E1")
    settles(chat)
    alice.says("提现60")
    assert "可提现 ¥100.00" in alice.says("2")
    assert "提现 ¥30.00" in alice.says("三十")
    assert "提现 ¥20.00" in alice.says("改成20")
    assert "¥20.00 正在等店铺审核" in alice.says("确认提现")


def test_leaving_and_coming_back_keeps_everything(chat, alice):
    assert alice.leaves() == ""
    assert "欢迎" in alice.follows()
    assert "可提现 ¥0.00" in alice.says("我的收益")


@pytest.mark.parametrize("ways", [["全部提现"], ["提现"]])
def test_an_empty_purse_is_said_to_be_nothing(chat, alice, ways):
    sells(chat, alice, "E1", 8900)

    assert [alice.says(way) for way in ways][-1].startswith("可提现 ¥0.00，现在没有可以提的。\n待结算 ¥8.90")
    assert alice.says("推广链接").count("请发要提的金额") == 0


def test_menu_numbers_always_work(alice):
    assert "1 生成海报" in alice.says("菜单")
    assert "https://shop.test/s/" in alice.says("2")
    assert "累计" in alice.says("3")
    assert "现在没有可以提的" in alice.says("4")
    assert "1 生成海报" in alice.says("0")
    assert "还没有订单" in alice.says("5")


def test_the_team_is_told_in_numbers_of_active_people(chat, alice):
    bob = chat.person("o-bob")
    for words in (f"邀请码 {alice.code} 注册", "13900139000", "鲍勃", "1"):
        bob.says(words)
    assert "还没有人通过你加入" in alice.says("我的团队")

    with chat.database.transaction() as session:
        found = members.find_by_member(session, bob.member_id(session))
        members.approve(session, found.id, by="tester", now=chat.clock.now())

    assert "你邀请了 1 位分销员" in alice.says("团队")


def test_a_waiting_withdrawal_can_be_taken_back(chat, alice):
    sells(chat, alice, "E1")
    settles(chat)
    assert "没有可以撤回" in alice.says("撤回提现")
    alice.says("提现60")
    alice.says("1")
    assert "确定撤回吗" in alice.says("撤回提现")
    assert "维持不变" in alice.says("2")
    assert "提现中 ¥60.00" in alice.says("我的收益")
    alice.says("撤回")
    assert "已撤回" in alice.says("1")
    assert "可提现 ¥100.00" in alice.says("我的收益")
