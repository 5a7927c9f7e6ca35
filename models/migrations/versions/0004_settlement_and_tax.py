"""Settlement batches and tax withheld

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from models.columns import Fen, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_PENDING = sa.text("state = 'pending'")
_NEW = ("needs_second", "first_by", "first_at", "payee_account", "channel")


def upgrade() -> None:
    """Withdrawals say how they are paid and who agreed; batches, holds, stops, write-offs and bill checks."""
    check = "constraint withdrawal_channel check (channel in ('wechat','bank','balance'))"
    op.execute(f"alter table withdrawal add column channel varchar not null default 'wechat' {check}")
    op.add_column("withdrawal", sa.Column("payee_account", sa.String(), nullable=True))
    op.add_column("withdrawal", sa.Column("needs_second", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("withdrawal", sa.Column("first_by", sa.String(), nullable=True))
    op.add_column("withdrawal", sa.Column("first_at", UTCDateTime(timezone=True), nullable=True))
    columns = ["distributor_id", "line_id", "due_at"]
    op.create_index("commission_pending", "commission", columns, sqlite_where=_PENDING, postgresql_where=_PENDING)
    _make_the_batches()
    _make_the_stops()
    _make_the_write_offs()
    _make_the_bill_checks()


def downgrade() -> None:
    """Take all of it away again."""
    for name in ("bill_difference", "bill_check", "debt_write_off", "payout_stop", "settlement_hold", "settlement_batch"):
        op.drop_table(name)
    op.drop_index("commission_pending", "commission")
    with op.batch_alter_table("withdrawal") as table:
        table.drop_constraint("withdrawal_channel", type_="check")
        for name in _NEW:
            table.drop_column(name)


def _make_the_batches() -> None:
    op.create_table(
        "settlement_batch",
        _id(),
        _link("merchant_id", "merchant.id"),
        _moment("due_until"),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("fen", Fen, nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        _moment("confirmed_at"),
        sa.CheckConstraint("rows >= 0 and people >= 0", name="settlement_batch_counts"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_settlement_batch_merchant_id", "settlement_batch", ["merchant_id"])
    op.create_table(
        "settlement_hold",
        _id(),
        _link("commission_id", "commission.id"),
        _link("distributor_id", "distributor.id"),
        sa.Column("what", sa.String(), nullable=False),
        _moment("at"),
        _moment("cleared_at", nullable=True),
        sa.Column("cleared_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_settlement_hold_commission_id", "settlement_hold", ["commission_id"])


def _make_the_stops() -> None:
    op.create_table(
        "payout_stop",
        _id(),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        _moment("begun_at"),
        sa.Column("ended_by", sa.String(), nullable=True),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint("cause in ('person','proof','reconciliation')", name="payout_stop_cause"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("payout_stop_open", "payout_stop", ["ended_at", "id"])


def _make_the_write_offs() -> None:
    op.create_table(
        "debt_write_off",
        _id(),
        _link("merchant_id", "merchant.id"),
        _link("distributor_id", "distributor.id"),
        sa.Column("fen", Fen, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        _moment("asked_at"),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        _moment("done_at", nullable=True),
        sa.CheckConstraint("fen > 0", name="debt_write_off_fen"),
        sa.CheckConstraint("state in ('waiting','done','dropped')", name="debt_write_off_state"),
        sa.CheckConstraint(
            "(state = 'done') = (decided_by is not null and done_at is not null)", name="debt_write_off_done"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("debt_write_off_distributor", "debt_write_off", ["distributor_id", "id"])


def _make_the_bill_checks() -> None:
    op.create_table(
        "bill_check",
        _id(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ours_fen", Fen, nullable=False),
        sa.Column("bill_fen", Fen, nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=False),
        _moment("checked_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_bill_check_day", "bill_check", ["day"])
    op.create_table(
        "bill_difference",
        _id(),
        _link("check_id", "bill_check.id"),
        sa.Column("withdrawal_no", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ours_fen", Fen, nullable=True),
        sa.Column("bill_fen", Fen, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_bill_difference_check_id", "bill_difference", ["check_id"])


def _id() -> sa.Column:
    return sa.Column("id", Fen, nullable=False)


def _link(name: str, target: str) -> sa.Column:
    return sa.Column(name, Fen, sa.ForeignKey(target), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, UTCDateTime(timezone=True), nullable=nullable)
