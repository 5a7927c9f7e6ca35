"""Whether a clause asks to take money out: only when all of it is said in words of taking money out."""

import re

from bot.understanding.amounts import amounts, says_all, says_vague
from bot.understanding.numerals import NUMBER

WEIGHT = 88
_STRONG = re.compile(
    r"(?:佣金|余额|钱|收益|账户|钱包).{0,4}清(?:空|了|零)|清空.{0,4}(?:佣金|余额|账户|钱包)|提现|提(?:一下|下|个|点)现"
    r"|提佣|变现|支取|提款|取现|取款|提钱|取钱|提佣金|取佣金|提取|提成现金|兑现|提出来?|取出来?"
    r"|[提取](?:一?点儿?|一?些|个)(?:钱|款|佣金|出来)"
)
_WEAK = re.compile(
    rf"[提取]到(?:只|就)?剩|多[提取](?:一?点|些)|^(?:给我|帮我)?结(?:一下|一?结|个)(?:佣金|钱|账)$|(?:给|帮)(?:我|俺)(?:先)?结(?:个|一下)?{NUMBER}|(?:要|想|来|咋|怎么)(?:拿|领)(?:点|些)?钱|"
    r"领(?:一下|取)?钱|给(?:我|俺)打(?:点|些)?(?:钱|款)"
    rf"|把.{{1,8}}(?:提|取)(?:了|走|光)|(?:提|取)(?:现)?(?:个|点|它)?(?:一部分|一些|一点点?|一半|几[十百千块]|零头|剩|光|完|空|"
    rf"所有|全部|[一二三四五六七八九十百]+分之|[一二两三四五六七八九\d]成)|(?:提"
    rf"|取)(?:现)?(?:个|点|它|走|些)*(?:整数|大概|大约|差不多)?\s*[¥￥]?{NUMBER}|{NUMBER}(?:块钱?|元)?(?:都|也)?(?:提|取)|(?:都|"
    rf"全|想|要|怎么|咋|再|先|多少|给我|帮我|全部|所有|统统|一次性|可以|能)(?:给我|"
    rf"帮我)?(?:提|取)(?:了|走|完|光)?|(?:在哪里?|哪里|哪儿|在哪儿)(?:提|取)|有多少[就]?(?:提|"
    rf"取)多少"
)
_MOVED = re.compile(
    r"(?:佣金|余额|钱|收益|收入|提现的?|能提的|可提|赚的|挣的|提成|[块元百千万\d])"
    r".{0,8}(?:发(?=到|进|入|微信|零钱|卡|银行卡|我的?(?:微信|零钱|卡))|提|取|打|转|弄|整|搞|划|汇|挪|存)(?:给|"
    r"到|至|进|入|过来|出来|回来|我|微信|零钱|卡|银行卡)|(?:佣金|余额|钱|收益)[到进](?:我|俺)?的?(?:微信|零钱|卡|银行卡)"
    r"|(?:佣金|余额|钱|收益).{0,5}(?:拿|领)(?:到手|出来|回来|取|了|走|$)|(?:拿|"
    r"领)(?:到手|出来|回来|取)?(?:佣金|余额|收益)"
    r"|(?:打|转|划|汇|弄|整|搞|提|取).{0,8}(?:到|进|入)(?:我|俺|咱|自己)?的?(?:微信|零钱|卡|银行卡|钱包|账上)"
    rf"|(?:打|转|提)我的?(?:微信|零钱)里?{NUMBER}"
    rf"|(?:钱|佣金|收益|余额)(?:全部?|都|统统|通通)(?:给|转|打)(?:给)?我|(?:钱|佣金|余额)(?:我|俺)?全部?都?要|[整弄搞拿]{NUMBER}(?:块|元)?(?:钱)?出来"
    r"|(?:钱|佣金|收益).{0,2}(?:怎么|咋|如何)(?:才?能)?(?:到我?(?:手|账)[里上]|到我?的?(?:微信|零钱|卡))|提到(?:我|自己)?的?(?:微信|零钱|银行卡|卡)|(?:佣金|余额|钱|收益|提成).{0,3}结(?:给我|[到进](?:我|俺)?的?(?:微信|零钱|银行卡|卡|钱包))|(?:打|转|弄|拿"
    r"|取)(?:点|"
    r"些)?(?:钱|款|佣金)(?:给我|出来|到)|转出来?"
)
_MONEY = re.compile(r"佣金|余额|款|变现|钱|收益|收入|提|赚的|挣的|取")
_PAST = re.compile(
    r"(?:我|俺)的提现|(?:申请|发起|操作|(?<!可)(?<!能)提现?|取)(?:过|了)?的(?:那|这)(?:笔|次|个)|申请(?:过"
    r"|了)?的|(?:那|这|上|上一)(?:笔|次|回)(?:提|取|申请)"
    r"|¤.{0,4}(?:申请|提现?|取)(?:过|了)?的|(?:上次|之前|以前|刚才|刚刚).{0,4}(?:提|取|申请)"
)
#: "If there is enough" only tells what the bot checks anyway.
_SUM = rf"[¥￥]?{NUMBER}(?:块钱?|元)?"
_ENOUGH = re.compile(
    r"^(?:如果|要是|假如|若是?|只要)?(?:余额|佣金|钱|里面|账户|账上|还|能|可提的?)*"
    rf"(?:(?:足?够)(?:提)?(?:{_SUM})?|有(?:{_SUM}|钱(?=的话|就)|(?=的话)))(?:的话|的)?[就,，]*"
)
_IF = re.compile(
    r"要不要|该不该|值不值|用不用|需不需要|如果|要是|假如|假设|万一|的话|倘若|比如|会怎么样|会怎样|要扣|还剩|下个?月|下周|下个?星期|明年|明天|后天|[月年]底|改天|到时候|以后|将来|等|(?<!怎么)(?<!咋)(?<!怎样)(?<!咋样)(?<!怎么样)(?<!如何)才[能可]"
)
_NEVER = re.compile(
    r"没(?:有)?(?:点|按|申请|要|想|说|让|叫|操作|提|取)|不小心|误(?:点|触|操作|按)|手滑|(?:点|按|发|输)错|(?:点|碰)到"
    r"|吧你就?$|(?:支付宝|银行卡|工资卡|余额宝|零钱通)[里上]?的?(?:钱|余额)|¤.{0,4}(?:收益|收入|佣金|提成)(?:弄|整|搞)(?:一下)?给(?:我|俺)$|积分|奖励|奖金|红包|游戏|(?<!其)[他她]|别人|不提|不取|别提|别取|没提|没取|不是要"
    r"|(?<=[一-鿿])(?<![能快就请你您先也])[让叫](?:我|俺).{0,6}[提取打转]"
    rf"|^(?:¤|我|现在|目前|一共|总共|还)*(?:可以?|能)够?[提取]现?(?:出来)?{_SUM}$"
)
_CORRECTED = re.compile(r"[不改错换别]|应该|还是|算了|哦|说成")
_ONLY_SUM = re.compile(
    rf"(?:就|要|那|是|应该|改成?|换成|改为|哦|嗯|来|个|金额|为|先|我|一共|总共|不|对|:|[转打弄整搞提取])*(?:{_SUM}(?:零?[一二两三四五六七八九\d][毛角]?)?|全部|所有|全都|都)(?:钱|整|吧|的|呗|就行|就好|好了|也行|也可以|都行|啊|呀|哈)*"
)
#: Told as done: 已经 before it, a day before it and 了 after it, or 了 at the end without any word of wishing.
_DONE = re.compile(
    r"[点按戳]了|[到进](?:我|俺)?的?(?:微信|零钱|银行卡|卡|钱包)里?了$|(?:已经|早就|曾经?|刚才?|刚刚).{0,4}(?:提|取|打|转|领)|^(?!.*(?:能不能|可不可以)).*¤.*(?:提|取|打|转).*[了的过]$"
    r"|^(?!.*(?:要|想|帮|给|把|都|全|可以|能|该|去|来|先|改|吧|就)).*(?:提|取|打|转|领).+了$|[提取](?:现|钱|款)?(?:过|[完好]了)|[提取](?:现|款|钱|走)?了[¥￥]?[\d一二两三四五六七八九十百千万几]"
)
_QUOTED = re.compile(r"(?<![\d\s])-\s*\d|[\"'“”‘’「」『』《》【】]")
#: 不 in these is no refusal.
_YES_OR_NO = re.compile(
    r"能不能|可不可以|行不行|好不好|可以不可以|成不成|对不起|不好意思|一[分毛]不[剩留]|不多|差不多|不知道?能"
    r"|不限|不(?=[啊呀吗嘛呢?]*$)|没(?=[啊呀有?]*$)"
)
_NOT = re.compile(r"[不没别甭勿莫非未]")
#: "As much as there is" asks nothing.
_AS_MUCH = re.compile(
    r"(?:有|能|可以)[提取]?(?:现|出来)?多少钱?(?:就|都|全|也|给我|帮我)*(?:[提取转打](?:现|出来|走)?(?:多少)?)?"
)
_ASKED = re.compile(r"[吗么]$|是不是|有没有|为什么|为啥|何时|谁|哪天|多久")
_CAN = re.compile(r"能|可以|可不可|行|好|成|可")
#: "500, oh no, 400": the sum before a slip of the tongue is taken back.
_SLIP = re.compile(
    rf"{_SUM}[吧啊,，\s]*(?:哦|噢|喔|啊|呃|额|哎)[,，\s]*(?:不(?:对|是)?)?[,，\s]*(?=[提取要是]{{0,2}}现?{_SUM})"
)
#: "All but 100": what stays is said, what is to be taken out must be asked.
_KEPT_BACK = re.compile(rf"(?:留|剩|除[了去开]?|扣[除掉])(?:下|着|个)?[¥￥]?{NUMBER}|其[余他它]|别的")
#: "500 or 800?": neither is chosen yet.
_EITHER = re.compile(rf"{_SUM}(?:呢[,，\s]*)?还是(?:说|提|取)?现?{_SUM}(?:呢|啊|好|合适|划算|\?)*$")
#: "100, not 1000": what is set apart from the amount that is meant.
_NOT_THIS = re.compile(
    rf"(?:余额|佣金|一共|总共|账户)?(?:有)?[¥￥]?{NUMBER}(?:块钱?|元)?(?:里面?|里头|当中|中(?![不吗么]))|除[了去开](?:留|剩)?(?:下|着|个)?[¥￥]?{NUMBER}(?:块钱?|元)?(?:[以之]?外)?|(?:只|就)?(?:留|剩)(?:下|着|个)?[¥￥]?{NUMBER}(?:块钱?|元)?半?|(?:不是|不要|别|不提|不取|不用)(?:提现?|取)?[¥￥]?{NUMBER}(?:块钱?|元)?"
)
_WHETHER = re.compile(r"能不能|可不可以|(?:能|可以|可).{0,6}(?:吗|么|不|没)")
#: What the money is for changes nothing.
_PURPOSE = re.compile(
    r"(?:(?:给自己|好|拿?去|来)(?:吃|喝|玩|买)[一-鿿]{0,5}|(?:好|去|来|用来|用于|拿去|拿来|先)?(?:给(?:孩子|娃|家里|自己))?(?:[交缴](?:学费|房租|租|保险|班费|[水电][费]?|燃气费?|物业费?|话费)|充话费"
    r"|还(?:花呗|白条|借呗|信用卡|房贷|车贷|贷款|账|债)|买(?:菜|米|奶粉|衣服|东西|年货|烟|票|礼物|药)|过(?:节|年|冬)|零花|开销|周转(?:一下)?"
    r"|应(?:个|应)?急|救(?:个)?急|贴补家用|吃(?:饭|顿好的)|喝奶茶|花花|花一?花|用用|用一?用|试试?水?|图个?吉利|(?<=[百千万块元\d])看看|压压岁))(?:吧|啊|呗|呀|的)?$"
)
_VERBS = re.compile(
    r"整数|提现金?额?|提款|取现|取款|提钱|取钱|提取|兑现|变现|支取|支出|打款|结给|结|提|取|打|转|弄|整|搞|划|汇|发|存|挪|领取?|拿"
)
_WORDS = re.compile(
    rf"一共|总共|只(?=[\d一二两三四五六七八九十百千万]|$)|一次性|一下子|零头|算了|{NUMBER}成|[一二三四五六七八九十百]+分之[一二三四五六七八九十]+|一半|一部分|一[分毛]不[剩留]|清仓|几百|几千|几十|几块|尽量|(?:赚|挣)(?:到)?的|[¥￥]?{NUMBER}(?:块钱|元钱|块|元"
    rf"|圆|毛|角|分)*|¤|"
    r"有多少就?|能提多少|卖货的|推广的|这次|这回|本次|几百|几千|几十|一半|一部分|可提现?的?|能提的?|可以提现?的?|"
    r"剩下的?|剩余的?|剩的|其[余他它]的?(?=都|全|统统|通通|给|帮|佣金|钱|提出)|它|中(?=不|$)|账户|户头|账上|里面|里头|钱包|零钱|微信|银行卡|支付宝|商城余额|店铺余额|"
    r"我要|我想|想要|帮我|帮俺|给我|给俺|帮忙|麻烦|你好|您好|老板|那个|这个|"
    r"那些|这些|就是|还是|但是|可是|改(?=$|[吧个一二两三四五六七八九十百千万\d])|所以|然后|因为|已经|一次性|一下子|一下|"
    r"人民币|数额|rmb|大洋|左右|上下|大概|大约|约|差不多|以上|以内|或者|或|佣金|余额|收益|收入|提成|工钱|奖励|现金|全部|所有|全都|全额|统统|通通|"
    r"从|清了|清零|清空|申请|办理|操作|发起|处理|功能|按钮|入口|页面|步骤|流程|方法|方式|"
    r"怎么样|怎么|咋样|咋|如何|怎样|在哪儿|在哪里|哪里|哪儿|在哪|能不能|可不可以|行不行|可以|"
    r"需要|应该|希望|打算|准备|现在|马上|立刻|立即|尽快|赶紧|赶快|今天|今晚|"
    r"急用|急|掉|光|完|走|但|会|攒的?|攒|那|够|就好|就行|就够|试试水?|试一下|体验|到手|才|手|买菜|过节|交房租|还款|家用|吉利数?|留一半|留(?:一)?(?:点|些|部分)|"
    r"烦请|劳驾|烦劳|有劳|麻溜|麻利|谢谢|辛苦|出来|出去|过来|回来|回去|改成|换成|改为|应该是|点儿|"
    r"[我俺咱你您帮给请把将的地得了吧呢吗么嘛呀啊哦哈呗啦喽哎嗯额呃唉诶噢嘿要想能行到至进去来出回上里下先再就]|"
    r"[也都全个点些块元钱款卡佣现可起用花图整凑笔多少不没是有为当做让叫快吱声亲和跟,。!?:;~、. \-]"
)


def evidence(text: str) -> str | None:
    """The name of the evidence that ``text`` asks for a withdrawal; None without any."""
    if _IF.search(_ENOUGH.sub("", text)) or any(found.search(text) for found in (_NEVER, _PAST, _DONE, _QUOTED)):
        return None
    text = _SLIP.sub("", text)
    if _NOT.search(_NOT_THIS.sub("", _YES_OR_NO.sub("", text))) or _is_question(text):
        return None
    strong, weak, moved = _STRONG.search(text), _WEAK.search(text), _MOVED.search(text)
    if not (strong or weak or moved) or (not _MONEY.search(text) and not list(amounts(text))):
        return None
    rest = _WORDS.sub("", _VERBS.sub("", _PURPOSE.sub("", _NOT_THIS.sub("", _ENOUGH.sub("", text)))))
    if rest:
        return None
    return "withdraw.strong" if strong else "withdraw.weak" if weak else "withdraw.moved"


def _is_question(text: str) -> bool:
    """Whether ``text`` asks about taking money out instead of whether it can be done."""
    if "多少" in _AS_MUCH.sub("", text):
        return True
    return bool(_ASKED.search(text)) and not _CAN.search(text)


def conditional(text: str) -> bool:
    """Whether it is asked for only if there is enough."""
    return bool(_ENOUGH.match(text))


def is_purpose(text: str) -> bool:
    """Whether ``text`` only tells what money is wanted for."""
    return bool(_PURPOSE.fullmatch(text))


def asks_whether(text: str) -> bool:
    """Whether money could be taken out is asked, and no amount said."""
    return bool(_WHETHER.search(text)) and not list(amounts(text)) and not says_all(text)


def wanted(text: str) -> int | str | None:
    """What is to be taken out: fen, "all", or None when it must be asked."""
    if says_vague(text) or _EITHER.search(text):
        return None
    text = _SLIP.sub("", text)
    text = _NOT_THIS.sub("", _ENOUGH.sub("", text) or text)
    found = sorted(amounts(text))
    if found:
        return found[-1][1]
    return "all" if says_all(text) else None


def wanted_in(said: list[str], *, corrected: bool) -> int | str | None:
    """What the clauses of one wish want: only those that ask, or are nothing but a sum, tell it.

    Of two sums none is wanted, unless the person has ``corrected`` one of them; then the last one is.
    """
    text = " ".join([part for part in said if evidence(part) or _ONLY_SUM.fullmatch(part.strip())] or said)
    sums = {fen for _, fen in amounts(_NOT_THIS.sub("", _ENOUGH.sub("", _SLIP.sub("", text))))}
    return wanted(text) if len(sums) < 2 or corrected else None


def keeps_back(text: str) -> bool:
    """Whether a part is to stay: "all the rest" is no amount yet."""
    return bool(_KEPT_BACK.search(text))


def corrects(text: str) -> bool:
    """Whether somebody changes their mind about what they said."""
    return bool(_CORRECTED.search(text))
