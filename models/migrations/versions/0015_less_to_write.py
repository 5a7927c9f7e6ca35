"""Less to write for an order: no index entry for what is not there, fingerprints under one number

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
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


#: The tables by their numbers, from 1, as they were numbered when this was written.
_TABLES = (
    "account",
    "agreement",
    "bill_check",
    "bill_difference",
    "binding",
    "binding_event",
    "bonus",
    "commission",
    "dealer",
    "dealer_cultivation",
    "dealer_deposit",
    "dealer_order",
    "debt_write_off",
    "dispute",
    "distributor",
    "distributor_event",
    "level",
    "order",
    "order_line",
    "pay_notice",
    "payment_alarm",
    "payout_stop",
    "point_entry",
    "policy",
    "product",
    "refund",
    "region_agent",
    "settlement_batch",
    "settlement_hold",
    "withdrawal",
)


def upgrade() -> None:
    """Settled rows, orders of nobody and of strangers leave indexes that never find them."""
    for name, table, columns, which in _FEWER:
        op.drop_index(name, table)
        op.create_index(name, table, columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
    # All are taken anew when the schema is up to date.
    op.drop_table("fingerprint")
    op.create_table(
        "fingerprint",
        sa.Column("id", _KEY, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(), nullable=False),
    )


def downgrade() -> None:
    """Everything in every index again, and a fingerprint under the name of its table."""
    op.rename_table("fingerprint", "fingerprint_numbered")
    op.create_table(
        "fingerprint",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", _KEY, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "row_id"),
    )
    for number, table in enumerate(_TABLES, 1):
        first = number << 48
        op.execute(
            f"insert into fingerprint (kind, row_id, digest) select '{table}', id - {first}, digest"
            f" from fingerprint_numbered where id between {first} and {first + 2**48 - 1}"
        )
    op.drop_table("fingerprint_numbered")
    for name, table, columns, _ in _FEWER:
        op.drop_index(name, table)
        op.create_index(name, table, _BEFORE.get(name, columns))
