"""A day's paid withdrawals beside the channel's own bill: what differs, line by line (R46)."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

Kind = Literal["missing", "extra", "amount", "twice"]
#: What the columns of WeChat Pay's fund bill are called; the first one that is there counts.
_NUMBERS, _AMOUNTS, _DIRECTIONS = (
    ("业务凭证号", "商户单号", "商户转账单号"),
    ("收支金额(元)", "转账金额(元)"),
    ("收支类型",),
)


class NotABill(Exception):
    """The text is no bill; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A transfer that the bill tells of."""

    no: str
    fen: int


@dataclass(frozen=True, slots=True)
class Difference:
    """``missing`` in the bill, ``extra`` in it, of another ``amount``, or there ``twice``."""

    no: str
    kind: Kind
    ours_fen: int | None
    bill_fen: int | None


def compare(ours: Mapping[str, int], bill: Sequence[Line], *, may_be_elsewhere: Iterable[str] = ()) -> list[Difference]:
    """Every difference; what ``may_be_elsewhere`` was paid so near midnight that another day's bill may have it."""
    found: list[Difference] = []
    seen: set[str] = set()
    for line in bill:
        mine = ours.get(line.no)
        if line.no in seen:
            found.append(Difference(line.no, "twice", mine, line.fen))
        elif mine is None:
            found.append(Difference(line.no, "extra", None, line.fen))
        elif mine != line.fen:
            found.append(Difference(line.no, "amount", mine, line.fen))
        seen.add(line.no)
    missing = ours.keys() - seen - set(may_be_elsewhere)
    return found + [Difference(no, "missing", ours[no], None) for no in sorted(missing)]


def read(text: str) -> list[Line]:
    """The outgoing transfers of a fund bill as CSV; NotABill when it is none. Values may begin with a back-quote."""
    plain = text.lstrip("\ufeff").replace("`", "")
    rows = [[cell.strip() for cell in row] for row in csv.reader(plain.splitlines()) if row]
    if not rows:
        raise NotABill("账单是空的")
    header = rows[0]
    number, amount = _place(header, _NUMBERS), _place(header, _AMOUNTS)
    if number is None or amount is None:
        raise NotABill(f"第一行要有“{_NUMBERS[0]}”和“{_AMOUNTS[0]}”两列")
    direction = _place(header, _DIRECTIONS)
    # The sums at the end of a bill are shorter rows under a heading of their own.
    told = [row for row in rows[1:] if len(row) == len(header) and row[number].startswith("W")]
    return [Line(row[number], _fen(row[amount])) for row in told if direction is None or row[direction] == "支出"]


def _place(header: Sequence[str], names: Iterable[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _fen(told: str) -> int:
    try:
        fen = Decimal(told.replace(",", "")) * 100
    except InvalidOperation as error:
        raise NotABill(f"金额“{told}”不是数字") from error
    if fen != int(fen):
        raise NotABill(f"金额“{told}”不是整分")
    return int(fen)
