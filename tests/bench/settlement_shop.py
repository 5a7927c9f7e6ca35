"""A shop with many commissions that are due: written straight into the tables, as fast as the database takes it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert, text

from models import tables as t
from models.database import Database

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
_PAID = NOW - dt.timedelta(days=20)
_FEN = 890
_ORDER = 20_000


def fill(database: Database, *, rows: int, people: int) -> None:
    """``rows`` due commissions of ``people`` distributors, one an order, with their purses and postings."""
    # An engine of its own: what is written here wants no fingerprints.
    engine = create_engine(database.url)
    with engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("set session_replication_role = replica"))
        for table, told in _tables(rows, people):
            _write(connection, table, told)
        for statement in (_JOURNAL, _POSTINGS, _BALANCES):
            connection.exec_driver_sql(statement)
        if not database.is_sqlite:
            for table in (t.order, t.order_line, t.commission, t.journal, t.posting, t.account):
                connection.execute(text(f"select setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), 10000000)"))
        connection.commit()
        connection.execute(text("analyze"))
        connection.commit()
    engine.dispose()


_JOURNAL = r"""
    insert into journal (reference, cause, actor, at, digest)
    select 'order:1:E' || o.id || ':commission', 'order E' || o.id, 'orders', o.created_at, '' from "order" o
"""
_POSTINGS = r"""
    insert into posting (journal_id, source_id, destination_id, fen)
    select j.id, (select id from account where name = 'merchant:1:commission'), a.id, c.fen
    from commission c join journal j on j.reference = 'order:1:E' || c.order_id || ':commission'
    join account a on a.name = 'distributor:' || c.distributor_id || ':pending'
"""
_BALANCES = r"""
    update account set balance_fen = coalesce((select sum(fen) from posting p where p.destination_id = account.id), 0)
    - coalesce((select sum(fen) from posting p where p.source_id = account.id), 0)
"""


def _write(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    held: list[dict[str, Any]] = []
    for row in rows:
        held.append(row)
        if len(held) == _ORDER:
            connection.execute(insert(table), held)
            held = []
    if held:
        connection.execute(insert(table), held)


def _tables(rows: int, people: int) -> Iterator[tuple[Table, Iterator[dict[str, Any]]]]:
    yield t.merchant, iter([{"id": 1, "name": "禾苗好物", "created_at": _PAID}])
    person = {"phone": "13800138000", "state": "active", "terms_version": "1", "applied_at": _PAID, "name": "李娜"}
    member = {"appid": "wx1", "following": True, "notices": True, "created_at": _PAID}
    yield t.member, ({"id": n, "openid": f"o{n}", **member} for n in range(1, people + 1))
    yield t.distributor, ({"id": n, "member_id": n, "code": f"C{n}", **person} for n in range(1, people + 1))
    kinds = ("pending", "available")
    names = (f"distributor:{n}:{kind}" for n in range(1, people + 1) for kind in kinds)
    yield t.account, ({"name": name, "guarded": True, "balance_fen": 0} for name in names)
    yield t.account, iter([{"name": "merchant:1:commission", "guarded": False, "balance_fen": 0}])
    yield t.order, (_order(n, n % people + 1) for n in range(1, rows + 1))
    yield t.order_line, (_line(n) for n in range(1, rows + 1))
    yield t.commission, (_commission(n, n % people + 1) for n in range(1, rows + 1))


def _order(number: int, person: int) -> dict[str, Any]:
    return {
        "id": number, "merchant_id": 1, "order_no": f"E{number}", "channel": "mall", "state": "received", "version": 1,
        "buyer_openid": "ob", "l1_id": person, "parties": {}, "coupon_fen": 0, "points_fen": 0, "freight_fen": 0,
        "created_known": True, "created_at": _PAID, "paid_at": _PAID, "shipped_at": _PAID, "received_at": _PAID,
    }  # fmt: skip


def _line(number: int) -> dict[str, Any]:
    return {
        "id": number, "order_id": number, "line_no": 1, "sku": "AJ250", "name": "即食阿胶糕 250g", "quantity": 1,
        "unit_fen": 10 * _FEN, "discount_fen": 0, "paid_fen": 10 * _FEN, "base_fen": 10 * _FEN, "refunded_fen": 0,
        "refunded_quantity": 0, "open_cases": 0, "offers": [],
    }  # fmt: skip


def _commission(number: int, person: int) -> dict[str, Any]:
    return {
        "id": number, "merchant_id": 1, "order_id": number, "line_id": number, "distributor_id": person, "kind": "l1",
        "cause": "order", "fen": _FEN, "state": "pending", "paid_at": _PAID, "due_at": _PAID + dt.timedelta(days=7),
        "why": {"rate_bp": 1000, "base_fen": 10 * _FEN, "source": "store"}, "created_at": _PAID,
    }  # fmt: skip
