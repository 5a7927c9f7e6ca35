"""Triggers that keep the books append-only, and those that tell which rows want a fingerprint."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from models.fingerprints import KINDS, changes, function_postgres, key_of

#: Table → the columns that never change; empty: nothing of it ever changes. Rows of all of them stay for ever.
KEPT: dict[str, tuple[str, ...]] = {
    "journal": (),
    "posting": (),
    "seal": (),
    "audit": (),
    "binding_event": (),
    "commission": ("merchant_id", "order_id", "line_id", "distributor_id", "kind", "cause", "fen"),
}
_REFUSES = "create or replace function refuse_change() returns trigger language plpgsql as $$ begin {} end $$".format(
    "raise exception '%% is append-only', tg_table_name using errcode = 'restrict_violation';"
)
_TOUCHES = """
create or replace function touch_{key}() returns trigger language plpgsql as $$ begin
  insert into touched (turn, kind, row_id)
    select pg_current_xact_id()::text::bigint, tg_table_name, {key} from fresh on conflict do nothing;
  return null;
end $$
"""


def names(dialect: str) -> set[str]:
    """The triggers that must stand in a database."""
    refused = ("update", "delete") if dialect == "sqlite" else ("update", "delete", "truncate")
    kept = {f"{table}_kept_{change}" for table in KEPT for change in refused}
    return kept if dialect == "sqlite" else kept | {f"{kind}_touched_{how}" for kind in KINDS for how in changes(kind)}


def install(connection: Connection) -> None:
    """Stand every guard anew (a migration that rebuilds a table takes its triggers with it)."""
    statements = _sqlite() if connection.dialect.name == "sqlite" else _postgres()
    for statement in statements:
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Take the guards of kept rows away, for whoever must repair a row by hand; ``install`` puts them back."""
    for table in KEPT:
        for change in ("update", "delete", "truncate"):
            where = "" if connection.dialect.name == "sqlite" else f' on "{table}"'
            connection.exec_driver_sql(f"drop trigger if exists {table}_kept_{change}{where}")


def standing(connection: Any) -> set[str]:
    """The names of the triggers that stand in the database now."""
    if connection.get_bind().dialect.name == "sqlite":
        return set(connection.scalars(text("select name from sqlite_master where type = 'trigger'")))
    enabled = "select tgname from pg_trigger where not tgisinternal and tgenabled in ('O', 'A')"
    return set(connection.scalars(text(enabled)))


def _sqlite() -> list[str]:
    made: list[str] = []
    for table, columns in KEPT.items():
        told = f"begin select raise(abort, '{table} is append-only'); end"
        of = f"of {', '.join(columns)} " if columns else ""
        for change, which in (("update", of), ("delete", "")):
            name = f"{table}_kept_{change}"
            made += [
                f"drop trigger if exists {name}",
                f"create trigger {name} before {change} {which}on {table} {told}",
            ]
    return made


def _postgres() -> list[str]:
    made = [
        _REFUSES,
        *(_TOUCHES.format(key=key) for key in sorted(set(map(key_of, KINDS)))),
        function_postgres(),
        "alter table touched set unlogged",
    ]
    for table, columns in KEPT.items():
        of = f"of {', '.join(columns)} " if columns else ""
        rows, once = "for each row", "for each statement"
        for change, which, each in (("update", of, rows), ("delete", "", rows), ("truncate", "", once)):
            made.append(f"drop trigger if exists {table}_kept_{change} on {table}")
            made.append(
                f"create trigger {table}_kept_{change} before {change} {which}on {table} {each}"
                " execute function refuse_change()"
            )
    for kind in KINDS:
        for how in changes(kind):
            made.append(f'drop trigger if exists {kind}_touched_{how} on "{kind}"')
            made.append(
                f'create trigger {kind}_touched_{how} after {how} on "{kind}"'
                f" referencing new table as fresh for each statement execute function touch_{key_of(kind)}()"
            )
    return made
