"""An independent model of the rules: plain dictionaries and integers, written from the rules, not from the product."""

from dataclasses import dataclass, field

DAY = 24 * 3600


@dataclass
class Slot:
    """What one person earns on one line."""

    rate_bp: int
    fen: int = 0
    settled: bool = False


@dataclass
class ModelOrder:
    """An order: base and what is left of each line, who earns, cases that are open."""

    base: list[int]
    people: list[str | None]
    state: str = "unpaid"
    version: int = 0
    left: list[int] = field(default_factory=list)
    slots: dict[tuple[int, str], Slot] = field(default_factory=dict)
    due: int | None = None
    opened: dict[str, set[int]] = field(default_factory=dict)


class Model:
    """Purses of everybody, orders, refunds and withdrawals; ``now`` in seconds."""

    rates = (1000, 500)
    freeze = 7 * DAY

    def __init__(self, uplines: dict[str, str | None]) -> None:
        self.uplines = uplines
        self.now = 0
        self.frozen: set[str] = set()
        self.available = dict.fromkeys(uplines, 0)  # below zero: owed
        self.withdrawing = dict.fromkeys(uplines, 0)
        self.withdrawn = dict.fromkeys(uplines, 0)
        self.orders: dict[str, ModelOrder] = {}
        self.refunds: dict[str, tuple[str, str, int, dict[int, int]]] = {}
        self.withdrawals: dict[str, tuple[str, int, str]] = {}

    def purse(self, who: str) -> tuple[int, int, int, int, int]:
        """Pending, available, withdrawing, withdrawn, owed."""
        pending = sum(
            slot.fen for order in self.orders.values() for (_, earner), slot in order.slots.items()
            if earner == who and not slot.settled
        )  # fmt: skip
        have = self.available[who]
        return pending, max(0, have), self.withdrawing[who], self.withdrawn[who], max(0, -have)

    def report(self, no: str, state: str, version: int, *, lines: list[int], seller: str | None) -> bool:
        """An order's version; whether it is news. The caller keeps to states that may follow."""
        order = self.orders.get(no)
        if order is None:
            above = self.uplines[seller] if seller else None
            people = [who if who not in self.frozen else None for who in (seller, above)]
            order = self.orders[no] = ModelOrder(list(lines), people)
        elif version <= order.version:
            return False
        before, order.state, order.version = order.state, state, version
        if before == "unpaid" and state in ("paid", "shipped", "received"):
            self._pay(no, order)
        if state == "received" and order.due is None:
            order.due = self.now + self.freeze
        if state == "closed" and order.left:
            order.left = [0] * len(order.base)
            order.opened = {}
            self._reckon(order)
        return True

    def refund(self, no: str, order_no: str, state: str, lines: dict[int, int]) -> bool:
        """A refund's state at ``now``; whether it is news."""
        held = self.refunds.get(no)
        if held is not None:
            _, was, at, _ = held
            later = (self.now, state == "closed") > (at, was == "closed")
            if was == "refunded" or (state != "refunded" and not later):
                return False
        self.refunds[no] = (order_no, state, self.now, lines)
        order = self.orders.get(order_no)
        if order is not None and order.left:
            self._apply(no, order)
        return True

    def settle(self) -> None:
        """Everything that is due becomes available."""
        for order in self.orders.values():
            if order.due is None or order.due > self.now:
                continue
            waiting = set().union(*order.opened.values()) if order.opened else set()
            for (line, who), slot in order.slots.items():
                if line not in waiting and who not in self.frozen and not slot.settled:
                    slot.settled = True
                    self.available[who] += slot.fen

    def ask(self, no: str, who: str, fen: int) -> None:
        """A withdrawal of somebody who has enough."""
        self.available[who] -= fen
        self.withdrawing[who] += fen
        self.withdrawals[no] = (who, fen, "open")

    def end(self, no: str, *, paid: bool) -> None:
        """A withdrawal is paid or given back; a second end changes nothing."""
        who, fen, state = self.withdrawals[no]
        if state != "open":
            return
        self.withdrawals[no] = (who, fen, "paid" if paid else "released")
        self.withdrawing[who] -= fen
        if paid:
            self.withdrawn[who] += fen
        else:
            self.available[who] += fen

    def _pay(self, no: str, order: ModelOrder) -> None:
        order.left = list(order.base)
        for line in range(len(order.base)):
            for who, rate in zip(order.people, self.rates, strict=True):
                if who is not None:
                    order.slots[line, who] = Slot(rate)
        self._reckon(order)
        early = [name for name, (order_no, *_) in self.refunds.items() if order_no == no]
        for name in sorted(early, key=lambda each: self.refunds[each][2]):
            self._apply(name, order)

    def _apply(self, name: str, order: ModelOrder) -> None:
        _, state, _, lines = self.refunds[name]
        order.opened.pop(name, None)
        if order.state == "closed":
            return
        if state == "opened":
            order.opened[name] = set(lines)
        if state == "refunded":
            for line, fen in lines.items():
                order.left[line] = max(0, order.left[line] - fen)
            self._reckon(order)

    def _reckon(self, order: ModelOrder) -> None:
        for (line, who), slot in order.slots.items():
            fen = order.left[line] * slot.rate_bp // 10_000
            if slot.settled:
                self.available[who] += fen - slot.fen
            slot.fen = fen
