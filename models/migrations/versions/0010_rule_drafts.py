"""A draft of the next rules, one a merchant

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from models.columns import Facts, Fen, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A merchant may keep one draft of the next rules."""
    op.create_table(
        "policy_draft",
        sa.Column("merchant_id", Fen, nullable=False),
        sa.Column("document", Facts, nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
        sa.Column("saved_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"]),
        sa.PrimaryKeyConstraint("merchant_id"),
    )


def downgrade() -> None:
    op.drop_table("policy_draft")
