"""Invitations to a customer and the modes of binding

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from models.columns import Fen, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def whole(name: str, **more: object) -> sa.Column:
    return sa.Column(name, Fen, **{"nullable": False, **more})


def word(name: str, **more: object) -> sa.Column:
    return sa.Column(name, sa.String(), **{"nullable": False, **more})


def moment(name: str, **more: object) -> sa.Column:
    return sa.Column(name, UTCDateTime(timezone=True), **{"nullable": False, **more})


def link(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target])


def upgrade() -> None:
    """Bindings know protection and lock, customers their invitations and disputes, people how they stood since when."""
    op.add_column("binding", moment("protected_until", nullable=True))
    op.add_column("binding", sa.Column("locked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("binding", moment("reminded_of", nullable=True))
    # Until now nobody could compete for a customer before the term ended: what was promised stays.
    op.execute("update binding set protected_until = valid_until")
    op.create_index("binding_ends", "binding", ["ended_at", "valid_until"])
    op.add_column("binding_event", word("act", server_default=""))
    for act, kinds in (("click", "'bind','keep','self','ignored'"), ("order", "'renewed'"), ("release", "'released'")):
        op.execute(f"update binding_event set act = '{act}' where kind in ({kinds})")
    _invitations()
    _disputes()
    _standing()


def _invitations() -> None:
    op.create_table(
        "customer_invitation",
        whole("member_id"), whole("distributor_id"), moment("made_at"), moment("until"),
        link("member_id", "member.id"),
        link("distributor_id", "distributor.id"),
        sa.PrimaryKeyConstraint("member_id"),
    )  # fmt: skip
    op.create_index("ix_customer_invitation_distributor_id", "customer_invitation", ["distributor_id"])


def _disputes() -> None:
    op.create_table(
        "dispute",
        whole("id"), whole("member_id"), whole("claimant_id"), whole("holder_id", nullable=True), word("claim"),
        word("opened_by"), moment("opened_at"), whole("winner_id", nullable=True), word("reason", nullable=True),
        word("decided_by", nullable=True), moment("decided_at", nullable=True),
        sa.CheckConstraint("(decided_at is null) = (reason is null)", name="dispute_reason"),
        link("member_id", "member.id"),
        link("claimant_id", "distributor.id"),
        link("holder_id", "distributor.id"),
        link("winner_id", "distributor.id"),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_dispute_member_id", "dispute", ["member_id"])
    still_open = sa.text("decided_at IS NULL")
    op.create_index(
        "dispute_open", "dispute", ["member_id"], unique=True, sqlite_where=still_open, postgresql_where=still_open
    )


def _standing() -> None:
    """Who stood before is given the events that led there, as far as the row tells."""
    op.create_table(
        "distributor_event",
        whole("id"), whole("distributor_id"), word("kind"), word("value"), word("actor"), word("reason", nullable=True),
        moment("at"),
        sa.CheckConstraint("kind in ('state','level')", name="distributor_event_kind"),
        link("distributor_id", "distributor.id"),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("distributor_event_at", "distributor_event", ["distributor_id", "kind", "at"])
    add = "insert into distributor_event (distributor_id, kind, value, actor, reason, at)"
    # Who is frozen or gone now was active before.
    before = "case when state in ('frozen','terminated') then 'active' else 'pending' end"
    op.execute(f"{add} select id, 'state', {before}, 'setup', null, applied_at from distributor order by id")
    op.execute(
        f"{add} select id, 'state', state, 'setup', reason, coalesce(decided_at, applied_at) from distributor"
        " where state <> 'pending' order by id"
    )
    op.execute(
        f"{add} select id, 'level', cast(level_id as varchar), 'setup', null, applied_at from distributor"
        " where level_id is not null order by id"
    )


def downgrade() -> None:
    for name in ("distributor_event", "dispute", "customer_invitation"):
        op.drop_table(name)
    op.drop_column("binding_event", "act")
    op.drop_index("binding_ends", "binding")
    for name in ("reminded_of", "locked", "protected_until"):
        op.drop_column("binding", name)
