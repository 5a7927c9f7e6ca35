import pytest

from bot.context import Context
from bot.replies import Reply, Text
from bot.router import Clash, Router, Who, compiled, plain, wide
from distribution.refusals import Code, Refusal


def earnings(ctx: Context) -> Reply:
    """查收益

    More for readers of the code.
    """
    return Text("收益")


def quiet(ctx: Context) -> Reply:
    return Text("")


@pytest.mark.parametrize(
    "typed", ["提现", " 提现 ", "提现。", "提现!!", "提现？", "提 现".replace(" ", ""), "提现\u200b"]
)
def test_words_are_known_however_they_end(typed: str) -> None:
    assert plain(typed) == "提现"


def test_width_and_case_do_not_matter() -> None:
    assert plain("ＱＲ２０") == "qr20"
    assert wide("¥２００．５") == "¥200.5"
    assert plain("？") == "?"


def test_direction_marks_are_dropped() -> None:
    assert wide("\u202e收益\u2066") == "收益"


def test_each_message_finds_its_route() -> None:
    router = Router()
    router.text("收益", "我的收益", reads=True)(earnings)
    router.click("EARNINGS", reads=True)(earnings)
    router.match(r"订单\s*(?P<no>\w+)")(quiet)
    routes = compiled([router])

    assert routes.by_word("我的收益") is not None
    assert routes.get("click", "EARNINGS") is not None
    matched = routes.by_pattern("订单 E1")
    assert matched is not None
    assert matched[1] == {"no": "E1"}
    assert routes.by_pattern("看订单 E1") is None


@pytest.mark.parametrize(
    "add",
    [
        lambda router: router.text("收益。"),
        lambda router: router.click("A"),
        lambda router: router.step("s"),
        lambda router: router.intent("i"),
        lambda router: router.match("x+"),
        lambda router: router.follow(),
        lambda router: router.otherwise(),
        lambda router: router.told("JOB"),
    ],
)
def test_two_handlers_for_one_thing_stop_the_start(add) -> None:  # type: ignore[no-untyped-def]
    one, two = Router(), Router()
    for decorate in (one.text("收益"), one.click("A"), one.step("s"), one.intent("i"), one.match("x+")):
        decorate(earnings)
    for decorate in (one.follow(), one.otherwise(), one.told("job")):
        decorate(earnings)
    add(two)(quiet)

    with pytest.raises(Clash):
        compiled([one, two])


@pytest.mark.parametrize(
    ("who", "state", "code"),
    [
        (Who.ANYONE, None, None),
        (Who.DISTRIBUTOR, None, Code.NOT_A_DISTRIBUTOR),
        (Who.DISTRIBUTOR, "frozen", None),
        (Who.DISTRIBUTOR, "rejected", Code.NOT_A_DISTRIBUTOR),
        (Who.DISTRIBUTOR, "pending", Code.ALREADY_APPLIED),
        (Who.ACTIVE, "active", None),
        (Who.ACTIVE, None, Code.NOT_A_DISTRIBUTOR),
        (Who.ACTIVE, "rejected", Code.NOT_A_DISTRIBUTOR),
        (Who.ACTIVE, "pending", Code.ALREADY_APPLIED),
        (Who.ACTIVE, "frozen", Code.FROZEN),
        (Who.ACTIVE, "terminated", Code.TERMINATED),
    ],
)
def test_who_may_ask_is_declared(who: Who, state: str | None, code: Code | None) -> None:
    if code is None:
        who.refuse(state)
        return
    with pytest.raises(Refusal) as refusal:
        who.refuse(state)
    assert refusal.value.code == code
