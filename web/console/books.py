"""账本, 操作日志 and 隔离: what can be looked up but not changed."""

import datetime as dt

from distribution import inbox, ledger_days, listings, proof
from distribution.rules.calendar import day_of
from web.console.visit import MONEY, OWNER, PEOPLE, Subject, Visit

subject = Subject(distributors=True)
own_subject = Subject()
_DAYS = 31


@subject.page("/books/", may=MONEY)
def books(visit: Visit) -> str:
    """账本"""
    today = day_of(visit.now)
    days = [today - dt.timedelta(days=back) for back in range(_DAYS)]
    findings, at = proof.latest(visit.session)
    return visit.show("books.html", findings=findings, proved_at=at, days=ledger_days.by_day(visit.session, days))


@subject.page("/quarantine/", may=PEOPLE)
def quarantine(visit: Visit) -> str:
    """隔离的消息"""
    return visit.show("quarantine.html", rows=inbox.quarantined(visit.session))


@own_subject.page("/journal/", may=OWNER)
def journal(visit: Visit) -> str:
    """操作日志"""
    words = visit.query.get("q", "").strip()[:50]
    scope = None if visit.seat.runs_distributors else visit.seat.merchant_id
    return visit.show(
        "journal.html", list=listings.audit(visit.session, scope, words=words, page=visit.page), words=words
    )
