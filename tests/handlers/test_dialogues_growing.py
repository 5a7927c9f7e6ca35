"""The model dialogues about levels, teams and boards: how far, at which pace, who brings what, who is ahead."""

import re

import pytest
from dialogue_shop import at, says
from money_shop import told
from sqlalchemy import select

from distribution import levels, members
from models import tables as t
from wechat.wording import legal


@pytest.fixture
def lina(shop):
    shop.now("10-01 09:00")
    return shop.chat.distributor("李娜", "o-lina")


def promoted(shop, moment):
    """The nightly review of levels."""
    from distribution import metrics

    shop.now(moment)
    with shop.chat.database.transaction() as session:
        levels.promote(session, metrics.of_everyone(session), now=at(moment))


def notice(shop, who, kind):
    o = t.outbox_row.c
    with shop.chat.database.reading() as session:
        rows = session.scalars(select(o.facts).where(o.kind == "notice", o.member_id == who.member_id(session)))
        return [row for row in rows if row["kind"] == kind][-1]


def permits(shop, name, **permissions):
    with shop.chat.database.transaction() as session:
        row = next(row for row in levels.all_levels(session) if row.name == name)
        facts = {"need": row.need, "keep": row.keep, "permissions": permissions}
        levels.shape_level(session, row.id, mode="any", **facts, by="老板", now=shop.chat.clock.now())


def test_16_how_far_how_long_what_sells_faster_and_what_changed(shop, lina):
    shop.sold(lina, "10-02", 1_174_000, received="10-05")
    shop.sold(lina, "10-26", 590_000, received="10-30")
    promoted(shop, "11-01 03:00")
    permits(
        shop,
        "金牌",
        may_invite=False,
        material_packs=False,
        daily_broadcast=False,
        perks="新品提前 1 天拿素材、专属客服",
    )
    shop.now("11-23 10:30")
    says(
        lina, "升金牌还差多少", "你是银牌（佣金 12%）",
        "金牌（15%）要本人成交额 ¥20,000.00，你已到 ¥17,640.00，还差 ¥2,360.00", "照最近 30 天的速度，大约 12 天",
        "1 推什么升得快", "2 金牌有什么权益",
    )  # fmt: skip
    says(lina, "1", "最近客单价高又好卖的", "1 燕窝礼盒 ¥398.00", "6 件就够", "3 ", "回复数字生成海报")
    assert "海报正在生成" in lina.says("1")
    shop.sold(lina, "12-01", 236_000, received="12-02", sku="NUT")
    promoted(shop, "12-03 09:20")
    facts = notice(shop, lina, "level")["facts"]
    assert facts == {
        "thing": "等级变更：银牌→金牌",
        "status": "金牌",
        "time": "2026-12-03 09:20",
        "note": "新订单按 15% 计佣",
    }
    assert [legal("thing1", facts[name]) for name in ("thing", "note")] == [facts["thing"], facts["note"]]
    assert "银牌→金牌，12月3日 09:20 生效" in told(shop, lina)[-1]
    says(
        lina, "金牌有什么权益", "恭喜🎉", "金牌，有 3 样",
        "新订单按 15% 计佣：坚果礼盒由 ¥15.36 变成 ¥19.20（之前的订单按原比例）", "新品提前 1 天拿素材", "专属客服",
        "1 生成海报", "2 看佣金高的商品",
    )  # fmt: skip


def test_16_every_permission_of_a_level_is_told(shop, lina):
    permits(shop, "银牌", max_team=20, direct_withdrawal_up_to_fen=20_000)
    says(
        lina,
        "银牌有什么权益",
        "银牌有 5 样",
        "由 ¥12.80 变成 ¥15.36",
        "可以邀请朋友一起做（最多 20 位）",
        "店铺的素材",
        "收到店铺群发的新素材",
        "¥200.00 以内提现免人工审核",
    )


def test_16_a_level_given_by_hand_is_told_and_one_taken_away_is_not(shop, lina):
    def gives(level_id):
        with shop.chat.database.transaction() as session:
            levels.give(session, lina.distributor_id, level_id, by="老板", now=shop.chat.clock.now())

    gives(2)
    assert "恭喜升级🎉 金牌，10月1日 09:00 生效。\n新订单按 15% 计佣" in told(shop, lina)[-1]
    heard = len(told(shop, lina))
    gives(1)
    gives(None)
    assert len(told(shop, lina)) == heard


def joined(shop, lina, name, openid):
    """Somebody who came with the code of 李娜."""
    who = shop.chat.person(openid)
    who.follows()
    for words in ("我要成为分销员", "13800138000", name, f"邀请码{lina.code}", "1"):
        who.says(words)
    with shop.chat.database.transaction() as session:
        found = members.find_by_member(session, who.member_id(session))
        members.approve(session, found.id, by="老板", now=shop.chat.clock.now())
        who.code, who.distributor_id = found.code, found.id
    return who


@pytest.fixture
def team(shop, lina):
    """Eight people; five have sold in November, 李一 five times last week."""
    names = ("李一", "琴二", "周三", "吴四", "郑五", "王六", "冯七", "陈八")
    people = [joined(shop, lina, name, f"o-team-{number}") for number, name in enumerate(names)]
    sales = {0: (156_000,), 1: (156_000,), 2: (94_000,), 3: (90_000,), 4: (84_000,)}
    for person, amounts in sales.items():
        for fen in amounts:
            shop.sold(people[person], "11-05 10:00", fen)
    for day in range(16, 21):
        shop.sold(people[0], f"11-{day} 10:00", 12_400)
    shop.counted()
    shop.now("11-23 10:30")
    return people


def test_17_the_months_sales_of_the_team_and_of_one_member_add_up(shop, lina, team):
    said = says(
        lina,
        "团队这个月业绩",
        "你邀请了 8 位",
        "11月到今天，直属 8 人",
        "成交 ¥6,420.00（10 单），给你带来 ¥128.40",
        "1 李*（",
        "¥2,180.00",
        "2 琴*（",
        "¥1,560.00",
        "3 周*（",
        "¥940.00",
        "其他 2 人 ¥1,740.00",
        "还有 3 人没开单",
        "拉人没有奖励",
        "回复数字看单个人",
    )
    assert "李一" not in said
    says(lina, "1", f"李*（{team[0].code}），直属", "11月到今天成交 ¥2,180.00，6 单，给你带来 ¥43.60")
    says(lina, "小李上周卖了多少", "李*", "上周（11月16日~11月22日）成交 ¥620.00，5 单，给你带来 ¥12.40")
    says(
        lina,
        "怎么拉人进来一起做",
        "邀请海报发给想做的朋友，扫码申请就挂在你名下",
        "他卖出去，你得成交额的 2%",
        "只拉人没有奖励，最多两级",
        "1 邀请海报",
        "2 邀请链接",
    )
    says(lina, "2", f"https://shop.test/s/{lina.code}", "挂在你名下", "拉人没有奖励")
    lina.says("怎么拉人进来一起做")
    assert "海报正在生成" in lina.says("1")


@pytest.fixture
def board(shop, lina):
    """Seventeen people on this month's board, the last one 李娜; fourteen sold last week."""
    ahead = [
        shop.chat.distributor(name, f"o-rank-{number}") for number, name in enumerate(("陈晓燕", "周航", "林小芳"))
    ]
    sums = (1_860_200, 1_420_000, 1_105_600)
    for person, fen in zip(ahead, sums, strict=True):
        shop.sold(person, "11-05 10:00", fen - 63 * 10)
    crowd = [shop.chat.distributor("吴四", f"o-crowd-{number}") for number in range(13)]
    for number, person in enumerate(crowd):
        shop.sold(person, "11-06 10:00", 292_800 + 1_000 * (12 - number))
    for person, orders in [(ahead[1], 63), (ahead[0], 58), (ahead[2], 41), *((each, 10) for each in crowd[:10])]:
        for number in range(orders):
            shop.sold(person, f"11-17 {9 + number // 60:02d}:{number % 60:02d}", 10)
    shop.sold(lina, "11-05 10:00", 203_300)
    for number in range(9):
        shop.sold(lina, f"11-18 09:0{number}", 9_000)
    shop.counted()
    shop.now("11-23 10:30")
    return ahead


def test_18_the_board_names_the_best_three_ones_own_place_and_the_gap(shop, lina, board):
    said = says(
        lina,
        "排行榜",
        "11月收益榜",
        "（11月23日 10:30 更新）",
        "1 陈*燕 ¥1,860.",
        "2 周* ¥1,420.00",
        "3 林*芳 ¥1,105.",
        "……",
        "17 你 ¥284.30",
        "离第 16 名差 ¥8.50，再出一单就追上了",
        "1 销量榜",
        "2 上周榜",
        "3 榜上隐藏我",
    )
    assert "陈晓燕" not in said
    says(
        lina,
        "上周销量排名",
        "上周（11月16日~11月22日）销量榜",
        "1 周* 63 单",
        "2 陈*燕 58 单",
        "3 林*芳 41 单",
        "14 你 9 单",
        "离第 13 名差 1 单",
        "1 收益榜",
        "2 本月榜",
        "3 榜上隐藏我",
    )
    says(lina, "3", "已隐藏，别人在榜上只看到“匿名”", "显示我")


def test_18_who_hides_is_nobody_to_others_until_shown_again(shop, lina, board):
    says(board[0], "榜上隐藏我", "已隐藏")
    said = says(lina, "排行榜", "1 匿名 ¥1,860.", "2 周*")
    assert "陈" not in said
    assert re.search(r"1 你 ¥1,860\.", board[0].says("排行榜"))
    says(board[0], "显示我", "榜上又能看到你了")
    says(lina, "排行榜", "1 陈*燕")
