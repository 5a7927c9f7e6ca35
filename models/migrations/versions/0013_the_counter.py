"""Who talks to a person now, how it ended; films to share; when goods come again

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from models.columns import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("member", "desk"),
    ("member", "desk_until"),
    ("member", "muted"),
    ("member", "missed"),
    ("ticket", "taken_by"),
    ("ticket", "solved"),
    ("material", "video_id"),
    ("product", "restock_on"),
)


def upgrade() -> None:
    """A member may be with a person and mute some notices, a ticket says who took it and how it ended; films and dates of arrival."""
    kind = "bigint" if op.get_bind().dialect.name == "postgresql" else "integer"
    op.add_column("member", sa.Column("desk", sa.String(), nullable=True))
    op.add_column("member", sa.Column("desk_until", UTCDateTime(timezone=True), nullable=True))
    op.add_column("member", sa.Column("muted", sa.String(), nullable=True))
    op.add_column("member", sa.Column("missed", sa.String(), nullable=True))
    op.add_column("ticket", sa.Column("taken_by", sa.String(), nullable=True))
    op.add_column("ticket", sa.Column("solved", sa.Boolean(), nullable=True))
    op.execute(f"alter table material add column video_id {kind} references picture(id)")
    op.add_column("product", sa.Column("restock_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take them away again, with everything told in them."""
    for table, column in _COLUMNS:
        # Not in a copy of the table: SQLite lets no table go that others speak of.
        op.drop_column(table, column)
