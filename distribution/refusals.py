"""Every business "no", holding facts; the sentences stand in bot/wording.py."""

from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Why something was refused."""

    # joining
    NOT_A_DISTRIBUTOR = "not_a_distributor"
    ALREADY_DISTRIBUTOR = "already_distributor"
    ALREADY_APPLIED = "already_applied"
    REAPPLY_LATER = "reapply_later"
    TERMINATED = "terminated"
    FROZEN = "frozen"
    UNKNOWN_INVITE_CODE = "unknown_invite_code"
    MAY_NOT_INVITE = "may_not_invite"
    INVALID_NAME = "invalid_name"
    INVALID_PHONE = "invalid_phone"
    ASSIGNED_ONLY = "assigned_only"
    CONDITION_NOT_MET = "condition_not_met"
    ILLEGAL_STATE = "illegal_state"
    WECHAT_TAKEN = "wechat_taken"
    GAVE_WAY = "gave_way"
    # the inviter tree
    SELF = "self"
    CYCLE = "cycle"
    ALREADY_BOUND = "already_bound"
    # policy
    DEPTH_NOT_ALLOWED = "depth_not_allowed"
    INVALID_POLICY = "invalid_policy"
    ABOVE_MARGIN = "above_margin"
    # partners
    INVALID_REGION = "invalid_region"
    REGION_TAKEN = "region_taken"
    INVALID_TERM = "invalid_term"
    INVALID_RATE = "invalid_rate"
    AGREEMENT_OVERLAPS = "agreement_overlaps"
    NOT_A_DEALER = "not_a_dealer"
    ALREADY_DEALER = "already_dealer"
    UNKNOWN_GRADE = "unknown_grade"
    DEALER_STOPPED = "dealer_stopped"
    DEPOSIT_TOO_SMALL = "deposit_too_small"
    NO_PURCHASES = "no_purchases"
    # orders
    BUYER_CHANGED = "buyer_changed"
    LINES_CHANGED = "lines_changed"
    INVALID_ORDER = "invalid_order"
    UNKNOWN_LINE = "unknown_line"
    REFUND_FINAL = "refund_final"
    REFUND_OF_OTHER_ORDER = "refund_of_other_order"
    # money
    INSUFFICIENT = "insufficient"
    DUPLICATE_REFERENCE = "duplicate_reference"
    INVALID_AMOUNT = "invalid_amount"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"
    TOO_MANY = "too_many"
    BELOW_CHANNEL_MINIMUM = "below_channel_minimum"
    REAL_NAME_REQUIRED = "real_name_required"
    STALE_VERSION = "stale_version"
    OTHER_PERSON_NEEDED = "other_person_needed"
    PAYOUT_DAY_LIMIT = "payout_day_limit"
    WITH_A_PERSON = "with_a_person"
    # posters, material, campaigns
    UNKNOWN_PRODUCT = "unknown_product"
    OFF_SALE = "off_sale"
    SOLD_OUT = "sold_out"
    EMPTY_AUDIENCE = "empty_audience"
    INVALID_MATERIAL = "invalid_material"
    NOT_FOUND = "not_found"
    NAME_TAKEN = "name_taken"
    WORDING_HELD = "wording_held"
    INVALID_TEACHING = "invalid_teaching"
    # levels, tasks, the guard
    INVALID_LEVEL = "invalid_level"
    INVALID_TASK = "invalid_task"
    UNDER_REVIEW = "under_review"


class Refusal(Exception):
    """A rule said no; ``facts`` are what the sentence needs (fen, days, names)."""

    def __init__(self, code: Code, **facts: Any) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts
