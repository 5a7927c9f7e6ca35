"""What every command that needs the shop does first."""

from app.config import load
from app.container import Container
from app.failure import Failure
from app.logging import configure, secrets_in
from models import schema


def start() -> Container:
    """The container of the configuration, with logging set up; ConfigError says what is wrong with it."""
    settings = load()
    configure(settings.log, secrets=secrets_in(settings))
    return Container(settings)


def refuse_old_schema(container: Container) -> None:
    """Failure unless the database stands exactly where this code expects it; DatabaseDown if it does not answer."""
    container.database.ping()
    stands, wanted = schema.current(container.database), schema.head()
    if stands != wanted:
        raise Failure(f"数据库的版本是 {stands or '空'}，程序要 {wanted}：先运行 fenxiao db upgrade")
