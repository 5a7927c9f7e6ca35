"""Orders of a case that only tells sums: one line each, paid and received, refunded as told."""

import datetime as dt
from itertools import count

from app.trial.desk import Desk, openid
from distribution import members, orders, refunds
from distribution.shapes import LineReport, OrderReport, RefundLine, RefundReport


class Orders:
    """Numbers the orders of one desk."""

    def __init__(self, desk: Desk) -> None:
        """Nothing is posted yet."""
        self._desk, self._numbers = desk, count(1)

    def sell(self, seller: str, fen: int, refunded_fen: int, *, at: dt.datetime) -> None:
        """An order of ``fen`` paid at ``at`` by a customer of its own, received and refunded in the next minutes."""
        desk, number = self._desk, next(self._numbers)
        no, code = f"T{number}", members.get_distributor(desk.session, desk.distributor(seller)).code
        line = LineReport(1, "trial", "试算", 1, fen)
        for version, (state, moment) in enumerate((("paid", at), ("received", at + _MINUTE)), 1):
            report = OrderReport(
                no, state, version, moment, (line,), buyer_openid=openid(f"customer{number}"), distributor_code=code
            )
            orders.record(desk.session, desk.merchant_id, report, appid=desk.appid, now=moment)
        if refunded_fen:
            moment = at + 2 * _MINUTE
            told = RefundReport(f"R{number}", no, "refunded", moment, (RefundLine(1, 0, refunded_fen),))
            refunds.record(desk.session, desk.merchant_id, told, now=moment)


_MINUTE = dt.timedelta(minutes=1)
