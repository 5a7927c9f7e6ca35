"""A message cut into clauses, and which of them say what is not wanted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding.lexicon import compiled, values

_THINGS = (
    "的单|的钱|排行|业绩|通知|海报|链接|文案|素材|图片|视频|订单|收益|佣金|余额|排名|客户|团队|等级|积分|任务|规则"
)
_BESIDE = rf"(?<={_THINGS})(?:和|跟|与|以及|还有|加上)(?=(?:我的)?(?:¤\0*)?的?(?:{_THINGS}))"
_THING = re.compile(rf"(?:我的)?(?:¤\0*)?的?(?:{_THINGS})")
_AND = re.compile(r"(?:和|跟|与|以及|还有|加上)$")
_CUT = re.compile(
    rf"{_BESIDE}|"
    r"(?<!\d)[,。;!?、~…]+\s*|[,。;!?、~…]+\s*(?!\d)|(?<=\d)[。;!?、…]+|(?<=\d)[,]+(?=\d{1,2}(?!\d)"
    r")|(?<=[一-鿿¤\0])\s+(?=[一-鿿¤])|\s+(?=再|然后|帮|给我|看|顺便|另外|改|换成|还是|不)|(?<=\d)\s+(?=提|取|要|是|应该|改|换|给自己|拿?去|用来|够|我|还有)"
    r"|(?:,|\s)*(?:顺便|顺带|顺手|另外|然后|同时|并且|以及|接着(?=再|帮|给))(?:再|也|还|把)?"
    r"|(?<=[一-鿿])(?<![别不想先要等才])(?=再(?:看|帮|给|生成|来|查|发|把|要|弄|做)(?!一[张次遍下]|攒))"
    r"|(?<=[一-鿿\d])(?<![是么我还这那都就要可])(?=而?不是[^吗么?,。 ]{1,10}(?:$|[,。 ]))"
    r"|(?<=[一-鿿])(?<![特区级分个性告千])(?=别(?:提|取|要))|(?<=[的了吧呢吗啊不对错])\s+(?=\d)"
    r"|(?<=[一-鿿])(?<![让叫替是])(?=我(?:要|想)(?:看|查|改|发|做|生成))|(?<=[百千万块元\d])(?=(?:剩下|其余|余下|剩余)的?)|(?<=[百千万块元\d]了)(?=[提取])|(?<=了)(?=(?:看看|帮我|给我|查|改成|换成|我要|我想|来))|(?<=[一-鿿])(?=还有(?:就是|我的))"
)
_UNTIL = re.compile(r"^到|够|等|改天|下次|下个?[月周]|以后|之后|回头|到时|[明后]天|[月年]底|凑|攒|满|过[几两些]天")
_INSTEAD = re.compile(r"((?:不要|不是)[^,。 ]{2,10}?(?:的|了)?)(?=(?:要|是|我要|换成|改成)[^不])")
#: 要A的不要B的海报: what is not wanted stands between what is and its kind.
_BUT_NOT = re.compile(rf"(?<=的)[,\s]*(?:不要|不是|别要|不用)[^,。 ]{{1,8}}?的(?=(?:{_THINGS})[吧啊呀]*$)")
_QUESTION = re.compile(r"吗|怎么|咋|为什么|为啥|什么|能不能|要不要|可不可以|哪|多少|几|不了|不出|没到|不到|不能")
_POLITE = (
    r"(?:算了|行了|得了|不了|好了|我|俺|咱|那|就|还是|先|你|您|请|麻烦|暂时|"
    r"现在|今天|这次|刚才|是|哦|额|嗯|其实|可|都|也|已经|想了想|决定)*"
)
_NO = (
    r"(?:不(?:想|要|用|打算|需要|再|准备|必)(?:再|继续|要|着)?|不(?=提|取|拿|做|看|查|"
    r"生成|注册|报名|申请|更换|修改|变更|改|换|弄|办|加入|当|入|实名|认证|绑)|别(?![的人家处])(?:再|"
    r"给我)?|甭|先不|暂不|没(?:有)?(?:要|想|说|打算|让|叫|点|按|申请|操作)(?:要|过|你|的)?|"
    r"(?:要|想|帮我|给我)*(?:取消|退出|放弃|停止|撤销|撤回|终止|中止)(?:掉|一下|刚才|我的?|那个|这个|"
    r"这次|的)*(?=提|取|生成|做|弄|海报|注册|登记|申请|报名|改|换|修改|实名))"
)
_REFUSED = re.compile(rf"{_POLITE}{_NO}")
_AFTER = re.compile(
    r"(?:不用|不要|不必|别|甭)(?:再)?(?:做|弄|发|提|改|换|生成|给|注册|办|画|"
    r"出)了?(?:吧)?$|(?:不要|不用|不弄|不做|不看|不查|不改|不换|"
    r"不提|不取|不生成|不发|不注册|不报名|不申请|不需要|不办|不想要|不想弄|不想改|"
    r"不想提|不搞|不急)了?(?:吧|啊|啦)?$|(?:就|还是|先)?(?:算了|"
    r"免了|作罢|取消|拉倒|作废|撤掉|撤了|撤销)(?:掉|吧|了)*$|(?:先|就)(?:不|别|放)(?:着|弄|要|提|取|拿|领|动|改|做|急|用)?(?:了|吧)?$"
)
_LATER = compiled(
    r"(?:等|改天|下次|下个?月|下周|过(?:几|两|些|一)?(?:天|阵|段)|以后|回头|"
    r"晚点|晚些|满|攒|明天|明儿|月底|年底|过年|凑|到时候).{0,10}再.{0,8}(?:提|"
    r"取|打|转)(?!醒|发)|攒(?:一?攒|着|够|多|起来|几天|一阵)|(?:先)?(?:留着|放着|存着)"
    r"(?:吧|不|先|$)|放放|放一放|缓一?缓|搁(?:一|着|"
    r"置)|(?:不足|不够|不到|不满|没到).{0,8}(?:就|则)?(?:不|别)(?:提|取)|(?:{take}).{0,6}(?:等等|再说|再议|暂停)|不急着?(?:提|取)|缓缓|(?:先不|别)(?:着急)?(?:提|取)"
    r"|(?:改天|下次|以后|回头|过几天|过些天|明天|等.{0,6})再(?:注册|报名|加入|申请|改|换|实名|认证)"
    r"|(?:攒|凑)(?:到|够|满|齐|足).{0,8}[提取](?!.{0,6}了)"
)
_DROPPED = re.compile(
    r"^(?:不算|不含|不包括|刨[去开]|除去)|^不管|甭管|无所谓|不重要|另说|先不管|先不说|先别管|不说了|别管|先放一边|暂且不|暂时不管|放一放|(?<=[一-鿿]{3})(?<![百千万块元\d])先不提(?=,|$)"
)
_SLIPPED = compiled(
    r"(?:{take}).*(?:点|按|发|说|弄)错|(?:点|按|发|说|弄)错.{0,6}(?:{take})|(?:{take}).{0,8}(?:误|不小心|手滑)|(?:误|不小心|手滑).{0,6}(?:{take})|(?:{take}).{0,4}开玩笑"
)
_BARE_NO = re.compile(
    r"(?:哦|嗯|还是|那就?|我|就|先|都|暂时)*(?:(?:不用|不要|不必|算|不|免|别|不想|不需要)(?:了|吧|啊|呀|啦|谢谢)*)+"
)
_HESITATES = re.compile(r"再(?:考虑|想想|想一想|琢磨)|考虑(?:考虑|一下|清楚)|先等等|先缓缓|犹豫")
_DENIED = re.compile(rf"{_POLITE}(?<!是)不是")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the text; ``refused`` says it is not wanted, ``target`` which intent is refused."""

    start: int
    end: int
    text: str
    refused: bool = False
    target: str | None = None


def is_bare_no(clause: Clause) -> bool:
    """Whether a refusal names nothing: it takes back what was said before it."""
    return clause.refused and clause.target is None and bool(_BARE_NO.fullmatch(clause.text.strip()))


def clauses(text: str) -> list[Clause]:
    """The clauses of ``text`` in their order."""
    edges = [0]
    for match in _CUT.finditer(text):
        if match.group() == "、" and compiled("(?:{thing})$").search(text, edges[-1], match.start()):
            continue  # goods in a row are one list
        if not match.group() and text[match.start()] == "再" and _UNTIL.search(text, edges[-1], match.start()):
            continue  # "once there is enough, then …" is one thought
        edges += [match.start(), match.end()]
    edges.append(len(text))
    pieces = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if text[start:end].strip()]
    found: list[Clause] = []
    for start, end in _around(text, pieces):
        instead = _INSTEAD.match(text, start, end)
        if instead and instead.end() < end:
            found.append(_clause(text, start, instead.end()))
            start = instead.end()
        found.append(_clause(text, start, end))
    return found


def is_listed(part: Clause, text: str) -> bool:
    """Whether ``part`` of ``text`` is nothing but a thing of the shop, named with an "and" after another."""
    return bool(_THING.fullmatch(part.text)) and bool(_AND.search(text, 0, part.start))


def _around(text: str, pieces: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces, cut before and after what is not wanted in the middle of one."""
    for start, end in pieces:
        but_not = _BUT_NOT.search(text, start, end)
        inner = but_not.span() if but_not else (end, end)
        yield from ((a, b) for a, b in ((start, inner[0]), inner, (inner[1], end)) if a < b)


def _clause(text: str, start: int, end: int) -> Clause:
    words = text[start:end]
    refused = _refuses(words)
    return Clause(start, end, words, refused, refused_target(words) if refused else None)


def _refuses(words: str) -> bool:
    if _BARE_NO.fullmatch(words.strip()) or any(
        pattern.search(words) for pattern in (_LATER, _DROPPED, _SLIPPED, _HESITATES)
    ):
        return True
    if _QUESTION.search(words):
        return bool(_DENIED.match(words)) and not words.endswith(("吗", "么", "?"))
    return bool(_REFUSED.match(words) or _DENIED.match(words) or (_AFTER.search(words) and len(words) > 3))


def refused_target(words: str) -> str | None:
    """The intent that is refused in ``words``, if they say it."""
    if _DROPPED.search(words) and not compiled("{take}").search(_DROPPED.sub("", words)):
        return None
    if _LATER.search(words) and compiled("{take}|攒|留着|放着|存着").search(words):
        return "withdraw"
    return next((target for target, pattern in values("cancel", "target") if pattern.search(words)), None)
