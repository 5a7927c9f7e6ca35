"""The sample shop of the model dialogues: its rules, goods and people, and orders told at their own moments."""

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from distribution import levels, orders, policy, settlement, tallies, transfers, withdrawals
from distribution.rules.calendar import SHANGHAI
from distribution.shapes import LineReport, OrderReport
from models import Product

APP_ID = "wx0123456789abcdef"
LIMIT_CHARACTERS, LIMIT_BYTES = 600, 2048
GOODS = {
    "NUT": ("坚果礼盒", 12_800),
    "MASK": ("玻尿酸面膜", 5_900),
    "AJ": ("即食阿胶糕 250g", 8_900),
    "CHERRY": ("智利车厘子 2 斤", 16_800),
    "NEST": ("燕窝礼盒", 39_800),
    "DOWN": ("轻薄羽绒服", 29_900),
    "SOAP": ("洗衣液", 4_990),
}
RULES = {
    "store_rate_bp": {"l1": 1000, "l2": 200},
    "level_rate_bp": {"银牌": {"l1": 1200, "l2": 200}, "金牌": {"l1": 1500, "l2": 200}},
    "withdraw": {"min_fen": 1000, "max_fen": 2_000_000, "one_at_a_time": True},
    "binding": {"valid_days": 30, "protect_days": 30},
}


def at(text: str) -> dt.datetime:
    """The UTC instant of "11-20 10:30" (2026) on a Shanghai clock."""
    day, _, time = text.partition(" ")
    return dt.datetime.fromisoformat(f"2026-{day}T{time or '10:00'}:00").replace(tzinfo=SHANGHAI).astimezone(dt.UTC)


def says(who: Any, text: str, *facts: str) -> str:
    """Somebody says it; the answer holds these facts in this order and fits a bubble."""
    answer = who.says(text)
    place = 0
    for fact in facts:
        found = answer.find(fact, place)
        assert found >= 0, f"{fact!r} is not (or not there) in\n{answer}"
        place = found + len(fact)
    assert len(answer) <= LIMIT_CHARACTERS
    assert len(answer.encode()) <= LIMIT_BYTES
    return answer


@dataclass
class DialogueShop:
    """What happened before the dialogue."""

    chat: Any
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def open(self) -> None:
        """Rules, goods and levels; the spring before."""
        self.chat.clock.set(at("05-01"))
        with self.chat.database.transaction() as session:
            now = self.chat.clock.now()
            policy.publish(session, merchant_id=1, document=RULES, effective_from=now, by="老板", now=now)
            session.query(Product).update({"on_sale": False})
            for sku, (name, fen) in GOODS.items():
                session.add(
                    Product(merchant_id=1, sku=sku, name=name, price_fen=fen, stock=12, updated_at=now, on_sale=True)
                )
            for rank, (name, fen) in enumerate((("银牌", 500_000), ("金牌", 2_000_000)), 1):
                row = levels.make_level(session, name, rank, by="老板", now=now)
                levels.shape_level(
                    session, row.id, mode="any", need={"sales_fen": fen}, keep={}, permissions={}, by="老板", now=now
                )

    def sold(self, who: Any, paid: str, fen: int, *, received: str = "", state: str = "", **told: Any) -> str:
        """An order of ``fen``, paid, and received if told; its number."""
        no = told.pop("no", "") or f"E2026{next(self.numbers):012d}"
        sku = told.pop("sku", "AJ")
        line = LineReport(1, sku, GOODS[sku][0], told.pop("quantity", 1), fen)
        facts = {"lines": (line,), "distributor_code": who.code, "created_at": at(paid), **told}
        self._tell(no, 1, "paid", paid, facts)
        if received or state:
            self._tell(no, 2, state or "received", received or paid, facts)
        return no

    def _tell(self, no: str, version: int, state: str, moment: str, facts: dict[str, Any]) -> None:
        report = OrderReport(order_no=no, state=state, version=version, occurred_at=at(moment), **facts)
        with self.chat.database.transaction() as session:
            orders.record(session, 1, report, appid=APP_ID, now=at(moment))

    def settles(self, moment: str) -> None:
        """Everything that is due by then."""
        with self.chat.database.transaction() as session:
            while settlement.settle_due(session, now=at(moment), limit=500):
                pass

    def paid_out(self, who: Any, fen: int, moment: str, *, until: str = "SUCCESS") -> str:
        """A withdrawal up to a state of its transfer; its number."""
        now = at(moment)
        with self.chat.database.transaction() as session:
            terms = policy.in_force(session, 1, now)
            row = withdrawals.request(
                session, who.distributor_id, fen, request_key=f"{moment}{fen}", policy=terms, now=now
            )
            withdrawals.approve(session, row.no, by="老板", version=row.version, now=now)
            transfers.begin(session, row.no, now=now)
            for state in ("WAIT_USER_CONFIRM", until):
                news = transfers.TransferNews(
                    state, bill_no="1330", fen=row.net_fen, openid=row.openid, package="package"
                )
                transfers.record(session, row.no, news, source="query", now=now)
            return row.no

    def counted(self) -> None:
        """The sums that boards and team pages read."""
        with self.chat.database.transaction() as session:
            while tallies.refresh(session):
                pass

    def now(self, moment: str) -> None:
        """The moment of the dialogue."""
        self.chat.clock.set(at(moment))
