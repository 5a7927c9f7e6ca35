"""What must hold of orders, refunds and commission rows, beside what the books say of them."""

from distribution.proof_of_dating import DATED_ANEW

#: What a commission row's event is called in the books, with or without the last part of its reference.
_EVENT = """
    case when c.cause = 'order' then 'order:' || c.merchant_id || ':' || o.order_no
         when c.cause = 'terminated' then 'distributor:' || c.distributor_id || ':voided'
         when c.cause like 'refund:%' then 'refund:' || c.merchant_id || ':' || substr(c.cause, 8)
         else 'order:' || c.merchant_id || ':' || o.order_no || ':' || c.cause end
"""
_REFERENCE = "replace(replace(j.reference, ':clawback', ''), ':commission', '')"
#: Fen of each event, from its rows (plus) and from its postings out of and into the merchants' costs (minus).
_EVENTS = f"""
    select {_EVENT} as event, c.fen from commission c join "order" o on o.id = c.order_id
    union all select {_REFERENCE}, -p.fen from posting p join account a on a.id = p.source_id
      join journal j on j.id = p.journal_id where a.name like 'merchant:%:commission'
    union all select {_REFERENCE}, p.fen from posting p join account a on a.id = p.destination_id
      join journal j on j.id = p.journal_id where a.name like 'merchant:%:commission'
"""
_HALF = "(case when c.why ->> 'rounding' = 'half_up' then 5000 else 0 end)"


def _told(name: str, otherwise: str = "") -> str:
    """A number out of a row's reason."""
    value = f"cast(c.why ->> '{name}' as bigint)"
    return f"coalesce({value}, {otherwise})" if otherwise else value


def _part(fen: str) -> str:
    """One agent's equal part of ``fen`` of a shared region; the earliest appointed takes the odd fen (R61)."""
    place, of = "cast(c.why -> 'part' ->> 0 as bigint)", "cast(c.why -> 'part' ->> 1 as bigint)"
    first = f"({fen}) - ({fen}) / {of} * ({of} - 1)"
    return f"case when {of} is null then {fen} when {place} = 0 then {first} else ({fen}) / {of} end"


def _gives(base: str, left: str, pieces: str) -> str:
    """What the reason of row ``c`` gives of a base, and of what is left of its line in fen and pieces, before caps."""
    rate = f"({base} * {_told('rate_bp', '0')} + {_HALF}) / 10000"
    fixed = f"{_told('fixed_fen')} * {_told('quantity')} * ({base}) / {_told('of_base_fen')}"
    margin = f"{left} - {_told('own_fen')} * ({pieces})"
    return (
        f"case when c.why ->> 'fixed_fen' is not null then {fixed}"
        f" when c.why ->> 'each_fen' is not null"
        f" then case when {left} > 0 or l.paid_fen = 0 then {_told('each_fen')} * ({pieces}) else 0 end"
        f" when c.why ->> 'own_fen' is not null then (case when {margin} > 0 then {margin} else 0 end)"
        f" else {_part(rate)} end"
    )


#: What a commission is taken of, from what is left of a line (R21, R31).
_PIECES, _LEFT = "(l.quantity - l.refunded_quantity)", "(l.paid_fen - l.refunded_fen)"
_PROFIT = "({left} - coalesce(l.cost_fen, 0) * {pieces})"
_BASE_OF = (
    "case case o.channel when 'dealer' then 'paid_goods' else coalesce(p.document ->> 'base', 'paid_goods') end"
    " when 'list_price' then case when l.paid_fen = 0 then 0 else l.unit_fen * l.quantity * {left} / l.paid_fen end"
    f" when 'profit' then case when {_PROFIT} > 0 then {_PROFIT} else 0 end"
    " else {left} end"
)
_BASE_THEN = _BASE_OF.replace("{left}", "l.paid_fen").replace("{pieces}", "l.quantity")
_BASE_NOW = _BASE_OF.replace("{left}", _LEFT).replace("{pieces}", _PIECES)
_LINES = 'order_line l join "order" o on o.id = l.order_id left join policy p on p.id = o.policy_id'
#: What the reason of a first row that no cap cut gives of what is left of the line, beside what stands.
_STANDING = f"""
    select c.order_id, c.line_id, c.kind, c.distributor_id, {_gives(f"({_BASE_NOW})", _LEFT, _PIECES)} as gives,
      (select sum(e.fen) from commission e where e.line_id = c.line_id and e.kind = c.kind
        and e.distributor_id = c.distributor_id) as stands
    from {_LINES} join commission c on c.line_id = l.id
    where c.cause = 'order' and c.state <> 'void' and c.why ->> 'capped_from_fen' is null and o.channel = 'mall'
"""
#: The offers of every line, one a row.
_OFFERS = """
    select l.id as line_id, item.value ->> 'kind' as kind, cast(item.value ->> 'who' as bigint) as who,
      item.value ->> 'source' as source, item.value ->> 'bp' as bp, item.value ->> 'fixed_fen' as fixed_fen
    from order_line l, @each(l.offers) where item.value ->> 'who' is not null
"""
_TOLD = """
    select o.id as order_id, cast(item.value ->> 'line_no' as bigint) as line_no,
      sum(case when r.applied = 'refunded' then cast(item.value ->> 'fen' as bigint) else 0 end) as fen,
      sum(case when r.applied = 'refunded' then cast(item.value ->> 'quantity' as bigint) else 0 end) as pieces,
      count(case when r.applied = 'opened' then 1 end) as cases
    from refund r join "order" o on o.merchant_id = r.merchant_id and o.order_no = r.order_no, @each(r.lines)
    where o.closed_at is null group by o.id, cast(item.value ->> 'line_no' as bigint)
"""
_SETTLEMENTS = """
    select distinct a.name as purse, j.at from journal j join posting p on p.journal_id = j.id
    join account a on a.id = p.destination_id where j.reference like 'commission:%:settled'
"""

OF_ORDERS: dict[str, str] = {
    "nothing is settled before it is due": (
        "select id, due_at, settled_at from commission where state = 'available'"
        " and (settled_at is null or due_at is null or settled_at < due_at)"
    ),
    "only what is settled says when": (
        "select id, state, settled_at from commission where state <> 'available' and settled_at is not null"
    ),
    "everything falls due a freeze after receipt": (
        'select c.id, c.due_at, o.received_at from commission c join "order" o on o.id = c.order_id'
        " left join policy p on p.id = o.policy_id where c.state <> 'void' and ("
        "(c.due_at is null) <> (o.received_at is null)"
        " or abs(@days(c.due_at, o.received_at) - coalesce(cast(p.document ->> 'freeze_days' as integer), 7)) > 1e-7)"
    ),
    "nobody earns twice by one event": (
        "select line_id, kind, distributor_id, cause, count(*) as n from commission"
        " group by line_id, kind, distributor_id, cause having count(*) > 1"
    ),
    "nobody earns deeper than the rules of the order reach": (
        "select c.order_id, c.line_id, c.kind, sum(c.fen) as fen"
        ' from commission c join "order" o on o.id = c.order_id left join policy p on p.id = o.policy_id'
        " where case c.kind when 'l2' then 2 when 'l3' then 3 else 0 end"
        " > coalesce(cast(p.document ->> 'depth' as integer), 2)"
        " group by c.order_id, c.line_id, c.kind having sum(c.fen) > 0"
    ),
    "commission is paid on paid orders only": (
        'select c.id, o.order_no from commission c join "order" o on o.id = c.order_id'
        " where o.paid_at is null or o.paid_at <> c.paid_at"
    ),
    "every commission belongs to its line, order and merchant": (
        'select c.id from commission c left join order_line l on l.id = c.line_id left join "order" o'
        " on o.id = c.order_id where l.order_id is null or l.order_id <> c.order_id"
        " or o.merchant_id is null or o.merchant_id <> c.merchant_id"
    ),
    "whoever earns was offered it with the order": (
        f"select c.line_id, c.kind, c.distributor_id, sum(c.fen) as fen from commission c"
        f" left join ({_OFFERS}) f on f.line_id = c.line_id and f.kind = c.kind and f.who = c.distributor_id"
        " where f.who is null group by c.line_id, c.kind, c.distributor_id having sum(c.fen) <> 0"
    ),
    "every first row names the rate it was offered": (
        f"select c.id from commission c join ({_OFFERS}) f on f.line_id = c.line_id and f.kind = c.kind"
        " and f.who = c.distributor_id where c.cause = 'order' and (coalesce(f.bp, '') <> coalesce(c.why ->> 'rate_bp',"
        " '') or coalesce(f.fixed_fen, '') <> coalesce(c.why ->> 'fixed_fen', '') or f.source <> c.why ->> 'source')"
        f" and c.order_id not in {DATED_ANEW}"
    ),
    "every place of an order is who its parties say": (
        "select o.order_no, item.value ->> 'kind' as kind from \"order\" o, @each_of(o.parties, places)"
        " where coalesce(cast(item.value ->> 'who' as bigint), 0) <> coalesce(case item.value ->> 'kind'"
        " when 'l1' then o.l1_id when 'l2' then o.l2_id else o.l3_id end, 0)"
    ),
    "the rows of every event equal its postings": (
        f"select event, sum(fen) as fen from ({_EVENTS}) s group by event having sum(fen) <> 0"
    ),
    "every first row is what its reason gives": (
        f"select c.id, c.fen from {_LINES} join commission c on c.line_id = l.id where c.cause = 'order' and ("
        f"{_gives(_told('base_fen', 'l.base_fen'), 'l.paid_fen', 'l.quantity')} <> {_told('capped_from_fen', 'c.fen')}"
        f" or c.fen > {_told('capped_from_fen', 'c.fen')}"
        f" or ({_told('base_fen')} <> l.base_fen and c.order_id not in {DATED_ANEW}))"
    ),
    # A cap may cut one that it did not cut before, by the fen that rounding moves.
    "what stands is what the rates give of what is left": (
        f"select * from ({_STANDING}) s where (stands > gives or stands < gives - 6) and order_id not in {DATED_ANEW}"
    ),
    "every settlement carries the moment of its rows": (
        "select c.id, c.state, c.settled_at, j.at from commission c"
        " join journal j on j.reference = 'commission:' || c.id || ':settled'"
        " where c.state <> 'available' or c.settled_at <> j.at"
    ),
    "every line's base is what its policy takes of what was paid": (
        f"select l.id, l.base_fen, l.paid_fen from {_LINES} where l.base_fen <> {_BASE_THEN} or l.paid_fen < 0"
        " or l.paid_fen > l.unit_fen * l.quantity - l.discount_fen"
        " + case when p.document ->> 'base' = 'paid_with_freight' then o.freight_fen else 0 end"
    ),
    "the lines of an order add up to its goods": (
        f"select o.order_no from {_LINES}"
        " group by o.id, o.order_no, o.coupon_fen, o.points_fen having min(l.paid_fen) > 0"
        " and sum(l.paid_fen) <> sum(l.unit_fen * l.quantity - l.discount_fen) - o.coupon_fen - o.points_fen"
        " + max(case when p.document ->> 'base' = 'paid_with_freight' then o.freight_fen else 0 end)"
    ),
    "what came back is what the refunds say": (
        f'select l.id, l.refunded_fen from order_line l join "order" o on o.id = l.order_id left join ({_TOLD}) s'
        " on s.order_id = l.order_id and s.line_no = l.line_no"
        " where (o.closed_at is null or o.paid_at is null) and ("
        "l.refunded_fen <> case when coalesce(s.fen, 0) > l.paid_fen then l.paid_fen else coalesce(s.fen, 0) end"
        " or l.refunded_quantity <> case when coalesce(s.pieces, 0) > l.quantity then l.quantity"
        " else coalesce(s.pieces, 0) end or l.open_cases <> coalesce(s.cases, 0))"
    ),
    "of a closed order everything came back": (
        'select l.id, l.refunded_fen from order_line l join "order" o on o.id = l.order_id'
        " where o.closed_at is not null and o.paid_at is not null"
        " and (l.refunded_fen <> l.paid_fen or l.refunded_quantity <> l.quantity or l.open_cases <> 0)"
    ),
    "every row that was settled is in a settlement": (
        "select c.distributor_id, c.settled_at, sum(c.fen) as fen from commission c"
        f" left join ({_SETTLEMENTS}) s on s.purse = 'distributor:' || c.distributor_id || ':available'"
        " and s.at = c.settled_at where c.state = 'available' and s.at is null"
        " group by c.distributor_id, c.settled_at"
        " having sum(c.fen) <> 0"
        " and max(case when c.cause = 'order' or c.created_at < c.settled_at then 1 else 0 end) = 1"
    ),
    "every refund of a paid order was applied": (
        'select r.refund_no, r.state, r.applied from refund r join "order" o on o.merchant_id = r.merchant_id'
        " and o.order_no = r.order_no where o.paid_at is not null and coalesce(r.applied, '') <> r.state"
    ),
    "every order carries the state it reached": (
        "select order_no, state from \"order\" where (closed_at is null) <> (state <> 'closed')"
        " or (state <> 'closed' and ((paid_at is null) <> (state = 'unpaid')"
        " or (shipped_at is null) <> (state in ('unpaid','paid')) or (received_at is null) <> (state <> 'received')))"
    ),
}
