"""Whole messages that answer rather than ask: yes, no, hello, a number, a name, a phone."""

import re
import unicodedata
from typing import Any

from bot.understanding.amounts import MOST_FEN
from bot.understanding.lexicon import DOUBLE, GIVEN, SURNAMES, small_talk
from bot.understanding.meaning import Request
from bot.understanding.normal import Plain
from bot.understanding.numerals import NUMBER, number

#: Longer parts are never small talk alone.
_LONGEST_PART = 14
_PARTS = re.compile(r"[,。.!;:、~…\s]+")
_THANKED = re.compile(r"(?<=.)(?:谢谢|多谢|感谢)(?:你|您|啦|哈)?$")
#: Sounds before a word, and whom it is said to.
_FILLED = re.compile(r"^(?:哦|噢|喔|嗯|哎呀?|诶|欸|唉|呃|额|那)+")
_ADDRESSED = re.compile(
    r"(?:小?姑娘|小伙子?|老板娘?|亲|宝(?:子|贝)?|小助手|小禾|美女|帅哥|大哥|大姐|妹子|师傅|家人们|老铁|兄弟|姐妹)们?$"
)
_BOTH = re.compile(
    rf"(?P<a>[{SURNAMES}][一-鿿]{{1,2}})?[\s,]*(?P<phone>1[3-9]\d{{9}})(?(a)|[\s,]*(?P<b>[{SURNAMES}][一-鿿]{{1,2}}))"
)
#: Who says goodbye confirms nothing more.
_PARTED = re.compile(r"再见|拜拜|拜$|回见|明天见")
_ONLY_MARKS = re.compile(r"[?!。.,~…\s]*")
_PICK = re.compile(
    r"(?:(?:我|那|就|还是)*(?:选择?|要|来|点)?(?:选择?)?(?:那个?)?(?:第|选项)?)(?P<n>[1-9一二三四五六七八九两])(?:个|"
    r"号|项|张|款|种|条|位|份|那个|这个|那张|那款|那种)*(?:吧|的|呢|啊|呀|哦|了)*"
)
_LAST = re.compile(
    r"(?:我|那|就|选|要|还是)*(?:(?:末尾|最(?:后|末|下面))(?:面)?(?:的)?(?:那|一|1)*|倒数第(?:一|1))(?:个|张|款|项|种"
    r"|条)?(?:吧|的)*"
)
_SUM = re.compile(
    rf"(?:就|要|那就|那|改成|换成)?[¥￥]?\s*(?P<n>{NUMBER})\s*(?P<unit>块钱|元钱|"
    rf"块|元|圆|rmb)?(?:整|吧|的|呗|就行|就好|好了)*"
)
_CENTS = re.compile(r"(?P<whole>.+?)(?:块|元)零?(?P<jiao>[一二两三四五六七八九\d])(?:毛|角)?钱?")
_PHONE = re.compile(
    r"(?:(?:我的?|本人)?(?:手机号?码?|电话号?码?|号码|联系方式)?(?:是|为|:)?\s*)"
    r"(?:\+?86)?[\s-]*(?P<phone>1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})"
    r"(?:吧|的)?"
)
_NAMED = re.compile(
    rf"(?:我?的?(?:真实)?(?:姓名|名字)(?:是|叫|为|:)*\s*|我(?:姓.[,\s]*)?(?:叫|是|姓名是)\s*|"
    rf"叫我\s*|本人\s*|姓名\s*)(?P<name>(?:[{SURNAMES}]|{DOUBLE})[一-鿿]{{1,3}}?)"
    rf"(?:就行|就好|即可|[的呀啊哦吧了])*"
)
_NOT_NAMES = re.compile(
    r"分销|代理|推广|客户|店主|老板|客服|管理|新人|新手|商家|谁|什么|会员|总|[金银铜]牌|钻石|[吗么呢吧]$"
)
_BARE_NAME = re.compile(rf"[{SURNAMES}][{GIVEN}]{{1,2}}")


def small(plain: Plain) -> Request | None:
    """Small talk, a yes, a no, a step back: only when nothing else is in the message."""
    text = plain.text
    if text and _ONLY_MARKS.fullmatch(text):
        return Request("help") if "?" in text else None
    if not text or len(text) > 24 or (text.isdigit() and text != "886"):
        return None
    asked, text = text.endswith("?"), text.rstrip("?")
    intents = _talked(text) or _talked(_THANKED.sub("", text))
    if "confirm" in intents and _PARTED.search(text):
        return Request("thanks")
    if {"cancel", "deny", "back"} & set(intents):  # a yes beside a no is no yes
        intents = sorted((intent for intent in intents if intent != "confirm"), key=lambda intent: intent != "cancel")
    if not intents or (asked and "confirm" in intents):
        return Request("help") if intents else None
    return Request(next((intent for intent in intents if intent not in ("greeting", "thanks")), intents[0]))


def answer(plain: Plain, raw: str) -> Request | None:
    """A bare answer to a question of the bot: a choice, an amount, a phone, a name."""
    text = plain.text.strip(" 。.,!~")
    phone = _PHONE.fullmatch(text)
    if phone:
        return Request("inform", {"phone": re.sub(r"\D", "", phone["phone"])})
    both = _BOTH.fullmatch(plain.said.strip(" 。.,!~"))
    if both:
        return Request("inform", {"name": both["a"] or both["b"], "phone": both["phone"]})
    if _LAST.fullmatch(text):
        return Request("inform", {"choice": -1})
    circled = unicodedata.normalize("NFKC", raw).strip()
    pick = _PICK.fullmatch(text) or _PICK.fullmatch(circled)
    if pick:
        return Request("inform", {"choice": int(number(pick["n"]) or 0)})
    named = _NAMED.fullmatch(plain.said.strip(" 。.,!~"))
    if named and not _NOT_NAMES.search(named["name"]):
        return Request("inform", {"name": named["name"]})
    if _BARE_NAME.fullmatch(text) and not _NOT_NAMES.search(text):
        return Request("inform", {"name": text})
    return _sum(text)


def _sum(text: str) -> Request | None:
    cents = _CENTS.fullmatch(text)
    found = cents or _SUM.fullmatch(text)
    if not found:
        return None
    value = number(cents["whole"]) if cents else number(found["n"])
    if value is None:
        return None
    fen = value * 100 + (10 * (number(cents["jiao"]) or 0) if cents else 0)
    slots: dict[str, Any] = {"amount": int(fen)}
    return Request("inform", slots) if fen == int(fen) and 0 < fen <= MOST_FEN else None


def _talked(text: str) -> list[str]:
    """The intents of all parts; none if one part is more than small talk."""
    found = [_talk(part) for part in _PARTS.split(text) if part]
    return [] if None in found else [intent for intent in found if intent]


def _talk(part: str) -> str | None:
    if len(part) > _LONGEST_PART:
        return None
    told = part.replace("啦", "了")
    forms = dict.fromkeys((part, told, _ADDRESSED.sub("", told), _FILLED.sub("", _ADDRESSED.sub("", told))))
    found = (intent for form in forms if form for intent, pattern in small_talk().items() if _says(form, pattern))
    return next(found, None) or _thanked(part)


def _thanked(part: str) -> str | None:
    """What else is said in one breath with thanks."""
    thanks = small_talk()["thanks"]
    for cut in range(1, len(part)):
        rest = part[cut:] if thanks.fullmatch(part, 0, cut) else ""
        found = next((intent for intent, pattern in small_talk().items() if rest and pattern.fullmatch(rest)), None)
        if found:
            return "thanks" if found == "greeting" else found
    return None


def _says(part: str, pattern: re.Pattern[str]) -> bool:
    """Whether a part is one of the words, or two of them in a row."""
    return bool(pattern.fullmatch(part)) or any(
        pattern.fullmatch(part, 0, cut) and pattern.fullmatch(part, cut) for cut in range(1, len(part))
    )
