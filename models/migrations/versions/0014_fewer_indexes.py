"""No index for what another one serves, none for corrections of nothing

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SOME = sa.text("corrects_id IS NOT NULL")


def upgrade() -> None:
    """Lines are found by their order's numbered lines; few transactions of the books correct another."""
    op.drop_index("ix_order_line_order_id", "order_line")
    op.drop_index("journal_corrects", "journal")
    op.create_index(
        "journal_corrects", "journal", ["corrects_id"], unique=True, sqlite_where=_SOME, postgresql_where=_SOME
    )


def downgrade() -> None:
    """Every line and every transaction of the books in an index again."""
    op.drop_index("journal_corrects", "journal")
    op.create_index("journal_corrects", "journal", ["corrects_id"], unique=True)
    op.create_index("ix_order_line_order_id", "order_line", ["order_id"])
