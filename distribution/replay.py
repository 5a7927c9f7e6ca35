"""Rules tried on real orders: what a draft would have cost, who would have won and lost; nothing is written (§15.4)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from distribution import attribution, policy, pricing
from distribution.policy import Policy
from distribution.rules import commission, goods, rates
from distribution.rules.commission import Place, Remains
from distribution.rules.goods import Deductions
from distribution.rules.regions import Agent
from models import Order, OrderLine
from models import tables as t
from models.states import CommissionState, DistributorState, OrderState, RefundState

#: Orders are read in chunks, so that a year of them needs no more memory than a day.
_CHUNK = 500
#: Lines whose rewards pass their margin, shown at most.
_SHOWN = 20
_o, _c, _l, _r, _d = t.order.c, t.commission.c, t.order_line.c, t.refund.c, t.distributor.c

Slot = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class OverMargin:
    """A line on which the draft would pay more than it earned the merchant."""

    order_no: str
    goods: str
    margin_fen: int
    rewards_fen: int


@dataclass(slots=True)
class Replay:
    """What the orders of a period paid, and would have paid under a draft; fen, by distributor."""

    orders: int = 0
    before: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    after: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    rows: dict[Slot, int] = field(default_factory=dict)
    over_margin: list[OverMargin] = field(default_factory=list)
    lines_over_margin: int = 0

    @property
    def before_fen(self) -> int:
        """What stands of the period's commissions."""
        return sum(self.before.values())

    @property
    def after_fen(self) -> int:
        """What the draft would have paid."""
        return sum(self.after.values())

    def changes(self) -> list[tuple[int, int, int]]:
        """(distributor, before, after) of everybody for whom it differs, the greatest change first."""
        people = self.before.keys() | self.after.keys()
        pairs = [(who, self.before.get(who, 0), self.after.get(who, 0)) for who in people]
        return sorted((one for one in pairs if one[1] != one[2]), key=lambda one: (-abs(one[2] - one[1]), one[0]))


def replay(
    session: Session,
    merchant_id: int,
    draft: Policy,
    *,
    since: dt.datetime,
    until: dt.datetime,
    keep_rows: bool = False,
) -> Replay:
    """Reckon the paid orders created in ``[since, until)`` under ``draft``, beside what stands of them now.

    ``keep_rows`` keeps every amount by (line, kind, distributor). People, levels, agreements and agents are those of
    each order, who is gone for good keeps what was settled; an unchanged policy gives exactly what stands.
    """
    found = Replay()
    gone = set(session.scalars(select(_d.id).where(_d.state == DistributorState.TERMINATED)))
    for chunk in _chunks(session, merchant_id, since, until):
        for order in chunk.orders:
            rows, margins = _reckon(session, order, draft, chunk)
            # Whoever is gone for good keeps only what was settled.
            rows = {slot: fen for slot, fen in rows.items() if slot[2] not in gone or slot in chunk.settled}
            _count(found, order, chunk.standing[order.id], rows)
            _margins(found, order, rows, margins)
            if keep_rows:
                found.rows |= rows
    return found


def count(session: Session, merchant_id: int, *, since: dt.datetime, until: dt.datetime) -> int:
    """How many orders a replay of ``[since, until)`` would go through."""
    return int(session.scalar(select(func.count()).select_from(_chosen(merchant_id, since, until).subquery())) or 0)


def sample(
    draft: Policy,
    lines: Sequence[goods.Line],
    off: Deductions,
    places: Sequence[Place],
    *,
    agents: Sequence[Agent] = (),
) -> list[commission.Outcome]:
    """What every place would earn on an invented order under ``draft``, and why."""
    paid = goods.paid_amounts(lines, off, kind=draft.base)
    worth = [
        (line, fen, _base(draft, line, fen, left_fen=fen, pieces=line.quantity))
        for line, fen in zip(lines, paid, strict=True)
    ]
    band = rates.band_of(draft, sum(base for _, _, base in worth))
    stands = [
        Remains(
            line.line_no,
            commission.offers(draft, line, places, agents=agents, band=band),
            line.quantity,
            line.quantity,
            fen,
            base,
            base,
        )
        for line, fen, base in worth
    ]
    return commission.outcomes(draft, stands)


@dataclass(slots=True)
class _Chunk:
    """Some orders with their lines, what stands of them, and the refunds that took money back."""

    orders: Sequence[Order]
    lines: dict[int, list[OrderLine]] = field(default_factory=lambda: defaultdict(list))
    standing: dict[int, dict[Slot, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    settled: set[Slot] = field(default_factory=set)
    #: (order number, line number) → fen the mall gave back, however little the line was worth.
    refunded: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))


def _chunks(session: Session, merchant_id: int, since: dt.datetime, until: dt.datetime) -> Iterator[_Chunk]:
    last = 0
    chosen = _chosen(merchant_id, since, until)
    while orders := session.scalars(chosen.where(_o.id > last).order_by(_o.id).limit(_CHUNK)).all():
        yield _loaded(session, merchant_id, orders)
        last = orders[-1].id
        session.expunge_all()


def _chosen(merchant_id: int, since: dt.datetime, until: dt.datetime) -> Select[Order]:
    return select(Order).where(
        _o.merchant_id == merchant_id, _o.created_at >= since, _o.created_at < until, _o.paid_at.is_not(None),
        _o.channel == "mall",
    )  # fmt: skip


def _loaded(session: Session, merchant_id: int, orders: Sequence[Order]) -> _Chunk:
    chunk, ids = _Chunk(orders), [order.id for order in orders]
    for row in session.scalars(select(OrderLine).where(_l.order_id.in_(ids)).order_by(_l.id)):
        chunk.lines[row.order_id].append(row)
    found = select(_c.order_id, _c.line_id, _c.kind, _c.distributor_id, _c.fen, _c.state).where(_c.order_id.in_(ids))
    for order_id, line_id, kind, who, fen, state in session.execute(found):
        chunk.standing[order_id][line_id, kind, who] += fen
        if state == CommissionState.AVAILABLE:
            chunk.settled.add((line_id, kind, who))
    numbers = [order.order_no for order in orders]
    given = select(_r.order_no, _r.lines).where(
        _r.merchant_id == merchant_id, _r.order_no.in_(numbers), _r.applied == RefundState.REFUNDED
    )
    for order_no, lines in session.execute(given):
        for told in lines:
            chunk.refunded[order_no, int(told["line_no"])] += int(told["fen"])
    return chunk


def _count(found: Replay, order: Order, standing: Mapping[Slot, int], rows: Mapping[Slot, int]) -> None:
    """Add one order: what stands of it, and what it would have paid."""
    found.orders += 1
    for (_, _, who), fen in standing.items():
        found.before[who] += fen
    for (_, _, who), fen in rows.items():
        found.after[who] += fen


def _reckon(
    session: Session, order: Order, draft: Policy, chunk: _Chunk
) -> tuple[dict[Slot, int], Mapping[int, tuple[OrderLine, int]]]:
    rows = chunk.lines[order.id]
    sold = [pricing.as_sold(row) for row in rows]
    off = Deductions(order.coupon_fen, order.points_fen, order.freight_fen)
    paid = goods.paid_amounts(sold, off, kind=draft.base)
    first = [_base(draft, line, fen, left_fen=fen, pieces=line.quantity) for line, fen in zip(sold, paid, strict=True)]
    band = rates.band_of(draft, sum(first))
    places, agents = _parties(session, order, draft)
    stands, margins = [], {}
    for row, line, fen, base in zip(rows, sold, paid, first, strict=True):
        left, pieces = _left(order, chunk, row, fen)
        offers = commission.offers(draft, line, places, agents=agents, band=band)
        now = _base(draft, line, fen, left_fen=left, pieces=pieces)
        stands.append(Remains(row.line_no, offers, row.quantity, pieces, left, now, base))
        if row.cost_fen is not None:
            margins[row.id] = row, left - row.cost_fen * pieces
    ids = {row.line_no: row.id for row in rows}
    shares = commission.shares(commission.outcomes(draft, stands))
    return {(ids[one.line_no], one.kind, one.distributor_id): one.fen for one in shares}, margins


def _left(order: Order, chunk: _Chunk, row: OrderLine, paid_fen: int) -> tuple[int, int]:
    """What stands of a line, in fen and pieces, if ``paid_fen`` was paid for it."""
    if order.state == OrderState.CLOSED:
        return 0, 0
    back = chunk.refunded[order.order_no, row.line_no] if row.refunded_fen else 0
    return max(0, paid_fen - back), row.quantity - row.refunded_quantity


def _parties(session: Session, order: Order, draft: Policy) -> tuple[list[Place], list[Agent]]:
    made = policy.by_id(session, order.policy_id)
    if draft.depth <= made.depth and draft.self_purchase == made.self_purchase:
        # Who stood where is frozen with the order: nothing to ask.
        return attribution.places_of(order)[: draft.depth], attribution.agents_of(order)
    attributed = (order.parties or {}).get("attributed")
    told = attribution.parties(session, order, draft, attributed if isinstance(attributed, int) else None)
    return attribution.read_places(told), attribution.agents_of(order)


def _base(draft: Policy, line: goods.Line, paid_fen: int, *, left_fen: int, pieces: int) -> int:
    return goods.commission_base(line, kind=draft.base, paid_fen=paid_fen, left_fen=left_fen, pieces=pieces)


def _margins(
    found: Replay, order: Order, rows: Mapping[Slot, int], margins: Mapping[int, tuple[OrderLine, int]]
) -> None:
    rewards: dict[int, int] = defaultdict(int)
    for (line_id, _, _), fen in rows.items():
        rewards[line_id] += fen
    for line_id, (row, margin) in margins.items():
        if rewards[line_id] > margin:
            found.lines_over_margin += 1
            if len(found.over_margin) < _SHOWN:
                found.over_margin.append(OverMargin(order.order_no, row.name, margin, rewards[line_id]))
