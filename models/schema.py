"""The schema's versions: bringing a database up to date and asking where it stands."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models import fingerprints, guards
from models.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Run every migration that is missing; two at once on one database wait for each other.

    A changed schema changes what a row's fingerprint is taken of: prove the books before, all are taken anew after.
    """
    config = alembic()
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("select pg_advisory_lock(20261124)")
        config.attributes["connection"] = connection
        if not database.is_sqlite:
            # A table of millions takes its time.
            connection.exec_driver_sql("set statement_timeout = 0")
        before = MigrationContext.configure(connection).get_current_revision()
        if before is not None and before != head():
            # Gone until all are taken: an upgrade that is cut off anywhere is known by it, and ended by the next.
            fingerprints.forget_all(connection)
        connection.commit()
        command.upgrade(config, "head")
        guards.install(connection)
        if before != head() or not fingerprints.any_taken(connection):
            fingerprints.take_all(connection)
        connection.commit()
        if not database.is_sqlite:
            connection.exec_driver_sql("select pg_advisory_unlock(20261124)")
            connection.commit()
    # Connections made before the tables were there do not notice what they write.
    database.engine.dispose()


def current(database: Database) -> str | None:
    """The revision the database stands at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision this code knows."""
    revision = ScriptDirectory.from_config(alembic()).get_current_head()
    assert revision is not None, "there is at least one migration"
    return revision


def alembic() -> Config:
    """Where the versions are, as Alembic wants to be told."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
