"""对账: a day's payouts beside the bill of WeChat Pay (R46)."""

import datetime as dt

from flask import request, url_for

from distribution import payouts, reconciliation
from distribution.rules.calendar import day_of
from distribution.rules.reconciliation import NotABill, read
from web import uploads
from web.console.forms import Form
from web.console.visit import MONEY, Done, Subject, Visit

subject = Subject(distributors=True)
_LARGEST = uploads.MOST_TABLE_BYTES + 1024 * 1024
_KINDS = {"missing": "账单里没有", "extra": "我们没有这笔", "amount": "金额不同", "twice": "账单里出现两次"}


@subject.page("/bills/", may=MONEY)
def bills(visit: Visit, **_: object) -> str:
    """对账"""
    checks = reconciliation.latest(visit.session)
    return visit.show(
        "bills.html",
        checks=checks,
        found=reconciliation.differences(visit.session, [row.id for row in checks]),
        kinds=_KINDS,
        yesterday=day_of(visit.now) - dt.timedelta(days=1),
        stop=payouts.stopped(visit.session),
    )


@subject.act("/bills/", may=MONEY, again=bills, largest=_LARGEST)
def check_bill(visit: Visit) -> Done:
    """核对账单"""
    form = Form(visit.given)
    told, text = form.text("day", most=10), _text(visit, form)
    try:
        day = dt.date.fromisoformat(told)
    except ValueError:
        form.wrong("day", "请选日期")
        day = day_of(visit.now)
    form.check()
    try:
        lines = read(text)
    except NotABill as error:
        form.wrong("bill", str(error))
        form.check()
        raise
    row = reconciliation.check_day(visit.session, day, lines, by=visit.seat.name, now=visit.now)
    said = "每一笔都对得上。" if not row.differences else f"有 {row.differences} 处对不上，打款已暂停，请逐笔核对。"
    return Done(said, url_for("console.bills"))


def _text(visit: Visit, form: Form) -> str:
    """The bill as a file, else as it was pasted."""
    try:
        text = uploads.table(request.files.get("file")) or visit.given.get("bill", "")
    except uploads.BadUpload as error:
        form.wrong("bill", str(error))
        return ""
    if not text.strip():
        form.wrong("bill", "请选择账单文件，或粘贴账单内容")
    return text
