"""What people ask of people: tickets and their notes; operators who answer in the chat, and the cards they answer."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import amount, instant, key, link, structured


class Ticket(SQLModel, table=True):
    """Something a member wants a person to look at; ``facts`` hold what belongs to it (an explanation, a new name)."""

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint("kind in ('complaint','human','appeal','profile','close')", name="ticket_kind"),
        CheckConstraint("state in ('open','answered','closed')", name="ticket_state"),
        Index("ticket_of_member", "member_id", "id"),
        Index("ticket_by_state", "state", "id"),
    )

    id: int = key()
    no: str = Field(unique=True)
    member_id: int = link("member.id")
    distributor_id: int | None = link("distributor.id", default=None, nullable=True)
    kind: str
    text: str
    order_no: str | None = None
    facts: dict[str, object] = structured(default_factory=dict)
    state: str = "open"
    opened_at: dt.datetime = instant()
    #: The last word of either side.
    touched_at: dt.datetime = instant()
    closed_at: dt.datetime | None = instant(default=None)
    #: The operator who talks to its member now, and whether the member said that it was solved.
    taken_by: str | None = None
    solved: bool | None = None


class TicketNote(SQLModel, table=True):
    """One thing said under a ticket, by its member ("member:5") or by an operator; append-only."""

    __tablename__ = "ticket_note"

    id: int = key()
    ticket_id: int = link("ticket.id", index=True)
    by: str
    text: str
    at: dt.datetime = instant()


class OperatorBinding(SQLModel, table=True):
    """The WeChat account an operator decides from; ``code_hash`` is of the one-time code that binds it."""

    __tablename__ = "operator_binding"

    operator_id: int = link("operator.id", primary_key=True)
    member_id: int | None = link("member.id", default=None, nullable=True, unique=True)
    code_hash: str | None = Field(default=None, index=True)
    code_until: dt.datetime | None = instant(default=None)
    bound_at: dt.datetime | None = instant(default=None)


class DecisionCard(SQLModel, table=True):
    """One question to one operator under a number that counts once: ``subject`` as it stood at ``version``."""

    __tablename__ = "decision_card"
    __table_args__ = (
        CheckConstraint("kind in ('application','withdrawal')", name="decision_card_kind"),
        Index("decision_card_number", "operator_id", "number"),
    )

    id: int = key()
    operator_id: int = link("operator.id")
    number: str
    kind: str
    #: A distributor's id or a withdrawal's number.
    subject: str
    version: int = amount()
    made_at: dt.datetime = instant()
    until: dt.datetime = instant()
    used_at: dt.datetime | None = instant(default=None)
