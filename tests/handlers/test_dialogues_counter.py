"""The model dialogues about people behind the counter: the queue, a person who takes over, the silent bot, the end."""

import pytest
from dialogue_shop import says
from money_shop import told, withdrawn
from sqlalchemy import select

from bot.messages import Sent, Voice
from bot.replies import SILENCE, shown
from distribution import hand_overs, policy, tickets, withdrawals
from distribution.refusals import Code, Refusal
from models import tables as t

ORDER = "E20261109334455"


@pytest.fixture
def lina(earner):
    return earner


def writes(shop, act, *arguments, **facts):
    with shop.chat.database.transaction() as session:
        return act(session, *arguments, now=shop.chat.clock.now(), **facts)


def newest(shop):
    with shop.chat.database.reading() as session:
        return session.execute(select(t.ticket).order_by(t.ticket.c.id.desc())).first()


def notes(shop, row):
    with shop.chat.database.reading() as session:
        return [note.text for note in tickets.notes(session, row.id)]


def waits(shop, *openids):
    """Other customers in the queue, and two who were answered after five minutes before them."""
    for openid in ("o-before-1", "o-before-2", *openids):
        guest = shop.chat.person(openid)
        guest.follows()
        guest.says("人工")
        guest.says("我的快递三天没有动了，帮我看看")
        if openid.startswith("o-before"):
            shop.chat.clock.advance(minutes=5)
            writes(shop, tickets.answer, newest(shop).no, by="小林", text="今天会派送。")


def test_20_a_person_takes_over_says_it_and_the_bot_comes_back(shop, lina):
    shop.now("11-23 10:00")
    waits(shop, "o-first", "o-second")
    shop.now("11-23 10:30")
    says(
        lina,
        "你听不懂，叫你们老板来",
        "抱歉没帮上忙，这就转人工",
        "前面还有 2 位，约 5 分钟",
        "可以先把问题发来，客服接入就能看到",
        "1 继续等",
        "2 留言，晚点回复我",
    )
    says(lina, f"我那单{ORDER}少算了佣金", f"记下了，连同订单 {ORDER}", "一起交给店铺客服")
    row = newest(shop)
    assert (row.kind, row.order_no, row.state) == ("human", ORDER, "open")

    writes(shop, hand_overs.take, row.no, by="小林")
    said = "你好李娜，这单我查了：客户用了 ¥30.00 优惠券，佣金按实付 ¥98.00 算，是 ¥9.80，没有少算。"
    writes(shop, tickets.answer, row.no, by="小林", text=said)
    assert told(shop, lina)[-1] == f"【客服小林】{said}"
    assert lina.says("哦哦明白了 谢谢") == ""
    assert notes(shop, row)[-1] == "哦哦明白了 谢谢"

    writes(shop, hand_overs.give_back, row.no, by="小林")
    assert told(shop, lina)[-1] == "人工服务结束，我回来了。这次解决了吗？\n1 解决了\n2 没有"
    says(lina, "1", "谢谢反馈！有事随时叫我")
    assert (newest(shop).state, newest(shop).solved) == ("closed", True)
    says(lina, "1", "推哪一个？")


def taken(shop, lina):
    lina.says("人工")
    lina.says("我有个问题想问")
    return writes(shop, hand_overs.take, newest(shop).no, by="小林")


def test_whoever_was_left_by_the_person_waits_in_the_queue_again(shop, lina):
    row = taken(shop, lina)
    assert queued(shop, row) == 0
    shop.chat.clock.advance(hours=3)

    assert queued(shop, row) == 1


def queued(shop, row):
    with shop.chat.database.reading() as session:
        return tickets.queue(session, row.id + 1, now=shop.chat.clock.now())


@pytest.mark.parametrize("text", ["提现200", "1", "确认", "我的收益", "菜单", "取消", "生成海报"])
def test_the_bot_is_silent_and_moves_nothing_while_a_person_answers(shop, lina, text):
    lina.says("提现200")
    row = taken(shop, lina)
    assert lina.says(text) == ""
    assert lina.taps("WITHDRAW") == ""
    assert notes(shop, row)[-1] == text
    assert withdrawn(shop, lina) == []


def test_an_amount_asked_about_before_is_not_confirmed_to_the_person(shop, lina):
    row = taken(shop, lina)
    lina.says("提现200")
    writes(shop, hand_overs.give_back, row.no, by="小林")
    lina.says("确认")
    lina.says("1")
    assert withdrawn(shop, lina) == []


def test_no_door_takes_a_withdrawal_while_a_person_answers(shop, lina):
    taken(shop, lina)
    terms = policy.in_force
    with shop.chat.database.transaction() as session:
        now = shop.chat.clock.now()
        how = terms(session, 1, now)
        with pytest.raises(Refusal) as refused:
            withdrawals.request(session, lina.distributor_id, 10_000, request_key="x", policy=how, now=now)
    assert refused.value.code == Code.WITH_A_PERSON


def test_pictures_reach_the_person_and_scans_still_count(shop, lina):
    row = taken(shop, lina)
    now = shop.chat.clock.now()
    sent = Sent(
        openid="o-lina",
        account="gh",
        at=now,
        key="p1",
        kind="image",
        media_id="m1",
        facts={"PicUrl": "https://pic.test/1"},
    )
    assert shop.chat.dispatcher.answer(sent) == SILENCE
    assert notes(shop, row)[-1] == "【图片】https://pic.test/1"
    assert "欢迎回来" in shown(shop.chat.dispatcher.answer(_scan(shop)))


@pytest.mark.parametrize(
    ("kind", "facts", "line"),
    [
        (Voice, {"media_id": "v1"}, "【语音】v1"),
        (Sent, {"kind": "location", "facts": {"Label": "杭州市西湖区"}}, "【位置】杭州市西湖区"),
        (Sent, {"kind": "link", "facts": {"Url": "https://page.test/1"}}, "【链接】https://page.test/1"),
    ],
)
def test_whatever_is_sent_reaches_the_person(shop, lina, kind, facts, line):
    row = taken(shop, lina)
    assert lina.gives(kind, **facts) == SILENCE
    assert notes(shop, row)[-1] == line


def _scan(shop):
    from bot.messages import Scanned

    return Scanned(openid="o-lina", account="gh", at=shop.chat.clock.now(), key="scan", scene="nobody")


def test_what_was_not_solved_waits_again(shop, lina):
    row = taken(shop, lina)
    writes(shop, hand_overs.give_back, row.no, by="小林")
    says(lina, "没有", "抱歉还没解决", row.no, "1 补充截图或说明", "2 再转人工")
    assert (newest(shop).state, newest(shop).solved) == ("open", False)


def test_another_wish_is_not_taken_for_a_judgement(shop, lina):
    row = taken(shop, lina)
    writes(shop, hand_overs.give_back, row.no, by="小林")
    says(lina, "我的收益", "可提现 ¥326.40")
    says(lina, "1", "提现")
    assert (newest(shop).state, newest(shop).solved) == ("answered", None)


def test_a_number_after_the_end_is_the_judgement_even_where_an_older_offer_stood_open(shop, lina):
    lina.says("人工")
    lina.says("我有个问题想问")
    row = writes(shop, hand_overs.take, newest(shop).no, by="小林")
    shop.chat.clock.advance(minutes=1)
    writes(shop, hand_overs.give_back, row.no, by="小林")
    says(lina, "1", "谢谢反馈")


def test_the_bot_comes_back_by_itself_when_the_person_says_nothing_for_two_hours(shop, lina):
    row = taken(shop, lina)
    shop.chat.clock.advance(minutes=119)
    writes(shop, tickets.answer, row.no, by="小林", text="还在查")
    shop.chat.clock.advance(minutes=119)
    assert lina.says("我的收益") == ""
    shop.chat.clock.advance(minutes=2)
    says(lina, "我的收益", "可提现 ¥326.40")


def test_who_keeps_waiting_or_leaves_a_note_is_written_down(shop, lina):
    lina.says("人工")
    says(lina, "1", "帮你排上了，受理号 T", "前面没有人", "别的事照常说")
    says(lina, "人工", "前面没有人", "1 继续等")
    says(lina, "2", "请把问题写在一条消息里")
    says(lina, "海报发不出去，请回我", "记下了", "受理号 T")
    says(lina, "我的工单", "找人工（处理中）：海报发不出去，请回我")
    assert notes(shop, newest(shop)) == ["海报发不出去，请回我"]


def test_closing_a_taken_ticket_lets_the_bot_answer(shop, lina):
    row = taken(shop, lina)
    writes(shop, tickets.close, row.no, by="小林", note="办好了")
    says(lina, "我的收益", "可提现 ¥326.40")


def test_the_judgement_ends_the_matter_that_was_talked_about_and_no_other(shop, lina):
    row, now = taken(shop, lina), shop.chat.clock.now()
    with shop.chat.database.transaction() as session:
        member = lina.member_id(session)
        appeal = tickets.open_ticket(session, member, kind="appeal", text="少算了佣金", order_no=ORDER, now=now).no
    shop.chat.clock.advance(minutes=5)
    writes(shop, hand_overs.give_back, row.no, by="小林")
    says(lina, "1", "谢谢反馈")
    with shop.chat.database.reading() as session:
        assert tickets.find(session, appeal).state == "open"
        assert tickets.find(session, row.no).state == "closed"


def test_what_the_shop_has_ended_is_not_judged_and_nothing_else_is_ended_for_it(shop, lina):
    row, now = taken(shop, lina), shop.chat.clock.now()
    with shop.chat.database.transaction() as session:
        member = lina.member_id(session)
        appeal = tickets.open_ticket(session, member, kind="appeal", text="少算了佣金", order_no=ORDER, now=now).no
    writes(shop, tickets.answer, appeal, by="小周", text="在算")
    shop.chat.clock.advance(minutes=5)
    writes(shop, hand_overs.give_back, row.no, by="小林")
    writes(shop, tickets.close, row.no, by="小林")
    assert "谢谢反馈" not in lina.says("1")
    with shop.chat.database.reading() as session:
        assert tickets.find(session, appeal).state == "answered"
