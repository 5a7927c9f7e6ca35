"""The first page: what waits, how today goes, what is owed."""

import datetime as dt

from distribution import merchants, reports
from distribution.rules.calendar import day_bounds, day_of
from web.console.visit import Subject, Visit

subject = Subject()
_DAYS = 14
_TALLEST = 190


@subject.page("/")
def home(visit: Visit) -> str:
    """首页"""
    today, seat = day_of(visit.now), visit.seat
    days = [today - dt.timedelta(days=back) for back in reversed(range(_DAYS))]
    merchant = seat.merchant_id
    return visit.show(
        "home.html",
        todo=reports.todo(visit.session) if seat.runs_distributors else None,
        money=reports.money(visit.session) if seat.runs_distributors else None,
        cost=reports.cost(visit.session, merchant),
        today=reports.day(visit.session, merchant, *day_bounds(today)),
        yesterday=reports.day(visit.session, merchant, *day_bounds(days[-2])),
        trend=_bars(reports.trend(visit.session, merchant, days)),
        best=reports.best(visit.session, merchant, day_bounds(days[0])[0]),
        days=_DAYS,
        shop=merchants.find(visit.session, merchant),
    )


def _bars(trend: list[tuple[dt.date, int, int]]) -> list[dict[str, object]]:
    """The days as bars of at most ``_TALLEST``."""
    most = max((sales for _, sales, _ in trend), default=0) or 1
    return [
        {
            "label": f"{day.month}-{day.day:02d}",
            "sales": sales,
            "commission": commission,
            "height": max(_TALLEST * sales // most, 1 if sales else 0),
            "part": max(_TALLEST * max(commission, 0) // most, 1 if commission > 0 else 0),
        }
        for day, sales, commission in trend
    ]
