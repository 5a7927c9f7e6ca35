"""Words written by their sound: pinyin in Latin letters, and characters that only sound right."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product
from pathlib import Path

from bot.understanding.lexicon import goods

_LATIN = re.compile(r"[a-z][a-z' ]*[a-z]|[a-z]")
#: The letters a number of an order begins with.
_BEFORE_CODE, _FIGURES = re.compile(r" [a-z]{1,3}$"), re.compile(r"\d{6,}")
_HAN = re.compile(r"[一-鿿]{2,}")
_SOUTHERN = re.compile(r"^[zcs]h|(?<=[iea])ng$")
_LONGEST_PINYIN = 60
_COMMON = frozenset(
    "几天个的了不有小大过东西这那我你他她们在是就都也还再说要会能可以和跟把被给一二两三四五六七八九十百千万上下人去来做买卖多少剩季姐哥总妹弟叔姨嫂好张条份款件看听说问到没"
)


@dataclass(frozen=True, slots=True)
class _Words:
    latin: dict[str, str]
    sounds: dict[tuple[str, ...], str]
    accents: dict[tuple[str, ...], list[str]]
    known: frozenset[str]
    real: frozenset[str]
    english: dict[str, str]


def spelled_out(text: str) -> str:
    """Latin words read as pinyin or as shop English; those that are neither stay."""
    return _LATIN.sub(lambda match: _spelled(match, text), text)


def _spelled(match: re.Match[str], text: str) -> str:
    """The words of ``match``; letters that belong to a number stay."""
    if _part_of_code(match, text):
        return match.group()
    code = _BEFORE_CODE.search(match.group()) if _FIGURES.match(text, match.end()) else None
    return _read(match.group()[: code.start()]) + code.group() if code else _read(match.group())


def repaired(text: str) -> str:
    """Characters that only sound like a word of the shop, replaced by that word; the length stays."""
    words = _words()
    for run in list(_HAN.finditer(text)):
        text = text[: run.start()] + _repaired_run(run.group(), words) + text[run.end() :]
    return text


def _part_of_code(match: re.Match[str], text: str) -> bool:
    beside = text[max(match.start() - 1, 0) : match.start()] + text[match.end() : match.end() + 1]
    return len(match.group()) < 3 and any(character.isdigit() for character in beside)


def _read(latin: str) -> str:
    words = _words()
    tokens = latin.split()
    if all(token in words.english for token in tokens):
        return "".join(words.english[token] for token in tokens)
    apart = [_segmented(token) for token in tokens]
    pieces = [word for _, word in apart]
    joined = latin.replace("'", "").replace(" ", "")
    count, whole = _segmented(joined) if 1 < len(joined) <= _LONGEST_PINYIN else (0, "")
    if all(pieces) and any(len(piece) > 1 for piece in pieces) and not 0 < count < sum(words for words, _ in apart):
        return "".join(pieces)
    if whole:
        return whole
    known = [
        words.english.get(token, piece if len(piece) > 1 else None) for token, piece in zip(tokens, pieces, strict=True)
    ]
    if not any(token in words.english for token in tokens) and not any(known):
        return latin
    read = (f" {token} " if word is None else word for token, word in zip(tokens, known, strict=True))
    return "".join(read).strip() or latin


@lru_cache(maxsize=512)
def _segmented(letters: str) -> tuple[int, str]:
    """The fewest words that spell ``letters``, and how many they are; none if some letters are left over."""
    best: list[tuple[int, str] | None] = [(0, "")] + [None] * len(letters)
    latin = _words().latin
    for start in range(len(letters)):
        reached = best[start]
        if reached is None:
            continue
        for end in range(start + 1, min(len(letters), start + 24) + 1):
            word = latin.get(letters[start:end])
            if word and ((other := best[end]) is None or other[0] > reached[0] + 1):
                best[end] = (reached[0] + 1, reached[1] + word)
    return best[-1] or (0, "")


def _repaired_run(run: str, words: _Words) -> str:
    free = _free(run, words)
    for size in (4, 3, 2):
        for start in range(len(run) - size + 1):
            window = run[start : start + size]
            if window in words.real or not any(free[start : start + size]):
                continue
            right = words.sounds.get(tuple(_sound(character) for character in window)) or _accented(window, words)
            if right and not (_keeps(window, right, free[start : start + size]) and _near(window, right, run)):
                continue
            if right and right != window and (window == run or not _replaces_small(window, right)):
                run = run[:start] + right + run[start + size :]
                free[start : start + size] = [False] * size
    return run


def _accented(window: str, words: _Words) -> str | None:
    """The word ``window`` is with a southern accent, if one of its characters is right."""
    heard = words.accents.get(tuple(_accent(character) for character in window), ())
    return next((word for word in heard if any(a == b for a, b in zip(word, window, strict=True))), None)


def _keeps(window: str, right: str, free: list[bool]) -> bool:
    """Whether ``right`` leaves what belongs to a known word as it is, and that word lies within the window."""
    return free.count(False) != 1 and all(open_ or a == b for a, b, open_ in zip(window, right, free, strict=True))


def _near(window: str, right: str, run: str) -> bool:
    """Whether a character of ``window`` is right; alone a word may be misheard altogether."""
    return window == run or any(a == b for a, b in zip(window, right, strict=True))


def _replaces_small(window: str, right: str) -> bool:
    """Whether a very common character would go: it is hardly ever a slip."""
    return any(character in _COMMON for character, other in zip(window, right, strict=True) if character != other)


def _free(run: str, words: _Words) -> list[bool]:
    """Which characters belong to no word already known."""
    free = [True] * len(run)
    for size in (4, 3, 2):
        for start in range(len(run) - size + 1):
            if run[start : start + size] in words.known or run[start : start + size] in words.real:
                free[start : start + size] = [False] * size
    return free


@cache
def _words() -> _Words:
    table = tomllib.loads((Path(__file__).parent / "lexicon" / "words.toml").read_text("utf-8"))
    domain, small, real = (str(table[name]).split() for name in ("domain", "small", "real"))
    latin: dict[str, str] = {}
    sounds: dict[tuple[str, ...], str] = {}
    accents: dict[tuple[str, ...], list[str]] = {}
    for word in [*domain, *small]:
        usual = tuple(_sound(character) for character in word)
        latin.setdefault("".join(usual), word)
        if word in domain and len(word) > 1:
            sounds.setdefault(tuple(_sound(character) for character in word), word)
            accents.setdefault(tuple(_accent(character) for character in word), []).append(word)
    for word in [*domain, *small]:  # a rare reading never outdoes a usual one, and alone it is none
        for sound in _readings(word) if len(word) > 1 else ():
            latin.setdefault("".join(sound), word)
    known = frozenset(word for word in [*domain, *small, *goods().split("|")] if len(word) > 1)
    return _Words(latin, sounds, accents, known, frozenset(real), table["english"])


def _readings(word: str) -> Iterator[tuple[str, ...]]:
    return islice(product(*(_sounds(character) for character in word)), 6)


def _sound(character: str) -> str:
    return _sounds(character)[0]


def _accent(character: str) -> str:
    """The sound without what southern accents leave out: zh is z, ing is in."""
    return _SOUTHERN.sub(
        lambda match: match.group()[0] if match.group() in ("zh", "ch", "sh") else "n", _sound(character)
    )


@lru_cache(maxsize=8192)
def _sounds(character: str) -> tuple[str, ...]:
    """The toneless readings of one character, the usual one first."""
    from pypinyin.pinyin_dict import pinyin_dict

    marked = pinyin_dict.get(ord(character), character)
    bare = unicodedata.normalize("NFD", marked.replace("ü", "v"))
    plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return tuple(dict.fromkeys(plain.split(",")))[:3]
