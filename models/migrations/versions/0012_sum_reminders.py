"""Who wants to hear that a sum can be withdrawn; scenes by what their codes say

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
    """A distributor may be reminded of one sum; the code in a picture leads to its scene."""
    op.create_table(
        "sum_reminder",
        sa.Column("distributor_id", Fen, nullable=False),
        sa.Column("fen", Fen, nullable=False),
        sa.Column("asked_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["distributor_id"], ["distributor.id"]),
        sa.PrimaryKeyConstraint("distributor_id"),
    )
    op.create_index("ix_scene_url", "scene", ["url"])


def downgrade() -> None:
    op.drop_index("ix_scene_url", "scene")
    op.drop_table("sum_reminder")
