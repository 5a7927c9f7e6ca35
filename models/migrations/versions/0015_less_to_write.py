"""Less to write for an order: no index entry for what is not there, fingerprints kept once

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: Index, table, columns and the rows that are in it from now on.
_FEWER = (
    ("commission_due", "commission", ["due_at", "id"], "state = 'pending' and due_at is not null"),
    ("order_l1", "order", ["l1_id", "created_at"], "l1_id is not null"),
    ("order_buyer", "order", ["buyer_id", "created_at"], "buyer_id is not null"),
)
_BEFORE = {"commission_due": ["state", "due_at", "id"]}


def upgrade() -> None:
    """Settled rows, orders of nobody and of strangers leave indexes that never find them."""
    for name, table, columns, which in _FEWER:
        op.drop_index(name, table)
        op.create_index(name, table, columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
    _keep_fingerprints(with_rowid=False)


def downgrade() -> None:
    """Everything in every index again."""
    _keep_fingerprints(with_rowid=True)
    for name, table, columns, _ in _FEWER:
        op.drop_index(name, table)
        op.create_index(name, table, _BEFORE.get(name, columns))


def _keep_fingerprints(*, with_rowid: bool) -> None:
    """On SQLite: whether there is a second tree beside the one that finds a fingerprint."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.create_table(
        "fingerprint_anew",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "row_id"),
        sqlite_with_rowid=with_rowid,
    )
    op.execute("insert into fingerprint_anew select kind, row_id, digest from fingerprint")
    op.drop_table("fingerprint")
    op.rename_table("fingerprint_anew", "fingerprint")
