"""From a text to its wishes: guards, small talk, clauses, verdicts, slots."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.understanding import bare, guards
from bot.understanding.amounts import says_vague
from bot.understanding.clauses import Clause, clauses, is_bare_no
from bot.understanding.filling import Wish, fill, more_products
from bot.understanding.lexicon import compiled
from bot.understanding.likeness import LIKELY, OVER_RULES, OVER_SURE_RULES, OVER_TOPICS, most_like
from bot.understanding.meaning import Request, Understood, Vocabulary
from bot.understanding.normal import Plain, plain
from bot.understanding.periods import Found, find_periods
from bot.understanding.scoring import STRONG, SURE, Verdict, judge, ungreeted
from bot.understanding.withdrawing import asks_whether, conditional, is_purpose, wanted

#: What somebody reports as wrong outweighs whatever else the message tells.
_ALARM = {"complaint": 90}
_KEPT_WHEN_REFUSED = {"unsubscribe", "profile.close", "human", "complaint"}
_MOST_ALSO = 4
_ABOUT_GOODS = ("poster", "link", "material")
_ABOUT_MONEY = {"earnings", "withdrawal_status", "rules"}
#: Money and answers need words of their own; a likeness is not enough.
_NEVER_GUESSED = {"withdraw", "confirm", "inform"}
#: Clauses that only tell how it came about.
_CONTEXT = compiled(
    r"如果|假如|要是|就是说|比方说|(?:有|那|这)个?(?:{buyer})|(?:{buyer})(?:说|"
    r"问|催|买完|买了|买东西|要|想|骂|找|那边)|"
    r"(?:刷|看)到.{0,4}(?:说|讲)|^我?(?:要|想)发(?:个)?(?:朋友圈|圈)|(?:发|转|推)给我?的?(?:{buyer})(?:们|看)*$|听.{0,4}(?:说|讲)|(?:她们|他们|人家|别人|群里|网上"
    r"|{kin}).{0,2}(?:说|讲|告诉)"
)

_TELLING = re.compile(r"(?=.{5}).*(?:了|过|没)")
_ASKING = re.compile(
    r"看|查|给|帮|要|想|来|发|做|多少|几|吗|么|\?|哪|谁|啥|什么|怎么|咋|呢|为什么|名单|列表|换|改|关|打开"
    r"|取消|够|的话"
)


#: Which order is meant, said on its own.
_NUMBER_ONLY = re.compile(
    r"(?:订单号?|单号|单子|编号|尾号)*[是为:\s]*[a-z]{0,4}\d{4,}(?:的|那单|这单|那个)?", re.IGNORECASE
)
_NOT_COME = re.compile(r"(?:没|未)(?:有)?(?:见|收|给)?(?:到|动静|消息|反应|打给|影|回应|下来)")
_MISSED = Verdict("withdrawal_status", SURE, "withdrawal_status.missed")
#: What leaves a clause open: it may ask about money that was asked for before.
_OPEN = re.compile(r"[没吗呢么怎咋几啥不了?哪]|多久|什么|到(?!我|俺|微信|零钱|卡|银行)")
_FEW = re.compile(r"几个|看看|那几|这几")
#: After a wish this asks about that wish, not for help.
_HOW = re.compile(
    r"(?:那|要|该|我|请问|具体)*(?:怎么|咋|如何|怎样)(?:个)?(?:弄|搞|整|办|操作|做|玩)(?:法|呢|啊|呀|嘛|的|了)*[?]*"
)


@dataclass(frozen=True, slots=True)
class _Group:
    """Clauses in a row that speak for one intent."""

    verdict: Verdict
    pieces: list[tuple[int, int]]


def read(raw: str, today: dt.date, vocabulary: Vocabulary) -> Understood:
    """What ``raw`` asks for; out of scope is the intent "other"."""
    heard = plain(raw)
    early = _early(heard, raw)
    if early:
        return early
    keyword = vocabulary.keywords.get(heard.said) or vocabulary.keywords.get(heard.text)
    if keyword:
        return Understood(keyword, why=("keyword",))
    periods = find_periods(heard.text, today)
    veiled = _veiled(heard.text, periods)
    parts = clauses(veiled)
    groups, refusal = _groups(veiled, parts)
    groups = _weighed(groups, refusal, veiled)
    if groups:
        return _understood(groups, _Talk(heard, periods, veiled, vocabulary))
    if refusal:
        slots = {"target": refusal.target} if refusal.target else {}
        return Understood("cancel", slots, why=("refused", refusal.text))
    return Understood("other", why=("no rule",))


def _early(heard: Plain, raw: str) -> Understood | None:
    attack = guards.attack(heard)
    if attack:
        return Understood("other", why=(attack,))
    for stage, found in (("small talk", bare.small(heard)), ("bare answer", bare.answer(heard, raw))):
        if found:
            return Understood(found.intent, found.slots, why=(stage,))
    elsewhere = guards.elsewhere(heard)
    return Understood("other", why=(elsewhere,)) if elsewhere else None


def _veiled(text: str, periods: list[Found]) -> str:
    """The text with every span of days behind ¤; the length stays."""
    for found in periods:
        text = text[: found.start] + "¤" + "\0" * (found.end - found.start - 1) + text[found.end :]
    return text


def _groups(veiled: str, parts: list[Clause]) -> tuple[list[_Group], Clause | None]:
    """The wishes, and the first refusal there is."""
    verdicts = _waited_for([judge(_unveiled(part.text)) for part in parts], parts)
    refused = [part.refused and not _kept(verdict) for part, verdict in zip(parts, verdicts, strict=True)]
    spent = any(verdict and verdict.intent == "withdraw" for verdict in verdicts)
    noes = [part for part, no in zip(parts, refused, strict=True) if no]
    refusal = next((part for part in noes if part.target), noes[0] if noes else None)
    kept = [
        (part, verdict)
        for part, verdict, no in zip(parts, verdicts, refused, strict=True)
        if not no and not (spent and is_purpose(part.text))
    ]
    whole = None if len(kept) < 2 or _outright(kept) else judge(_unveiled(" ".join(part.text for part, _ in kept)))
    best = max((verdict.weight for _, verdict in kept if verdict), default=0)
    if whole and whole.weight > best and (whole.intent != "withdraw" or refusal is None):
        return [_Group(whole, [(part.start, part.end) for part, _ in kept])], refusal
    groups = [group for group in _joined(kept) if not _taken_back(group, refusal, veiled)]
    return _ordered(_only_asking(groups, veiled)), refusal


def _waited_for(verdicts: list[Verdict | None], parts: list[Clause]) -> list[Verdict | None]:
    """The verdicts; money that has not come, said beside an asking, was asked for before."""
    if not any(_NOT_COME.search(part.text) for part in parts):
        return verdicts
    return [_MISSED if verdict and verdict.intent == "withdraw" else verdict for verdict in verdicts]


def _outright(kept: list[tuple[Clause, Verdict | None]]) -> bool:
    """Whether every clause asks for money or adds to the asking: nothing said across them can be a question."""
    asked = [part for part, verdict in kept if verdict and verdict.intent == "withdraw"]
    added = [part for part, verdict in kept if verdict is None]
    return (
        bool(asked)
        and len(asked) + len(added) == len(kept)
        and not any(_OPEN.search(ungreeted(part.text)) for part in added)
    )


def _weighed(groups: list[_Group], refusal: Clause | None, veiled: str) -> list[_Group]:
    """The wishes, or the one the whole message is most like when no rule, or only a weak one, has spoken."""
    if refusal or len(groups) > 1:
        return groups
    ruled = groups[0].verdict if groups else None
    if ruled and (ruled.intent == "withdraw" or ruled.rule.startswith("other.")):
        return groups
    like = most_like(_unveiled(veiled))
    needed = LIKELY if ruled is None else _margin_over(ruled.weight)
    if like.intent in _NEVER_GUESSED or like.margin < needed or (ruled and ruled.intent == like.intent):
        return groups
    return [_Group(Verdict(like.intent, STRONG, f"like {like.intent}"), [(0, len(veiled))])]


def _margin_over(weight: int) -> float:
    """How much likelier another wish must be than the one a rule of this weight hears."""
    return OVER_TOPICS if weight < STRONG else OVER_RULES if weight < SURE else OVER_SURE_RULES


def _only_asking(groups: list[_Group], veiled: str) -> list[_Group]:
    """Whether money can be taken out, asked beside how much there is or was, is one question with that."""
    if not any(group.verdict.intent in _ABOUT_MONEY for group in groups):
        return groups
    return [
        group
        for group in groups
        if group.verdict.intent != "withdraw"
        or not asks_whether(_unveiled("".join(veiled[start:end] for start, end in group.pieces)))
    ]


def _taken_back(group: _Group, refusal: Clause | None, veiled: str) -> bool:
    """Whether a withdrawal is refused in the same breath; an amount of its own makes it a correction."""
    if group.verdict.intent != "withdraw" or refusal is None:
        return False
    if is_bare_no(refusal) and group.pieces[-1][1] <= refusal.start:
        return True
    if refusal.target != "withdraw":
        return False
    words = _unveiled(" ".join(veiled[start:end] for start, end in group.pieces))
    return wanted(words) is None and not says_vague(words)


def _kept(verdict: Verdict | None) -> bool:
    return verdict is not None and bool({verdict.intent, verdict.rule} & _KEPT_WHEN_REFUSED)


def _unveiled(text: str) -> str:
    return text.replace("\0", "")


def _tells(part: Clause, verdict: Verdict) -> bool:
    """Whether a clause only tells how it came about, unless it tells of something wrong."""
    if verdict.intent == "withdraw" and conditional(part.text):
        return False
    told = (
        _NUMBER_ONLY.fullmatch(part.text)
        or _CONTEXT.search(part.text)
        or (_TELLING.search(part.text) and not _ASKING.search(part.text))
    )
    return verdict.weight < _ALARM["complaint"] and bool(told)


def _joined(kept: list[tuple[Clause, Verdict | None]]) -> list[_Group]:
    """Clauses joined: what has no wish of its own belongs to the wish before it, else to the one after."""
    strong = any(verdict and verdict.weight >= STRONG for _, verdict in kept)
    asked = any(
        verdict and verdict.weight >= STRONG and not _tells(part, verdict) and not _NUMBER_ONLY.fullmatch(part.text)
        for part, verdict in kept
    )
    groups: list[_Group] = []
    waiting: list[tuple[int, int]] = []
    for part, verdict in kept:
        piece = (part.start, part.end)
        own = verdict if verdict and (verdict.weight >= STRONG or not strong) else None
        if own and ((asked and _tells(part, own)) or (groups and _HOW.fullmatch(part.text))):
            own = None
        if own is None:
            (groups[-1].pieces if groups else waiting).append(piece)
        elif groups and (groups[-1].verdict.intent == own.intent or _is_subject_of(groups[-1], own, kept)):
            heavier = max(groups[-1].verdict, own, key=lambda each: each.weight)
            groups[-1] = _Group(heavier, [*groups[-1].pieces, piece])
        else:
            groups.append(_Group(own, [*waiting, piece]))
            waiting = []
    return groups


def _is_subject_of(group: _Group, own: Verdict, kept: list[tuple[Clause, Verdict | None]]) -> bool:
    """Whether the clauses so far only name whose sales the next one asks for."""
    told = [part.text for part, _ in kept if (part.start, part.end) in group.pieces]
    sales = (group.verdict.intent, own.intent) == ("team", "orders")
    return sales and not _ASKING.search(_FEW.sub("", "".join(told)))


def _ordered(groups: list[_Group]) -> list[_Group]:
    alarm = next((group for group in groups if group.verdict.weight >= _ALARM.get(group.verdict.intent, 101)), None)
    if alarm:
        return [alarm, *(group for group in groups if group.verdict.intent == "human")]
    best = max((group.verdict.weight for group in groups), default=0)
    return groups if best >= STRONG else sorted(groups, key=lambda group: -group.verdict.weight)[:1]


@dataclass(frozen=True, slots=True)
class _Talk:
    """What all wishes of a message share."""

    heard: Plain
    periods: list[Found]
    veiled: str
    vocabulary: Vocabulary

    def wish(self, group: _Group) -> Wish:
        """The words of one wish."""
        return Wish(self.heard, group.pieces, self.periods, self.veiled, self.vocabulary)


def _understood(groups: list[_Group], talk: _Talk) -> Understood:
    requests: list[Request] = []
    for group in groups[: _MOST_ALSO + 1]:
        wish = talk.wish(group)
        slots = _with_shared(fill(group.verdict.intent, wish), group.verdict.intent, requests)
        requests.append(Request(group.verdict.intent, slots))
        requests += [
            Request(group.verdict.intent, _with_product(slots, product))
            for product in more_products(group.verdict.intent, wish)
        ]
    first, also = requests[0], tuple(requests[1 : _MOST_ALSO + 1])
    return Understood(first.intent, first.slots, also, tuple(group.verdict.rule for group in groups))


def _with_shared(slots: dict[str, Any], intent: str, before: list[Request]) -> dict[str, Any]:
    """A poster, a link and texts asked for in one breath are about the same goods."""
    goods = next(
        (each.slots["product"] for each in before if each.intent in _ABOUT_GOODS and "product" in each.slots), None
    )
    return {**slots, "product": goods} if goods and intent in _ABOUT_GOODS and "product" not in slots else slots


def _with_product(slots: Mapping[str, Any], product: str) -> dict[str, Any]:
    return {**slots, "product": product}
