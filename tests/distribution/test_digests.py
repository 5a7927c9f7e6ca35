"""The digest of an entry depends on what it says, never on how its text is made."""

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from distribution import digests

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
MOVES = st.lists(st.tuples(TEXTS, TEXTS, st.integers(1, 2**62)))


@given(TEXTS, TEXTS, TEXTS, st.none() | st.integers(1, 2**62), MOVES)
def test_a_journal_entry_is_digested_from_its_plain_json(reference, cause, actor, corrects, moves):
    at = "2026-11-23 02:00:00.000000"
    whole = [reference, cause, actor, at, corrects, sorted(moves)]
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))

    digest = digests.of_journal(reference, cause, actor, at=at, corrects=corrects, moves=moves)

    assert digest == hashlib.sha256(text.encode()).hexdigest()
