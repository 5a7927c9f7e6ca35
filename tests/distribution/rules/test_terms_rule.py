"""Half-open stretches of time (R65)."""

import datetime as dt

import pytest

from distribution.rules.terms import Term

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
TICK, DAY = dt.timedelta(microseconds=1), dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("term", "inside"),
    [
        (Term(), True),
        (Term(AT), True),
        (Term(AT + TICK), False),
        (Term(None, AT), False),
        (Term(None, AT + TICK), True),
        (Term(AT - DAY, AT + DAY, AT), False),
        (Term(AT - DAY, AT + DAY, AT + TICK), True),
        (Term(AT - DAY, AT, AT + DAY), False),
        (Term(AT - DAY, None, AT), False),
    ],
)
def test_a_term_counts_from_its_first_moment_and_not_in_its_last(term, inside):
    assert term.covers(AT) is inside


@pytest.mark.parametrize(
    ("other", "both"),
    [
        (Term(), True),
        (Term(None, AT), False),
        (Term(None, AT + TICK), True),
        (Term(AT + DAY), False),
        (Term(AT + DAY - TICK), True),
        (Term(AT, AT), False),
        (Term(AT - DAY, None, AT + TICK), True),
        (Term(AT - DAY, AT + DAY, AT), False),
    ],
)
def test_terms_that_only_touch_do_not_overlap(other, both):
    mine = Term(AT, AT + DAY)

    assert (mine.overlaps(other), other.overlaps(mine)) == (both, both)
