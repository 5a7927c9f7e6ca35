"""Who wants to hear that a sum can be withdrawn

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from models.columns import Fen, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A distributor may be reminded of one sum."""
    op.create_table(
        "sum_reminder",
        sa.Column("distributor_id", Fen, nullable=False),
        sa.Column("fen", Fen, nullable=False),
        sa.Column("asked_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["distributor_id"], ["distributor.id"]),
        sa.PrimaryKeyConstraint("distributor_id"),
    )


def downgrade() -> None:
    op.drop_table("sum_reminder")
