"""Places, ties and prizes (R53)."""

import datetime as dt

from distribution.rules import ranking
from distribution.rules.ranking import Entry, Place

EARLY = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
LATE = EARLY + dt.timedelta(microseconds=1)


def test_the_best_is_first_and_of_equals_the_earlier_then_the_older():
    entries = [Entry(1, 5, LATE), Entry(4, 5, EARLY), Entry(3, 5, EARLY), Entry(2, 6, LATE)]

    assert [(place.who, place.place) for place in ranking.places(entries)] == [(2, 1), (3, 2), (4, 3), (1, 4)]


def test_prizes_go_by_place_and_end_where_they_end():
    entries = [Entry(who, 10 - who, EARLY) for who in (1, 2, 3)]

    assert [place.prize_fen for place in ranking.places(entries, (500, 200))] == [500, 200, 0]
    assert [place.prize_fen for place in ranking.places(entries[:1], (500, 200))] == [500]
    assert ranking.places(entries[:1]) == [Place(1, 1, 9, EARLY, 0)]


def test_who_sold_nothing_has_no_place():
    assert ranking.places([Entry(1, 0, EARLY), Entry(2, -5, EARLY), Entry(3, 1, EARLY)]) == [Place(3, 1, 1, EARLY)]
