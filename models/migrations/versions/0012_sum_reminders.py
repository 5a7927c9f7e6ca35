"""Who wants to hear that a sum can be withdrawn; scenes by what their codes say; real names

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
    """A distributor may be reminded of one sum; a picture's code leads to its scene; a name is checked once."""
    op.create_table(
        "sum_reminder",
        sa.Column("distributor_id", Fen, nullable=False),
        sa.Column("fen", Fen, nullable=False),
        sa.Column("asked_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["distributor_id"], ["distributor.id"]),
        sa.PrimaryKeyConstraint("distributor_id"),
    )
    op.create_table(
        "real_name",
        sa.Column("distributor_id", Fen, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number_digest", sa.String(), nullable=False),
        sa.Column("checked_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["distributor_id"], ["distributor.id"]),
        sa.PrimaryKeyConstraint("distributor_id"),
        sa.UniqueConstraint("number_digest"),
    )
    op.create_index("ix_scene_url", "scene", ["url"])


def downgrade() -> None:
    op.drop_index("ix_scene_url", "scene")
    op.drop_table("real_name")
    op.drop_table("sum_reminder")
