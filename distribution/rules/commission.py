"""Who earns how much on an order: bases, rates, rounding, caps (R18-R29) and what a refund leaves (R30-R34)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from distribution.policy import Policy

KINDS = ("l1", "l2", "l3")
#: The order that rules are explained with: ¥100.00.
EXAMPLE_FEN = 100_00


@dataclass(frozen=True, slots=True)
class Line:
    """An order line as sold: amounts in fen; ``rule`` is the product's own rule or None."""

    line_no: int
    quantity: int
    unit_fen: int
    discount_fen: int
    rule: Mapping[str, Any] | None = None

    @property
    def amount_fen(self) -> int:
        """Unit × quantity − line discount."""
        return self.unit_fen * self.quantity - self.discount_fen


@dataclass(frozen=True, slots=True)
class Share:
    """What one person earns on one line, and why."""

    line_no: int
    kind: str
    distributor_id: int
    fen: int
    why: dict[str, Any]


def paid_amounts(lines: Sequence[Line], *, coupon_fen: int, points_fen: int) -> list[int]:
    """Fen really paid for each line's goods: coupon and points are split, the last line takes the rest (R22)."""
    amounts = [line.amount_fen for line in lines]
    coupon, points = split(coupon_fen, amounts), split(points_fen, amounts)
    return [max(0, amount - c - p) for amount, c, p in zip(amounts, coupon, points, strict=True)]


def split(total_fen: int, weights: Sequence[int]) -> list[int]:
    """``total_fen`` in proportion to ``weights``, each floored, the last takes the remainder."""
    whole = sum(weights)
    if whole <= 0:
        return [0] * (len(weights) - 1) + [total_fen] if weights else []
    shares = [total_fen * weight // whole for weight in weights[:-1]]
    return [*shares, total_fen - sum(shares)]


def positions(
    policy: Policy, *, attributed: int | None, uplines: Sequence[int | None], buyer: int | None
) -> list[int | None]:
    """The people in position l1, l2, (l3); ``uplines`` are the inviters of ``attributed``, nearest first (R18, R19).

    A buyer who is himself the attributed distributor moves everything one up, earns himself, or nobody does.
    """
    chain = [attributed, *uplines]
    if attributed is None:
        return [None] * policy.depth
    if buyer is not None and attributed == buyer:
        if policy.self_purchase == "none":
            return [None] * policy.depth
        if policy.self_purchase == "upline":
            chain = chain[1:]
    chain = (chain + [None] * policy.depth)[: policy.depth]
    return [chain[0], *(None if person == buyer else person for person in chain[1:])]


def rate(policy: Policy, rule: Mapping[str, Any] | None, kind: str) -> tuple[int, str]:
    """Basis points of ``kind`` and their source; inside the rule that was hit a missing level is 0 (R25, R26)."""
    if rule:
        if rule.get("disabled"):
            return 0, "product_disabled"
        return int(rule.get(kind, 0)), "product"
    return int(getattr(policy.store_rate_bp, kind)), "store"


def rounded(base_fen: int, bp: int, rounding: str) -> int:
    """``base × bp`` in fen, down or half up (R23)."""
    return (base_fen * bp + (5000 if rounding == "half_up" else 0)) // 10_000


def example(policy: Policy) -> tuple[int, int]:
    """What an order of EXAMPLE_FEN at the store's rates gives who sold it and that one's inviter, in fen."""
    bp = policy.store_rate_bp
    second = rounded(EXAMPLE_FEN, bp.l2, policy.rounding) if policy.depth > 1 else 0
    return rounded(EXAMPLE_FEN, bp.l1, policy.rounding), second


def shares(
    policy: Policy,
    lines: Sequence[tuple[Line, int]],
    people: Sequence[int | None],
) -> list[Share]:
    """One row per (line, its base in fen) and position; rows of 0 fen are left out (R23, R29)."""
    rows: list[Share] = []
    for line, base in lines:
        left = base * policy.line_cap_bp // 10_000
        for kind, person in zip(KINDS, people, strict=False):
            if person is None:
                continue
            bp, source = rate(policy, line.rule, kind)
            full = rounded(base, bp, policy.rounding)
            fen = min(full, left)
            left -= fen
            if fen:
                why: dict[str, Any] = {"base_fen": base, "rate_bp": bp, "source": source, "rounding": policy.rounding}
                rows.append(
                    Share(line.line_no, kind, person, fen, why | ({"capped_from_fen": full} if fen < full else {}))
                )
    return rows
