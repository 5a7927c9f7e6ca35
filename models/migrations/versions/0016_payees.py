"""Who else was paid to an account is found at once

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WHICH = sa.text("payee_account is not null")


def upgrade() -> None:
    """Find withdrawals by their account."""
    op.create_index(
        "withdrawal_payee", "withdrawal", ["payee_account"], sqlite_where=_WHICH, postgresql_where=_WHICH
    )


def downgrade() -> None:
    """Not any more."""
    op.drop_index("withdrawal_payee", "withdrawal")
