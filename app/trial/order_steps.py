"""What may happen to a case's order after its creation, each by the operation that real events go through."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from app.trial.cases import Document, TrialError, at_least, moment, whole
from app.trial.of_withdrawals import act, ask, pay
from app.trial.people import give_level, set_status
from app.trial.sale import Sale
from distribution import bonuses, refunds, settlement
from distribution.shapes import RefundLine, RefundReport

Step = Callable[[Sale, Document, dt.datetime], str | None]


def take(sale: Sale, told: Document) -> dict[str, Any]:
    """What the step wrote (``delta``), what everybody has then, and the answer where it asked something."""
    at, what = moment(told.get("at")), str(told.get("do"))
    if what not in _STEPS:
        raise TrialError(f"没有 {what} 这一步")
    answer = _STEPS[what](sale, told, at)
    step: dict[str, Any] = {"delta": sale.new_rows(), "balance": sale.balances()}
    return step if answer is None else {**step, "answer": answer}


def _receive(sale: Sale, told: Document, at: dt.datetime) -> None:
    sale.post("received", now=at)


def _again(sale: Sale, told: Document, at: dt.datetime) -> None:
    sale.repeat(now=at)


def _settle(sale: Sale, told: Document, at: dt.datetime) -> None:
    while settlement.settle_due(sale.desk.session, now=at):
        pass


def _refund(sale: Sale, told: Document, at: dt.datetime) -> None:
    lines = tuple(
        RefundLine(sale.number(line["id"]), at_least(line, "qty", 0), at_least(line, "fen", 0))
        for line in told.get("lines") or []
    )
    report = RefundReport(
        str(told["id"]), sale.report.order_no, "refunded", at, lines, at_least(told, "freight_fen", 0)
    )
    refunds.record(sale.desk.session, sale.desk.merchant_id, report, now=at)


def _case(state: str) -> Step:
    def step(sale: Sale, told: Document, at: dt.datetime) -> None:
        line = RefundLine(sale.number(told["line"]), 0, 0)
        report = RefundReport(f"case-{told['line']}", sale.report.order_no, state, at, (line,))
        refunds.record(sale.desk.session, sale.desk.merchant_id, report, now=at)

    return step


def _level(sale: Sale, told: Document, at: dt.datetime) -> None:
    give_level(sale.desk, _who(sale, told), str(told["level"]), now=at)


def _status(sale: Sale, told: Document, at: dt.datetime) -> None:
    set_status(sale.desk, _who(sale, told), told["status"], now=at)


def _terminate(sale: Sale, told: Document, at: dt.datetime) -> None:
    set_status(sale.desk, _who(sale, told), "terminated", now=at)


def _credit(sale: Sale, told: Document, at: dt.datetime) -> None:
    """Another order's commission, settled now: as money from the merchant that is no part of this order."""
    desk = sale.desk
    bonuses.credit(
        desk.session, merchant_id=desk.merchant_id, distributor_id=desk.distributor(_who(sale, told)),
        fen=whole(told, "fen"), kind="manual", reference=f"trial:{next(desk.numbers)}", why={}, by="trial", now=at,
    )  # fmt: skip


def _ask(sale: Sale, told: Document, at: dt.datetime) -> str:
    return str(ask(sale.desk, _who(sale, told), told, now=at)["answer"])


def _act(sale: Sale, told: Document, at: dt.datetime) -> str:
    return act(sale.desk, str(told["id"]), told["action"], now=at)


def _pay(sale: Sale, told: Document, at: dt.datetime) -> None:
    pay(sale.desk, _who(sale, told), whole(told, "fen"), now=at)


def _who(sale: Sale, told: Document) -> str:
    """Whom a step names: one of the case's people, since a slip of the pen would make a stranger."""
    sale.desk.known(told.get("who"), f"{told['at']} 的 {told['do']}")
    who: str = told["who"]
    return who


_STEPS: dict[str, Step] = {
    "receive": _receive,
    "paid_again": _again,
    "receive_again": _again,
    "scheduler": _settle,
    "refund": _refund,
    "aftersale_open": _case("opened"),
    "aftersale_close": _case("closed"),
    "level": _level,
    "status": _status,
    "terminate": _terminate,
    "credit": _credit,
    "withdraw_paid": _pay,
    "withdraw_request": _ask,
    "withdraw_action": _act,
}
