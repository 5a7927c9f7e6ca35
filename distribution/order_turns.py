"""Which of many reports may be taken over together, before the others, without anybody noticing."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from distribution import new_order_facts
from distribution.shapes import OrderReport
from models.direct import Direct, as_rows

_BUYERS = Direct(
    'select o.order_no, o.buyer_openid from @each(:rows) cross join "order" o'
    " where o.merchant_id = :merchant and o.order_no = r.value ->> 0 order by o.id @lock(o)"
)


def ahead(session: Session, merchant_id: int, reports: Sequence[OrderReport]) -> list[int]:
    """The places of first reports of orders that nobody has heard of, each of an order of its own.

    What is told again of an order may bind its buyer: what he buys after that keeps its place. Known orders are locked
    until the transaction ends.
    """
    numbers = {report.order_no for report in reports}
    seen = new_order_facts.known(session, merchant_id, sorted(numbers))
    if not seen and len(numbers) == len(reports):
        return [*range(len(reports))]
    buyers = _buyers(session, merchant_id, seen) if seen else {}
    busy: set[str] = set()
    found = []
    for place, report in enumerate(reports):
        ours = buyers.setdefault(report.order_no, set())
        if report.buyer_openid:
            ours.add(report.buyer_openid)
        if report.order_no in seen or ours & busy:
            busy |= ours
        else:
            found.append(place)
        seen.add(report.order_no)
    return found


def _buyers(session: Session, merchant_id: int, numbers: Iterable[str]) -> dict[str, set[str]]:
    # Locked in one order, so that nobody waits in a ring for orders of ours.
    rows = as_rows((number,) for number in sorted(numbers))
    return {number: {openid} - {None} for number, openid in _BUYERS.rows(session, merchant=merchant_id, rows=rows)}
