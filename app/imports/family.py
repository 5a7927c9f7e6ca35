"""Who invited whom within a file: doubles, rings, and one generation after the other."""

from collections.abc import Collection, Iterator

from app.imports.spool import Row, Spool, Wrong, as_text, row
from distribution.imported_people import Newcomer

_DOUBLES = """
    select r.line, f.first from row r
    join (select {0}, min(line) as first from row where wrong is null and {0} is not null group by {0}
          having count(*) > 1) f on f.{0} = r.{0}
    where r.line > f.first and r.wrong is null
"""
#: The first generation is whoever has no inviter in this file, or one that stays behind.
_GENERATIONS = """
    with recursive fit(name) as (select name from row where wrong is null),
    below(line, name, depth) as (
      select line, name, 0 from row where wrong is null and (also = '' or also not in (select name from fit))
      union all
      select r.line, r.name, b.depth + 1 from below b join row r on r.also = b.name where r.wrong is null
    )
    update row set depth = below.depth from below where below.line = row.line
"""


def unfit(spool: Spool) -> Iterator[Row]:
    """The rows that cannot be taken over whatever the database says, the doubles and the rings among them."""
    for index in ("name", "also", "openid", "phone"):
        spool.rows.execute(f"create index by_{index} on row ({index})")
    for column, name in (("code", "name"), ("openid", "openid"), ("phone", "phone")):
        doubles = spool.rows.execute(_DOUBLES.format(name)).fetchall()
        for line, first in doubles:
            _mark(spool, line, Wrong(column, f"与第 {first} 行的相同"))
    spool.rows.execute(_GENERATIONS)
    for line, wrong in list(_rings(spool)):
        _mark(spool, line, wrong)
    for found in spool.rows.execute("select line, cells, wrong from row where wrong is not null order by line"):
        yield row(*found)


def generations(spool: Spool) -> Iterator[tuple[int, Row]]:
    """The other rows with their depth, those above first."""
    # A cursor of its own would see marks that are made meanwhile: what is left is asked for once.
    spool.rows.execute("create table left as select depth, line, cells from row where wrong is null")
    for depth, line, cells in spool.rows.execute("select depth, line, cells from left order by depth, line"):
        yield depth, row(line, cells, None)


def left_behind(spool: Spool, codes: Collection[str]) -> dict[str, int]:
    """Those of the codes whose row does not land, with its line."""
    found = (
        f"select name, max(line) from row where name in ({_marks(codes)}) group by name having count(wrong) = count(*)"
    )
    return {name: line for name, line in spool.rows.execute(found, list(codes))}


def leave_behind(spool: Spool, refused: Row, wrong: Wrong) -> None:
    """Write down that a row does not land."""
    _mark(spool, refused.line, wrong)


def known(spool: Spool, people: Collection[Newcomer]) -> set[str]:
    """The inviters of people that have a row which lands."""
    codes = {each.inviter_code for each in people if each.inviter_code}
    found = f"select name from row where wrong is null and name in ({_marks(codes)})"
    return {name for (name,) in spool.rows.execute(found, list(codes))}


def _rings(spool: Spool) -> Iterator[tuple[int, Wrong]]:
    """Whoever no generation reached: in a ring of inviters, or below one."""
    lost = "select name, also, line from row where wrong is null and depth is null"
    above = {name: (inviter, line) for name, inviter, line in spool.rows.execute(lost)}
    seen: set[str] = set()
    for name in above:
        way: list[str] = []
        while name not in seen:
            seen.add(name)
            way.append(name)
            name = above[name][0]
        ring = way[way.index(name) :] if name in way else []
        for each in way[: len(way) - len(ring)]:
            yield above[each][1], Wrong("inviter_code", f"邀请人 {above[each][0]} 在一个环里，没有导入")
        for each in ring:
            yield above[each][1], Wrong("inviter_code", _ring(ring) if len(ring) > 1 else "不能邀请自己")


def _ring(names: list[str]) -> str:
    shown = [*names[:5], *(["…"] if len(names) > 5 else []), names[0]]
    return f"邀请关系成了环：{' → '.join(shown)}"


def _mark(spool: Spool, line: int, wrong: Wrong) -> None:
    spool.rows.execute("update row set wrong = ? where line = ?", (as_text(wrong), line))


def _marks(codes: Collection[str]) -> str:
    return ", ".join("?" * len(codes))
