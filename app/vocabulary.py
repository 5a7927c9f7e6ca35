"""What merchants taught, kept in each process and read again when its version has changed."""

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from time import monotonic

from bot.router import plain
from bot.understanding import Understood, Vocabulary, understand
from distribution import teaching
from distribution.teaching import Taught
from models.database import Database, DatabaseDown

#: Looked at again after so long.
FRESH_SECONDS = 1.0
#: A merchant's own answer goes before these when one of its words is in the message.
_SOFT = frozenset({"other", "help", "rules", "products", "human"})
#: And never before these, even if it is the whole message: money, and answers to questions.
_HARD = frozenset({"withdraw", "confirm", "deny", "cancel", "back", "inform"})
#: Somebody's own affairs, which a word in passing does not outweigh.
_OWN = frozenset({"complaint", "profile", "register", "unsubscribe", "subscribe"})
#: A phrase as long as this is as good as what the sentence means otherwise.
_PHRASE = 4
_ATTACKS = ("hostile.", "others.", "too long")


class TaughtUnderstanding:
    """``understand`` with the merchants' vocabulary; safe for many threads, good without a database too."""

    def __init__(self, database: Database, *, elapsed: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._taught = Taught()
        self._vocabulary = Vocabulary()
        self._looked_at = float("-inf")

    def __call__(self, text: str, today: dt.date) -> Understood:
        """See ``bot.understanding.understand``; the intent "faq" has the answer's id in its slots."""
        self._refresh()
        taught, vocabulary = self._taught, self._vocabulary
        heard = understand(text, today, vocabulary)
        own = _own_answer(taught, plain(text), heard)
        return Understood("faq", {"answer": own}, heard.also, ("faq",)) if own is not None else heard

    def _refresh(self) -> None:
        if self._elapsed() - self._looked_at < FRESH_SECONDS or not self._lock.acquire(blocking=False):
            return
        try:
            self._looked_at = self._elapsed()
            with self._database.reading() as session:
                if teaching.version(session) != self._taught.version:
                    self._taught = teaching.read(session)
                    self._vocabulary = vocabulary_of(self._taught)
        except DatabaseDown:
            return
        finally:
            self._lock.release()


def vocabulary_of(taught: Taught) -> Vocabulary:
    """What was taught as the understanding takes it."""
    keywords: Mapping[str, str] = taught.keywords
    return Vocabulary(taught.products, taught.nicknames, keywords)


def _own_answer(taught: Taught, said: str, heard: Understood) -> int | None:
    if heard.intent in _HARD or any(rule.startswith(_ATTACKS) for rule in heard.why):
        return None
    exact = next((answer for answer, words in taught.answers if said in words), None)
    if exact is not None or heard.intent in _OWN:
        return exact
    least = 1 if heard.intent in _SOFT else _PHRASE
    within = ((answer, word) for answer, words in taught.answers for word in words if len(word) >= least)
    return next((answer for answer, word in within if word in said), None)
