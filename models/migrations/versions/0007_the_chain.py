"""The chain over the books, fingerprints of rows, and triggers that keep what must never change

Revision ID: 0007
Revises: 0006
"""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = ("journal", "posting", "audit", "binding_event", "commission")


def upgrade() -> None:
    """Make the tables; give every journal transaction and audit entry its digest. The triggers: models/guards.py."""
    op.create_table(
        "seal",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("first_id", _BIG, nullable=False),
        sa.Column("last_id", _BIG, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("postings", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("previous_digest", sa.String(), nullable=False),
        sa.Column("sealed_at", models.columns.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("book", "first_id"),
        sa.UniqueConstraint("book", "previous_digest"),
    )
    op.create_table(
        "fingerprint",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", _BIG, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "row_id"),
    )
    op.create_table(
        "touched",
        sa.Column("turn", _BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("turn", "kind", "row_id"),
    )
    # SQLite adds a column with its reference in one go; rebuilding a table that others point to is not needed.
    kind = "integer" if op.get_bind().dialect.name == "sqlite" else "bigint"
    op.execute(f"alter table journal add column corrects_id {kind} references journal (id)")
    op.create_index("journal_corrects", "journal", ["corrects_id"], unique=True)
    op.add_column("journal", sa.Column("digest", sa.String(), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("digest", sa.String(), nullable=False, server_default=""))
    _digest_journal(op.get_bind())
    _digest_audit(op.get_bind())


def downgrade() -> None:
    """Take tables, columns and triggers away."""
    connection = op.get_bind()
    for table in _KEPT:
        for change in ("update", "delete", "truncate"):
            where = "" if connection.dialect.name == "sqlite" else f" on {table}"
            op.execute(f"drop trigger if exists {table}_kept_{change}{where}")
    op.drop_index("journal_corrects", "journal")
    for table, columns in (("journal", ("corrects_id", "digest")), ("audit", ("digest",))):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
    for table in ("touched", "fingerprint", "seal"):
        op.drop_table(table)


def _digest_journal(connection: sa.Connection) -> None:
    """The digests as distribution/digests.py took them when this was written."""
    journal, posting, account = (
        sa.table("journal", *(sa.column(name) for name in ("id", "reference", "cause", "actor", "digest")), _at()),
        sa.table("posting", *(sa.column(name) for name in ("id", "journal_id", "source_id", "destination_id", "fen"))),
        sa.table("account", *(sa.column(name) for name in ("id", "name"))),
    )
    names = {row.id: row.name for row in connection.execute(sa.select(account.c.id, account.c.name))}
    moves: dict[int, list[list[object]]] = {}
    p = posting.c
    for row in connection.execute(sa.select(p.journal_id, p.source_id, p.destination_id, p.fen).order_by(p.id)):
        moves.setdefault(row[0], []).append([names[row[1]], names[row[2]], row[3]])
    j = journal.c
    for row in connection.execute(sa.select(j.id, j.reference, j.cause, j.actor, j.at)).all():
        told = [row.reference, row.cause, row.actor, _moment(row.at), None, sorted(moves.get(row.id, []))]
        connection.execute(sa.update(journal).where(j.id == row.id).values(digest=_sha256(told)))


def _digest_audit(connection: sa.Connection) -> None:
    names = ("id", "merchant_id", "actor", "action", "subject", "digest")
    audit = sa.table("audit", *(sa.column(name) for name in names), sa.column("facts", models.columns.Facts), _at())
    a = audit.c
    for row in connection.execute(sa.select(audit)).all():
        told = [row.merchant_id, row.actor, row.action, row.subject, row.facts, _moment(row.at)]
        connection.execute(sa.update(audit).where(a.id == row.id).values(digest=_sha256(told)))


def _at() -> sa.ColumnClause:
    return sa.column("at", models.columns.UTCDateTime(timezone=True))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _sha256(told: list[object]) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
