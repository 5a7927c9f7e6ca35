"""Malls, customers, people, operators, WeChat Pay and the clock in any order, played beside a small model."""

import datetime as dt
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from small_model import Model
from spoken import rule_of, terms_of

from distribution import (
    agents,
    bindings,
    earnings,
    levels,
    members,
    orders,
    people,
    policy,
    products,
    proof,
    refunds,
    settlement,
    transfers,
    withdrawals,
)
from distribution.refusals import Code, Refusal
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport
from distribution.transfers import TransferNews
from models import Merchant
from models.database import Database

APPID = "wx0123456789abcdef"
NAMES = {"爱丽丝": None, "鲍勃": "爱丽丝", "卡罗尔": "鲍勃", "戴安娜": None}
STATES = ("unpaid", "paid", "shipped", "received", "closed")
OUTCOMES = ("SUCCESS", "FAIL", "CANCELLED", "WAIT_USER_CONFIRM", "UNKNOWN", "ACCEPTED")
START = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
HERE = {"province": "330000", "city": "330100", "district": "330106"}
FEN = st.integers(0, 40_000)
WHO = st.sampled_from(("爱丽丝", "鲍勃"))
BUYERS = ("顾客甲", "顾客乙", "鲍勃")
LEVELS = ("gold", "silver")
#: sku: (category, cost a unit, the product's own rule)
GOODS: dict[str, tuple[str | None, int, object]] = {
    "plain": (None, 900, None),
    "tea": ("tea", 700, None),
    "toy": ("toys", 100, None),
    "own": ("tea", 500, ("own", {"l1": 2000, "l2": 300})),
    "fixed": (None, 0, ("fixed", {"l1": 300, "l2": 100, "l3": 50})),
    "matrix": (None, 10, ("matrix", {"gold": {"l1": 1800, "l2": 900}})),
    "off": (None, 10, "disabled"),
}
PLAIN = {
    "rounding": "floor", "base": "paid_goods", "store": {"l1": 1000, "l2": 500}, "levels": {}, "categories": {},
    "bands": [], "line_cap": 10_000, "order_cap": None, "mode": "differential", "stack": "additive", "depth": 2,
    "region": {"district": 100, "city": 200, "province": 300}, "self_purchase": "upline",
}  # fmt: skip
RULES = (
    PLAIN,
    PLAIN | {"levels": {"gold": {"l1": 1500, "l2": 700}, "silver": {"l1": 1200}}, "order_cap": 2500},
    PLAIN | {"rounding": "half_up", "base": "profit", "line_cap": 3000, "mode": "parallel", "self_purchase": "self",
             "categories": {"tea": {"l1": 2500, "l2": 1500}, "toys": "disabled"}},
    PLAIN | {"base": "list_price", "depth": 3, "store": {"l1": 900, "l2": 400, "l3": 200}, "stack": "nested",
             "region": {"district": 1600, "city": 1900, "province": 2200}, "self_purchase": "none"},
    PLAIN | {"base": "paid_with_freight", "depth": 1, "bands": [(0, {"l1": 500}), (20_000, {"l1": 1100})],
             "mode": "nearest"},
)  # fmt: skip
LINE = st.tuples(st.sampled_from(tuple(GOODS)), FEN, st.integers(1, 3))


class Histories(RuleBasedStateMachine):
    """One history; ``open_database`` gives a fresh migrated database and the way to be rid of it."""

    open_database: Callable[[], tuple[Database, Callable[[], None]]]
    sold, asked = Bundle("sold"), Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.database, self.drop = type(self).open_database()
        self.now, self.numbers = START, 0
        self.model = Model(NAMES, PLAIN)
        self.ids: dict[str, int] = {}
        self.codes: dict[str, str] = {}
        self.sales: dict[str, dict] = {}

    def teardown(self) -> None:
        with self.database.reading() as session:
            broken = [finding for finding in proof.prove(session) if not finding.ok]
        self.database.close()
        self.drop()
        assert broken == [], [f"{finding.name}: {finding.rows[:3]}" for finding in broken]

    @initialize(target=sold)
    def open_the_shop(self) -> str:
        self._write(lambda s: s.add(Merchant(name="禾苗好物", created_at=self.now)))
        for number, (name, inviter) in enumerate(NAMES.items()):
            self._join(name, inviter, f"1380000000{number}")
        for sku, (category, cost, rule_told) in GOODS.items():
            self._stock(sku, category, cost, rule_of(rule_told))
        self._publish(PLAIN)
        for scope, who in (("district", "戴安娜"), ("city", "爱丽丝")):
            facts = {"scope": scope, "code": HERE[scope], "by": "boss", "now": self.now}
            self._write(lambda s, who=who, facts=facts: agents.appoint(s, 1, self.ids[who], **facts))
        for rank, name in enumerate(LEVELS, 1):
            self._write(lambda s, rank=rank, name=name: levels.make_level(s, name, rank, by="boss", now=self.now))
        return self.sell(
            [("plain", 30_000, 1), ("own", 4_999, 1)], "鲍勃", "顾客甲", "received", off=(0, 0, 0), here=True
        )

    @rule(target=sold, lines=st.lists(LINE, min_size=1, max_size=3), seller=st.sampled_from([None, *NAMES]),
          buyer=st.sampled_from(BUYERS), state=st.sampled_from((*STATES[:4], "received")),
          off=st.tuples(st.integers(0, 100), st.integers(0, 100), FEN), here=st.booleans())  # fmt: skip
    def sell(self, lines, seller, buyer, state, *, off, here) -> str:
        """``off`` is the coupon in hundredths of the goods, the points in hundredths of the rest, and the freight."""
        self.numbers += 1
        no = f"E{self.numbers}"
        told = [
            {"sku": sku, "unit": fen, "qty": pieces, "off": 0, "category": GOODS[sku][0], "cost": GOODS[sku][1],
             "rule": GOODS[sku][2]}
            for sku, fen, pieces in lines
        ]  # fmt: skip
        whole = sum(line["unit"] * line["qty"] for line in told)
        coupon = whole * off[0] // 100
        order = {"coupon": coupon, "points": (whole - coupon) * off[1] // 100, "freight": off[2]}
        self.sales[no] = {"lines": told, "order": order, "seller": seller, "buyer": buyer, "here": here}
        self._report(no, state, 1)
        return no

    @rule(no=sold, state=st.sampled_from(STATES), step=st.integers(0, 2))
    def report_again(self, no: str, state: str, step: int) -> None:
        held = self.model.orders[no]
        forward = state == "closed" or (held.state != "closed" and STATES.index(state) >= STATES.index(held.state))
        if step == 0 or forward:
            self._report(no, state, held.version + step)

    @rule(no=sold, which=st.integers(1, 2), state=st.sampled_from(("opened", "closed", "refunded", "refunded")),
          fen=FEN, pieces=st.integers(0, 2), line=st.integers(1, 2), early=st.booleans())  # fmt: skip
    def send_back(self, no, which, state, *, fen, pieces, line, early) -> None:
        order_no = f"E{self.numbers + 1}" if early and which == 2 else no
        number = f"R{order_no}-{which}"
        line = min(line, len(self.sales[order_no]["lines"]) if order_no in self.sales else 1)
        report = RefundReport(number, order_no, state, self.now, (RefundLine(line, pieces, fen),))
        told = self._write(lambda s: refunds.record(s, 1, report, now=self.now)).applied
        assert told == self.model.refund(number, order_no, state, {line - 1: (fen, pieces)})

    @rule(days=st.sampled_from((0.01, 1, 7, 7, 16)))
    def wait(self, days: float) -> None:
        self.now += dt.timedelta(days=days)
        self.model.now = round((self.now - START).total_seconds())
        while self._write(lambda s: settlement.settle_due(s, now=self.now)):
            pass
        self.model.settle()

    @rule(rules=st.sampled_from(RULES))
    def publish(self, rules: dict) -> None:
        self._publish(rules)
        self.model.config = rules

    @rule(buyer=st.sampled_from(BUYERS[:2]), who=st.sampled_from(list(NAMES)))
    def click(self, buyer: str, who: str) -> None:
        terms, now = policy.Policy(), self.now
        member = self._write(lambda s: people.meet(s, APPID, f"o{buyer}", now).member_id)
        self._write(lambda s: bindings.click(s, member, self.ids[who], policy=terms, channel="link", at=now, now=now))
        self.model.click(buyer, who)

    @rule(who=WHO, level=st.sampled_from(LEVELS))
    def give_level(self, who: str, level: str) -> None:
        ids = self._write(lambda s: {row.name: row.id for row in levels.all_levels(s)})
        self._write(lambda s: levels.set_level(s, self.ids[who], ids[level], by="boss", now=self.now))
        self.model.levels[who] = level

    @rule(who=WHO)
    def freeze_or_resume(self, who: str) -> None:
        if who in self.model.gone:
            return
        change = members.resume if who in self.model.frozen else members.freeze
        self._write(lambda s: change(s, self.ids[who], by="boss", reason="核对", now=self.now))
        self.model.frozen ^= {who}

    @precondition(lambda self: self.numbers > 4 and not self.model.gone)
    @rule(who=st.sampled_from(("鲍勃", "卡罗尔")))
    def terminate(self, who: str) -> None:
        self._write(lambda s: members.terminate(s, self.ids[who], by="boss", reason="违规", now=self.now))
        self.model.terminate(who)

    @rule(target=asked, who=WHO, part=st.sampled_from((1, 2, 3)), small=st.booleans())
    def ask(self, who: str, part: int, small: bool) -> str:
        self.numbers += 1
        have = self.model.purse(who)[1]
        fen = max(10, have // part if small or part < 3 else have + 1)
        terms, key = policy.read({"withdraw": {"min_fen": 10}}), f"k{self.numbers}"
        no = self._tried(
            lambda s: withdrawals.request(s, self.ids[who], fen, request_key=key, policy=terms, now=self.now).no
        )
        if who in self.model.frozen or fen > have:
            assert no == (Code.FROZEN if who in self.model.frozen else Code.INSUFFICIENT)
            return ""
        self.model.ask(no, who, fen)
        return no

    @rule(no=asked, news=st.lists(st.sampled_from(OUTCOMES), max_size=3))
    def pay(self, no: str, news: list[str]) -> None:
        for what in ("approve", "begin"):
            self.decide(no, what)
        for each in news:
            self.hear(no, each, False)

    @rule(no=asked, what=st.sampled_from(("approve", "reject", "cancel", "begin")))
    def decide(self, no: str, what: str) -> None:
        if not no:
            return
        row, now = self._write(lambda s: withdrawals.find(s, no)), self.now
        steps = {
            "approve": lambda s: withdrawals.approve(s, no, by="boss", version=row.version, now=now),
            "reject": lambda s: withdrawals.reject(s, no, by="boss", reason="核对", version=row.version, now=now),
            "cancel": lambda s: withdrawals.cancel(s, no, by="member", now=now),
            "begin": lambda s: transfers.begin(s, no, now=now),
        }
        if self._tried(steps[what]) == Code.ILLEGAL_STATE:
            assert row.state != "requested"
            return
        if what == "reject" or (what == "cancel" and row.state == "requested"):
            self.model.end(no, paid=False)

    @rule(no=asked, news=st.sampled_from(OUTCOMES), wrong=st.booleans())
    def hear(self, no: str, news: str, wrong: bool) -> None:
        if not no:
            return
        row = self._write(lambda s: withdrawals.find(s, no))
        if news == "UNKNOWN":
            self._write(lambda s: transfers.record_unknown(s, no, tries=1, now=self.now))
            return
        told = TransferNews(news, fen=row.net_fen + wrong)
        self._write(lambda s: transfers.record(s, no, told, source="query", now=self.now))
        if not wrong and row.state in ("approved", "paying") and news in ("SUCCESS", "FAIL", "CANCELLED"):
            self.model.end(no, paid=news == "SUCCESS")

    @precondition(lambda self: self.ids)
    @invariant()
    def purses_agree(self) -> None:
        with self.database.reading() as session:
            for who, number in self.ids.items():
                purse = earnings.purse(session, number)
                ours = (purse.pending_fen, purse.available_fen, purse.withdrawing_fen)
                assert (*ours, purse.withdrawn_fen, purse.owed_fen) == self.model.purse(who), who

    def _report(self, no: str, state: str, version: int) -> None:
        sale = self.sales[no]
        lines = tuple(
            LineReport(at, line["sku"], line["sku"], line["qty"], line["unit"])
            for at, line in enumerate(sale["lines"], 1)
        )
        order = sale["order"]
        report = OrderReport(
            no, state, version, self.now, lines, buyer_openid=f"o{sale['buyer']}",
            distributor_code=self.codes[sale["seller"]] if sale["seller"] else None, coupon_fen=order["coupon"],
            points_fen=order["points"], freight_fen=order["freight"], address=HERE if sale["here"] else None,
        )  # fmt: skip
        told = self._write(lambda s: orders.record(s, 1, report, appid=APPID, now=self.now))
        assert told.applied == self.model.report(no, state, version, sale=sale)

    def _publish(self, rules: dict) -> None:
        document = terms_of(rules)
        self._write(
            lambda s: policy.publish(
                s, merchant_id=1, document=document, effective_from=self.now, by="boss", now=self.now
            )
        )

    def _stock(self, sku: str, category: str | None, cost: int, own: dict | None) -> None:
        facts = products.ProductFacts(sku, 1000, 10**6, category=category, cost_fen=cost)
        row = self._write(lambda s: products.put(s, 1, sku, facts, now=self.now))
        if own:
            self._write(lambda s: products.set_rule(s, 1, row.id, own, by="boss", now=self.now))

    def _join(self, name: str, inviter: str | None, phone: str) -> None:
        now = self.now
        member = self._write(lambda s: people.meet(s, APPID, f"o{name}", now).member_id)
        facts = {"name": name, "phone": phone, "terms_version": "1", "policy": policy.Policy(), "now": now}
        code = self.codes[inviter] if inviter else None
        row = self._write(lambda s: members.apply(s, member, invite_code=code, **facts))
        self._write(lambda s: members.approve(s, row.id, by="boss", now=now))
        self.ids[name], self.codes[name] = row.id, row.code

    def _tried(self, work):
        try:
            return self._write(work)
        except Refusal as refusal:
            return refusal.code

    def _write(self, work):
        with self.database.transaction() as session:
            return work(session)
