"""The parts of a policy: rates, caps, binding, settlement, withdrawal, regions; each a frozen value with defaults."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Bp = Annotated[int, Field(ge=0, le=10_000, strict=True)]
Fen = Annotated[int, Field(ge=0, le=10**12, strict=True)]
Days = Annotated[int, Field(ge=0, le=3650, strict=True)]
Hour = Annotated[int, Field(ge=0, le=23, strict=True)]
Count = Annotated[int, Field(ge=1, strict=True)]


class Part(BaseModel):
    """A frozen part of a policy; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rates(Part):
    """Store rates in basis points per paid level."""

    l1: Bp = 1000
    l2: Bp = 500
    l3: Bp = 0


class OwnRates(Part):
    """Rates in basis points of a rule that was hit: what is missing is 0 (R26)."""

    l1: Bp = 0
    l2: Bp = 0
    l3: Bp = 0


class CategoryRates(OwnRates):
    """A category's rates, or a category that pays nothing (R25)."""

    disabled: bool = False


class Band(OwnRates):
    """Rates of orders whose goods base reaches ``from_fen`` (R28)."""

    from_fen: Fen


class FixedFen(Part):
    """Fixed sums in fen a unit (R24)."""

    l1: Fen = 0
    l2: Fen = 0
    l3: Fen = 0


class ProductRule(Part):
    """A product's own rule, one of: takes no part, own rates, fixed sums a unit, rates by level (R25)."""

    disabled: Literal[True] | None = None
    rate_bp: OwnRates | None = None
    fixed_fen: FixedFen | None = None
    level_rate_bp: Mapping[str, OwnRates] | None = None

    @model_validator(mode="after")
    def _one(self) -> "ProductRule":
        if sum(value is not None for value in self.__dict__.values()) != 1:
            raise ValueError("exactly one kind of rule")
        return self


class BindingTerms(Part):
    """How a customer comes to belong to whom, and for how long (R10-R15)."""

    mode: Literal["window", "first_forever", "first_order", "last_click"] = "window"
    valid_days: Days = 30
    protect_days: Days = 15
    renew_on_order: bool = True
    compete: Literal["order", "click"] = "order"
    compete_ttl_hours: Annotated[int, Field(ge=1, le=24 * 365, strict=True)] = 24
    #: Only customers who were new within so many seconds may be bound; None = anybody (R14).
    new_window_seconds: Annotated[int, Field(ge=1, strict=True)] | None = None


class CycleTerms(Part):
    """When due commissions are settled (R38); ``manual``: a merchant confirms each batch."""

    mode: Literal["daily", "weekly", "monthly", "quarterly", "threshold", "manual"] = "daily"
    weekday: Annotated[int, Field(ge=1, le=7, strict=True)] | None = None
    day: Annotated[int, Field(ge=1, le=31, strict=True)] | None = None
    fen: Annotated[int, Field(ge=1, strict=True)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> "CycleTerms":
        needs = {"weekly": "weekday", "monthly": "day", "quarterly": "day", "threshold": "fen"}
        if self.mode in needs and getattr(self, needs[self.mode]) is None:
            raise ValueError(f"{self.mode} needs {needs[self.mode]}")
        return self


class WithdrawalTerms(Part):
    """Limits, fee and tax of a withdrawal (R42-R44)."""

    min_fen: Fen = 1000
    max_fen: Fen | None = None
    max_per_day: Count | None = None
    #: A second request waits for the first, with the answer ``too_many`` (R42).
    one_at_a_time: bool = False
    #: Besides WeChat, people may choose a bank card, which finance pays by hand, or the balance of the mall.
    to_bank: bool = False
    to_balance: bool = False
    fee_bp: Bp = 0
    name_required_from_fen: Fen = 200_000
    #: Before the first withdrawal, name and identity number are looked at once.
    verify_name: bool = False
    wechat_min_fen: Fen = 10
    tax: Literal["none", "labour", "platform"] = "none"
    #: Up to this amount a request is approved by the policy itself (R54); 0 = always a person.
    auto_approve_up_to_fen: Fen = 0
    #: Up to this amount operators may decide in the chat; 0 = on the console only.
    chat_approve_up_to_fen: Fen = 50_000
    #: From this amount a second operator must agree with the first; None = one is enough.
    four_eyes_from_fen: Fen | None = None
    #: Most that may be approved in one day, of all people together; None = no limit.
    daily_cap_fen: Fen | None = None


class RegionRates(Part):
    """What the agents of each kind of region earn, in basis points (R62)."""

    district: Bp = 100
    city: Bp = 200
    province: Bp = 300


class RegionTerms(Part):
    """How regional agents share in an order (R61-R64)."""

    mode: Literal["differential", "parallel", "nearest"] = "differential"
    rates_bp: RegionRates = RegionRates()
    stack: Literal["additive", "nested"] = "additive"
    #: One active agent a region and term, or several who share equally (R61).
    tenure: Literal["exclusive", "shared"] = "exclusive"


class DealerTerms(Part):
    """What dealers of each grade pay of the list price, and whether their orders pay region shares (R70, R75)."""

    #: At most five; the lowest price is the best grade.
    grades_bp: Annotated[Mapping[Annotated[str, Field(min_length=1, max_length=20)], Bp], Field(max_length=5)] = {}
    region_share: bool = False


class JoinTerms(Part):
    """What joining asks for where ``join_mode`` is ``condition`` (R1): completed purchases less refunds."""

    match: Literal["any", "all"] = "any"
    spend_fen: Fen | None = None
    orders: Count | None = None
    skus: tuple[str, ...] = ()
