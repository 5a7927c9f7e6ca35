"""Making texts legal for WeChat: values of template messages, and long texts cut into messages."""

import re
import unicodedata

_LONGEST_CHARACTERS = 600
_LONGEST_BYTES = 2000

_LIMITS = {
    "thing": 20, "character_string": 32, "number": 32, "letter": 32, "symbol": 5, "phone_number": 17,
    "car_number": 8, "phrase": 5, "const": 20, "time": 40, "date": 40,
}  # fmt: skip
_UNWANTED = {
    "character_string": r"[^\x21-\x7e]",
    "number": r"[^0-9.]",
    "letter": r"[^A-Za-z]",
    "phone_number": r"[^0-9+-]",
    "phrase": r"[^\u4e00-\u9fff]",
    "amount": r"[^0-9.¥￥$元-]",
}
_EMPTY = {"amount": "0元", "number": "0", "phrase": "无", "character_string": "-", "phone_number": "-"}


def legal(key: str, value: str) -> str:
    """The value in the form the template key's type allows (`thing3` is a thing): cut, cleaned, never empty."""
    kind = key.rstrip("0123456789")
    text = " ".join(_without_pictures(value).split())
    if kind == "name":
        text = text[:20] if text.isascii() else text[:10]
    elif kind == "amount":
        text = _amount(re.sub(_UNWANTED[kind], "", text))
    else:
        text = _cut(re.sub(_UNWANTED.get(kind, r"(?!)"), "", text), _LIMITS.get(kind, 20), kind)
    return text or _EMPTY.get(kind, "无")


def pieces(text: str) -> list[str]:
    """The text as messages of at most 600 characters and 2,000 bytes, cut at line ends where it can be."""
    found, rest = [], text.strip("\n")
    while rest:
        longest = _fitting(rest)
        at = len(rest) if longest == len(rest) else (rest.rfind("\n", 1, longest + 1) if "\n" in rest else -1)
        at = longest if at < 1 else at
        found.append(rest[:at].rstrip("\n"))
        rest = rest[at:].lstrip("\n")
    return found


def _fitting(text: str) -> int:
    whole = text[:_LONGEST_CHARACTERS].encode("utf-8", "ignore")[:_LONGEST_BYTES].decode("utf-8", "ignore")
    return len(whole)


def _amount(text: str) -> str:
    found = re.search(r"-?[¥￥$]?-?\d{1,10}(\.\d{1,2})?元?", text)
    return found.group() if found else ""


def _cut(text: str, limit: int, kind: str) -> str:
    if len(text) <= limit:
        return text
    return text[: limit - 1] + "…" if kind == "thing" else text[:limit]


def _without_pictures(text: str) -> str:
    return "".join(c if unicodedata.category(c) not in ("Cc", "Zl", "Zp") else " " for c in text if not _is_picture(c))


def _is_picture(character: str) -> bool:
    """Emoji and their joiners: template messages with them fail or are cut."""
    kind = unicodedata.category(character)
    joiner = character in "\ufe0e\ufe0f\u20e3"
    return joiner or kind in ("So", "Cf", "Cs", "Co", "Cn") or (kind == "Sk" and ord(character) > 0xFFFF)
