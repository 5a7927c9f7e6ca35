"""From a text to its wishes: guards, small talk, clauses, verdicts, slots."""

import datetime as dt
import re
from dataclasses import dataclass, replace

from bot.understanding import bare, guards
from bot.understanding.amounts import says_vague
from bot.understanding.clauses import Clause, clauses, is_bare_no, is_listed
from bot.understanding.courtesy import without_courtesy
from bot.understanding.filling import Wish, fill, more_products
from bot.understanding.likeness import LIKELY, OVER_RULES, OVER_SURE_RULES, OVER_TOPICS, most_like
from bot.understanding.meaning import Request, Understood, Vocabulary
from bot.understanding.normal import Plain, plain
from bot.understanding.periods import Found, find_periods
from bot.understanding.scoring import STRONG, SURE, Verdict, judge, ungreeted
from bot.understanding.sharing import said_last, with_product, with_shared
from bot.understanding.telling import ALARM, names_whose_sales, only_a_number, tells
from bot.understanding.withdrawing import asks_whether, is_purpose, wanted

_KEPT_WHEN_REFUSED = {"unsubscribe", "profile.close", "human", "complaint"}
_MOST_ALSO = 4
_BY_STRUCTURE = 100
_ABOUT_MONEY = {"earnings", "withdrawal_status", "rules"}
#: Money and answers need words of their own; a likeness is not enough.
_NEVER_GUESSED = {"withdraw", "confirm", "inform"}
#: Nor for a greeting in a message of any length.
_SMALL_TALK, _LONGEST_SMALL = {"greeting", "thanks"}, 6
_NOT_COME = re.compile(
    r"(?:没|未)(?:有)?(?:见|收|给)?(?:到|动静|消息|反应|打给|影|回应|下来)|失败|[出报]错|[没不](?:成功|通过|反应)|被(?:拒|驳|退)|卡住|[点按进](?:不了|不动|不开)"
)
#: Told of a day that is over: it was asked for then. Goods or money of that day (把…, …的佣金) is another matter.
_THAT_DAY = re.compile(
    r"^(?:我|俺|咱)?(?:就|是|在)?¤\0*(?:我|俺|咱)?(?:又|就|已|才)?(?:申请|操作|点)?(?:了)?(?:把.{1,8}|全部?|都|[给帮]我)*[提取打转]|[提取](?:现|款|钱)?¤\0*$"
    r"|¤\0*再(?:把.{1,8}|全部?|都|[给帮]我)*[提取打转]"
)
_MISSED = Verdict("withdrawal_status", SURE, "withdrawal_status.missed")
#: What leaves a clause open: it may ask about money that was asked for before.
_OPEN = re.compile(r"[没吗呢么怎咋几啥不了?哪]|多久|什么|到(?!我|俺|微信|零钱|卡|银行)")
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
    heard = without_courtesy(heard)
    periods = find_periods(heard.text, today)
    veiled = _veiled(heard.text, periods)
    parts = clauses(veiled)
    over = {found.start for found in periods if found.span[1] <= today}
    groups, refusal = _groups(veiled, parts, over)
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


def _groups(veiled: str, parts: list[Clause], over: set[int]) -> tuple[list[_Group], Clause | None]:
    """The wishes, and the first refusal there is."""
    verdicts = _waited_for([_listed(judge(_unveiled(part.text)), part, veiled) for part in parts], parts, over)
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
    # Each has days of its own, or one is named beside the other.
    apart = sum("¤" in part.text for part, verdict in kept if verdict) > 1 or any(
        verdict and is_listed(part, veiled) for part, verdict in kept
    )
    if whole and whole.weight > best and not apart and (whole.intent != "withdraw" or refusal is None):
        return [_Group(whole, [(part.start, part.end) for part, _ in kept])], refusal
    groups = [group for group in _joined(kept) if not _taken_back(group, refusal, veiled)]
    return _ordered(_only_asking(groups, veiled)), refusal


def _listed(verdict: Verdict | None, part: Clause, veiled: str) -> Verdict | None:
    """The verdict; what is named beside another thing (订单和佣金) is a wish as good as that."""
    return replace(verdict, weight=max(verdict.weight, STRONG)) if verdict and is_listed(part, veiled) else verdict


def _waited_for(verdicts: list[Verdict | None], parts: list[Clause], over: set[int]) -> list[Verdict | None]:
    """The verdicts; money that has not come, or told of a day that is ``over``, was asked for before."""
    missed = any(_NOT_COME.search(part.text) for part in parts)
    return [
        _MISSED if verdict and verdict.intent == "withdraw" and (missed or _told_of(part, over)) else verdict
        for part, verdict in zip(parts, verdicts, strict=True)
    ]


def _told_of(part: Clause, over: set[int]) -> bool:
    day = _THAT_DAY.search(part.text)
    return bool(day) and part.start + part.text.index("¤") in over


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
    if ruled and (ruled.intent == "withdraw" or ruled.weight == _BY_STRUCTURE or ruled.rule.startswith("other.")):
        return groups
    like = most_like(_unveiled(veiled))
    needed = LIKELY if ruled is None else _margin_over(ruled.weight)
    if like.intent in _SMALL_TALK and len(veiled) > _LONGEST_SMALL:
        return groups
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


def _joined(kept: list[tuple[Clause, Verdict | None]]) -> list[_Group]:
    """Clauses joined: what has no wish of its own belongs to the wish before it, else to the one after."""
    strong = any(verdict and verdict.weight >= STRONG for _, verdict in kept)
    asked = any(
        verdict and verdict.weight >= STRONG and not tells(part, verdict) and not only_a_number(part)
        for part, verdict in kept
    )
    groups: list[_Group] = []
    waiting: list[tuple[int, int]] = []
    for part, verdict in kept:
        piece = (part.start, part.end)
        own = verdict if verdict and (verdict.weight >= STRONG or not strong) else None
        if own and ((asked and tells(part, own)) or (groups and _HOW.fullmatch(part.text))):
            own = None
        if own is None:
            (groups[-1].pieces if groups else waiting).append(piece)
        elif groups and (
            groups[-1].verdict.intent == own.intent
            or names_whose_sales(_told(groups[-1], kept), groups[-1].verdict, own)
        ):
            heavier = max(groups[-1].verdict, own, key=lambda each: each.weight)
            if heavier.intent != own.intent:  # said by how the clauses stand, whatever they are like
                heavier = replace(heavier, weight=_BY_STRUCTURE)
            groups[-1] = _Group(heavier, [*groups[-1].pieces, piece])
        else:
            groups.append(_Group(own, [*waiting, piece]))
            waiting = []
    return groups


def _told(group: _Group, kept: list[tuple[Clause, Verdict | None]]) -> str:
    return "".join(part.text for part, _ in kept if (part.start, part.end) in group.pieces)


def _ordered(groups: list[_Group]) -> list[_Group]:
    alarm = next((group for group in groups if group.verdict.weight >= ALARM.get(group.verdict.intent, 101)), None)
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
        slots = with_shared(fill(group.verdict.intent, wish), group.verdict.intent, requests)
        requests.append(Request(group.verdict.intent, slots))
        requests += [
            Request(group.verdict.intent, with_product(slots, product))
            for product in more_products(group.verdict.intent, wish)
        ]
    requests = said_last(requests, talk.heard.said)
    first, also = requests[0], tuple(requests[1 : _MOST_ALSO + 1])
    return Understood(first.intent, first.slots, also, tuple(group.verdict.rule for group in groups))
