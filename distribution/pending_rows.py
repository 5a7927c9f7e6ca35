"""Commission rows that wait: which of them wait for nothing but their moment."""

from typing import Any

from sqlalchemy import Select, literal_column, select

from distribution import reviews, settlement_holds
from models import tables as t
from models.states import DistributorState

_c, _line, _person = t.commission.c, t.order_line.c, t.distributor.c
#: Written out, not a parameter: only then do both databases use the index of the pending rows.
PENDING = _c.state == literal_column("'pending'")


def waiting(column: Any) -> Select[Any]:
    """``column`` of the pending rows that wait for nothing but their moment: no person, no after-sale."""
    return (
        select(column)
        .join(t.distributor, _person.id == _c.distributor_id)
        .join(t.order_line, _line.id == _c.line_id)
        .where(
            PENDING,
            _person.state == DistributorState.ACTIVE,
            _line.open_cases == 0,
            _c.id.not_in(settlement_holds.held()),
            _c.distributor_id.not_in(reviews.held()),
        )
    )
