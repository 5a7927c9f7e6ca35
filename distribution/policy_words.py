"""Every setting of a policy in words: its name, its value as people read it, what differs between two policies."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from distribution.policy import Policy
from distribution.rules.money import percent, yuan

JOIN = {"apply": "逐个审核", "everyone": "申请即通过", "assigned": "只由店铺指定", "condition": "达到条件自动通过"}
MATCH = {"any": "满足一项就行", "all": "每项都要满足"}
BASE = {
    "paid_goods": "商品实付（不含运费）",
    "paid_with_freight": "商品实付加运费",
    "list_price": "商品原价",
    "profit": "毛利（实付减成本）",
}
ROUNDING = {"floor": "不足 1 分舍去", "half_up": "四舍五入到分"}
SELF_PURCHASE = {"upline": "算给邀请人", "self": "算给自己", "none": "不算佣金"}
CYCLE = {
    "daily": "每天",
    "weekly": "每周",
    "monthly": "每月",
    "quarterly": "每季度",
    "threshold": "攒满金额",
    "manual": "手工确认每一批",
}
WEEKDAYS = {"1": "周一", "2": "周二", "3": "周三", "4": "周四", "5": "周五", "6": "周六", "7": "周日"}
REGION_MODE = {"differential": "级差（上级减下级）", "parallel": "各拿各的", "nearest": "只给最近的一级"}
STACK = {"additive": "在一级、二级佣金之外另给", "nested": "包含一级、二级佣金，只给差额"}
TENURE = {"exclusive": "一区一人", "shared": "一区多人平分"}
BINDING = {
    "window": "有期限，带保护期",
    "first_forever": "第一次点谁的永远归谁",
    "first_order": "第一单时最后点谁的归谁",
    "last_click": "最后点谁的归谁",
}
COMPETE = {"order": "下单才换人", "click": "点了就换人"}
TAX = {"none": "不扣（另行处理）", "labour": "按劳务报酬预扣", "platform": "按平台累计预扣"}

Words = Callable[[Any], str]


def _flag(value: Any) -> str:
    return "是" if value else "否"


def _one_of(choices: Mapping[str, str]) -> Words:
    return lambda value: "不用" if value is None else choices.get(str(value), str(value))


def _or_none(words: Words, none: str = "不限") -> Words:
    return lambda value: none if value is None else words(value)


def _counted(unit: str) -> Words:
    return lambda value: f"{value} {unit}"


def _rates(value: Mapping[str, Any]) -> str:
    if value.get("disabled"):
        return "不参与"
    return " / ".join(percent(value.get(kind) or 0) for kind in ("l1", "l2", "l3") if kind != "l3" or value.get("l3"))


def _hours(value: Any) -> str:
    return f"{value[0]} 点到 {value[1]} 点" if value else "没有"


def _listed(value: Any) -> str:
    return "、".join(value) or "没有"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: where it stands in a policy's document, what it is called, how its value reads.

    ``told``: distributors hear of it when it changes. ``rows``: a table, whose rows are told one by one.
    """

    path: str
    label: str
    words: Words
    told: bool = True
    rows: Callable[[Any], dict[str, Any]] | None = field(default=None)

    def of(self, document: Mapping[str, Any]) -> Any:
        """Its value in a document."""
        value: Any = document
        for name in self.path.split("."):
            value = value[name]
        return value


def _bands(value: Any) -> dict[str, Any]:
    return {yuan(band["from_fen"]): band for band in value}


_BP, _YUAN, _DAYS = percent, yuan, _counted("天")
SETTINGS: tuple[Setting, ...] = (
    Setting("join_mode", "申请方式", _one_of(JOIN), told=False),
    Setting("join.match", "入伙条件怎么算", _one_of(MATCH), told=False),
    Setting("join.spend_fen", "累计消费满", _or_none(_YUAN, "不看"), told=False),
    Setting("join.orders", "完成订单", _or_none(_counted("单"), "不看"), told=False),
    Setting("join.skus", "买过指定商品", _listed, told=False),
    Setting("reapply_days", "驳回后几天可再申请", _DAYS, told=False),
    Setting("jurisdiction", "经营地", str, told=False),
    Setting("depth", "佣金级数", _counted("级")),
    Setting("store_rate_bp.l1", "推广人佣金", _BP),
    Setting("store_rate_bp.l2", "邀请人佣金", _BP),
    Setting("store_rate_bp.l3", "上级邀请人佣金", _BP),
    Setting("category_rate_bp", "分类", _rates, rows=dict),
    Setting("level_rate_bp", "等级", _rates, rows=dict),
    Setting("amount_bands", "订单满", _rates, rows=_bands),
    Setting("base", "佣金按什么算", _one_of(BASE)),
    Setting("rounding", "取整", _one_of(ROUNDING)),
    Setting("self_purchase", "分销员自己买", _one_of(SELF_PURCHASE)),
    Setting("line_cap_bp", "每件商品的奖励封顶", _BP),
    Setting("order_cap_fen", "每人每单佣金封顶", _or_none(_YUAN)),
    Setting("freeze_days", "收货后几天可结算", _DAYS),
    Setting("cycle.mode", "结算周期", _one_of(CYCLE)),
    Setting("cycle.weekday", "每周哪天结算", _one_of(WEEKDAYS)),
    Setting("cycle.day", "几号结算", _or_none(_counted("号"), "不用")),
    Setting("cycle.fen", "攒满多少结算", _or_none(_YUAN, "不用")),
    Setting("region.mode", "区域代理怎么分", _one_of(REGION_MODE)),
    Setting("region.rates_bp.district", "区县代理", _BP),
    Setting("region.rates_bp.city", "市级代理", _BP),
    Setting("region.rates_bp.province", "省级代理", _BP),
    Setting("region.stack", "区域奖励和佣金", _one_of(STACK)),
    Setting("region.tenure", "一个区域几位代理", _one_of(TENURE)),
    Setting("binding.mode", "客户归属", _one_of(BINDING)),
    Setting("binding.valid_days", "客户绑定有效期", _DAYS),
    Setting("binding.protect_days", "客户保护期", _DAYS),
    Setting("binding.renew_on_order", "客户下单后重新计期", _flag),
    Setting("binding.compete", "保护期后别人的链接", _one_of(COMPETE)),
    Setting("binding.compete_ttl_hours", "抢客邀请保留", _counted("小时")),
    Setting("binding.new_window_seconds", "只绑新客：多少秒内算新", _or_none(_counted("秒"), "新老都绑")),
    Setting("withdraw.min_fen", "最低提现", _YUAN),
    Setting("withdraw.max_fen", "单笔最高提现", _or_none(_YUAN)),
    Setting("withdraw.max_per_day", "每天最多提现", _or_none(_counted("次"))),
    Setting("withdraw.one_at_a_time", "上一笔办完才能再提", _flag),
    Setting("withdraw.to_bank", "可提到银行卡", _flag),
    Setting("withdraw.to_balance", "可提到商城余额", _flag),
    Setting("withdraw.fee_bp", "提现手续费", _BP),
    Setting("withdraw.name_required_from_fen", "需要核对姓名的金额", _YUAN),
    Setting("withdraw.verify_name", "第一次提现先核对实名", _flag),
    Setting("withdraw.wechat_min_fen", "微信转账最低", _YUAN, told=False),
    Setting("withdraw.tax", "代扣税", _one_of(TAX)),
    Setting("withdraw.auto_approve_up_to_fen", "自动通过的金额", _YUAN, told=False),
    Setting("withdraw.chat_approve_up_to_fen", "微信里能审的提现", _YUAN, told=False),
    Setting("withdraw.four_eyes_from_fen", "两人审批的金额", _or_none(_YUAN, "不用"), told=False),
    Setting("withdraw.daily_cap_fen", "每天批准总额", _or_none(_YUAN), told=False),
    Setting("dealers.grades_bp", "订货等级", _BP, told=False, rows=dict),
    Setting("dealers.region_share", "订货单计区域奖励", _flag),
    Setting("quiet_hours", "安静时段", _hours, told=False),
    Setting("terms_version", "规则条款版本", str),
    Setting("terms", "规则条款", lambda value: f"{len(value)} 条", told=False),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What one policy says otherwise than another."""

    label: str
    before: str
    after: str
    told: bool


def differences(before: Policy, after: Policy) -> list[Difference]:
    """Every setting that differs, in the order of the settings; rows of tables one by one."""
    old, new = (policy.model_dump(mode="json", exclude={"id", "version"}) for policy in (before, after))
    return [each for setting in SETTINGS for each in _of(setting, setting.of(old), setting.of(new))]


def _of(setting: Setting, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if setting.rows is None:
        said = setting.words(old), setting.words(new)
        if said[0] == said[1]:
            said = said[0], "文字有修改"
        yield Difference(setting.label, *said, setting.told)
        return
    rows, fresh = setting.rows(old), setting.rows(new)
    for key in dict.fromkeys((*rows, *fresh)):
        pair = rows.get(key), fresh.get(key)
        if pair[0] != pair[1]:
            told = ["不单独设" if row is None else setting.words(row) for row in pair]
            yield Difference(f"{setting.label} {key}", told[0], told[1], setting.told)
