"""What must hold of paid orders whose moment of creation was put right: their first rows tell of what was then."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from distribution import pricing
from distribution.commissions import Slot
from distribution.proof_of_books import Check
from models import Order, OrderLine
from models import tables as t
from models.states import CommissionState, DistributorState

#: The numbers of such orders: by what is kept with them, and by the rows that older programs wrote without it.
DATED_ANEW = (
    "(select d.id from \"order\" d where d.parties ->> 'dated_anew' is not null"
    " union select e.order_id from commission e where e.cause like 'created:%')"
)
#: Orders are read in chunks, so that many of them need no more memory than a few.
_CHUNK = 200
_o, _c, _l, _d = t.order.c, t.commission.c, t.order_line.c, t.distributor.c


def _differing(session: Session) -> Iterator[str]:
    """Whatever does not stand as the order's terms give it now, to the fen; people who left keep what they had."""
    found = session.scalars(text(f"select id from {DATED_ANEW} a order by id")).all()
    for start in range(0, len(found), _CHUNK):
        ids = found[start : start + _CHUNK]
        lines, standing, ended = _lines(session, ids), _standing(session, ids), _ended(session, ids)
        gone = set(session.scalars(select(_d.id).where(_d.state == DistributorState.TERMINATED)))
        for order in session.scalars(select(Order).where(_o.id.in_(ids)).order_by(_o.id)):
            wanted, stands = _wanted(session, order, lines[order.id]), standing[order.id]
            left = {slot for slot in wanted if slot[2] in gone and slot not in stands}
            for slot in sorted((wanted.keys() | stands.keys()) - ended - left):
                if (gives := wanted.get(slot, 0)) != (fen := stands.get(slot, 0)):
                    line_id, kind, who = slot
                    yield f"line_id={line_id}, kind={kind}, distributor_id={who}, gives={gives}, stands={fen}"


def _wanted(session: Session, order: Order, lines: Sequence[OrderLine]) -> Mapping[Slot, int]:
    ids = {line.line_no: line.id for line in lines}
    shares = pricing.shares(pricing.terms_of(session, order), lines)
    return {(ids[share.line_no], share.kind, share.distributor_id): share.fen for share in shares}


def _lines(session: Session, ids: Sequence[int]) -> Mapping[int, list[OrderLine]]:
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    for line in session.scalars(select(OrderLine).where(_l.order_id.in_(ids)).order_by(_l.id)):
        lines[line.order_id].append(line)
    return lines


def _standing(session: Session, ids: Sequence[int]) -> Mapping[int, dict[Slot, int]]:
    slot = (_c.order_id, _c.line_id, _c.kind, _c.distributor_id)
    standing: dict[int, dict[Slot, int]] = defaultdict(dict)
    for order_id, line_id, kind, who, fen in session.execute(
        select(*slot, func.sum(_c.fen)).where(_c.order_id.in_(ids)).group_by(*slot)
    ):
        standing[order_id][line_id, kind, who] = int(fen)
    return standing


def _ended(session: Session, ids: Sequence[int]) -> set[Slot]:
    found = select(_c.line_id, _c.kind, _c.distributor_id).where(_c.order_id.in_(ids), _c.state == CommissionState.VOID)
    return {(line_id, kind, who) for line_id, kind, who in session.execute(found)}


OF_DATING: dict[str, Check] = {"what stands of an order dated anew is what its terms give": _differing}
