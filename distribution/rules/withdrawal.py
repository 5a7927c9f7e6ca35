"""Whether an amount may be withdrawn, what it costs, and when to look after a transfer (R40-R45)."""

import datetime as dt
from dataclasses import dataclass

from distribution.policy_parts import WithdrawalTerms
from distribution.refusals import Code, Refusal

#: People are reminded to confirm this long after the transfer was made; WeChat closes it at 24 h.
REMINDERS = tuple(dt.timedelta(hours=hours) for hours in (1, 12, 23))
CONFIRM_WITHIN = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a withdrawal of ``fen`` means: ``fen = fee_fen + tax_fen + net_fen``; ``left_fen`` stays available."""

    fen: int
    fee_fen: int
    tax_fen: int
    net_fen: int
    left_fen: int


def check(
    terms: WithdrawalTerms, fen: int, *, available_fen: int, today: int, has_real_name: bool, owed_fen: int = 0
) -> Quote:
    """The quote, or the first Refusal in the order of R42."""
    if fen <= 0:
        raise Refusal(Code.INVALID_AMOUNT, fen=fen)
    if fen < terms.min_fen:
        raise Refusal(Code.BELOW_MINIMUM, fen=fen, minimum_fen=terms.min_fen, available_fen=available_fen)
    if terms.max_fen is not None and fen > terms.max_fen:
        raise Refusal(Code.ABOVE_MAXIMUM, fen=fen, maximum_fen=terms.max_fen)
    if terms.max_per_day is not None and today >= terms.max_per_day:
        raise Refusal(Code.TOO_MANY, per_day=terms.max_per_day)
    fee = fen * terms.fee_bp // 10_000
    net = fen - fee
    if net < terms.wechat_min_fen:
        raise Refusal(Code.BELOW_CHANNEL_MINIMUM, fen=fen, minimum_fen=terms.wechat_min_fen)
    if fen >= terms.name_required_from_fen and not has_real_name:
        raise Refusal(Code.REAL_NAME_REQUIRED, fen=fen)
    if fen > available_fen:
        raise Refusal(Code.INSUFFICIENT, fen=fen, available_fen=available_fen, owed_fen=owed_fen)
    return Quote(fen, fee, 0, net, available_fen - fen)


def next_look(made_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """When to ask WeChat Pay again about an unconfirmed transfer: at the reminders, then until it is closed."""
    for after in (*REMINDERS, CONFIRM_WITHIN + dt.timedelta(minutes=1)):
        if made_at + after > now:
            return made_at + after
    return now + dt.timedelta(minutes=10)


def backoff(tries: int) -> dt.timedelta:
    """How long an unknown outcome waits for the next query: 15 s doubling to 10 min."""
    return dt.timedelta(seconds=min(600, 15 * 2 ** min(tries, 6)))
