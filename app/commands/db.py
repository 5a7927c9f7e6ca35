"""`fenxiao db`: bring the database up to date, or ask where it stands."""

import typer

from app.commands.start import start
from app.container import Container
from app.first_merchant import open_shop
from models import schema


def upgrade() -> None:
    """Run the missing migrations and make the first merchant if there is none."""
    container = start()
    before = schema.current(container.database)
    prepare(container)
    after = schema.current(container.database)
    typer.echo(f"已是最新版本 {after}" if before == after else f"从 {before or '空'} 升级到 {after}")


def prepare(container: Container) -> None:
    """A database this code can work with: migrated, with a first merchant."""
    schema.upgrade(container.database)
    with container.database.transaction() as session:
        open_shop(session, container.settings.shop, now=container.clock.now())


def current() -> None:
    """Say the version, and whether it is the newest."""
    container = start()
    container.database.ping()
    stands = schema.current(container.database)
    newest = "最新" if stands == schema.head() else f"最新是 {schema.head()}，运行 fenxiao db upgrade"
    typer.echo(f"{stands or '空'}（{newest}）")
