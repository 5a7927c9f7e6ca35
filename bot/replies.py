"""What a handler answers, as values; some also say where the next message goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """A text; it ends an open question."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that WeChat already has; ``facts`` hold the next steps that are as good as said (``next_steps``)."""

    media_id: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Articles:
    """One article: a title, a sentence, a picture and where it leads."""

    title: str
    description: str
    picture_url: str
    url: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: the next text goes to ``step``, with ``facts`` (small, JSON) as its arguments, for ``minutes``.

    ``again`` is how to ask once more after something else was answered in between; the whole text if empty.
    """

    step: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    minutes: int = 10
    again: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer with choices to pick from in ``step``; any other request is as good, so it never insists.

    When it answers a question in the middle of another dialog, ``choices`` are left out and that dialog goes on.
    """

    step: str
    text: str
    choices: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    minutes: int = 10


@dataclass(frozen=True, slots=True)
class Again:
    """The open question once more."""

    text: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A step's way of saying "not mine": the question is closed and the text routed as if none had been open.

    With ``say`` it is as if that had been said, with ``intent`` as if that were meant, with these ``slots``.
    """

    say: str = ""
    intent: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is shown."""


Reply = Text | Image | Articles | Ask | Offer | Again | Elsewhere | Silence

_KINDS: dict[str, type[Reply]] = {
    kind.__name__.lower(): kind for kind in (Text, Image, Articles, Ask, Offer, Again, Elsewhere, Silence)
}
SILENCE = Silence()


def to_json(reply: Reply) -> dict[str, Any]:
    """The reply as plain JSON values; from_json gives an equal one back."""
    stored: dict[str, Any] = {"kind": type(reply).__name__.lower()}
    for name in type(reply).__slots__:
        value = getattr(reply, name)
        stored[name] = dict(value) if isinstance(value, Mapping) else value
    return stored


def from_json(stored: Mapping[str, Any]) -> Reply:
    """The reply that to_json stored; ValueError for anything else."""
    fields = dict(stored)
    kind = _KINDS.get(str(fields.pop("kind", "")))
    if kind is None:
        raise ValueError("not a stored reply")
    try:
        return kind(**fields)
    except TypeError as error:
        raise ValueError("not a stored reply") from error


def shown(reply: Reply) -> str:
    """The text a person reads in it; empty for pictures and silence."""
    match reply:
        case Text(text) | Ask(text=text) | Again(text):
            return text
        case Offer(text=text, choices=choices):
            return f"{text}\n\n{choices}" if choices else text
        case Articles(title=title, description=description):
            return f"{title}\n{description}"
        case _:
            return ""
