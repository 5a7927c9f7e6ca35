"""Partners: regional agents, personal agreements, ordering dealers and what they order."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import amount, instant, key, link, structured


class RegionAgent(SQLModel, table=True):
    """A distributor who shares in the orders shipped to a region during ``[valid_from, valid_until)`` (R60-R65).

    None is open on that side; a term that was ended early stops at ``ended_at``. Once written, terms are never changed.
    """

    __tablename__ = "region_agent"
    __table_args__ = (
        CheckConstraint("scope in ('district','city','province')", name="region_agent_scope"),
        CheckConstraint("tenure in ('exclusive','shared')", name="region_agent_tenure"),
        CheckConstraint("valid_from < valid_until", name="region_agent_term"),
        Index("region_agent_code", "merchant_id", "code"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id")
    distributor_id: int = link("distributor.id", index=True)
    scope: str
    #: GB/T 2260, six digits.
    code: str
    #: What the merchant calls the region.
    place: str
    #: The rule in force at the appointment (R61).
    tenure: str
    valid_from: dt.datetime | None = instant(default=None)
    valid_until: dt.datetime | None = instant(default=None)
    appointed_at: dt.datetime = instant()
    appointed_by: str
    ended_at: dt.datetime | None = instant(default=None)
    ended_by: str | None = None
    end_reason: str | None = None


class Agreement(SQLModel, table=True):
    """Rates agreed with one person for ``[valid_from, valid_until)`` (R25); None is open on that side."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint(
            "l1_bp between 0 and 10000 and l2_bp between 0 and 10000 and l3_bp between 0 and 10000",
            name="agreement_rates",
        ),
        CheckConstraint("valid_from < valid_until", name="agreement_term"),
        Index("agreement_person", "merchant_id", "distributor_id"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id")
    distributor_id: int = link("distributor.id")
    l1_bp: int
    l2_bp: int
    l3_bp: int
    valid_from: dt.datetime | None = instant(default=None)
    valid_until: dt.datetime | None = instant(default=None)
    made_by: str
    made_at: dt.datetime = instant()
    ended_at: dt.datetime | None = instant(default=None)
    ended_by: str | None = None


class Dealer(SQLModel, table=True):
    """订货商: a distributor who orders from a merchant at the price of a grade, below the dealer ``parent_id``."""

    __tablename__ = "dealer"
    __table_args__ = (
        UniqueConstraint("merchant_id", "distributor_id"),
        CheckConstraint("parent_id <> id", name="dealer_not_own_parent"),
        CheckConstraint("state in ('active','stopped')", name="dealer_state"),
    )

    id: int = key()
    merchant_id: int = link("merchant.id")
    distributor_id: int = link("distributor.id", index=True)
    #: A name of the policy's ``dealers.grades_bp``.
    grade: str
    parent_id: int | None = link("dealer.id", default=None, index=True, nullable=True)
    state: str
    appointed_at: dt.datetime = instant()
    appointed_by: str


class DealerCultivation(SQLModel, table=True):
    """培育: who brought a dealer up through which grades; append-only, kept whatever becomes of the chain (R77)."""

    __tablename__ = "dealer_cultivation"
    __table_args__ = (
        CheckConstraint("event in ('appointed','regraded','moved')", name="dealer_cultivation_event"),
        CheckConstraint("mentor_id <> dealer_id", name="dealer_cultivation_mentor"),
    )

    id: int = key()
    dealer_id: int = link("dealer.id", index=True)
    mentor_id: int | None = link("dealer.id", default=None, index=True, nullable=True)
    event: str
    old_grade: str | None = None
    grade: str
    by: str
    at: dt.datetime = instant()


class DealerOrder(SQLModel, table=True):
    """What a dealer bought or sold, beside its ``order`` row: ``prices`` are the whole chain's of that moment (R74).

    Each is ``{"line_no", "list_fen", "chain": [{"dealer", "who", "grade", "bp", "unit_fen"}]}``, the dealer first.
    """

    __tablename__ = "dealer_order"
    __table_args__ = (
        CheckConstraint("kind in ('purchase','retail')", name="dealer_order_kind"),
        CheckConstraint("pays_by in ('prepaid','outside')", name="dealer_order_pays_by"),
        CheckConstraint("returned_fen >= 0", name="dealer_order_returned"),
    )

    order_id: int = link("order.id", primary_key=True)
    merchant_id: int = link("merchant.id")
    dealer_id: int = link("dealer.id", index=True)
    kind: str
    #: ``prepaid``: taken from the dealer's deposit; ``outside``: paid in the merchant's mall.
    pays_by: str
    #: Fen given back to the dealer's deposit so far.
    returned_fen: int = amount(default=0)
    prices: list[dict[str, object]] = structured()
    made_by: str
    made_at: dt.datetime = instant()


class DealerDeposit(SQLModel, table=True):
    """Money a dealer put down with the merchant before ordering; once a reference."""

    __tablename__ = "dealer_deposit"
    __table_args__ = (CheckConstraint("fen > 0", name="dealer_deposit_fen"),)

    id: int = key()
    dealer_id: int = link("dealer.id", index=True)
    fen: int = amount()
    reference: str = Field(unique=True)
    by: str
    at: dt.datetime = instant()
