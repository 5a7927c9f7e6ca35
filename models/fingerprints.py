"""Fingerprints of the rows that money depends on: one for each row, taken by the transaction that wrote it.

A row that is changed past this program keeps its old fingerprint, and the proof finds it.
"""

import hashlib
from typing import Any

from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

import models  # noqa: F401  (fills the metadata)

#: Tables whose rows have a fingerprint of every column; each has an ``id``.
KINDS = (
    "binding",
    "binding_event",
    "commission",
    "distributor",
    "order",
    "order_line",
    "policy",
    "refund",
    "withdrawal",
)
_TAKEN = " on conflict (kind, row_id) do update set digest = excluded.digest"


def digest_of(kind: str, dialect: str) -> str:
    """The SQL for the fingerprint of the row ``r`` of a table."""
    if dialect == "sqlite":
        columns = sorted(f'r."{column.name}"' for column in SQLModel.metadata.tables[kind].columns)
        return f"sha256_of(json_array({', '.join(columns)}))"
    return "encode(sha256(convert_to(r::text, 'UTF8')), 'hex')"


def prepare_sqlite(connection: Any) -> None:
    """Teach a new connection of the driver to hash, and to notice which rows it writes."""
    connection.create_function("sha256_of", 1, _sha256, deterministic=True)
    known = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall()}
    if "touched" not in known:
        return
    # Temporary triggers: what another program writes leaves no trace here, and so gets no fingerprint.
    for kind in known.intersection(KINDS):
        for how in ("insert", "update"):
            connection.execute(
                f'create temp trigger {kind}_touched_{how} after {how} on main."{kind}" begin'
                f" insert or ignore into touched (turn, kind, row_id) values (0, '{kind}', new.id); end"
            ).close()


def take(connection: Connection) -> None:
    """Take the fingerprint of every row that the open transaction wrote; the last thing before it commits."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("select take_fingerprints()").close()
        return
    driver: Any = connection.connection.dbapi_connection
    kinds = driver.execute("select distinct kind from touched").fetchall()
    for (kind,) in kinds:
        driver.execute(_SQLITE[kind]).close()
    if kinds:
        driver.execute("delete from touched").close()


def take_all(connection: Connection) -> None:
    """Take every fingerprint anew (after a change of the schema)."""
    connection.exec_driver_sql("delete from touched")
    connection.exec_driver_sql("delete from fingerprint")
    for kind in KINDS:
        connection.exec_driver_sql(_statement(kind, connection.dialect.name, "true"))


def function_postgres() -> str:
    """The function that does on PostgreSQL, in one round trip, what ``take`` promises."""
    steps = "".join(
        f" if '{kind}' = any(kinds) then {_statement(kind, 'postgresql', f'r.id in ({_MINE % kind})')}; end if;"
        for kind in KINDS
    )
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
        f"insert into fingerprint (kind, row_id, digest) select '{kind}', r.id, {digest_of(kind, dialect)}"
        f' from "{kind}" r where {which}{_TAKEN}'
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Statements(dict[str, str]):
    """The statements of SQLite, made when the tables are known."""

    def __missing__(self, kind: str) -> str:
        mine = f"select row_id from touched where kind = '{kind}'"
        made = self[kind] = _statement(kind, "sqlite", f"r.id in ({mine})")
        return made


_SQLITE = _Statements()
