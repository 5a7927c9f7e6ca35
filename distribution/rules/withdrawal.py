"""Whether an amount may be withdrawn, what it costs, and when to look after a transfer (R40-R45)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from distribution.policy_parts import WithdrawalTerms
from distribution.refusals import Code, Refusal
from distribution.rules import tax
from distribution.rules.tax import Payment

Channel = Literal["wechat", "bank", "balance"]
#: People are reminded to confirm this long after the transfer was made; WeChat closes it at 24 h.
REMINDERS = tuple(dt.timedelta(hours=hours) for hours in (1, 12, 23))
CONFIRM_WITHIN = dt.timedelta(hours=24)
#: WeChat Pay transfers nothing smaller, whatever a shop asks for at least.
_LEAST_TRANSFER_FEN = 10


@dataclass(frozen=True, slots=True)
class Quote:
    """What a withdrawal of ``fen`` means: ``fen = fee_fen + tax_fen + net_fen``; ``left_fen`` stays available."""

    fen: int
    fee_fen: int
    tax_fen: int
    net_fen: int
    left_fen: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the applicant stands at ``at``.

    ``today``: requests accepted this day; ``open``: not ended yet; ``before``: this year's payments, for the tax.
    """

    at: dt.datetime
    available_fen: int
    owed_fen: int = 0
    today: int = 0
    open: int = 0
    has_real_name: bool = True
    before: Sequence[Payment] = ()


def check(terms: WithdrawalTerms, fen: int, channel: Channel, standing: Standing) -> Quote:
    """The quote, or the first Refusal in the order of R42 (whoever asks knows already whether it is a duplicate)."""
    available = standing.available_fen
    if fen <= 0:
        raise Refusal(Code.INVALID_AMOUNT, fen=fen)
    if fen < terms.min_fen:
        raise Refusal(Code.BELOW_MINIMUM, fen=fen, minimum_fen=terms.min_fen, available_fen=available)
    if terms.max_fen is not None and fen > terms.max_fen:
        raise Refusal(Code.ABOVE_MAXIMUM, fen=fen, maximum_fen=terms.max_fen)
    if terms.max_per_day is not None and standing.today >= terms.max_per_day:
        raise Refusal(Code.TOO_MANY, per_day=terms.max_per_day)
    if terms.one_at_a_time and standing.open:
        raise Refusal(Code.TOO_MANY, open=standing.open)
    quote = _quote(terms, fen, channel, standing)
    least = terms.wechat_min_fen if channel == "wechat" else 1
    if fen < least:
        raise Refusal(Code.BELOW_CHANNEL_MINIMUM, fen=fen, minimum_fen=least)
    arriving = min(least, _LEAST_TRANSFER_FEN)
    if quote.net_fen < arriving:
        raise Refusal(Code.BELOW_CHANNEL_MINIMUM, fen=fen, minimum_fen=arriving, net_fen=quote.net_fen)
    if fen >= terms.name_required_from_fen and not standing.has_real_name:
        raise Refusal(Code.REAL_NAME_REQUIRED, fen=fen)
    if fen > available:
        raise Refusal(Code.INSUFFICIENT, fen=fen, available_fen=available, owed_fen=standing.owed_fen)
    return quote


def needs_second(terms: WithdrawalTerms, fen: int) -> bool:
    """Whether two operators must agree to pay ``fen``."""
    return terms.four_eyes_from_fen is not None and fen >= terms.four_eyes_from_fen


def passes_by_itself(terms: WithdrawalTerms, fen: int, *, level_fen: int = 0) -> bool:
    """Whether the policy, or the person's level up to ``level_fen``, approves ``fen`` without an operator (R54)."""
    return fen <= max(terms.auto_approve_up_to_fen, level_fen) and not needs_second(terms, fen)


def _quote(terms: WithdrawalTerms, fen: int, channel: Channel, standing: Standing) -> Quote:
    fee = 0 if channel == "balance" else fen * terms.fee_bp // 10_000
    withheld = tax.withheld(terms.tax, fen, before=standing.before, at=standing.at)
    return Quote(fen, fee, withheld, fen - fee - withheld, standing.available_fen - fen)


def next_look(made_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """When to ask WeChat Pay again about an unconfirmed transfer: at the reminders, then until it is closed."""
    for after in (*REMINDERS, CONFIRM_WITHIN + dt.timedelta(minutes=1)):
        if made_at + after > now:
            return made_at + after
    return now + dt.timedelta(minutes=10)


def backoff(tries: int) -> dt.timedelta:
    """How long an unknown outcome waits for the next query: 15 s doubling to 10 min."""
    return dt.timedelta(seconds=min(600, 15 * 2 ** min(tries, 6)))
