"""The books as they stand, read entry by entry with the digest of what each says now."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table
from sqlalchemy.orm import Session

from distribution import digests, streams
from models import tables as t

TABLES: dict[str, Table] = {"journal": t.journal, "audit": t.audit_entry}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: ``digest`` was written with it, ``told`` is the digest of what it says now."""

    id: int
    name: str
    digest: str
    told: str
    line: str
    postings: int = 0


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal as it stands; ``head`` is what its digest is taken of beside the entries."""

    head: tuple[object, ...]
    digest: str

    @property
    def id(self) -> int:
        """Its number."""
        return int(str(self.head[0]))

    @property
    def first_id(self) -> int:
        """The first entry under it."""
        return int(str(self.head[2]))

    @property
    def last_id(self) -> int:
        """The last entry under it."""
        return int(str(self.head[3]))

    @property
    def previous_digest(self) -> str:
        """The digest of the seal before."""
        return str(self.head[6])


def entries(session: Session, book: str, *, after: int | None = None, until: int | None = None) -> Iterator[Entry]:
    """The entries of a book with ids in ``(after, until]`` (None: no bound), in their order."""
    bounds = [f"{{id}} {sign} {bound}" for sign, bound in ((">", after), ("<=", until)) if bound is not None]
    span = " and ".join(bounds) or "true"
    return _journal(session, span) if book == "journal" else _audit(session, span)


def seals(session: Session, book: str) -> Iterator[SealRow]:
    """The seals of a book, the oldest first."""
    statement = (
        "select id, book, first_id, last_id, entries, postings, previous_digest,"
        f" {streams.moment(session, 'sealed_at')}, digest from seal where book = '{book}' order by id"
    )
    for *head, digest in streams.rows(session, statement):
        yield SealRow(tuple(head), digest)


def _journal(session: Session, span: str) -> Iterator[Entry]:
    heads = (
        f"select id, reference, cause, actor, {streams.moment(session, 'at')}, corrects_id, digest from journal"
        f" where {span.format(id='id')} order by id"
    )
    postings = _Postings(session, span)
    for journal_id, reference, cause, actor, at, corrects, digest in streams.rows(session, heads):
        ids, moves = postings.of(journal_id)
        told = digests.of_journal(reference, cause, actor, at=at, corrects=corrects, moves=moves)
        line = f"{journal_id} {digest} {ids}"
        yield Entry(journal_id, f"journal {journal_id} ({reference})", digest, told, line, len(moves))


class _Postings:
    """Postings in the order of their journal transactions, read alongside these."""

    def __init__(self, session: Session, span: str) -> None:
        self._rows = streams.rows(
            session,
            "select p.journal_id, p.id, s.name, d.name, p.fen from posting p left join account s on s.id = p.source_id"
            f" left join account d on d.id = p.destination_id where {span.format(id='p.journal_id')}"
            " order by p.journal_id, p.id",
        )
        self._next = next(self._rows, None)

    def of(self, journal_id: int) -> tuple[str, list[tuple[str, str, int]]]:
        """The ids and the moves of one transaction, none of which was asked about later."""
        ids, moves = [], []
        while self._next is not None and self._next[0] <= journal_id:
            belongs, posting_id, source, destination, fen = self._next
            if belongs == journal_id:
                ids.append(str(posting_id))
                moves.append((source or "", destination or "", fen))
            self._next = next(self._rows, None)
        return ",".join(ids), moves


def _audit(session: Session, span: str) -> Iterator[Entry]:
    facts = "facts" if session.get_bind().dialect.name == "sqlite" else "facts::text"
    statement = (
        f"select id, merchant_id, actor, action, subject, {facts}, {streams.moment(session, 'at')}, digest from audit"
        f" where {span.format(id='id')} order by id"
    )
    for audit_id, merchant_id, actor, action, subject, told_facts, at, digest in streams.rows(session, statement):
        told = digests.of_audit(merchant_id, actor, action, subject=subject, facts=_read(told_facts), at=at)
        yield Entry(audit_id, f"audit {audit_id} ({action} {subject})", digest, told, f"{audit_id} {digest}")


def _read(facts: str) -> object:
    try:
        return json.loads(facts)
    except ValueError:
        return facts
