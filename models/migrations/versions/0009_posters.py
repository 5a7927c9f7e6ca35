"""Poster templates and conversions

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from models.columns import Facts, Fen, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def whole(name: str, **more: object) -> sa.Column:
    return sa.Column(name, Fen, **{"nullable": False, **more})


def count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def word(name: str, **more: object) -> sa.Column:
    return sa.Column(name, sa.String(), **{"nullable": False, **more})


def moment(name: str, **more: object) -> sa.Column:
    return sa.Column(name, UTCDateTime(timezone=True), **{"nullable": False, **more})


def link(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target])


def upgrade() -> None:
    """Scenes know their template and whether they last; merchants have templates, choices and batches."""
    op.add_column("scene", word("template", server_default="clean"))
    op.add_column("scene", sa.Column("permanent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "poster_template",
        whole("id"),
        whole("merchant_id"),
        word("title"),
        sa.Column("document", Facts, nullable=False),
        whole("background_id", nullable=True),
        count("version"),
        word("changed_by"),
        moment("changed_at"),
        link("merchant_id", "merchant.id"),
        link("background_id", "picture.id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_poster_template_merchant_id", "poster_template", ["merchant_id"])
    op.create_table(
        "poster_choice",
        whole("merchant_id"),
        word("kind"),
        word("template"),
        link("merchant_id", "merchant.id"),
        sa.PrimaryKeyConstraint("merchant_id", "kind"),
    )
    op.create_table(
        "poster_batch",
        whole("id"),
        whole("merchant_id"),
        whole("campaign_id", nullable=True),
        whole("product_id", nullable=True),
        word("purpose"),
        *map(count, ("total", "done", "failed", "reached")),
        word("created_by"),
        moment("created_at"),
        moment("ended_at", nullable=True),
        link("merchant_id", "merchant.id"),
        link("campaign_id", "campaign.id"),
        link("product_id", "product.id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_poster_batch_merchant_id", "poster_batch", ["merchant_id"])


def downgrade() -> None:
    """Take them away again."""
    for table in ("poster_batch", "poster_choice", "poster_template"):
        op.drop_table(table)
    with op.batch_alter_table("scene") as scene:
        scene.drop_column("permanent")
        scene.drop_column("template")
