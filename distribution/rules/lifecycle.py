"""Every allowed change of state; nothing else is possible."""

from collections.abc import Mapping

from distribution.refusals import Code, Refusal
from models.states import DistributorState as D
from models.states import OrderState as O
from models.states import WithdrawalState as W

#: R2. A rejected person may apply again; a terminated one is gone for good.
DISTRIBUTOR: Mapping[str, frozenset[str]] = {
    D.PENDING: frozenset({D.ACTIVE, D.REJECTED}),
    D.REJECTED: frozenset({D.PENDING, D.ACTIVE}),
    D.ACTIVE: frozenset({D.FROZEN, D.TERMINATED}),
    D.FROZEN: frozenset({D.ACTIVE, D.TERMINATED}),
    D.TERMINATED: frozenset(),
}
#: R40.
WITHDRAWAL: Mapping[str, frozenset[str]] = {
    W.REQUESTED: frozenset({W.APPROVED, W.RELEASED}),
    W.APPROVED: frozenset({W.PAYING, W.RELEASED}),
    W.PAYING: frozenset({W.PAID, W.RELEASED}),
    W.PAID: frozenset(),
    W.RELEASED: frozenset(),
}
#: States of an order in the order they come; ``closed`` ends any of them.
_PROGRESS = (O.UNPAID, O.PAID, O.SHIPPED, O.RECEIVED)


def move(table: Mapping[str, frozenset[str]], old: str, new: str) -> str:
    """``new``, if it may follow ``old``; Refusal illegal_state otherwise."""
    if new not in table.get(old, frozenset()):
        raise Refusal(Code.ILLEGAL_STATE, state=old, wanted=new)
    return new


def order_may_become(old: str, new: str) -> bool:
    """Whether a newer report may show ``new`` after ``old``: never backwards, nothing after closed."""
    if old == O.CLOSED:
        return new == O.CLOSED
    return new == O.CLOSED or _PROGRESS.index(O(new)) >= _PROGRESS.index(O(old))


def is_paid(state: str) -> bool:
    """Whether a first report of ``state`` says that the order was paid."""
    return state in _PROGRESS[1:]


def reached(state: str) -> tuple[str, ...]:
    """Every state that ``state`` implies, itself included (received implies shipped and paid)."""
    if state == O.CLOSED:
        return (O.CLOSED,)
    return tuple(_PROGRESS[1 : _PROGRESS.index(O(state)) + 1])
