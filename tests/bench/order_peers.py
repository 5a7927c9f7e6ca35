"""Plain ways to write an order, its two commissions and six ledger entries with four indexes (SQLite, FULL)."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel, create_engine, select

_TABLES = """
create table o (id integer primary key, no text, member integer, fen integer, at text);
create table c (id integer primary key, o integer, who integer, kind text, fen integer, state text);
create table e (id integer primary key, o integer, account integer, fen integer, at text);
create unique index o_no on o (no); create index c_o on c (o); create index c_who on c (who, state);
create index e_account on e (account);
"""
_TABLE = "select sql from sqlite_master where type = 'table' and name = ?"
AT = "2026-11-23 02:00:00.000000"
PRAGMAS = ("pragma journal_mode=wal", "pragma synchronous=full")
#: (account, fen) of the six entries: two commissions, each cost → payable → pending.
ENTRIES = ((1, -890), (2, 890), (2, -890), (3, 890), (1, -445), (4, 445))


def executemany_orders(folder: Path, number: int, *, each: int) -> float:
    """Orders a second by executemany, ``each`` a transaction."""
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    connection.executescript(_TABLES)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    began = time.perf_counter()
    for first in range(1, number + 1, each):
        ids = range(first, first + each)
        connection.execute("begin immediate")
        connection.executemany("insert into o values (?, ?, ?, ?, ?)", ((n, f"E{n}", n % 97, 8900, AT) for n in ids))
        connection.executemany(
            "insert into c (o, who, kind, fen, state) values (?, ?, ?, ?, 'pending')",
            ((n, who, kind, fen) for n in ids for who, kind, fen in ((7, "l1", 890), (8, "l2", 445))),
        )
        connection.executemany(
            "insert into e (o, account, fen, at) values (?, ?, ?, ?)",
            ((n, account, fen, AT) for n in ids for account, fen in ENTRIES),
        )
        connection.execute("commit")
    taken = time.perf_counter() - began
    connection.close()
    return number / taken


def executemany_same(source: Path, folder: Path) -> float:
    """Orders a second by executemany of the very rows that ``source`` (a shop of ours) holds, into the same columns.

    Only the four unique indexes stand; nothing is checked, guarded or fingerprinted.
    """
    shop = sqlite3.connect(source)
    chosen = ("order", "order_line", "commission", "journal", "posting")
    rows = {name: shop.execute(f'select * from "{name}"').fetchall() for name in chosen}
    tables = [sql for name in chosen for (sql,) in shop.execute(_TABLE, (name,))]
    shop.close()
    connection = sqlite3.connect(folder / "same.db", isolation_level=None)
    for statement in (*PRAGMAS, *tables):
        connection.execute(statement)
    began = time.perf_counter()
    connection.execute("begin immediate")
    for name, found in rows.items():
        connection.executemany(f'insert into "{name}" values ({", ".join("?" * len(found[0]))})', found)
    connection.execute("commit")
    taken = time.perf_counter() - began
    connection.close()
    return len(rows["order"]) / taken


class PeerOrder(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)
    member: int
    fen: int
    at: str


class PeerCommission(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(index=True)
    who: int = Field(index=True)
    kind: str
    fen: int
    state: str


class PeerEntry(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    order_id: int
    account: int = Field(index=True)
    fen: int
    at: str


class PeerPerson(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    inviter_id: int | None = None


class PeerProduct(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    sku: str = Field(unique=True)
    rate_bp: int


_TABLES_OF_PEERS = [each.__table__ for each in (PeerOrder, PeerCommission, PeerEntry, PeerPerson, PeerProduct)]


def sqlmodel_orders(folder: Path, number: int, *, each: int) -> float:
    """Orders a second the way the guide shows, ``each`` a transaction."""
    engine = _engine(folder)
    began = time.perf_counter()
    for first in range(1, number + 1, each):
        with Session(engine) as session:
            made = [PeerOrder(no=f"E{n}", member=n % 97, fen=8900, at=AT) for n in range(first, first + each)]
            session.add_all(made)
            session.flush()
            for order in made:
                _share(session, order, ((7, "l1", 890), (8, "l2", 445)))
            session.commit()
    taken = time.perf_counter() - began
    engine.dispose()
    return number / taken


def sqlmodel_at_once(folder: Path, number: int, *, callers: int) -> float:
    """Orders a second by so many threads, each order in a transaction of its own that waits until it may write."""
    engine = _engine(folder, pool_size=callers, connect_args={"timeout": 60})

    def write(at: int) -> None:
        with Session(engine) as session:
            order = PeerOrder(no=f"E{at}", member=at % 97, fen=8900, at=AT)
            session.add(order)
            session.flush()
            _share(session, order, ((7, "l1", 890), (8, "l2", 445)))
            session.commit()

    began = time.perf_counter()
    with ThreadPoolExecutor(callers) as pool:
        list(pool.map(write, range(1, number + 1)))
    taken = time.perf_counter() - began
    engine.dispose()
    return number / taken


def sqlmodel_looking_up(folder: Path, number: int) -> float:
    """Orders a second one by one, when number, code, inviter and product are looked up as a shop must."""
    engine = _engine(folder)
    with Session(engine) as session:
        session.add_all([PeerPerson(id=8, code="C8"), PeerPerson(id=7, code="C7", inviter_id=8)])
        session.add(PeerProduct(sku="AJ250", rate_bp=1000))
        session.commit()
    began = time.perf_counter()
    for at in range(1, number + 1):
        with Session(engine) as session:
            assert session.exec(select(PeerOrder).where(PeerOrder.no == f"E{at}")).first() is None
            seller = session.exec(select(PeerPerson).where(PeerPerson.code == "C7")).one()
            product = session.exec(select(PeerProduct).where(PeerProduct.sku == "AJ250")).one()
            above = session.get(PeerPerson, seller.inviter_id)
            order = PeerOrder(no=f"E{at}", member=at % 97, fen=8900, at=AT)
            session.add(order)
            session.flush()
            fen = order.fen * product.rate_bp // 10_000
            _share(session, order, ((seller.id, "l1", fen), (above.id, "l2", fen // 2)))
            session.commit()
    taken = time.perf_counter() - began
    engine.dispose()
    return number / taken


def _share(session: Session, order: PeerOrder, shares) -> None:
    session.add_all(
        PeerCommission(order_id=order.id, who=who, kind=kind, fen=fen, state="pending") for who, kind, fen in shares
    )
    session.add_all(PeerEntry(order_id=order.id, account=account, fen=fen, at=AT) for account, fen in ENTRIES)


def _engine(folder: Path, **more):
    engine = create_engine(f"sqlite:///{folder / 'sqlmodel.db'}", **more)

    @event.listens_for(engine, "connect")
    def durable(connection, _) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)

    SQLModel.metadata.create_all(engine, tables=_TABLES_OF_PEERS)
    return engine
