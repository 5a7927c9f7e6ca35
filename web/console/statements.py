"""对账单: one person's month, every row, to look at, to print, or as a table."""

import datetime as dt

from distribution import members
from distribution import statements as operation
from distribution.rules.calendar import day_of, shown_full
from distribution.statements import WORDS, Statement
from web.console.exports import noted
from web.console.sheets import Sheet, money
from web.console.visit import MONEY, Subject, Visit

subject = Subject(distributors=True)


@subject.page("/distributors/<int:distributor_id>/statement", may=MONEY)
def statement(visit: Visit, distributor_id: int) -> str:
    """对账单"""
    told = _told(visit, distributor_id, visit.query.get("month", ""))
    return visit.show(
        "statement.html",
        person=members.get_distributor(visit.session, distributor_id),
        told=told,
        list=operation.part(told, visit.page),
        words=WORDS,
        owing=operation.owing(visit.session, distributor_id) if told.left["owed"] else {},
        before=told.month - dt.timedelta(days=1),
        after=told.month + dt.timedelta(days=32),
    )


@subject.act("/distributors/<int:distributor_id>/statement/export", may=MONEY, again=statement)
def export_statement(visit: Visit, distributor_id: int) -> Sheet:
    """导出对账单"""
    person = members.get_distributor(visit.session, distributor_id)
    told = _told(visit, distributor_id, visit.given.get("month", ""))
    noted(visit, f"statement:{person.code}:{told.month:%Y-%m}", len(told.rows))
    rows = [(shown_full(row.at), WORDS[row.kind], row.number, money(row.fen)) for row in told.rows]
    ends = [("", "月初合计", "", money(told.opening_fen)), ("", "月末合计", "", money(told.closing_fen))]
    return Sheet(f"statement-{person.code}-{told.month:%Y-%m}", ("时间", "事项", "单号", "金额"), [*rows, *ends])


def _told(visit: Visit, distributor_id: int, month: str) -> Statement:
    try:
        day = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        day = day_of(visit.now)
    return operation.month(visit.session, distributor_id, day)
