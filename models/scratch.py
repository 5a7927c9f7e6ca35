"""A database that is made for a while, migrated, and thrown away."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from models import schema
from models.database import Database


@contextmanager
def scratch(server_url: str | None) -> Iterator[Database]:
    """An empty migrated database: on the PostgreSQL server of ``server_url``, else SQLite in a temporary folder.

    The database that the address names is not touched; its user must be allowed to create one beside it.
    """
    with _place(server_url) as url:
        database = Database(url)
        try:
            schema.upgrade(database)
            yield database
        finally:
            database.close()


@contextmanager
def _place(server_url: str | None) -> Iterator[str]:
    if server_url is None or make_url(server_url).get_backend_name() == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'scratch.db'}"
        return
    name = f"fenxiao_scratch_{secrets.token_hex(6)}"
    with _beside(server_url, f"create database {name}", f"drop database if exists {name} with (force)"):
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _beside(server_url: str, before: str, after: str) -> Iterator[None]:
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(before))
        try:
            yield
        finally:
            with engine.connect() as connection:
                connection.execute(text(after))
    finally:
        engine.dispose()
