"""What a sentence means: intent and slots, by named rules; pure, fast, without a network."""

import datetime as dt

from bot.understanding.meaning import Request, Understood, Vocabulary
from bot.understanding.reading import read

__all__ = ["Request", "Understood", "Vocabulary", "understand"]

_NO_WORDS = Vocabulary()


def understand(text: str, today: dt.date, vocabulary: Vocabulary | None = None) -> Understood:
    """What ``text`` asks for, judged on its own; never an error, "other" when it asks nothing of this shop."""
    return read(text, today, vocabulary or _NO_WORDS)
