"""The menu, and what is said when nothing was asked."""

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply, Text
from bot.router import Router
from bot.wording import NOT_UNDERSTOOD
from handlers.withdrawals import left

router = Router()

MENU = (
    "我是分销助手，可以帮你：\n1 生成海报\n2 推广链接 / 二维码\n3 查收益\n4 提现\n5 查订单\n"
    "6 更多（客户、团队、排行、素材、规则）\n直接说也行，比如“上周赚了多少”。找真人回复“人工”。"
)
#: What customers are offered under whatever they see first.
FIRST = (Way("看全部商品"), Way("查我的订单", say="我的订单"), Way("我也想分享赚佣金"))
NEWCOMER = (
    "欢迎！我可以帮你：\n· 申请当分销员：回复“我要成为分销员”（免费，约 1 分钟）\n"
    "· 了解佣金：回复“佣金规则”\n只按真实成交给佣金，拉人没有奖励。买东西有问题，回复“人工”。"
)


@router.text("菜单", "0", "帮助", "help", "?", reads=True)
@router.intent("help", reads=True)
@router.click("HELP", reads=True)
def show(ctx: Context) -> Reply:
    """菜单"""
    return Text(MENU if ctx.person.state == "active" else NEWCOMER)


@router.text("6", "更多", reads=True)
def more(ctx: Context) -> Reply:
    """更多"""
    return offer(
        "还可以做这些：",
        Way("我的客户"),
        Way("我的团队"),
        Way("排行榜"),
        Way("素材文案", say="素材"),
        Way("佣金规则"),
        Way("我的等级和任务", say="我的等级"),
    )


@router.intent("confirm", reads=True)
def nothing_asked(ctx: Context) -> Reply:
    return Text("现在没有等你确认的事，什么都没有改动。\n要提现回复“提现”，看全部回复“菜单”。")


@router.intent("deny", "cancel", "back", reads=True)
def nothing_done(ctx: Context) -> Reply:
    if ctx.slots.get("target") == "withdraw" and ctx.person.distributor_id is not None:
        return left(ctx, ctx.said)
    return Text("好的，什么都没有改动。\n回复“0”看菜单。")


def not_understood(ctx: Context) -> Reply:
    """What is said to a sentence that means nothing here."""
    return Text(NOT_UNDERSTOOD if ctx.person.state == "active" else f"这句我没看懂。\n{NEWCOMER}")
