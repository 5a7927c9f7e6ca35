"""Names of goods in a sentence, found from where they stand; the merchant's own list goes first."""

import re
from functools import cache

from bot.understanding.lexicon import compiled, describing, goods
from bot.understanding.meaning import Vocabulary

#: What a name stands before, by intent.
_ANCHORS = {
    "poster": r"(?:推广|宣传|专属|分享|带码|二维码)?(?:海报|宣传图|推广图|图片?|卡片)",
    "link": r"(?:推广|专属|分享|购买|商品|下单|购物|小程序)?(?:短?链接|二维码|网址|小程序码|推广码|地址|码)"
    r"|(?:怎么|咋|如何)(?:分享|转发|发给|推给)",
    "material": r"(?:推广|宣传|产品|商品|开箱|种草|朋友圈|实拍|详情|介绍)?(?:文案|话术|素材|"
    r"图片|视频|短视频|小视频|照片|九宫格|配图|卖点|推荐语|广告语|"
    r"介绍|图|物料|软文)|怎么(?:介绍|跟|推|写|发|卖)|咋(?:介绍|推)",
    "products": r"现在|还?有(?:没有|多少)?(?:现)?货|有货|没货|还有(?:没有|吗|没|不)?|缺货|"
    r"断货|库存|多少(?:钱|米|元)|什么价|啥价|价格|价钱|怎么卖|"
    r"咋卖|贵不贵|售价|几块|包邮|怎么[吃喝用敷抹涂擦穿泡煮]|[吃喝用敷泡煮]多久|(?:孕妇|孩子|小孩|宝宝|老人|学生|男的|女的|男生|女生|哺乳期|敏感肌|干皮|油皮)?(?:能|可以|适合)(?:不能)?[吃喝用穿戴]|卖多少|卖完|剩(?:多少|几)|到货|补货|还卖",
    "rules": r"(?:的)?(?:佣金|提成|返佣|抽成|返利|比例|几个点|几点|几成|多少个?点|能?(?:赚|"
    r"挣|拿|返|抽|分)(?:几|多少)|卖(?:出)?一(?:单|个|件|盒|瓶|台|份|套)|一(?:单|个|件|盒|瓶)(?:能|赚|给|返|多少)|能?提(?:几|多少)个?[成点])",
    "earnings": r"(?:我|俺)卖(?:了|完|出)|卖(?:了|完)(?:能|可以)?(?:赚|挣)"
    r"|(?:的)?(?:佣金|收益|收入|提成|¤|总共|一共|这单|赚|挣|进账|给我(?:带来|赚)|带来|卖了多少钱|能?分)",
    "orders": r"¤|卖(?:了|出|掉|得|的)|出了|销量|的?(?:订单|单子)|有(?:几|多少)单|几单|多少单|成交|卖多少|退货|退款",
    "complaint": r"用了|吃了|质量|是坏的|坏了|烂|发霉|过期|破|漏|有问题|是假|不好用|过敏|发错|少发",
}
#: What a name stands after, by intent.
_AFTER = {
    "earnings": r"(?:(?<=[她他户人])买(?:了|的)|卖|推广|推(?!广|荐|送))(?:的|了|掉|出去?|完|这个|那个|那些|这款|那款)*"
    r"(?:多少|几)?(?:单|盒|件|个|瓶|支|份)?",
    "orders": r"(?:卖|推)(?:出去|出|了|掉)*(?:了)?(?:多少|几)(?:单|盒|件|个|瓶|支|份|包|"
    r"箱|袋|罐|双(?![肩人层面])|套|台|条)?|(?:卖|推)(?:的|了|那个|这个)+|买(?:了|的)?",
    "rules": r"(?:卖|推(?!广|荐|送))(?:一|个|这个|那个)*(?:单|盒|件|个|瓶|支|份|套|台|箱)?",
    "products": r"(?:有没有|有无|卖不卖|有卖|(?:想|要)买)",
    "link": r"(?:要买|想买|想要)",
    "poster": r"(?:要买|想买)",
    "material": r"(?:怎么|咋|如何)(?:介绍|推荐|推|宣传|卖)|介绍(?:一下)?",
}
_LEFT = re.compile(
    r"^(?:带(?:我的?|二维)?码的?|有码的|写一?段|写个|写|你好|您好|请问|麻烦|"
    r"提供(?:一下)?|[你咱]们?家|反映|反馈|烦请|劳驾|[这那]么多|[配p]一?[个段张条份]|附|帮忙|帮我|帮俺|给我|给俺|发我|发给我|发一下|我想要|我想|我要|"
    r"想要|我的|我们|你们|咱们|那个什么|那个|这个|那款|这款|那种|这种|就是|还是|"
    r"换成|改成|换个|换|重新|然后|顺便|可以|能不能|有没有|有无|来一份|"
    r"来一张|来个|来点|来张|弄个|弄张|做个|做张|"
    r"生成|制作|推广|分享|转发|关于|一下|一个|一张|一份|一条|一段|几张|几个|"
    r"几条|几款|客户说|客户问|客户想要?|客人问我要|客人|客户|朋友|顾客|有人|看看|"
    r"查一?下|查查|问一?下|想问|店里|家里|今天|现在|目前|最近|单独|另外|卖的?|推的?|要的?|"
    r"求|蹲|瞅瞅?|瞧瞧?|列出|列一?下|核对|核算|核实|查询|统计|汇总|对一?下|显示|查阅|康康|盘盘|算算|把|将|帮|给|请|发|来|要|想|做|弄|整|搞|出|画|看|查|问|有|是|个|张|份|款|"
    r"条|段|种|支|盒|瓶|件|那|这|再|也|就|都|先|我|俺|咱|"
    r"你|您|哎|嗯|额|的|去|和|跟|一|点(?![读心])|些|下|¤|\0|,|。|\s)+"
)
_RIGHT = re.compile(
    r"(?:的|那个|这个|那款|这款|那种|那|这|呢|吧|呀|啊|哦|吗|有关|相关|产品|推广|宣传|"
    r"朋友圈|发圈|到|(?<=[一-鿿])[提抽返](?!子)|有没有|(?:做|弄|来|出|整)(?:一)?[张个份]|专属|现在|目前|这个商品|一个|一支|一盒|一张|一瓶|一件|还|都|各|"
    r"各自|分别|每|单品|有|卖|大概|请问|要|想|能|会|可以|给|发|来|是|我|¤|,|"
    r"\s|到底|最近|一般|具体|这块|那块|上个月|下)+$"
)
_REFUSED = re.compile(
    r"^[a-z]{1,4}$|到手|有关|玩意|宝子|是否|自己|本人|头像|参数|[合违犯]法|^带|^[一二两三四五六七八九十百千万]+$|^\d+$|^.一$|账号|里面|么久|签收|完结|寄|收到|以内|以下|运输|点$|天$|好$|质量|掉$|细节|系统|作废|全套|整套|复制|新手|里$|^后|账户|周$|月$|年$|每|成功|结好|投诉|时间|宝贝|白底|规则|阵子|成交|业绩|圈|便宜|搞笑|人家|上回|上次|那回|提成|适合|高清|实物|爆款|热销|热门|畅销|主推|高佣|正规|级|佣|预计|支付|么多|那么|这么|我|你|俺|他|她|吗"
    r"|怎么|咋|什么|啥|多少|谁|哪|几|客户|顾客|朋友|海报|链接|"
    r"佣金|提现|收益|订单|商品|产品|东西|码|(?<!拼)图|文案|素材|视频|链|"
    r"推广|分享|专属|店铺|全店|店里|整店|好看|清楚|漂亮|新的?$|为|没|未|不(?![锈粘倒老求沾])|已|还(?!魂)|"
    r"再|最|太(?![阳空极])|¤|\d{4}|公司|活动|一共|总共|关闭|取消|到账|新款|新品|金牌|银牌|铜牌|钻石|会员|别人|库存|价格"
    r"|扣|拿|走$|两张|"
    r"几张|历史|累计|总(?![统裁])|算|从|合计|全年|分销|荐|好卖|预估|路上|冻结|结算|^在(?!线)|在$|"
    r"售后|完成|付款|收货|待|已|扫(?!地|把)|的|被(?![套子])|得(?!力)|了|着|九宫格|货|团队|下级|"
    r"下线|上级|小程序|微信|朋友圈|收入|平台|卖|买|群|购|吧|呢|们|今|昨|赚|挣|"
    r"短信|通知|这|那|刚才|以前|过期|失效|随便|全部|所有|任意|"
    r"一样|正常|直接|大$|小$|大点|小点|单$|^单(?![肩人反孔双杯])|发货|知道|宝妈|老人|退(?![热烧黑])"
)
#: 一张面霜一张眼霜, 面霜来一张: how many of each.
_EACH = re.compile(
    r"[一1两2]张(?P<p>[一-鿿]{2,8}?)的?(?:海报|推广图|图)?(?=[,。\s和跟]*[一1两2]张|[吧呗啊呀]?$)"
    r"|(?<![一-鿿])(?P<q>[一-鿿]{2,8}?)的?(?:来|要|做|出|各)?[一1两2]张(?=[,。\s]|[吧呗啊呀]?$)"
)
#: 海报要三张:面膜、口红, a list after it.
_LISTED_AFTER = re.compile(r"(?:海报|图)(?:[^:]{0,6}:|要)(?P<goods>[一-鿿A-Za-z0-9、,和跟及]{2,40})$")
#: What even a name that ends like goods never has in it.
_NEVER_NAMED = re.compile(
    r"质量|[我你您俺他她们谁哪几吗呢吧了的着这那]|怎么|咋|什么|啥|多少|海报|链接|文案|佣金|提现|收益|订单|客户|顾客|朋友|商品"
    r"|产品|¤|图片|视频|素材|一共|总共|上次|有没有|帮|推广|分享|卖|买|适合|没|不要|\d{4}"
)
_SHAPE = re.compile(r"[一-鿿A-Za-z0-9+·-]{2,14}")
_POINTED = re.compile(
    r"^(?:就是|是|要|换成|改成|给我|来|做|弄|卖)+(?:那个|这个|那款|卖)?(?P<p>[一-鿿A-Za-z0-9]{2,12}?)(?:的|那个|那款)"
    r"(?:那个|那种|吧|啊|呀)?$|^(?P<q>[一-鿿A-Za-z0-9]{2,12}?)的(?:那个|吧|啊)?$|^(?:就是|卖的?是?)(?:那个|卖)"
    r"*(?P<r>[一-鿿]{2,8})$"
    r"|^(?:商品|产品|东西)(?:就?是|叫|为|:)(?P<t>[一-鿿]{2,8})$"
    r"|^.*(?:那个|这个|那款|这款)(?:什么|啥)?(?![是有能可怎月季周人要会不])(?P<s>[一-鿿]{2,6})(?:吧|呢|啊|呀)?$"
)
_ITEM = re.compile(r"[^、,和跟及]+")
_BOTH = re.compile(r"[和跟与、及]|还有")

Name = tuple[int, int]


def ends_like_goods(word: str) -> bool:
    """Whether ``word`` ends as names of goods do."""
    return bool(_known().search(word))


def find_goods(text: str, pieces: list[tuple[int, int]], intent: str, vocabulary: Vocabulary) -> list[Name]:
    """Where goods are named in ``pieces`` of ``text``, the first one first."""
    own = _listed(text, pieces, vocabulary)
    if own:
        return own
    counted = _counted(text) if intent == "poster" else []
    if len(counted) > 1:
        return counted
    for start, end in pieces:
        for found in (_before(text, start, end, intent), _after(text, start, end, intent)):
            if found:
                return found
    for start, end in pieces:
        found = _pointed(text, start, end) or _ending(text, start, end)
        if found:
            return found
    return []


def _listed(text: str, pieces: list[tuple[int, int]], vocabulary: Vocabulary) -> list[Name]:
    names = sorted((*vocabulary.products, *vocabulary.nicknames), key=len, reverse=True)
    for start, end in pieces:
        for name in names:
            at = text.find(name.lower(), start, end)
            if at >= 0:
                return [(at, at + len(name))]
    return []


def _counted(text: str) -> list[Name]:
    """The goods each of which is counted, or which a list names after the posters."""
    after = _LISTED_AFTER.search(text)
    spots = (
        [(after.start("goods") + m.start(), after.start("goods") + m.end()) for m in _ITEM.finditer(after["goods"])]
        if after
        else []
    )
    spots += [match.span(match.lastgroup or 0) for match in _EACH.finditer(text)] if not spots else []
    return [name for name in (_stripped(text, *spot) for spot in spots) if name]


def _before(text: str, start: int, end: int, intent: str) -> list[Name]:
    anchor = _anchor(intent)
    for match in anchor.finditer(text, start, end) if anchor else ():
        found = _names(text, start, match.start())
        if found:
            return found
    return []


def _after(text: str, start: int, end: int, intent: str) -> list[Name]:
    lead = _lead(intent)
    match = lead.search(text, start, end) if lead else None
    if not match:
        return []
    stop = re.compile(r"[,。¤?]|怎么|能|赚|挣|佣金|的|了|多少|几|有|会|给|一般|提|是|卖|吗").search(
        text, match.end(), end
    )
    return _names(text, match.end(), stop.start() if stop else end)


def _pointed(text: str, start: int, end: int) -> list[Name]:
    match = _POINTED.match(text[start:end])
    if not match:
        return []
    group = next(name for name in ("p", "q", "r", "s", "t") if match[name])
    return _names(text, start + match.start(group), start + match.end(group))


def _ending(text: str, start: int, end: int) -> list[Name]:
    """A well-known kind of goods, with the word before it if that belongs to the name."""
    match = _endings().search(text, start, end)
    if not match:
        return []
    lead = re.search(r"[一-鿿]{0,4}$", text[start : match.start()])
    first = match.start() - (len(lead.group()) if lead else 0)
    return _names(text, first, match.end()) or [match.span()]


def _names(text: str, start: int, end: int) -> list[Name]:
    """The names in a stretch of text, its edges stripped; none if it does not look like a name."""
    stretch = text[start:end]
    cut = max((match.end() for match in re.finditer(r"[,。!?;:]", stretch)), default=0)
    start += cut
    found: list[Name] = []
    for part in _parts(text, start, end):
        stripped = _stripped(text, *part)
        if stripped:
            found.append(stripped)
    return found


def _parts(text: str, start: int, end: int) -> list[Name]:
    edges = [start]
    for match in _BOTH.finditer(text, start, end):
        edges += [match.start(), match.end()]
    edges.append(end)
    return list(zip(edges[::2], edges[1::2], strict=True))


def _stripped(text: str, start: int, end: int) -> Name | None:
    stretch = text[start:end]
    left, right = _LEFT.match(stretch), _RIGHT.search(stretch)
    first = left.end() if left else 0
    last = right.start() if right and right.start() > first else len(stretch)
    owned = stretch.rfind("的", first, last) + 1  # what stands before 的 only tells of it
    if first < owned < last:
        return _stripped(text, start + owned, start + last)
    word = stretch[first:last]
    refused = _NEVER_NAMED if ends_like_goods(word) else _REFUSED
    if not _SHAPE.fullmatch(word) or refused.search(word) or _no_goods().fullmatch(word):
        return None
    return start + first, start + last


@cache
def _anchor(intent: str) -> re.Pattern[str] | None:
    return re.compile(_ANCHORS[intent]) if intent in _ANCHORS else None


@cache
def _lead(intent: str) -> re.Pattern[str] | None:
    return re.compile(_AFTER[intent]) if intent in _AFTER else None


@cache
def _known() -> re.Pattern[str]:
    """The end of a word that is goods."""
    whole = "|".join(word for word in goods().split("|") if len(word) > 1)
    return re.compile(f"(?:[一-鿿](?:{goods()})|{whole})$")


@cache
def _no_goods() -> re.Pattern[str]:
    """What tells of what kind something is, or who somebody is."""
    return compiled(f"[大小老新一点]?(?:{describing()}|一点|的)+|{{kin}}|{{buyer}}|老板娘?|老师|姑娘|美女|帅哥|亲们?")


@cache
def _endings() -> re.Pattern[str]:
    words = sorted((word for word in goods().split("|") if len(word) > 1), key=len, reverse=True)
    short = "|".join(word for word in goods().split("|") if len(word) == 1)
    return re.compile(f"(?:{'|'.join(words)})+(?:{short})?")
