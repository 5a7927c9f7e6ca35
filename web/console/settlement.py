"""结算: what falls due when, batches by hand, and rows that could not be settled (R35-R38)."""

from flask import url_for

from distribution import policy, settlement_batches, settlement_holds
from distribution import settlement as operation
from distribution.rules.calendar import parse_local
from distribution.settlement_batches import Listing
from web.console.forms import Form
from web.console.visit import MONEY, Done, Subject, Visit

subject = Subject()
_MODES = {
    "daily": "到期就结算",
    "weekly": "每周结算",
    "monthly": "每月结算",
    "quarterly": "每季结算",
    "threshold": "到期满额结算",
    "manual": "人工确认后结算",
}


@subject.page("/settlement/", may=MONEY)
def settlement(visit: Visit, **_: object) -> str:
    """结算"""
    session, merchant = visit.session, visit.seat.merchant_id
    cycle = policy.in_force(session, merchant, visit.now).cycle
    until = visit.now.replace(second=0, microsecond=0)
    return visit.show(
        "settlement.html",
        cycle=cycle,
        mode=_MODES[cycle.mode],
        coming=operation.next_due(session, now=visit.now, merchant_id=merchant),
        due=settlement_batches.due(session, merchant, until=until),
        batches=settlement_batches.latest(session, merchant),
        held=settlement_holds.of_merchant(session, merchant),
    )


@subject.act("/settlement/confirm", may=MONEY, again=settlement)
def confirm_settlement(visit: Visit) -> Done:
    """确认结算"""
    form = Form(visit.given)
    until = form.text("until", most=40)
    rows, people, fen = (form.whole(name, most=10**11 - 1) for name in ("rows", "people", "fen"))
    form.check()
    try:
        listing = Listing(parse_local(until), rows, people, fen)
    except (ValueError, OverflowError):
        form.wrong("until", "请刷新后再确认")
        form.check()
        raise
    settlement_batches.confirm(visit.session, visit.seat.merchant_id, listing, by=visit.seat.name, now=visit.now)
    return Done(f"已确认结算 {people} 人、{rows} 笔，马上转为可提现。", url_for("console.settlement"))


@subject.act("/settlement/held/<int:distributor_id>/again", may=MONEY, again=settlement)
def settle_again(visit: Visit, distributor_id: int) -> Done:
    """再结算一次"""
    rows = settlement_holds.try_again(
        visit.session, visit.seat.merchant_id, distributor_id, by=visit.seat.name, now=visit.now
    )
    return Done(f"{rows} 笔会在下一次结算时再试。", url_for("console.settlement"))
