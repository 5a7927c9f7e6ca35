"""One import from the file to the count."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from app.failure import Failure
from app.imports import rejects, tables, words
from app.imports.desk import Count, Desk, Kind, Shop, nothing
from app.imports.orders import Orders
from app.imports.people import People
from app.imports.products import Products
from app.imports.rejects import Rejects
from app.imports.spool import Keys, Row, Spool, Wrong
from web.cells import as_written

KINDS: dict[str, Callable[[], Kind]] = {"products": Products, "orders": Orders, "distributors": People}
_AT_ONCE = 1000


class Bar:
    """Hears how far an import is; this one does not care."""

    def reading(self, done: int, total: int | None) -> None:
        """So much of the file is read."""

    def landing(self, total: int) -> None:
        """The file is read; so many rows come."""

    def step(self, rows: int) -> None:
        """So many more rows are done."""


def take(
    shop: Shop, kind: Kind, path: Path, *, dry: bool, say: Callable[[str], None] = nothing, bar: Bar | None = None
) -> Count:
    """Import a file; every row that does not land is told to ``say`` and kept beside the file.

    Raises Failure where the file as a whole cannot be read.
    """
    heard = bar or Bar()
    with Spool() as spool:
        told = tables.lines(path, heard.reading)
        first = next(told, (1, []))[1]
        header = _header(path, kind, first)
        kept = Rejects(path, header, dry=dry)
        places = {name: place for place, name in enumerate(header) if name in kind.columns}
        desk = Desk(shop, path.name, places, kept, say, heard.step, dry=dry)
        while some := list(islice(_rows(told, header, first), _AT_ONCE)):
            spool.put(_kept(desk, kind, row) for row in some)
        heard.landing(spool.count())
        done = False
        try:
            kind.land(desk, spool)
            done = True
        finally:
            kept.close(done=done)
    return desk.count


def _header(path: Path, kind: Kind, cells: list[str]) -> list[str]:
    """The names of the columns, without those a file of rejected rows has; Failure names what is missing or unknown."""
    names = [cell.strip().lower() for cell in cells]
    while names and names[-1] in ("", *rejects.COLUMNS):
        names.pop()
    missing, unknown = sorted(kind.required - set(names)), [name for name in names if name not in kind.columns]
    complaints = [f"少了 {'、'.join(missing)}"] if missing else []
    complaints += [f"不认识 {'、'.join(name or '（空）' for name in unknown)}"] if unknown else []
    complaints += ["有重复的列"] if len(set(names)) < len(names) else []
    if complaints:
        raise Failure(f"{path} 第一行的列名不对：{'；'.join(complaints)}。{kind.noun}的列是 {','.join(kind.columns)}")
    return names


def _rows(told: Iterator[tables.Line], header: list[str], first: list[str]) -> Iterator[Row]:
    ours = sum(cell.strip().lower() in rejects.COLUMNS for cell in first)
    for line, cells in told:
        own = [as_written(cell) for cell in cells]
        del own[len(header) : len(header) + ours]
        more = sum(bool(cell.strip()) for cell in own[len(header) :])
        yield Row(line, own, Wrong("", f"比表头多出 {more} 格") if more else None)


def _kept(desk: Desk, kind: Kind, row: Row) -> tuple[Row, Keys]:
    lost = next((name for name, cell in zip(desk.header, row.cells, strict=False) if words.number_lost(cell)), None)
    if row.wrong is None and lost is not None:
        reason = f"{words.shown(desk.cell(row, lost))}是表格软件缩短过的数字：把这一列设成文本再导出"
        row = Row(row.line, row.cells, Wrong(lost, reason))
    if row.wrong is None:
        row = Row(row.line, row.cells, kind.check(desk, row))
    return row, kind.keys(desk, row)
