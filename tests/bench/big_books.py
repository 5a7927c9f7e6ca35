"""Big books made quickly: one order by the real operations, copied many times, and plain postings between accounts."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from distribution import books, members, orders, people, policy
from distribution.shapes import LineReport, OrderReport
from models import Merchant, Product, fingerprints, guards
from models.database import Database

APPID = "wx0123456789abcdef"
NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
STRIDE, ORDER = 100, "EEE"
COPIED = ("order", "order_line", "commission", "journal", "posting")
ACCOUNTS = 10_000


def make(database: Database, *, journals: int, copies: int) -> None:
    """``copies`` orders of two levels (two postings each) and plain journals of two postings up to ``journals``."""
    with database.transaction() as session:
        _one_order(session)
    with database.engine.connect() as connection:
        guards.remove(connection)
        rows = _numbers(connection)
        for table in COPIED:
            connection.execute(text(_copy(table).format(numbers=rows)), {"n": copies})
        _plain(connection, rows, journals - copies - 1)
        connection.execute(text(_BALANCES))
        fingerprints.take_all(connection)
        connection.commit()
    with database.transaction() as session:
        _digest(session)
    with database.engine.connect() as connection:
        guards.install(connection)
        connection.commit()
        connection.exec_driver_sql("analyze")
        connection.commit()


def _one_order(session: Session) -> None:
    session.add(Merchant(name="禾苗好物", created_at=NOW))
    session.flush()
    session.add(Product(merchant_id=1, sku="A", name="糕", price_fen=10_000, stock=9, updated_at=NOW))
    code = None
    for number, name in enumerate(("爱丽丝", "鲍勃")):
        member = people.meet(session, APPID, f"o{number}", NOW).member_id
        told = {"name": name, "phone": f"1380000000{number}", "invite_code": code, "terms_version": "1"}
        row = members.apply(session, member, **told, policy=policy.Policy(), now=NOW)  # type: ignore[arg-type]
        code = members.approve(session, row.id, by="bench", now=NOW).code
    terms = {"store_rate_bp": {"l1": 1000, "l2": 300}}
    policy.publish(session, merchant_id=1, document=terms, effective_from=NOW, by="bench", now=NOW)
    report = OrderReport(ORDER, "paid", 1, NOW, (LineReport(1, "A", "糕", 1, 10_000),), buyer_openid="obuyer",
                         distributor_code=code)  # fmt: skip
    orders.record(session, 1, report, appid=APPID, now=NOW)


def _copy(table: str) -> str:
    columns = SQLModel.metadata.tables[table].columns
    made = []
    for column in columns:
        into = {key.column.table.name for key in column.foreign_keys}
        if column.primary_key or into & set(COPIED):
            made.append(f'r."{column.name}" + n.value * {STRIDE}')
        elif column.name == "order_no":
            made.append("r.order_no || n.value")
        elif column.name == "reference":
            made.append(f"replace(r.reference, '{ORDER}', '{ORDER}' || n.value)")
        else:
            made.append(f'r."{column.name}"')
    names = ", ".join(f'"{column.name}"' for column in columns)
    return f'insert into "{table}" ({names}) select {", ".join(made)} from "{table}" r cross join {{numbers}}'


def _plain(connection: Connection, rows: str, journals: int) -> None:
    first = int(connection.scalar(text("select max(id) from journal")) or 0)
    posting = int(connection.scalar(text("select max(id) from posting")) or 0)
    account = int(connection.scalar(text("select max(id) from account")) or 0)
    connection.execute(
        text(
            "insert into account (id, name, guarded, balance_fen)"
            f" select {account} + n.value, 'bank:gifts:' || n.value, false, 0 from {rows}"
        ),
        {"n": ACCOUNTS},
    )
    connection.execute(
        text(
            "insert into journal (id, reference, cause, actor, at, digest)"
            f" select {first} + n.value, 'manual:' || n.value, 'bench', 'bench', j.at, '' from {rows}"
            " cross join (select at from journal where id = 1) j"
        ),
        {"n": journals},
    )
    for place in (0, 1):
        source, destination = f"n.value % {ACCOUNTS}", f"(n.value * 7 + {place + 1}) % {ACCOUNTS}"
        connection.execute(
            text(
                "insert into posting (id, journal_id, source_id, destination_id, fen)"
                f" select {posting} + n.value * 2 - {place}, {first} + n.value, {account} + 1 + {source},"
                f" {account} + 1 + ({destination} + case when {source} = {destination} then 1 else 0 end) % {ACCOUNTS},"
                f" 1 + n.value % 997 from {rows}"
            ),
            {"n": journals},
        )


_BALANCES = """
    update account set balance_fen = s.fen from (
      select id, sum(fen) as fen from (
        select destination_id as id, fen from posting union all select source_id, -fen from posting) m group by id) s
    where s.id = account.id
"""


def _numbers(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        counted = "with recursive c(value) as (select 1 union all select value + 1 from c where value < :n)"
        return f"({counted} select value from c) n"
    return "generate_series(1, :n) n(value)"


def _digest(session: Session) -> None:
    entries: Iterator[books.Entry] = books.entries(session, "journal")
    digests = [(entry.told, entry.id) for entry in entries if entry.told != entry.digest]
    connection = session.connection()
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    waiting = iter(digests)
    while batch := list(islice(waiting, 10_000)):
        connection.exec_driver_sql(f"update journal set digest = {mark} where id = {mark}", batch)
