"""Levels' conditions, tasks, points and rankings

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

import models.columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def whole(name: str, **more: object) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), **{"nullable": False, **more})


def word(name: str, **more: object) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), **{"nullable": False, **more})


def moment(name: str, **more: object) -> sa.Column:
    return sa.Column(name, models.columns.UTCDateTime(timezone=True), **{"nullable": False, **more})


def structured(name: str, **more: object) -> sa.Column:
    kind = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    return sa.Column(name, kind, **{"nullable": False, **more})


def link(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target])


def upgrade() -> None:
    op.create_table(
        "bonus",
        whole("id"), whole("merchant_id"), whole("distributor_id"), word("kind"), whole("fen"),
        word("reference"), structured("why"), word("by"), moment("at"),
        sa.CheckConstraint("fen > 0", name="bonus_fen"),
        sa.CheckConstraint("kind in ('task','prize','manual')", name="bonus_kind"),
        link("merchant_id", "merchant.id"),
        link("distributor_id", "distributor.id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    op.create_index("bonus_distributor", "bonus", ["distributor_id", "at"])
    op.create_index("ix_bonus_merchant_id", "bonus", ["merchant_id"])


def downgrade() -> None:
    op.drop_table("bonus")
