"""What a sentence without a rule of its own is most like, among sentences that are known."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.understanding.lexicon import compiled, examples

#: From this margin on a likeness is worth acting on; from the second one on it outweighs a mere topic, from the third
#: a rule. Odds are natural logarithms, so the third is a trillion to one.
LIKELY, OVER_TOPICS, OVER_RULES, OVER_SURE_RULES = 3.0, 5.0, 20.0, 28.0
#: How much of a sentence, in pairs of characters, must have been seen before.
_LEAST_KNOWN = 0.4
_LONGEST_RUN = 3
_SHARED, _UNSEEN = 0.3, 0.02
_NUMBERS = re.compile(r"[a-z]{0,3}\d{8,}")
_AMOUNTS = re.compile(r"\d[\d.,]*|[一二两三四五六七八九十百千万]+(?=[块元百千])")
_PEOPLE = r"{person}|(?:小|老|阿|大)?{surname}(?:大?姐|哥|阿姨|叔|总|姨)"
_MARKS = re.compile(r"[，。,.!?~！？;:、…\s]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """An intent, and the logarithm of how much likelier it is than the next one."""

    intent: str
    margin: float


@dataclass(frozen=True, slots=True)
class _Model:
    priors: dict[str, float]
    sizes: dict[str, float]
    boosts: dict[str, dict[str, float]]


def most_like(text: str) -> Likeness:
    """What ``text``, its spans of days given as ¤, is most like; never an error, a margin of 0 for nothing known."""
    model = _model()
    runs = list(_runs(shape(text)))
    known = [boost for run in runs if (boost := model.boosts.get(run))]
    pairs = [run in model.boosts for run in runs if len(run) == 2]
    if sum(pairs) < _LEAST_KNOWN * len(pairs):
        return Likeness("other", 0.0)
    scores = {intent: prior - len(known) * model.sizes[intent] for intent, prior in model.priors.items()}
    for boost in known:
        for intent, weight in boost.items():
            scores[intent] += weight
    (first, best), (_, second) = sorted(scores.items(), key=lambda item: -item[1])[:2]
    return Likeness(first, best - second)


def shape(text: str) -> str:
    """``text`` with № for numbers of orders and phones, # for amounts, ◇ for goods and 人 for people."""
    text = _AMOUNTS.sub("#", _NUMBERS.sub("№", text))
    text = compiled(_PEOPLE).sub("人", compiled("{thing}").sub("◇", text))
    return _MARKS.sub(" ", text).strip()


def _runs(shaped: str) -> Iterator[str]:
    """Every run of one to three characters, each once."""
    edged = f"^{shaped}$"
    yield from {edged[at : at + size] for size in range(1, _LONGEST_RUN + 1) for at in range(len(edged) - size + 1)}


@cache
def _model() -> _Model:
    sentences = [(intent, shape(line)) for intent, lines in examples().items() for line in lines]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for intent, shaped in sentences:
        for run in _runs(shaped):
            counts[run][intent] += 1
    total = Counter(intent for intent, _ in sentences)
    boosts = {run: _boost(said, len(sentences)) for run, said in counts.items()}
    priors = {intent: math.log(count / len(sentences)) for intent, count in total.items()}
    return _Model(priors, {intent: math.log(count + 0.5) for intent, count in total.items()}, boosts)


def _boost(said: Counter[str], sentences: int) -> dict[str, float]:
    """How much a run speaks for each intent it was seen with."""
    floor = _SHARED * sum(said.values()) / sentences + _UNSEEN
    return {intent: math.log((count + floor) / floor) for intent, count in said.items()}
