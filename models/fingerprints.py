"""Fingerprints of the rows that money depends on: one for each row, taken by the transaction that wrote it.

A row that is changed past this program keeps its old fingerprint, and the proof finds it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

import models  # noqa: F401  (fills the metadata)

#: Tables whose rows have a fingerprint of every column; each has a key of one number.
KINDS = (
    "account",
    "agreement",
    "bill_check",
    "bill_difference",
    "binding",
    "binding_event",
    "bonus",
    "commission",
    "dealer",
    "dealer_cultivation",
    "dealer_deposit",
    "dealer_order",
    "debt_write_off",
    "dispute",
    "distributor",
    "distributor_event",
    "level",
    "order",
    "order_line",
    "pay_notice",
    "payment_alarm",
    "payout_stop",
    "point_entry",
    "policy",
    "product",
    "refund",
    "region_agent",
    "settlement_batch",
    "settlement_hold",
    "withdrawal",
)
#: Where only these columns have one: a balance changes with every posting, and is proved by their sum.
_COLUMNS = {"account": ("id", "name", "guarded")}
_TAKEN = " on conflict (kind, row_id) do update set digest = excluded.digest"


def digest_of(kind: str, dialect: str) -> str:
    """The SQL for the fingerprint of the row ``r`` of a table."""
    names = _COLUMNS.get(kind) or sorted(column.name for column in SQLModel.metadata.tables[kind].columns)
    columns = ", ".join(f'r."{name}"' for name in names)
    if dialect == "sqlite":
        return f"sha256_of(json_array({columns}))"
    whole = f"row({columns})" if kind in _COLUMNS else "r"
    return f"encode(sha256(convert_to({whole}::text, 'UTF8')), 'hex')"


def key_of(kind: str) -> str:
    """The column that numbers the rows of a table."""
    (column,) = SQLModel.metadata.tables[kind].primary_key
    return column.name


def changes(kind: str) -> tuple[str, ...]:
    """The changes after which a row wants a new fingerprint."""
    return ("insert",) if kind in _COLUMNS else ("insert", "update")


def prepare_sqlite(connection: Any) -> None:
    """Teach a new connection of the driver to hash, and to notice which rows it writes."""
    connection.create_function("sha256_of", 1, _sha256, deterministic=True)
    known = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall()}
    if "touched" not in known:
        return
    # What is to be taken until the end of a transaction is nobody else's, and never on the disk.
    connection.execute("create temp table touched (turn integer, kind text, row_id integer)").close()
    # Temporary triggers: what another program writes leaves no trace here, and so gets no fingerprint.
    for kind in known.intersection(KINDS):
        for how in changes(kind):
            connection.execute(
                f'create temp trigger {kind}_touched_{how} after {how} on main."{kind}" begin'
                f" insert into touched (turn, kind, row_id) values (0, '{kind}', new.{key_of(kind)}); end"
            ).close()


def take(connection: Connection) -> None:
    """Take the fingerprint of every row that the open transaction wrote; the last thing before it commits."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("select take_fingerprints()").close()
        return
    driver: Any = connection.connection.dbapi_connection
    kinds = tuple(kind for (kind,) in driver.execute("select distinct kind from touched").fetchall())
    if kinds:
        driver.execute(_takes(kinds)).close()
        driver.execute("delete from touched").close()


def take_all(connection: Connection) -> None:
    """Take every fingerprint anew (after a change of the schema)."""
    connection.exec_driver_sql("delete from touched")
    forget_all(connection)
    for kind in KINDS:
        connection.exec_driver_sql(_statement(kind, connection.dialect.name, "true"))


def any_taken(connection: Connection) -> bool:
    """Whether there is any fingerprint at all."""
    return connection.exec_driver_sql("select 1 from fingerprint limit 1").first() is not None


def forget_all(connection: Connection) -> None:
    """Drop every fingerprint, before the tables change; a schema that had none yet keeps none."""
    if inspect(connection).has_table("fingerprint"):
        connection.exec_driver_sql("delete from fingerprint")


def differing(connection: Connection, kind: str) -> Iterator[int]:
    """Ids of the rows of a table that are not what was written; not those this very transaction has yet to take."""
    told, key = digest_of(kind, connection.dialect.name), key_of(kind)
    found = connection.exec_driver_sql(
        f"select r.{key} from \"{kind}\" r left join fingerprint f on f.kind = '{kind}' and f.row_id = r.{key}"
        f" where (f.digest is null or f.digest <> {told}) and not exists (select 1 from touched w"
        f" where w.turn = {turn(connection)} and w.kind = '{kind}' and w.row_id = r.{key})"
        f" union all select f.row_id from fingerprint f where f.kind = '{kind}'"
        f' and not exists (select 1 from "{kind}" r where r.{key} = f.row_id)'
    )
    return (row_id for (row_id,) in found)


def left_over(connection: Connection) -> Iterator[tuple[str, int]]:
    """Rows that another program wrote (PostgreSQL notices it even when nothing differs)."""
    found = connection.exec_driver_sql(
        f"select kind, row_id from touched where turn <> {turn(connection)} order by kind, row_id"
    )
    return ((kind, row_id) for kind, row_id in found)


def retake(connection: Connection, kind: str, row_ids: Iterable[int]) -> None:
    """Take the fingerprints of these rows as they stand; a row that is gone loses its own."""
    for row_id in row_ids:
        connection.exec_driver_sql(f"delete from fingerprint where kind = '{kind}' and row_id = {int(row_id)}")
        connection.exec_driver_sql(_statement(kind, connection.dialect.name, f"r.{key_of(kind)} = {int(row_id)}"))


def forget(connection: Connection, kind: str, row_ids: Iterable[int]) -> None:
    """Drop the fingerprints of rows that the open transaction has removed."""
    for row_id in row_ids:
        connection.exec_driver_sql(f"delete from fingerprint where kind = '{kind}' and row_id = {int(row_id)}")


def forget_left_over(connection: Connection) -> None:
    """Drop the notes about rows that another program wrote."""
    connection.exec_driver_sql(f"delete from touched where turn <> {turn(connection)}")


def turn(connection: Connection) -> str:
    """What ``touched`` calls the open transaction; nothing is still to be taken by one that only reads."""
    if connection.get_execution_options().get("reading"):
        return "-1"
    return (
        "0" if connection.dialect.name == "sqlite" else "coalesce(pg_current_xact_id_if_assigned()::text::bigint, -1)"
    )


def function_postgres() -> str:
    """The function that does on PostgreSQL, in one round trip, what ``take`` promises."""
    takes = {kind: _statement(kind, "postgresql", f"r.{key_of(kind)} in ({_MINE % kind})") for kind in KINDS}
    steps = "".join(f" if '{kind}' = any(kinds) then {take}; end if;" for kind, take in takes.items())
    return (
        "create or replace function take_fingerprints() returns void language plpgsql as $$"
        " declare me bigint := pg_current_xact_id_if_assigned()::text::bigint; kinds text[]; begin"
        " if me is null then return; end if;"
        " select array_agg(distinct kind) into kinds from touched where turn = me;"
        f" if kinds is null then return; end if;{steps}"
        " delete from touched where turn = me; end $$"
    )


_MINE = "select t.row_id from touched t where t.turn = me and t.kind = '%s'"


def _statement(kind: str, dialect: str, which: str) -> str:
    return (
        f"insert into fingerprint (kind, row_id, digest) select '{kind}', r.{key_of(kind)}, {digest_of(kind, dialect)}"
        f' from "{kind}" r where {which}{_TAKEN}'
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=256)
def _takes(kinds: tuple[str, ...]) -> str:
    """The statement of SQLite for all rows of these tables that were written."""
    rows = " union all ".join(
        f"select '{kind}', r.{key_of(kind)}, {digest_of(kind, 'sqlite')} from touched w"
        f" cross join \"{kind}\" r on r.{key_of(kind)} = w.row_id where w.kind = '{kind}'"
        for kind in kinds
    )
    return f"insert into fingerprint (kind, row_id, digest) {rows}{_TAKEN}"
