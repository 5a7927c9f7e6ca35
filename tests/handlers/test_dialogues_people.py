"""Model dialogues about levels, teams, boards, and coming back."""

import pytest
from dialogue_shop import says

from distribution import levels, members

NAMES = ("李小梅", "赵阿琴", "周老大", "钱一", "孙二", "吴三", "郑四", "王五")


@pytest.fixture
def lina(shop):
    return shop.chat.distributor("李娜", "o-lina")


def invited(shop, inviter, name, openid):
    """Somebody who joined with the inviter's code."""
    who = shop.chat.person(openid)
    who.follows()
    for words in (f"邀请码 {inviter.code} 注册", "13800138000", name, "1"):
        who.says(words)
    with shop.chat.database.transaction() as session:
        found = members.find_by_member(session, who.member_id(session))
        who.code = members.approve(session, found.id, by="tester", now=shop.chat.clock.now()).code
        who.distributor_id = found.id
    return who


def lifted(shop, who, name):
    with shop.chat.database.transaction() as session:
        known = {each.name: each.id for each in levels.all_levels(session)}
        levels.set_level(session, who.distributor_id, known[name], by="老板", now=shop.chat.clock.now())


def test_16_what_is_missing_to_the_next_level_and_how_long_it_takes(shop, lina):
    lifted(shop, lina, "银牌")
    shop.sold(lina, "09-01", 1_164_000, received="09-03")
    shop.sold(lina, "11-10", 600_000, received="11-12", sku="NUT")
    shop.now("11-23 10:30")
    says(
        lina, "升金牌还差多少", "你是银牌（佣金 12%）", "金牌（15%）", "¥20,000.00", "你已到 ¥17,640.00",
        "还差 ¥2,360.00", "大约 12 天", "1 推什么升得快", "2 金牌有什么权益",
    )  # fmt: skip
    says(lina, "1", "1 燕窝礼盒 ¥398.00（赚 ¥47.76）")


def test_16_the_benefits_of_a_level_with_the_best_seller_as_the_example(shop, lina):
    lifted(shop, lina, "银牌")
    shop.sold(lina, "11-22", 12_800, sku="NUT")
    shop.now("11-23 10:30")
    says(lina, "金牌有什么权益", "新订单按 15% 计佣", "坚果礼盒由 ¥15.36 变成 ¥19.20", "之前的订单按原比例", "生成海报")


@pytest.fixture
def team(shop, lina):
    """Eight people below 李娜; five of them sold ¥6,420.00 in November."""
    people = [invited(shop, lina, name, f"o-{place}") for place, name in enumerate(NAMES)]
    for seller, count, fen in ((0, 10, 15_600), (1, 12, 13_000), (3, 5, 17_400), (4, 5, 17_400)):
        for time in range(count):
            shop.sold(people[seller], f"11-02 {10 + time}:00", fen)
    for time in range(8):
        shop.sold(people[2], f"11-03 {10 + time}:00", 10_000)
    shop.sold(people[2], "11-03 20:00", 14_000)
    for day in range(5):
        shop.sold(people[0], f"11-1{6 + day % 4}", 12_400)
    shop.now("11-23 10:30")
    shop.counted()
    return people


def test_17_the_team_of_the_month_adds_up(lina, team):
    said = says(
        lina, "团队这个月业绩", "11月到今天，直属 8 人", "成交 ¥6,420.00（46 单），给你带来 ¥128.40",
        f"1 李*（{team[0].code}） ¥2,180.00", "2 赵*", "¥1,560.00", "3 周*", "¥940.00", "其他 2 人 ¥1,740.00",
        "还有 3 人没开单", "回复数字看单个人",
    )  # fmt: skip
    assert "李小梅" not in said


def test_17_one_member_by_number_and_by_name(lina, team):
    lina.says("团队这个月业绩")
    says(lina, "1", "李*", "11月到今天成交 ¥2,180.00，15 单，给你带来 ¥43.60")
    says(lina, "小李上周卖了多少", "上周（11月16日~11月22日）成交 ¥620.00，5 单，给你带来 ¥12.40")


def test_17_inviting_is_said_to_be_paid_by_sales_alone(lina):
    says(lina, "怎么拉人进来一起做", lina.code, "你得成交额的 2%", "拉人没有奖励，最多两级", "1 邀请海报", "2 邀请链接")


def test_17_who_invited_me(lina, team):
    says(team[0], "我的上级是谁", "你的邀请人是李*", lina.code)


@pytest.fixture
def rivals(shop, lina):
    """Five sellers; 李娜 is the last but one by earnings."""
    amounts = (("陈晓燕", 1_860_200), ("周航", 1_420_000), ("林晨曦", 1_105_600), ("何平", 292_800), ("罗兰", 90_000))
    people = []
    for place, (name, fen) in enumerate(amounts):
        people.append(shop.chat.distributor(name, f"r-{place}"))
        shop.sold(people[-1], "11-05 10:00", fen)
    shop.sold(lina, "11-06", 284_300)
    for who, count in ((people[1], 4), (people[0], 3), (people[2], 2), (lina, 1)):
        for time in range(count):
            shop.sold(who, f"11-17 1{time}:00", 10)
    shop.now("11-23 10:30")
    shop.counted()
    return people


def test_18_the_board_of_the_month_with_the_own_place_and_the_gap(lina, rivals):
    says(
        lina, "排行榜", "11月收益榜", "1 陈*燕 ¥1,860.23", "2 周* ¥1,420.04", "3 林*曦 ¥1,105.62", "……",
        "5 你 ¥284.31", "离第 4 名差 ¥8.49", "1 销量榜", "2 上周榜",
    )  # fmt: skip


def test_18_another_week_by_another_measure(lina, rivals):
    says(
        lina,
        "上周销量排名",
        "上周（11月16日~11月22日）销量榜",
        "1 周* 4 单",
        "2 陈*燕 3 单",
        "3 林*曦 2 单",
        "4 你 1 单",
    )


def test_18_who_hides_is_nameless_on_the_board(lina, rivals):
    says(rivals[0], "榜上隐藏我", "别人在榜上只看到“匿名”", "显示我")
    says(lina, "排行榜", "1 匿名 ¥1,860.23")
    rivals[0].says("显示我")
    says(lina, "排行榜", "1 陈*燕")


def test_22_who_comes_back_hears_what_came_in_meanwhile(shop, lina):
    lina.says("退订")
    shop.now("11-02 09:00")
    lina.leaves()
    for day in ("11-05", "11-06", "11-07"):
        shop.sold(lina, day, 8_900)
    shop.now("11-23 10:30")
    said = lina.follows()
    assert "欢迎回来，李*" in said
    assert "3 单，收益 ¥26.70" in said
    assert "提醒现在是关着的" in said
    says(lina, "1", "提醒")
