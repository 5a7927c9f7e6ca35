"""Orders of malls: those that wait at the same moment share a transaction, each with its own answer (decision 11)."""

from collections.abc import Sequence
from typing import Any

import structlog

from distribution import api_answers, orders
from distribution.api_answers import Answered, Asked, Reused
from distribution.links import Clock
from distribution.refusals import Refusal
from distribution.shapes import OrderOutcome, OrderReport
from models.database import Database, DatabaseDown, Session, hurry
from web.together import Alone, Take, Together

log = structlog.get_logger()

#: What a mall posts: its request, and the report that this carries.
Posted = tuple[Asked, OrderReport]
#: How many milliseconds a line waits for what somebody else has locked.
_LONGEST_LOCK = 1000


class OrderIntake:
    """Takes over what malls tell of orders, once for each webhook-id; answers when it is durable."""

    def __init__(self, database: Database, clock: Clock, app_id: str) -> None:
        self._database, self._clock, self._app_id = database, clock, app_id
        self._together: Together[Posted, Answered] = Together(self._many, self._alone)

    def take(self, merchant_id: int, asked: Asked, report: OrderReport) -> Answered:
        """The answer to a report, the first one to its webhook-id; raises Reused, Refusal, DatabaseDown."""
        return self._together.do(merchant_id, (asked, report))

    def _alone(self, merchant_id: int, posted: Posted) -> Answered:
        return self._database.write(lambda session: self._one(session, merchant_id, posted))

    def _one(self, session: Session, merchant_id: int, posted: Posted) -> Answered:
        asked, report = posted
        now = self._clock.now()

        def work() -> dict[str, Any]:
            return _answer(orders.record(session, merchant_id, report, appid=self._app_id, now=now))

        return api_answers.once(session, merchant_id, asked, work, now=now)

    def _many(self, merchant_id: int, take: Take[Posted]) -> Sequence[Answered | Exception]:
        posted: Sequence[Posted] = []
        try:
            with self._database.transaction() as session:
                posted = take()
                # Whoever is held up must not hold up the line: each then goes his own way, as patient as he must be.
                hurry(session, _LONGEST_LOCK)
                if len(posted) == 1:
                    return [self._one(session, merchant_id, posted[0])]
                return self._each(session, merchant_id, posted)
        except (Refusal, Reused) as error:
            # What refuses several at once cannot be laid to one of them: each meets his own alone.
            if len(posted) != 1:
                raise
            return [error]
        except DatabaseDown:
            raise
        except Exception as error:
            log.warning("api.orders_apart", merchant_id=merchant_id, orders=len(posted), error=repr(error))
            raise

    def _each(self, session: Session, merchant_id: int, posted: Sequence[Posted]) -> Sequence[Answered | Exception]:
        now = self._clock.now()

        def work(places: Sequence[int]) -> list[dict[str, Any] | Refusal]:
            reports = [posted[place][1] for place in places]
            outcomes = orders.record_each(session, merchant_id, reports, appid=self._app_id, now=now)
            return [each if isinstance(each, Refusal) else _answer(each) for each in outcomes]

        answers = api_answers.once_each(session, merchant_id, [asked for asked, _ in posted], work, now=now)
        return [each or Alone() for each in answers]


def _answer(told: OrderOutcome) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "order_no": told.order_no,
        "applied": told.applied,
        "commissions": shown_rows(told.commissions),
    }
    return answer | ({"warnings": list(told.warnings)} if told.warnings else {})


def shown_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Commission rows as the API shows them."""
    return [{name: row[name] for name in ("who", "kind", "line_no", "fen", "state")} for row in rows]
