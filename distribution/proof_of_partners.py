"""What must hold of regional agents, personal agreements, dealers, their orders and what they put down."""


def _begins_inside(one: str, other: str) -> str:
    """Whether term ``one`` begins before ``other`` has stopped, and ``other`` has any moment at all."""
    ends = (f"{other}.ended_at", f"{other}.valid_until")
    return " and ".join(
        f"({begin}.valid_from is null or {end} is null or {begin}.valid_from < {end})"
        for begin in (one, other)
        for end in ends
    )


def _overlap(one: str, other: str) -> str:
    """Whether two half-open terms share a moment."""
    return f"{_begins_inside(one, other)} and {_begins_inside(other, one)}"


#: Every dealer's price of every line, as it was kept with the order.
_PRICES = """
    select d.order_id, cast(item.value ->> 'line_no' as bigint) as line_no, item.value as line
    from dealer_order d, @each(d.prices)
"""
_OWN = "cast(s.line -> 'chain' -> 0 ->> 'unit_fen' as bigint)"
_RETURNED = "(select coalesce(sum(l.refunded_fen), 0) from order_line l where l.order_id = x.order_id)"
_PREPAID = """
    select d.id,
      coalesce((select a.balance_fen from account a where a.name = 'dealer:' || d.id || ':prepaid'), 0) as fen,
      coalesce((select sum(p.fen) from dealer_deposit p where p.dealer_id = d.id), 0) as paid_in,
      coalesce((select sum(l.paid_fen) from dealer_order x join order_line l on l.order_id = x.order_id
        where x.dealer_id = d.id and x.pays_by = 'prepaid'), 0) as spent,
      coalesce((select sum(x.returned_fen) from dealer_order x where x.dealer_id = d.id), 0) as returned
    from dealer d
"""

OF_PARTNERS: dict[str, str] = {
    "no two exclusive agents of a region are in office at once": (
        "select a.id, b.id as other, a.code from region_agent a join region_agent b on b.merchant_id = a.merchant_id"
        " and b.code = a.code and b.id > a.id where (b.tenure = 'exclusive' or a.distributor_id = b.distributor_id)"
        f" and {_overlap('a', 'b')}"
    ),
    "nobody has two personal agreements at once": (
        "select a.id, b.id as other, a.distributor_id from agreement a join agreement b"
        " on b.merchant_id = a.merchant_id and b.distributor_id = a.distributor_id and b.id > a.id"
        f" where {_overlap('a', 'b')}"
    ),
    "no dealer stands above himself": (
        "with recursive above(id, top) as (select id, parent_id from dealer where parent_id is not null"
        " union select u.id, d.parent_id from above u join dealer d on d.id = u.top where d.parent_id is not null)"
        " select id from above where id = top"
    ),
    "a dealer and his parent order from one merchant": (
        "select d.id from dealer d join dealer p on p.id = d.parent_id where p.merchant_id <> d.merchant_id"
    ),
    "every dealer order says what its chain paid": (
        "select o.order_no from \"order\" o where o.channel = 'dealer'"
        " and not exists (select 1 from dealer_order d where d.order_id = o.id) union all"
        ' select o.order_no from dealer_order d join "order" o on o.id = d.order_id'
        " where o.channel <> 'dealer' or o.merchant_id <> d.merchant_id"
    ),
    "a purchase costs the dealer's own price": (
        "select l.id, l.unit_fen from order_line l join dealer_order d on d.order_id = l.order_id"
        f" left join ({_PRICES}) s on s.order_id = l.order_id and s.line_no = l.line_no where {_OWN} is null"
        f" or (d.kind = 'purchase' and (l.unit_fen <> {_OWN} or l.paid_fen <> l.unit_fen * l.quantity))"
    ),
    "dealer orders pay nobody but dealers and agents": (
        "select c.id, c.kind from commission c join \"order\" o on o.id = c.order_id where (o.channel = 'dealer'"
        " and c.kind not like 'dealer%' and c.kind not like 'region%')"
        " or (o.channel <> 'dealer' and c.kind like 'dealer%')"
    ),
    "a dealer's deposit is what he put down, less what he bought": (
        f"select * from ({_PREPAID}) s where fen <> paid_in - spent + returned"
    ),
    "what came back of a prepaid order went to its dealer's deposit": (
        "select x.order_id, x.returned_fen from dealer_order x"
        f" where x.returned_fen <> case when x.pays_by = 'prepaid' then {_RETURNED} else 0 end"
    ),
    "every deposit was booked once": (
        "select p.id, p.reference from dealer_deposit p left join journal j on j.reference = p.reference"
        " left join posting q on q.journal_id = j.id group by p.id, p.reference, p.fen"
        " having coalesce(sum(q.fen), 0) <> p.fen"
    ),
}
