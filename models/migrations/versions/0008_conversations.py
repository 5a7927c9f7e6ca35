"""Tickets, taught words and operators who answer in the chat

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from models.columns import Facts, Fen, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What people ask of people, and who answers in the chat."""
    _tickets()
    _operators()
    _teaching()
    _wishes()


def downgrade() -> None:
    for table in ("arrival_wish", "vocabulary_version", "unknown_sentence", "nickname", "keyword", "faq_answer"):
        op.drop_table(table)
    for table in ("decision_card", "operator_binding", "ticket_note", "ticket"):
        op.drop_table(table)


def _tickets() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", Fen, nullable=False),
        _text("no"),
        sa.Column("member_id", Fen, nullable=False),
        sa.Column("distributor_id", Fen, nullable=True),
        _text("kind"),
        _text("text"),
        _text("order_no", nullable=True),
        sa.Column("facts", Facts, nullable=False),
        _text("state"),
        _instant("opened_at"),
        _instant("touched_at"),
        _instant("closed_at", nullable=True),
        sa.CheckConstraint("kind in ('complaint','human','appeal','profile','close')", name="ticket_kind"),
        sa.CheckConstraint("state in ('open','answered','closed')", name="ticket_state"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["distributor_id"], ["distributor.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("no"),
    )
    op.create_index("ticket_of_member", "ticket", ["member_id", "id"])
    op.create_index("ticket_by_state", "ticket", ["state", "id"])
    op.create_table(
        "ticket_note",
        sa.Column("id", Fen, nullable=False),
        sa.Column("ticket_id", Fen, nullable=False),
        _text("by"),
        _text("text"),
        _instant("at"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ticket_note_ticket_id", "ticket_note", ["ticket_id"])


def _operators() -> None:
    op.create_table(
        "operator_binding",
        sa.Column("operator_id", Fen, nullable=False),
        sa.Column("member_id", Fen, nullable=True),
        _text("code_hash", nullable=True),
        _instant("code_until", nullable=True),
        _instant("bound_at", nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("operator_id"),
        sa.UniqueConstraint("member_id"),
    )
    op.create_index("ix_operator_binding_code_hash", "operator_binding", ["code_hash"])
    op.create_table(
        "decision_card",
        sa.Column("id", Fen, nullable=False),
        sa.Column("operator_id", Fen, nullable=False),
        _text("number"),
        _text("kind"),
        _text("subject"),
        sa.Column("version", Fen, nullable=False),
        _instant("made_at"),
        _instant("until"),
        _instant("used_at", nullable=True),
        sa.CheckConstraint("kind in ('application','withdrawal')", name="decision_card_kind"),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decision_card_number", "decision_card", ["operator_id", "number"])


def _teaching() -> None:
    op.create_table(
        "faq_answer",
        sa.Column("id", Fen, nullable=False),
        sa.Column("merchant_id", Fen, nullable=False),
        sa.Column("words", Facts, nullable=False),
        _text("answer"),
        _text("created_by"),
        _instant("created_at"),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_faq_answer_merchant_id", "faq_answer", ["merchant_id"])
    op.create_table(
        "keyword",
        sa.Column("id", Fen, nullable=False),
        sa.Column("merchant_id", Fen, nullable=False),
        _text("word"),
        _text("intent"),
        _text("created_by"),
        _instant("created_at"),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("merchant_id", "word"),
    )
    op.create_table(
        "nickname",
        sa.Column("id", Fen, nullable=False),
        sa.Column("merchant_id", Fen, nullable=False),
        _text("word"),
        sa.Column("product_id", Fen, nullable=False),
        _text("created_by"),
        _instant("created_at"),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("merchant_id", "word"),
    )
    op.create_index("ix_nickname_product_id", "nickname", ["product_id"])
    op.create_table(
        "unknown_sentence",
        sa.Column("id", Fen, nullable=False),
        _text("text"),
        sa.Column("times", sa.Integer(), nullable=False),
        _instant("first_at"),
        _instant("last_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("text"),
    )
    op.create_index("unknown_sentence_often", "unknown_sentence", ["times", "id"])
    op.create_table(
        "vocabulary_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="vocabulary_version_one"),
        sa.PrimaryKeyConstraint("id"),
    )


def _wishes() -> None:
    op.create_table(
        "arrival_wish",
        sa.Column("product_id", Fen, nullable=False),
        sa.Column("distributor_id", Fen, nullable=False),
        _instant("asked_at"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.ForeignKeyConstraint(["distributor_id"], ["distributor.id"]),
        sa.PrimaryKeyConstraint("product_id", "distributor_id"),
    )


def _text(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, UTCDateTime(timezone=True), nullable=nullable)
