"""Campaigns with a poster of their own, struck prices, a shop's logo

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from models.columns import Fen

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COLUMNS = (("campaign", "poster_template"), ("scene", "campaign_id"), ("product", "struck_fen"), ("merchant", "logo_id"))


def upgrade() -> None:
    """A campaign names its poster's template, a scene its campaign; products have a struck price, shops a logo."""
    kind = "bigint" if op.get_bind().dialect.name == "postgresql" else "integer"
    op.add_column("campaign", sa.Column("poster_template", sa.String(), nullable=True))
    op.execute(f"alter table scene add column campaign_id {kind} references campaign(id)")
    op.create_index("ix_scene_campaign_id", "scene", ["campaign_id"])
    op.add_column("product", sa.Column("struck_fen", Fen, nullable=True))
    op.execute(f"alter table merchant add column logo_id {kind} references picture(id)")


def downgrade() -> None:
    """Take them away again, with everything told in them."""
    op.drop_index("ix_scene_campaign_id", "scene")
    for table, column in _COLUMNS:
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
