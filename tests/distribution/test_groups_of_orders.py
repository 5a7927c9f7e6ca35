"""Reports that share transactions, however they are split, leave and answer what they would one by one."""

import dataclasses
import json
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from two_shops import APPID, HERE, HOUR, ONE, balances, bound, open_with_people, told

from distribution import orders, refunds
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport

TWO = (LineReport(1, "S", "货", 2, 10_000), LineReport(2, "T", "物", 1, 3_333))
WRONG = (LineReport(1, "S", "货", 1, 100, discount_fen=200),)
#: What a report says of one of three orders; "%" is the example's number.
SAID = st.fixed_dictionaries(
    {
        "order_no": st.sampled_from(["%a", "%b", "%c", "%d"]),
        "state": st.sampled_from(["unpaid", "paid", "shipped", "received", "closed"]),
        "version": st.integers(1, 4),
        "hour": st.sampled_from([0, 1, 700, 800]),
        "lines": st.sampled_from([ONE, ONE, ONE, TWO, WRONG]),
        "buyer_openid": st.sampled_from([None, "%o熟客", "%o熟客", "%o新客", "o鲍勃"]),
        "code": st.sampled_from([None, None, None, 0, 1, "NOBODY"]),
        "created": st.booleans(),
        "address": st.sampled_from([None, HERE]),
    }
)
PLAYS = st.tuples(
    st.lists(st.tuples(SAID, st.booleans()), min_size=1, max_size=9), st.sets(st.sampled_from(["a", "b", "c"]))
)


def report(said, people, number, start):
    """What is said, in the words of a shop with these people."""
    code, buyer = said["code"], said["buyer_openid"]
    at = start + said["hour"] * HOUR
    return OrderReport(
        said["order_no"].replace("%", number), said["state"], said["version"], at, said["lines"],
        buyer_openid=buyer and buyer.replace("%", number), address=said["address"],
        distributor_code=people[code].code if isinstance(code, int) else code,
        created_at=at - HOUR if said["created"] else None,
    )  # fmt: skip


def one_by_one(shop, reports):
    for each in reports:
        try:
            yield shop.write(lambda s, each=each: orders.record(s, 1, each, appid=APPID, now=shop.now))
        except Refusal as refusal:
            yield refusal


def in_groups(shop, reports, cuts):
    group = []
    for each, cut in zip(reports, cuts, strict=True):
        group.append(each)
        if cut or each is reports[-1]:
            some, group = group, []
            yield from shop.write(lambda s, some=some: orders.record_each(s, 1, some, appid=APPID, now=shop.now))


def words(answers, people):
    """Answers, whatever the codes of the people are."""
    for each in answers:
        found = (each.code, each.facts) if isinstance(each, Refusal) else dataclasses.asdict(each)
        yield json.dumps(found, sort_keys=True).replace(people[0].code, "A").replace(people[1].code, "B")


def earlier(shop, people, number, refunded):
    """A customer of Bob whom Alice invited since, and refunds that came before their orders."""
    bound(shop, f"{number}o熟客", people[1], people[0])
    for which in sorted(refunded):
        early = RefundReport(f"R{number}{which}", number + which, "refunded", shop.now, (RefundLine(1, 0, 4000),))
        shop.write(lambda s, early=early: refunds.record(s, 1, early, now=shop.now))


def moved(shop, before):
    """What each account gained since."""
    now = balances(shop)
    gained = {name: now.get(name, 0) - before.get(name, 0) for name in now.keys() | before.keys()}
    return {name: fen for name, fen in gained.items() if fen}


def test_any_split_into_groups_is_as_one_by_one(shop, other, database_kind):
    ours, theirs, numbers = open_with_people(shop), open_with_people(other), count(1)

    @settings(
        max_examples=150 if database_kind == "sqlite" else 40, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(PLAYS)
    def plays(play):
        (said, refunded), number = play, f"N{next(numbers)}-"
        sides = []
        for each, people, way in ((shop, ours, True), (other, theirs, False)):
            earlier(each, people, number, refunded)
            before = balances(each)
            reports = [report(one, people, number, each.now) for one, _ in said]
            answers = in_groups(each, reports, [cut for _, cut in said]) if way else one_by_one(each, reports)
            sides.append([*words(answers, people), told(each, number), moved(each, before)])
        assert sides[0] == sides[1]

    plays()


def test_what_is_told_of_an_order_counts_for_what_its_buyer_buys_next(shop):
    alice, bob = open_with_people(shop)
    bound(shop, "o老客", bob)
    stranger = OrderReport("E1", "unpaid", 1, shop.now, ONE, created_at=shop.now + 700 * HOUR)
    shop.write(lambda s: orders.record(s, 1, stranger, appid=APPID, now=shop.now))
    # Bob's term ends after 720 hours, if no order renews it before.
    named = OrderReport("E1", "paid", 2, shop.now + 700 * HOUR, ONE, buyer_openid="o老客")
    after = OrderReport("E2", "paid", 1, shop.now + 800 * HOUR, ONE, buyer_openid="o老客")
    told = shop.write(lambda s: orders.record_each(s, 1, [named, after], appid=APPID, now=shop.now))

    assert [row["who"] for row in told[1].commissions] == [bob.code, alice.code]


def test_a_refusal_leaves_nothing_and_disturbs_nobody(shop):
    _, bob = open_with_people(shop)
    paid = OrderReport("E1", "paid", 1, shop.now, ONE, distributor_code=bob.code, buyer_openid="o买家")
    shop.write(lambda s: orders.record(s, 1, paid, appid=APPID, now=shop.now))
    before, rows = balances(shop), told(shop)
    group = [
        OrderReport("E1", "paid", 2, shop.now, TWO, distributor_code=bob.code, buyer_openid="o买家"),
        OrderReport("E2", "paid", 1, shop.now, WRONG, distributor_code=bob.code),
        OrderReport("E1", "paid", 2, shop.now, ONE, buyer_openid="o别人"),
        OrderReport("E1", "unpaid", 2, shop.now, ONE, buyer_openid="o买家"),
    ]
    refused = shop.write(lambda s: orders.record_each(s, 1, group, appid=APPID, now=shop.now))
    codes = [Code.LINES_CHANGED, Code.INVALID_ORDER, Code.BUYER_CHANGED, Code.ILLEGAL_STATE]
    good = OrderReport("E3", "paid", 1, shop.now, ONE, distributor_code=bob.code)

    assert [each.code for each in refused] == codes
    assert (balances(shop), told(shop)) == (before, rows)
    again = shop.write(lambda s: orders.record_each(s, 1, [*group, good], appid=APPID, now=shop.now))
    assert [each.code for each in again[:4]] == codes
    assert again[4].applied
