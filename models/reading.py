"""A session that only reads."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import PoolProxiedConnection

from models.direct import wrapped


class Reading(Session):
    """While only prepared statements ask it, they share one borrowed connection, each a consistent read of its own.

    The first other question opens the one transaction in which everything after it is read.
    """

    _borrowed: PoolProxiedConnection | None = None

    def driver(self) -> tuple[Any, Dialect]:
        """The driver's connection, borrowed until the session ends or opens a transaction; may raise DBAPIError."""
        engine = self.get_bind()
        assert isinstance(engine, Engine)
        if self._borrowed is None:
            try:
                self._borrowed = engine.raw_connection()
            except engine.dialect.loaded_dbapi.Error as error:
                raise wrapped(error, engine.dialect, "connect") from error
        return self._borrowed.dbapi_connection, engine.dialect

    def give_back(self) -> None:
        """Keep no connection besides that of a transaction: whoever holds one and waits for a second holds up all."""
        if self._borrowed is not None:
            borrowed, self._borrowed = self._borrowed, None
            borrowed.close()

    def close(self) -> None:
        """See Session: what was never asked for rows holds none, and need not pay for letting them go."""
        self.give_back()
        if self.in_transaction():
            super().close()


@event.listens_for(Reading, "after_transaction_create")
def _with_one_connection(session: Reading, _: SessionTransaction) -> None:
    session.give_back()
