"""An independent model of the shop: plain dictionaries and integers, written from the rules, not from the product."""

from dataclasses import dataclass, field

from calculator import rows

DAY = 24 * 3600
REGION = {"district": ["戴安娜"], "city": ["爱丽丝"]}


@dataclass
class Slot:
    """What one person earns on one line, in one kind."""

    fen: int = 0
    settled: bool = False
    void: bool = False


@dataclass
class ModelOrder:
    """An order: who was offered what under which rules, what came back of it, cases that are open."""

    config: dict
    order: dict
    lines: list[dict]
    people: list[dict | None]
    agents: dict
    state: str = "unpaid"
    version: int = 0
    paid: bool = False
    back: dict[int, tuple[int, int]] = field(default_factory=dict)
    slots: dict[tuple[int, str, str], Slot] = field(default_factory=dict)
    due: int | None = None
    opened: dict[str, set[int]] = field(default_factory=dict)


@dataclass
class Tie:
    """Whose customer somebody is, and who competes for him (R10-R12)."""

    who: str | None = None
    protected: int = 0
    until: int = 0
    rival: str | None = None
    rival_until: int = 0


class Model:
    """Purses of everybody, customers, orders, refunds and withdrawals; ``now`` in seconds."""

    def __init__(self, uplines: dict[str, str | None], config: dict) -> None:
        self.uplines, self.config = uplines, config
        self.now = 0
        self.frozen: set[str] = set()
        self.gone: set[str] = set()
        self.levels: dict[str, str] = {}
        self.ties: dict[str, Tie] = {}
        self.available = dict.fromkeys(uplines, 0)  # below zero: owed
        self.withdrawing = dict.fromkeys(uplines, 0)
        self.withdrawn = dict.fromkeys(uplines, 0)
        self.orders: dict[str, ModelOrder] = {}
        self.refunds: dict[str, tuple[str, str, int, dict[int, tuple[int, int]]]] = {}
        self.withdrawals: dict[str, tuple[str, int, str]] = {}

    def purse(self, who: str) -> tuple[int, int, int, int, int]:
        """Pending, available, withdrawing, withdrawn, owed."""
        slots = [(key, slot) for order in self.orders.values() for key, slot in order.slots.items()]
        pending = sum(slot.fen for (_, _, earner), slot in slots if earner == who and not slot.settled)
        have = self.available[who]
        return pending, max(0, have), self.withdrawing[who], self.withdrawn[who], max(0, -have)

    def active(self, who: str) -> bool:
        """Whether somebody may earn on new orders."""
        return who not in self.frozen and who not in self.gone

    def click(self, buyer: str, who: str) -> None:
        """A customer came by somebody's link; within protection nothing happens, after it the next order decides."""
        tie = self.ties.setdefault(buyer, Tie())
        if not self.active(who):
            return
        if tie.who is None or self.now >= tie.until:
            self._tie(tie, who)
        elif tie.who != who and self.now >= tie.protected:
            tie.rival, tie.rival_until = who, self.now + DAY

    def report(self, no: str, state: str, version: int, *, sale: dict) -> bool:
        """An order's version; whether it is news. The caller keeps to states that may follow."""
        order = self.orders.get(no)
        if order is None:
            order = self.orders[no] = self._created(sale)
        elif version <= order.version:
            return False
        order.state, order.version = state, version
        if not order.paid and state in ("paid", "shipped", "received"):
            order.paid = True
            self._reckon(order)
            early = [name for name, (order_no, *_) in self.refunds.items() if order_no == no]
            for name in sorted(early, key=lambda each: self.refunds[each][2]):
                self._apply(name, order)
        if state == "received" and order.due is None:
            order.due = self.now + 7 * DAY
        if state == "closed" and order.paid:
            order.back = {number: (10**12, 10**6) for number in range(len(order.lines))}
            order.opened = {}
            self._reckon(order)
        return True

    def refund(self, no: str, order_no: str, state: str, lines: dict[int, tuple[int, int]]) -> bool:
        """A refund's state at ``now``; whether it is news."""
        held = self.refunds.get(no)
        if held is not None:
            _, was, at, _ = held
            later = (self.now, state == "closed") > (at, was == "closed")
            if was == "refunded" or (state != "refunded" and not later):
                return False
        self.refunds[no] = (order_no, state, self.now, lines)
        order = self.orders.get(order_no)
        if order is not None and order.paid:
            self._apply(no, order)
        return True

    def settle(self) -> None:
        """Everything that is due becomes available, of people who are active."""
        for order in self.orders.values():
            if order.due is None or order.due > self.now:
                continue
            waiting = set().union(*order.opened.values()) if order.opened else set()
            for (line, _, who), slot in order.slots.items():
                if line not in waiting and self.active(who) and not slot.settled and not slot.void:
                    slot.settled = True
                    self.available[who] += slot.fen

    def terminate(self, who: str) -> None:
        """What was not settled is void for ever, what was stays; his customers are free."""
        self.frozen.discard(who)
        self.gone.add(who)
        for order in self.orders.values():
            for (_, _, earner), slot in order.slots.items():
                if earner == who and not slot.settled:
                    slot.fen, slot.void = 0, True
        for tie in self.ties.values():
            tie.who = None if tie.who == who else tie.who
            tie.rival = None if tie.rival == who else tie.rival

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

    def _tie(self, tie: Tie, who: str) -> None:
        tie.who, tie.protected, tie.until = who, self.now + 15 * DAY, self.now + 30 * DAY

    def _created(self, sale: dict) -> ModelOrder:
        """Freeze whose the order is, the levels and the rules of this moment (R16)."""
        buyer, seller = sale["buyer"], sale["seller"]
        decided = seller if seller is not None and self.active(seller) else None
        first = decided or (buyer if buyer in self.uplines and buyer not in self.gone else None)
        if buyer not in self.uplines or buyer in self.gone:
            tied = self._ordered(buyer, decided)
            first = first or tied
        chain = self._chain(first)
        if first is not None and first == buyer:
            chain = {"none": [], "upline": chain[1:], "self": chain}[self.config["self_purchase"]]
        depth = self.config["depth"]
        chain = (chain + [None] * depth)[:depth]
        own = buyer if buyer in self.uplines and buyer not in self.gone else None
        people = [
            {"id": who, "level": self.levels.get(who), "personal": None}
            if who is not None and self.active(who) and not (place and who == own) else None
            for place, who in enumerate(chain)
        ]  # fmt: skip
        agents = (
            {scope: [who for who in ids if self.active(who)] for scope, ids in REGION.items()} if sale["here"] else {}
        )
        return ModelOrder(self.config, sale["order"], sale["lines"], people, agents)

    def _ordered(self, buyer: str, decided: str | None) -> str | None:
        tie = self.ties.setdefault(buyer, Tie())
        holder = tie.who if tie.who is not None and self.now < tie.until else None
        if decided is not None and holder != decided:
            return decided
        rival, tie.rival = tie.rival, None
        if decided is None and rival is not None and self.now < tie.rival_until and self.active(rival):
            self._tie(tie, rival)
            return rival
        if holder is not None:
            tie.protected, tie.until = self.now + 15 * DAY, self.now + 30 * DAY
        return holder

    def _chain(self, first: str | None) -> list[str | None]:
        chain, who = [], first
        while who is not None:
            chain.append(who)
            who = self.uplines[who]
        return chain

    def _apply(self, name: str, order: ModelOrder) -> None:
        _, state, _, lines = self.refunds[name]
        order.opened.pop(name, None)
        if order.state == "closed":
            return
        if state == "opened":
            order.opened[name] = set(lines)
        if state == "refunded":
            for line, (fen, pieces) in lines.items():
                before = order.back.get(line, (0, 0))
                order.back[line] = before[0] + fen, before[1] + pieces
            self._reckon(order)

    def _reckon(self, order: ModelOrder) -> None:
        wanted = rows(order.config, order.order, order.lines, order.people, order.agents, order.back)
        for key in wanted.keys() | order.slots.keys():
            slot = order.slots.get(key)
            if slot is None:
                if key[2] in self.gone:
                    continue
                slot = order.slots[key] = Slot()
            if slot.void:
                continue
            fen = wanted.get(key, 0)
            if slot.settled:
                self.available[key[2]] += fen - slot.fen
            slot.fen = fen
