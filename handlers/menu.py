"""Help, small talk, and what nobody else understood."""

from bot.context import Context
from bot.replies import Reply, Text
from bot.router import Router
from bot.wording import NOT_UNDERSTOOD
from distribution import members

router = Router()

MENU = (
    "我是分销助手，可以帮你：\n1 生成海报\n2 推广链接\n3 查收益\n4 提现\n5 查订单\n"
    "6 更多（邀请、团队、素材、规则、提现进度）\n直接说也行，比如“今天赚了多少”。找真人回复“人工”。"
)
_NEWCOMER = (
    "欢迎！我可以帮你：\n· 申请当分销员：回复“我要成为分销员”（免费，约 1 分钟）\n"
    "· 了解佣金：回复“佣金规则”\n只按真实成交给佣金，拉人没有奖励。买东西有问题，回复“人工”。"
)


@router.text("菜单", "0", "帮助", "help", "你好", "在吗", "您好", "hi", "?", reads=True)
@router.intent("help", "greeting", reads=True)
@router.click("HELP", reads=True)
def show(ctx: Context) -> Reply:
    """菜单"""
    return Text(MENU if ctx.person.state == "active" else _NEWCOMER)


@router.text("6", "更多", reads=True)
def more(ctx: Context) -> Reply:
    """更多"""
    return Text(
        "还可以回复：\n· 邀请：带朋友一起做\n· 团队\n· 素材：现成的文案\n"
        "· 佣金规则\n· 提现进度\n· 退订 / 恢复提醒\n0 菜单"
    )


@router.text("人工", "客服", "人工客服", "转人工", reads=True)
@router.intent("human", reads=True)
def human(ctx: Context) -> Reply:
    """找真人"""
    return Text("好的，请把问题直接发在这里，店铺客服上班后会在这个对话里回复你。\n涉及订单或提现，请附上单号。")


@router.text("谢谢", "多谢", "感谢", "再见", reads=True)
@router.intent("thanks", reads=True)
def thanks(ctx: Context) -> Reply:
    return Text("不客气，随时叫我。")


@router.text("退订", "关闭提醒", "不要通知")
@router.intent("unsubscribe")
def quiet(ctx: Context) -> Reply:
    """退订提醒"""
    members.set_notices(ctx.session, ctx.member_id, False)
    return Text("提醒关好了；提现和申请的结果仍会告诉你。\n回复“恢复提醒”随时打开。")


@router.text("恢复提醒", "恢复通知", "订阅")
@router.intent("subscribe")
def loud(ctx: Context) -> Reply:
    """恢复提醒"""
    members.set_notices(ctx.session, ctx.member_id, True)
    return Text("提醒开好了：出单、结算、提现进度，不发广告。")


@router.image(reads=True)
def picture(ctx: Context) -> Reply:
    return Text("图片收到了，不过我还看不懂图。\n想找真人请回复“人工”，要海报回复“生成海报”。")


@router.otherwise(reads=True)
def not_understood(ctx: Context) -> Reply:
    return Text(NOT_UNDERSTOOD if ctx.person.state == "active" else f"这句我没看懂。\n{_NEWCOMER}")
