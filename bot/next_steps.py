"""Numbered next steps under an answer: a number, or its words, is as good as saying what stands behind it."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.replies import Elsewhere, Image, Offer, Text
from bot.router import plain

#: The step that takes the number; the question's only fact is ``ways``.
STEP = "next"
MOST = 6
_NUMBERED = re.compile(r"^\d (?=\D)")
Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """One next step: its words, and what picking it means (an intent with slots, a sentence, else the words)."""

    word: str
    say: str = ""
    intent: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)


def offer(text: str, *ways: Way | str, listed: bool = True, about: Way | None = None) -> Offer | Text:
    """The answer with its next steps; ``listed`` False where the text itself numbers them already.

    ``about`` is what a mere span of days means next (那上周呢): that intent with these slots, of those days; where it
    is a complaint, what is complained of next.
    """
    made = [Way(way) if isinstance(way, str) else way for way in ways][:MOST]
    if not made:
        return Text(text)
    choices = _choices(way.word for way in made) if listed else ""
    facts = {"ways": [_stored(way) for way in made]} | ({"about": _stored(about)} if about else {})
    return Offer(STEP, text, choices, facts)


def pictured(media_id: str, *ways: Way | str) -> Image:
    """A picture with next steps; no text can stand under it, so they are told elsewhere."""
    made = [Way(way) if isinstance(way, str) else way for way in ways][:MOST]
    return Image(media_id, {"ways": [_stored(way) for way in made]} if made else {})


def more(reply: Offer | Text, ways: Sequence[Way]) -> Offer | Text:
    """The answer with further steps behind those it has."""
    known = list(reply.facts["ways"]) if isinstance(reply, Offer) and reply.step == STEP else []
    ways = ways[: MOST - len(known)]
    if (isinstance(reply, Offer) and reply.step != STEP) or not ways:
        return reply
    choices = _choices((way.word for way in ways), first=len(known) + 1)
    before = f"{reply.choices}\n" if isinstance(reply, Offer) and reply.choices else ""
    facts = {**(reply.facts if isinstance(reply, Offer) else {}), "ways": known + [_stored(way) for way in ways]}
    return Offer(STEP, reply.text, before + choices, facts)


def unnumbered(text: str) -> str:
    """The answer without its numbers: while another question is open they would be answers to that one."""
    kept = [line for line in text.splitlines() if not line.startswith("回复数字")]
    return "\n".join(_NUMBERED.sub("· ", line) for line in kept)


def picked(ways: Sequence[Stored], number: int | None, word: str) -> Elsewhere:
    """Where a number or the words of a step lead; a number that was not offered is anybody's."""
    if number is not None and 1 <= number <= len(ways):
        return _elsewhere(ways[number - 1])
    named = next((way for way in ways if plain(str(way["word"])) == word), None)
    return _elsewhere(named) if named else Elsewhere()


def _elsewhere(way: Stored) -> Elsewhere:
    if way["intent"]:
        return Elsewhere(intent=str(way["intent"]), slots={**way["slots"], **_dates(way["slots"])})
    return Elsewhere(say=str(way["say"] or way["word"]))


def _choices(words: Iterable[str], first: int = 1) -> str:
    return "\n".join(f"{number} {word}" for number, word in enumerate(words, first))


def _stored(way: Way) -> dict[str, Any]:
    slots = dict(way.slots)
    if slots.get("period"):
        slots["period"] = [day.isoformat() for day in slots["period"]]
    return {"word": way.word, "say": way.say, "intent": way.intent, "slots": slots}


def _dates(slots: Mapping[str, Any]) -> dict[str, Any]:
    period = slots.get("period")
    return {"period": tuple(dt.date.fromisoformat(day) for day in period)} if period else {}
