"""The one order of a case: posted again as it goes on, its rows and purses read back under the case's names."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from app.trial.cases import TrialError
from app.trial.desk import Desk
from distribution import commissions, earnings, order_rows, orders
from distribution.shapes import OrderOutcome, OrderReport

Row = dict[str, Any]


class Sale:
    """An order at a desk; ``lines`` are the case's names of its lines, in their order."""

    def __init__(self, desk: Desk, report: OrderReport, lines: list[str]) -> None:
        """Nothing is posted yet."""
        self.desk, self.report, self.lines = desk, report, lines
        self._seen = 0

    def post(self, state: str, *, now: dt.datetime) -> OrderOutcome:
        """Report the order in a new ``state`` with the next version."""
        version = self.report.version + 1
        self.report = dataclasses.replace(self.report, state=state, version=version, occurred_at=now)
        return self.repeat(now=now)

    def repeat(self, *, now: dt.datetime) -> OrderOutcome:
        """Report what was reported last once more."""
        desk = self.desk
        return orders.record(desk.session, desk.merchant_id, self.report, appid=desk.appid, now=now)

    def number(self, line: str) -> int:
        """The number of the line a case names."""
        if line not in self.lines:
            raise TrialError(f"订单里没有 {line} 这一行")
        return self.lines.index(line) + 1

    def bases(self) -> dict[str, int]:
        """Fen that commissions are taken of, by line."""
        rows = order_rows.shown_lines(self.desk.session, self._order_id())
        return {self.lines[row.line_no - 1]: row.base_fen for row in rows}

    def new_rows(self) -> list[Row]:
        """The rows written since this was last asked."""
        standing = commissions.rows_of(self.desk.session, self._order_id())
        fresh, self._seen = standing[self._seen :], len(standing)
        return self.rows(fresh)

    def rows(self, told: Iterable[Mapping[str, Any]]) -> list[Row]:
        """Rows as the answers spell them."""
        names = self.desk.names_by_code()
        return [
            {"who": names[row["who"]], "kind": row["kind"], "line": self.lines[row["line_no"] - 1], "fen": row["fen"]}
            for row in told
        ]

    def balances(self) -> dict[str, dict[str, int]]:
        """Pending, and available less what is owed, of everybody who has or had a row of the order."""
        names = self.desk.names_by_code()
        earners = {row["who"] for row in commissions.rows_of(self.desk.session, self._order_id())}
        return {names[code]: self._balance(names[code]) for code in sorted(earners)}

    def _balance(self, name: str) -> dict[str, int]:
        purse = earnings.purse(self.desk.session, self.desk.distributor(name))
        return {"pending": purse.pending_fen, "available": purse.available_fen - purse.owed_fen}

    def _order_id(self) -> int:
        row = order_rows.find_locked(self.desk.session, self.desk.merchant_id, self.report.order_no)
        assert row is not None, "the order was posted"
        return row.id
