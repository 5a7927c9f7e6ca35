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


def day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=False)


def upgrade() -> None:
    with op.batch_alter_table("level") as level:
        level.add_column(word("mode", server_default="any"))
        for name in ("need", "keep", "permissions"):
            level.add_column(structured(name, server_default="{}"))
    _bonuses()
    _levels_and_tasks()
    _points()
    _contests()
    _tallies()
    _guard()


def _bonuses() -> None:
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


def _levels_and_tasks() -> None:
    op.create_table(
        "level_warning",
        whole("id"), whole("distributor_id"), whole("level_id"), day("quarter_on"), moment("warned_at"),
        moment("due_at"), moment("ended_at", nullable=True), word("outcome", nullable=True),
        sa.CheckConstraint("outcome in ('kept','lost','moved')", name="level_warning_outcome"),
        link("distributor_id", "distributor.id"),
        link("level_id", "level.id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("distributor_id", "level_id", "quarter_on"),
    )
    op.create_index("level_warning_due", "level_warning", ["ended_at", "due_at"])
    op.create_table(
        "task",
        whole("id"), whole("merchant_id"), word("name"), word("kind"), word("mode"), structured("tiers"),
        structured("audience"), moment("from_at"), moment("until_at"), word("state"), word("created_by"),
        moment("created_at"), moment("ended_at", nullable=True),
        sa.CheckConstraint("kind in ('sales','invited')", name="task_kind"),
        sa.CheckConstraint("mode in ('highest','cumulative')", name="task_mode"),
        sa.CheckConstraint("state in ('open','done','stopped')", name="task_state"),
        sa.CheckConstraint("until_at > from_at", name="task_period"),
        link("merchant_id", "merchant.id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("task_state_until", "task", ["state", "until_at"])
    op.create_index("ix_task_merchant_id", "task", ["merchant_id"])
    op.create_table(
        "task_result",
        whole("id"), whole("task_id"), whole("distributor_id"), whole("about_id"), whole("net_fen"),
        whole("bonus_fen"), moment("at"),
        sa.CheckConstraint("bonus_fen >= 0", name="task_result_bonus"),
        link("task_id", "task.id"),
        link("distributor_id", "distributor.id"),
        link("about_id", "distributor.id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("task_id", "distributor_id", "about_id"),
    )
    op.create_index("task_result_distributor", "task_result", ["distributor_id"])


def _points() -> None:
    op.create_table(
        "point_entry",
        whole("id"), whole("distributor_id"), word("cause"), sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False), moment("expires_at", nullable=True), moment("at"),
        sa.CheckConstraint("points <> 0", name="point_entry_points"),
        sa.CheckConstraint("balance >= 0", name="point_entry_balance"),
        link("distributor_id", "distributor.id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("distributor_id", "cause"),
    )
    op.create_index("point_entry_expires", "point_entry", ["expires_at"])
    op.create_table(
        "badge",
        whole("distributor_id"), word("name"), moment("at"),
        link("distributor_id", "distributor.id"),
        sa.PrimaryKeyConstraint("distributor_id", "name"),
    )


def _contests() -> None:
    op.create_table(
        "contest",
        whole("id"), whole("merchant_id"), word("name"), structured("prizes_fen"), moment("from_at"),
        moment("until_at"), word("state"), word("created_by"), moment("created_at"),
        moment("ended_at", nullable=True),
        sa.CheckConstraint("state in ('open','done','stopped')", name="contest_state"),
        sa.CheckConstraint("until_at > from_at", name="contest_period"),
        link("merchant_id", "merchant.id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("contest_state_until", "contest", ["state", "until_at"])
    op.create_index("ix_contest_merchant_id", "contest", ["merchant_id"])
    op.create_table(
        "contest_place",
        whole("contest_id"), whole("distributor_id"), sa.Column("place", sa.Integer(), nullable=False),
        whole("net_fen"), moment("reached_at"), whole("prize_fen"),
        sa.CheckConstraint("net_fen > 0 and prize_fen >= 0 and place > 0", name="contest_place_sane"),
        link("contest_id", "contest.id"),
        link("distributor_id", "distributor.id"),
        sa.PrimaryKeyConstraint("contest_id", "distributor_id"),
        sa.UniqueConstraint("contest_id", "place"),
    )
    op.create_index("contest_place_distributor", "contest_place", ["distributor_id"])


def _tallies() -> None:
    op.create_table(
        "sales_change", whole("id"), whole("order_id"), link("order_id", "order.id"), sa.PrimaryKeyConstraint("id")
    )
    op.create_table(
        "distributor_day",
        day("day"), whole("distributor_id"), whole("sales_fen"), whole("refunds_fen"),
        sa.Column("orders", sa.Integer(), nullable=False), whole("earned_fen"), moment("reached_at"),
        link("distributor_id", "distributor.id"),
        sa.PrimaryKeyConstraint("day", "distributor_id"),
    )
    op.create_index("team_path_ancestor", "team_path", ["ancestor_id", "depth", "descendant_id"])
    op.create_index("distributor_day_person", "distributor_day", ["distributor_id", "day"])
    op.create_table(
        "distributor_span",
        word("span"), day("starts_on"), whole("distributor_id"), whole("net_fen"),
        sa.Column("orders", sa.Integer(), nullable=False), whole("earned_fen"), moment("reached_at"),
        link("distributor_id", "distributor.id"),
        sa.PrimaryKeyConstraint("span", "starts_on", "distributor_id"),
    )
    for name, column in (("net", "net_fen"), ("orders", "orders"), ("earned", "earned_fen")):
        op.create_index(
            f"distributor_span_{name}", "distributor_span", ["span", "starts_on", column, "reached_at"]
        )


def _guard() -> None:
    op.create_table(
        "compliance_alarm",
        whole("id"), word("kind"), word("subject"), structured("facts"), moment("at"),
        moment("decided_at", nullable=True), word("decided_by", nullable=True), word("reason", nullable=True),
        sa.CheckConstraint("kind in ('tree','recruiting','ring','entry')", name="compliance_alarm_kind"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject"),
    )
    op.create_index("compliance_alarm_open", "compliance_alarm", ["decided_at", "id"])
    op.create_table(
        "review",
        whole("id"), whole("distributor_id"), whole("alarm_id"), word("reason"), moment("since"),
        moment("ended_at", nullable=True), word("ended_by", nullable=True),
        link("distributor_id", "distributor.id"),
        link("alarm_id", "compliance_alarm.id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_review_alarm_id", "review", ["alarm_id"])
    op.create_index(
        "review_open", "review", ["distributor_id"], unique=True,
        sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "wording_release",
        whole("id"), whole("material_id"), structured("words"), word("reason"), word("by"), moment("at"),
        link("material_id", "material.id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_wording_release_material_id", "wording_release", ["material_id"])


def downgrade() -> None:
    for name in (
        "wording_release", "review", "compliance_alarm", "distributor_span", "distributor_day", "sales_change",
        "contest_place", "contest", "badge", "point_entry", "task_result", "task", "level_warning", "bonus",
    ):
        op.drop_table(name)
    op.drop_index("team_path_ancestor", "team_path")
    with op.batch_alter_table("level") as level:
        for name in ("permissions", "keep", "need", "mode"):
            level.drop_column(name)
