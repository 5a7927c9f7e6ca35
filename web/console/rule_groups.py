"""The settings of a policy as the rules page groups them: which, in what kind of field, with which hint."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from distribution import policy_words as words
from distribution.rules.money import percent, plain_yuan

Kind = Literal["bp", "fen", "whole", "choice", "flag", "list", "text"]
_LABELS = {each.path: each.label for each in words.SETTINGS}


@dataclass(frozen=True, slots=True)
class Field:
    """One field; ``needed`` False: empty means none. ``unit`` stands after the label."""

    path: str
    kind: Kind
    hint: str = ""
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    least: int = 0
    most: int = 3650
    needed: bool = True

    @property
    def label(self) -> str:
        """What the field is called."""
        return _LABELS[self.path] + (f"（{self.unit}）" if self.unit else "")

    @property
    def setting(self) -> words.Setting:
        """The setting behind it."""
        return next(each for each in words.SETTINGS if each.path == self.path)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together; ``runs``: only the first merchant's, whose distributors they are.

    ``table`` names the settings that are tables of rows, ``own`` a part of the page with its own drawing.
    """

    key: str
    title: str
    note: str
    fields: tuple[Field, ...] = ()
    table: str = ""
    runs: bool = False


def _bp(path: str, hint: str = "", **more: Any) -> Field:
    return Field(path, "bp", hint, "%", **more)


def _fen(path: str, hint: str = "", **more: Any) -> Field:
    return Field(path, "fen", hint, "元", **more)


def _days(path: str, hint: str = "", **more: Any) -> Field:
    return Field(path, "whole", hint, "天", **more)


def _pick(path: str, choices: Mapping[str, str], hint: str = "", **more: Any) -> Field:
    return Field(path, "choice", hint, choices=choices, **more)


_THIRD = "经营地在中国内地最多两级：按第三代下线计酬是《禁止传销条例》针对的行为；在别处经营才能设三级，请先问律师"
RATES = Group(
    "rates",
    "比例",
    "先看商品自己的规则，再看分类、等级、满额档，都没有才用这里的店铺比例。",
    (
        _bp("store_rate_bp.l1"),
        _bp("store_rate_bp.l2"),
        _bp("store_rate_bp.l3", "只在三级时有用"),
        _pick("depth", {"1": "一级", "2": "两级", "3": "三级（仅限中国内地以外）"}, _THIRD),
        Field("jurisdiction", "text", "两个大写字母，中国内地填 CN"),
    ),
)
GROUPS: tuple[Group, ...] = (
    Group(
        "join",
        "加入",
        "加入永远免费，拉人没有奖励。",
        (
            _pick("join_mode", words.JOIN),
            _days("reapply_days"),
            _pick("join.match", words.MATCH, "以下条件只在“达到条件自动通过”时看"),
            _fen("join.spend_fen", "完成的订单减去退款；不填 = 不看", needed=False),
            Field("join.orders", "whole", "不填 = 不看", "单", least=1, most=10**6, needed=False),
            Field("join.skus", "list", "商品编号，用逗号隔开；不填 = 不看", needed=False),
        ),
        runs=True,
    ),
    RATES,
    Group(
        "category", "分类比例", "写了的分类按这里算，没写到的级数就是 0，所以每一级都要填。", table="category_rate_bp"
    ),
    Group("level", "等级比例", "两级都不填 = 这个等级没有单独比例；填了一个，另一个也要填。", table="level_rate_bp"),
    Group("band", "满额档", "按整单商品金额找档，取达到的最高一档；退款不改档。每一级都要填。", table="amount_bands"),
    Group(
        "base",
        "底数与取整",
        "运费默认不计佣金；优惠券和积分按商品金额分摊。",
        (_pick("base", words.BASE, "按毛利算要在商品里填成本"), _pick("rounding", words.ROUNDING)),
    ),
    Group("self", "自购", "分销员自己下单，佣金给谁。", (_pick("self_purchase", words.SELF_PURCHASE),)),
    Group(
        "cap",
        "封顶",
        "一件商品的全部奖励（推广、邀请、区域）加起来不超过底数的这个比例。",
        (_bp("line_cap_bp"), _fen("order_cap_fen", "不含区域奖励；不填 = 不限", needed=False)),
    ),
    Group(
        "cycle",
        "冻结与结算周期",
        "收货满天数才到期，到期的在下一个结算日转为可提现；错过的一次补上。",
        (
            _days("freeze_days", "不少于售后期"),
            _pick("cycle.mode", words.CYCLE),
            _pick("cycle.weekday", {"": "不用", **words.WEEKDAYS}, "只在“每周”时看", needed=False),
            Field("cycle.day", "whole", "“每月”“每季度”时填；31 = 月底", "号", least=1, most=31, needed=False),
            _fen("cycle.fen", "“攒满金额”时填", needed=False),
        ),
    ),
    Group(
        "region",
        "区域代理",
        "按收货地址算。还没有任命代理时，这里不影响任何订单。",
        (
            _pick("region.mode", words.REGION_MODE),
            _bp("region.rates_bp.district"),
            _bp("region.rates_bp.city"),
            _bp("region.rates_bp.province"),
            _pick("region.stack", words.STACK),
            _pick("region.tenure", words.TENURE),
        ),
    ),
    Group(
        "binding",
        "客户绑定",
        "客户点了谁的链接或扫了谁的码，在期限内下单就算谁的。",
        (
            _pick("binding.mode", words.BINDING),
            _days("binding.valid_days", least=1),
            _days("binding.protect_days", "这段时间内别人的链接不起作用"),
            Field("binding.renew_on_order", "flag"),
            _pick("binding.compete", words.COMPETE),
            Field("binding.compete_ttl_hours", "whole", unit="小时", least=1, most=24 * 365),
            Field(
                "binding.new_window_seconds",
                "whole",
                "例如 86400 = 关注一天内；不填 = 新老客户都能绑",
                least=1,
                most=10**9,
                needed=False,
            ),
        ),
        runs=True,
    ),
    Group(
        "withdraw",
        "提现与税",
        "手续费和税在申请之前就给本人看清楚。",
        (
            _fen("withdraw.min_fen"),
            _fen("withdraw.max_fen", "不填 = 不限", needed=False),
            Field("withdraw.max_per_day", "whole", "不填 = 不限", "次", least=1, most=1000, needed=False),
            Field("withdraw.one_at_a_time", "flag"),
            Field("withdraw.to_bank", "flag", "财务手工转账，转完点“已打款”"),
            Field("withdraw.to_balance", "flag", "在商城里手工充入，免手续费"),
            _bp("withdraw.fee_bp"),
            _fen("withdraw.name_required_from_fen", "微信要求 ¥2,000.00 起"),
            Field("withdraw.verify_name", "flag", "本人在网页上填姓名和身份证号，号码不保存"),
            _fen("withdraw.wechat_min_fen", "微信最少 ¥0.10"),
            _pick("withdraw.tax", words.TAX, "选哪种请先问会计"),
            _fen("withdraw.auto_approve_up_to_fen", "0 = 每笔都要人审核"),
            _fen("withdraw.chat_approve_up_to_fen", "0 = 只在这里审；谁能在微信里审，在“员工”里绑定"),
            _fen("withdraw.four_eyes_from_fen", "不填 = 一人审批就行", needed=False),
            _fen("withdraw.daily_cap_fen", "不填 = 不限", needed=False),
        ),
        runs=True,
    ),
    Group(
        "dealers",
        "订货商",
        "最多五个等级，填拿货价占零售价的百分比；不写等级名 = 没有这一级。",
        (Field("dealers.region_share", "flag"),),
        table="dealers.grades_bp",
    ),
    Group("quiet", "安静时段", "这段时间不发群发和普通提醒，和钱有关的照发。", table="quiet_hours", runs=True),
    Group(
        "terms",
        "规则条款",
        "申请时要同意的书面规则，一行一条。改了文字就换一个版本号，之后申请的人同意的是新版。",
        (Field("terms_version", "text"), Field("terms", "list")),
        runs=True,
    ),
)


def groups(*, runs: bool) -> list[Group]:
    """The groups that an operator's merchant decides."""
    return [group for group in GROUPS if runs or not group.runs]


def shown(one: Field, document: Mapping[str, Any]) -> str:
    """The value of a field as the form holds it."""
    value = one.setting.of(document)
    if value is None:
        return ""
    if one.kind == "bp":
        return plain_percent(value)
    if one.kind == "fen":
        return plain_yuan(value)
    if one.kind == "flag":
        return "1" if value else ""
    if one.kind == "list":
        return ("\n" if one.path == "terms" else "，").join(value)
    return str(value)


def plain_percent(bp: int) -> str:
    """Basis points as a field holds them: 12.5."""
    return percent(bp).rstrip("%")
