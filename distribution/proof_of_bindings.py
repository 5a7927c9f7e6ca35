"""What must hold of bindings, their evidence, and how people stood."""

_END = "coalesce({0}.ended_at, {0}.valid_until)"
_LAST = """
    (select e.value from distributor_event e where e.distributor_id = d.id and e.kind = '{kind}'
      order by e.id desc limit 1)
"""
_HELD = f"(one.ended_at is null or one.ended_at > one.bound_at) and ({_END.format('other')} is null or "
_OVERLAP = f"""
    select one.id, other.id as other_id from binding one join binding other
      on other.member_id = one.member_id and other.id <> one.id and other.bound_at <= one.bound_at
    where {_HELD} {_END.format("other")} > one.bound_at)
      and (other.ended_at is null or other.ended_at > other.bound_at)
"""

OF_BINDINGS: dict[str, str] = {
    "a customer has at most one open binding": (
        "select member_id, count(*) as n from binding where ended_at is null group by member_id having count(*) > 1"
    ),
    "the bindings of a customer do not overlap": _OVERLAP,
    "no binding ends before it begins or after its term": (
        "select id, bound_at, ended_at, valid_until from binding where ended_at < bound_at or ended_at > valid_until"
    ),
    "every open binding has the event that made it": (
        "select b.id from binding b where b.ended_at is null and not exists (select 1 from binding_event e"
        " where e.member_id = b.member_id and e.distributor_id = b.distributor_id and e.at = b.bound_at"
        " and e.kind in ('bind', 'rebound', 'transferred'))"
    ),
    "nobody is his own customer": (
        "select b.id from binding b join distributor d on d.id = b.distributor_id"
        " where d.member_id = b.member_id and b.ended_at is null"
    ),
    "everybody stands as the last event says": (
        f"select d.id, d.state from distributor d where coalesce({_LAST.format(kind='state')}, '') <> d.state"
        f" or coalesce({_LAST.format(kind='level')}, '') <> coalesce(cast(d.level_id as varchar), '')"
    ),
}
