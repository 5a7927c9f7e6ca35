"""What must hold of the books as such: nothing was changed, nothing is missing, the guards stand."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import books, chain
from models import guards
from models import tables as t
from models.fingerprints import KINDS, differing, left_over

#: Gives the rows that break an invariant.
Check = Callable[[Session], Iterable[str]]


def _guards(session: Session) -> Iterator[str]:
    standing = guards.standing(session)
    yield from (f"trigger {name} is gone" for name in sorted(guards.names(session.get_bind().dialect.name) - standing))


def _seals(session: Session) -> Iterator[str]:
    seals = session.execute(select(t.seal.c.id, t.seal.c.book).where(t.seal.c.book.not_in(list(books.TABLES))))
    yield from (f"seal {number} is of {book}" for number, book in seals)


def _rows(session: Session, *, kind: str) -> Iterator[str]:
    yield from (f"{kind} {row_id} is not what was written" for row_id in differing(session.connection(), kind))


def _left_over(session: Session) -> Iterator[str]:
    found = left_over(session.connection())
    yield from (f"{kind} {row_id} was written by another program" for kind, row_id in found)


OF_BOOKS: dict[str, Check] = {
    "the guards of the books stand": _guards,
    "every journal transaction is as it was posted and sealed": partial(chain.differences, book="journal"),
    "every entry of the audit trail is as it was written and sealed": partial(chain.differences, book="audit"),
    "every seal is of a book": _seals,
    **{f"every row of {kind} is as it was written": partial(_rows, kind=kind) for kind in KINDS},
    "no row was written past this program": _left_over,
}
