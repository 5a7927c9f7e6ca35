"""The chain over the books: entries are sealed in batches, each seal holds the digest of the one before."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from distribution import books, digests
from distribution.books import Entry
from models import tables as t

#: What the first seal of a book names as the one before it.
GENESIS = "0" * 64
_BATCH = 10_000
#: How long a seal waits for transactions that may still bring an earlier entry, in steps of so many seconds.
_STEPS, _STEP = 50, 0.02
_s = t.seal.c


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal that was set."""

    id: int
    book: str
    last_id: int
    entries: int
    digest: str


def seal_next(session: Session, book: str, *, now: dt.datetime, batch: int = _BATCH) -> Sealed | None:
    """Seal up to ``batch`` further entries of a book; None when there are none, or another process is at it."""
    if not _alone(session):
        return None
    last = session.execute(select(_s.last_id, _s.digest).where(_s.book == book).order_by(_s.id.desc()).limit(1)).first()
    after, previous = (last.last_id, last.digest) if last else (None, GENESIS)
    horizon = _horizon(session, book)
    first = newest = entries = postings = 0
    lines: list[str] = []
    for entry in islice(books.entries(session, book, after=after, until=horizon), batch):
        first, newest = first if lines else entry.id, entry.id
        entries, postings = entries + 1, postings + entry.postings
        lines.append(entry.line)
    if not lines:
        return None
    number = int(session.scalar(select(func.coalesce(func.max(_s.id), 0))) or 0) + 1
    head = (number, book, first, newest, entries, postings, previous, digests.moment(now))
    digest = digests.of_seal(head, lines)
    session.execute(
        insert(t.seal).values(
            id=number, book=book, first_id=first, last_id=newest, entries=entries, postings=postings,
            digest=digest, previous_digest=previous, sealed_at=now,
        )
    )  # fmt: skip
    return Sealed(number, book, newest, entries, digest)


def seal_all(write: Callable[[Callable[[Session], Sealed | None]], Sealed | None], *, now: dt.datetime) -> list[Sealed]:
    """Seal what no seal covers yet; every seal is a transaction of its own, which ``write`` runs."""
    made: list[Sealed] = []
    for book in books.TABLES:
        while sealed := write(lambda session: seal_next(session, book, now=now)):  # noqa: B023
            made.append(sealed)
    return made


def head(session: Session, book: str) -> str:
    """The digest of the newest seal of a book, to be noted where this database cannot reach."""
    return session.scalar(select(_s.digest).where(_s.book == book).order_by(_s.id.desc()).limit(1)) or GENESIS


def differences(session: Session, book: str) -> Iterator[str]:
    """Every entry that is not what was written, and every seal that does not fit, in one pass over the book."""
    yield from _Links(session, book).check(books.entries(session, book))


class _Links:
    """The seals of a book, laid beside its entries as they pass."""

    def __init__(self, session: Session, book: str) -> None:
        self._seals = books.seals(session, book)
        self._previous = GENESIS
        self._adds: Callable[[str], None] | None = None
        self._seal = next(self._seals, None)
        self._lines: list[str] = []

    def check(self, entries: Iterator[Entry]) -> Iterator[str]:
        for entry in entries:
            if entry.told != entry.digest:
                yield f"{entry.name} is not what was written"
            while self._seal is not None and entry.id > self._seal.last_id:
                yield from self._close()
            if self._seal is None:
                continue
            if entry.id < self._seal.first_id:
                yield f"{entry.name} came after its place was sealed"
            self._lines.append(entry.line)
        while self._seal is not None:
            yield from self._close()

    def _close(self) -> Iterator[str]:
        seal = self._seal
        assert seal is not None, "there is a seal to close"
        if seal.previous_digest != self._previous:
            yield f"seal {seal.id} does not follow the one before it"
        if digests.of_seal(seal.head, self._lines) != seal.digest:
            yield f"seal {seal.id} does not fit entries {seal.first_id} to {seal.last_id}"
        self._previous, self._lines = seal.digest, []
        self._seal = next(self._seals, None)


def _alone(session: Session) -> bool:
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(text("select pg_try_advisory_xact_lock(20261126)")))


def _horizon(session: Session, book: str) -> int:
    """The newest entry before which nothing can come any more; 0 when that cannot be said now.

    PostgreSQL gives a number before its transaction commits. Whoever holds a number up to the newest one we see has
    taken the table's lock for writing before we look; once these have ended, what we see up to there is all there is.
    """
    newest = int(session.scalar(select(func.max(books.TABLES[book].c.id))) or 0)
    if session.get_bind().dialect.name == "sqlite":
        return newest
    writing = _writers(session, book)
    for _ in range(_STEPS):
        if not writing:
            return newest
        time.sleep(_STEP)
        writing &= _writers(session, book)
    return 0


def _writers(session: Session, book: str) -> set[str]:
    return set(
        session.scalars(
            text(
                "select virtualtransaction from pg_locks where locktype = 'relation' and mode = 'RowExclusiveLock'"
                " and database = (select oid from pg_database where datname = current_database())"
                f" and relation = '{book}'\\:\\:regclass and pid is distinct from pg_backend_pid()"
            )
        )
    )
