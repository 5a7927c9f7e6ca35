"""What an order's lines are worth: what was really paid for each, and the base commissions are taken of (R21, R22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """An order line as sold: fen, ``discount_fen`` of the whole line, ``cost_fen`` per unit.

    ``rule`` is the product's own rule of the time of the order, or None.
    """

    line_no: int
    quantity: int
    unit_fen: int
    discount_fen: int = 0
    category: str | None = None
    cost_fen: int | None = None
    rule: Mapping[str, Any] | None = None

    @property
    def amount_fen(self) -> int:
        """Unit × quantity − line discount."""
        return self.unit_fen * self.quantity - self.discount_fen


@dataclass(frozen=True, slots=True)
class Deductions:
    """What the whole order takes off its goods, and the freight on top; fen."""

    coupon_fen: int = 0
    points_fen: int = 0
    freight_fen: int = 0


def paid_amounts(lines: Sequence[Line], off: Deductions, *, kind: str) -> list[int]:
    """Fen really paid for each line; freight counts only where the base is ``paid_with_freight`` (R21, R22).

    Coupon, points and freight are split by line amount over all lines, the last line takes the rest.
    """
    amounts = [line.amount_fen for line in lines]
    parts = [split(-off.coupon_fen, amounts), split(-off.points_fen, amounts)]
    if kind == "paid_with_freight":
        parts.append(split(off.freight_fen, amounts))
    return [max(0, sum(share)) for share in zip(amounts, *parts, strict=True)]


def split(total_fen: int, weights: Sequence[int]) -> list[int]:
    """``total_fen`` in proportion to ``weights``, each rounded towards nothing, the last takes the remainder."""
    whole = sum(weights)
    sign = -1 if total_fen < 0 else 1
    if whole <= 0:
        return [0] * (len(weights) - 1) + [total_fen] if weights else []
    shares = [sign * (abs(total_fen) * weight // whole) for weight in weights[:-1]]
    return [*shares, total_fen - sum(shares)]


def returned_fen(left_fen: int, pieces: int, returned: int) -> int:
    """What is paid back for ``returned`` of the ``pieces`` still kept; the last piece takes what is left (R74)."""
    return left_fen * returned // pieces if pieces else 0


def commission_base(line: Line, *, kind: str, paid_fen: int, left_fen: int, pieces: int) -> int:
    """The base in fen when ``left_fen`` of ``paid_fen`` and ``pieces`` of the line were not refunded (R21, R31).

    Of a line for which nothing was paid there is nothing to take a commission of.
    """
    if kind == "list_price":
        return line.unit_fen * line.quantity * left_fen // paid_fen if paid_fen else 0
    if kind == "profit":
        return max(0, left_fen - (line.cost_fen or 0) * pieces)
    return left_fen
