"""Dealers, their orders, and what is out of stock

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

import models.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def number(name: str, **more: object) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), **{"nullable": False, **more})


def small(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


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
    """Regional agents, personal agreements and dealers; products say since when they cannot be bought."""
    _agents_and_agreements()
    _dealers()
    _dealer_orders()
    kind = "bigint" if op.get_bind().dialect.name == "postgresql" else "integer"
    op.execute(f"alter table material add column product_id {kind} references product(id)")
    op.create_index("ix_material_product_id", "material", ["product_id"])
    op.add_column("product", moment("unavailable_since", nullable=True))
    op.add_column("poster", moment("asked_at", nullable=True))
    op.execute("update poster set asked_at = created_at")
    op.execute("update product set unavailable_since = updated_at where stock = 0 or not on_sale")


def downgrade() -> None:
    """Take them away again, with everything told in them."""
    op.drop_index("ix_material_product_id", "material")
    for table, column in (("poster", "asked_at"), ("product", "unavailable_since"), ("material", "product_id")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    for name in ("dealer_deposit", "dealer_order", "dealer_cultivation", "dealer", "agreement", "region_agent"):
        op.drop_table(name)


def _agents_and_agreements() -> None:
    op.create_table(
        "region_agent",
        number("id"), number("merchant_id"), number("distributor_id"), word("scope"), word("code"), word("place"),
        word("tenure"), moment("valid_from", nullable=True), moment("valid_until", nullable=True),
        moment("appointed_at"), word("appointed_by"),
        moment("ended_at", nullable=True), word("ended_by", nullable=True), word("end_reason", nullable=True),
        sa.CheckConstraint("scope in ('district','city','province')", name="region_agent_scope"),
        sa.CheckConstraint("tenure in ('exclusive','shared')", name="region_agent_tenure"),
        sa.CheckConstraint("valid_from < valid_until", name="region_agent_term"),
        link("merchant_id", "merchant.id"), link("distributor_id", "distributor.id"),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("region_agent_code", "region_agent", ["merchant_id", "code"])
    op.create_index("ix_region_agent_distributor_id", "region_agent", ["distributor_id"])
    rates = " and ".join(f"{name} between 0 and 10000" for name in ("l1_bp", "l2_bp", "l3_bp"))
    op.create_table(
        "agreement",
        number("id"), number("merchant_id"), number("distributor_id"), small("l1_bp"), small("l2_bp"), small("l3_bp"),
        moment("valid_from", nullable=True), moment("valid_until", nullable=True),
        word("made_by"), moment("made_at"), moment("ended_at", nullable=True), word("ended_by", nullable=True),
        sa.CheckConstraint(rates, name="agreement_rates"),
        sa.CheckConstraint("valid_from < valid_until", name="agreement_term"),
        link("merchant_id", "merchant.id"), link("distributor_id", "distributor.id"),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("agreement_person", "agreement", ["merchant_id", "distributor_id"])


def _dealers() -> None:
    op.create_table(
        "dealer",
        number("id"), number("merchant_id"), number("distributor_id"), word("grade"),
        number("parent_id", nullable=True), word("state"), moment("appointed_at"), word("appointed_by"),
        sa.CheckConstraint("parent_id <> id", name="dealer_not_own_parent"),
        sa.CheckConstraint("state in ('active','stopped')", name="dealer_state"),
        link("merchant_id", "merchant.id"), link("distributor_id", "distributor.id"), link("parent_id", "dealer.id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("merchant_id", "distributor_id"),
    )  # fmt: skip
    op.create_index("ix_dealer_distributor_id", "dealer", ["distributor_id"])
    op.create_index("ix_dealer_parent_id", "dealer", ["parent_id"])
    op.create_table(
        "dealer_cultivation",
        number("id"), number("dealer_id"), number("mentor_id", nullable=True), word("event"),
        word("old_grade", nullable=True), word("grade"), word("by"), moment("at"),
        sa.CheckConstraint("event in ('appointed','regraded','moved')", name="dealer_cultivation_event"),
        sa.CheckConstraint("mentor_id <> dealer_id", name="dealer_cultivation_mentor"),
        link("dealer_id", "dealer.id"), link("mentor_id", "dealer.id"),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_dealer_cultivation_dealer_id", "dealer_cultivation", ["dealer_id"])
    op.create_index("ix_dealer_cultivation_mentor_id", "dealer_cultivation", ["mentor_id"])


def _dealer_orders() -> None:
    op.create_table(
        "dealer_order",
        number("order_id"), number("merchant_id"), number("dealer_id"), word("kind"), word("pays_by"),
        number("returned_fen"), structured("prices"), word("made_by"), moment("made_at"),
        sa.CheckConstraint("kind in ('purchase','retail')", name="dealer_order_kind"),
        sa.CheckConstraint("pays_by in ('prepaid','outside')", name="dealer_order_pays_by"),
        sa.CheckConstraint("returned_fen >= 0", name="dealer_order_returned"),
        link("order_id", "order.id"), link("merchant_id", "merchant.id"), link("dealer_id", "dealer.id"),
        sa.PrimaryKeyConstraint("order_id"),
    )  # fmt: skip
    op.create_index("ix_dealer_order_dealer_id", "dealer_order", ["dealer_id"])
    op.create_table(
        "dealer_deposit",
        number("id"), number("dealer_id"), number("fen"), word("reference"), word("by"), moment("at"),
        sa.CheckConstraint("fen > 0", name="dealer_deposit_fen"),
        link("dealer_id", "dealer.id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )  # fmt: skip
    op.create_index("ix_dealer_deposit_dealer_id", "dealer_deposit", ["dealer_id"])
