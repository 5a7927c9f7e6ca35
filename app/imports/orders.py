"""Orders: a row a line, the order's own fields in the first row of it or in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.imports import words
from app.imports.desk import CHUNK, Desk
from app.imports.spool import Keys, Row, Spool, Wrong
from distribution import imported_orders
from distribution.imported_orders import Landed
from distribution.refusals import Refusal
from distribution.shapes import OrderReport
from web.shapes import OrderBody

_BUYER = {"buyer_openid": "openid", "buyer_external_id": "external_id"}
_REGION = ("province", "city", "district")
_SHIPMENT = ("carrier", "tracking_no")
_AMOUNTS = ("coupon_fen", "points_fen", "freight_fen")
_LINE_NUMBERS = ("line_no", "quantity", "unit_fen", "discount_fen")
_ORDER = (
    "order_no", "state", "version", "occurred_at", "created_at", *_BUYER, "distributor_code", *_AMOUNTS, *_REGION,
    *_SHIPMENT,
)  # fmt: skip
_PARTS = frozenset((*_BUYER, *_REGION, *_SHIPMENT))
_LINE = ("line_no", "sku", "name", "quantity", "unit_fen", "discount_fen")


@dataclass(frozen=True, slots=True)
class _Told:
    """A report with the rows that tell it."""

    report: OrderReport
    rows: Sequence[Row]


class Orders:
    """The same as POST /api/v1/orders, of the past: nobody is told."""

    noun = "订单"
    columns: tuple[str, ...] = (*_ORDER, *_LINE)
    required = frozenset(
        ("order_no", "state", "version", "occurred_at", "line_no", "sku", "name", "quantity", "unit_fen")
    )

    def __init__(self) -> None:
        self._last = Keys("")

    def keys(self, desk: Desk, row: Row) -> Keys:
        """The rows of an order come together; those of one version make a report, with those that leave it out."""
        own = Keys(desk.cell(row, "order_no"), desk.cell(row, "version"))
        if own.also or own.name != self._last.name:
            self._last = own
        return self._last

    def check(self, desk: Desk, row: Row) -> Wrong | None:
        """An order is checked with all its rows."""
        return None

    def land(self, desk: Desk, spool: Spool) -> None:
        """Take the orders over, so many a transaction; the versions of one never in two."""
        waiting: list[_Told] = []
        for versions in spool.groups():
            for rows in versions:
                told = _read(desk, rows)
                if isinstance(told, _Told):
                    waiting.append(told)
                else:
                    _reject(desk, rows, told)
            if len(waiting) >= CHUNK:
                _record(desk, waiting)
                waiting = []
        _record(desk, waiting)


def _record(desk: Desk, told: Sequence[_Told]) -> None:
    if not told:
        return
    shop, reports = desk.shop, [each.report for each in told]
    facts: dict[str, Any] = {"appid": shop.app_id, "file": desk.file, "now": shop.clock.now()}
    found: Sequence[Landed | Refusal]
    try:
        found = desk.write(lambda session: imported_orders.take_all(session, shop.merchant_id, reports, **facts))
    except Refusal:
        found = desk.write(lambda session: imported_orders.take_each(session, shop.merchant_id, reports, **facts))
    for each, outcome in zip(told, found, strict=True):
        if isinstance(outcome, Refusal):
            _reject(desk, each.rows, {0: Wrong(*words.refused(outcome))})
            continue
        if "unknown_distributor" in outcome.warnings:
            code = words.shown(each.report.distributor_code)
            desk.warn(each.rows[0], Wrong("distributor_code", f"{code}不是在任的分销员，他的单都按客户的绑定算"))
        desk.landed(outcome.what, len(each.rows))


def _reject(desk: Desk, rows: Sequence[Row], wrongs: dict[int, Wrong]) -> None:
    """Every row of an order goes back, those with nothing wrong in them because of the others."""
    first = min(wrongs)
    for at, row in enumerate(rows):
        because = Wrong("", f"同一单的第 {rows[first].line} 行有错，整单没有导入")
        desk.reject(row, wrongs.get(at, because))


def _read(desk: Desk, rows: Sequence[Row]) -> _Told | dict[int, Wrong]:
    broken = {at: row.wrong for at, row in enumerate(rows) if row.wrong is not None} or _differing(desk, rows)
    if broken:
        return broken
    try:
        body = OrderBody.model_validate(_document(desk, rows))
    except ValidationError as error:
        wrongs: dict[int, Wrong] = {}
        for item in error.errors(include_url=False):
            at, wrong = _wrong(item)
            wrongs.setdefault(at, wrong)
        return wrongs
    repeated = _repeated([line.line_no for line in body.lines])
    return {at: Wrong("line_no", words.said("different")) for at in repeated} or _Told(body.report(), rows)


def _differing(desk: Desk, rows: Sequence[Row]) -> dict[int, Wrong]:
    """Further rows say of the order what the first one says, or nothing."""
    own = {column: desk.cell(rows[0], column) for column in _ORDER} if len(rows) > 1 else {}
    wrongs = {}
    for at, row in enumerate(rows[1:], 1):
        for column, cell in desk.told(row, _ORDER).items():
            if cell != own[column]:
                reason = f"{words.shown(cell)}与同一单第 {rows[0].line} 行的{words.shown(own[column])}不一样"
                wrongs[at] = Wrong(column, reason)
                break
    return wrongs


def _document(desk: Desk, rows: Sequence[Row]) -> dict[str, Any]:
    own = desk.told(rows[0], _ORDER)
    told: dict[str, Any] = {name: own[name] for name in _ORDER if name in own and name not in _PARTS}
    told |= {name: words.whole(own[name]) for name in ("version", *_AMOUNTS) if name in own}
    told["buyer"] = {name: own[column] for column, name in _BUYER.items() if column in own}
    for part, names in (("address", _REGION), ("shipment", _SHIPMENT)):
        if inner := {name: own[name] for name in names if name in own}:
            told[part] = inner
    told["lines"] = [_line(desk, row) for row in rows]
    return told


def _line(desk: Desk, row: Row) -> dict[str, Any]:
    cells = desk.told(row, _LINE)
    return {name: words.whole(cell) if name in _LINE_NUMBERS else cell for name, cell in cells.items()}


def _wrong(item: ErrorDetails) -> tuple[int, Wrong]:
    """The row and the column of something a shape did not take."""
    place, reason = [*map(str, item["loc"])], words.reason(item)
    match place:
        case ["lines", at, column, *_]:
            return int(at), Wrong(column, reason)
        case ["buyer", name, *_]:
            return 0, Wrong(f"buyer_{name}", reason)
        case ["address" | "shipment", column, *_]:
            return 0, Wrong(column, reason)
        case ["lines"] | []:
            return 0, Wrong("line_no" if place else "unit_fen", reason)
    return 0, Wrong(place[0], reason)


def _repeated(numbers: Sequence[int]) -> list[int]:
    return [at for at, number in enumerate(numbers) if number in numbers[:at]]
