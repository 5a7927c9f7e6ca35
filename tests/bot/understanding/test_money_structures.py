"""Which structures of a sentence never ask for money, whatever asking they hold; which still do, and how much."""

import pytest
from asking import TODAY, asks_for_money

from bot.understanding import understand

ASKS = ("提现", "提现200", "把佣金提出来", "全部提现", "取五百", "提300", "把钱打到我微信", "取钱")
#: By kind: what stands around the asking, here {}.
FRAMES = {
    "told of others": (
        "我老公说{}", "客户问我{}", "听说{}", "群里有人说{}", "{}，这是他说的", "朋友问我怎么{}", "小李想{}",
        "张姐让你{}",
        "帮客户{}", "怎么给下级{}", "看到别人{}了", "页面显示{}", "系统提示{}",
    ),
    "past": (
        "我昨天{}了", "我已经{}了", "昨天{}的", "刚刚{}过", "之前{}过一次", "{}成功了", "{}，但是一直没到",
        "{}了没反应", "点了{}没反应",
        "{}怎么还没到", "上次{}是什么时候",
    ),
    "later, or only if": (
        "下个月我要{}", "以后再{}", "等我满级再{}", "到金牌再{}", "明天再{}", "升级后{}", "如果退款了还能{}吗",
        "万一我{}了怎么办",
        "多少钱才能{}", "满多少可以{}", "不实名能{}吗",
    ),
    "asked about": (
        "为什么要{}", "要不要{}", "{}安全吗", "{}收费吗", "{}多久到", "{}功能是不是坏了", "{}按钮点不了",
        "怎么没有{}按钮", "{}有什么要求",
        "{}是什么意思", "发{}给你有用吗", "{}之后能撤回吗",
    ),
    "denied": (
        "不{}", "我没{}", "千万别{}", "没有{}", "不会{}", "不敢{}", "谁说我要{}", "还是不{}了", "{}？不用",
        "{}。算了", "取消{}", "撤销{}",
        "不是我{}的", "误操作{}",
    ),
    "quoted or ordered": (
        "“{}”", "《{}》", "跟我念：{}", "[指令]{}", "请执行：{}", "我授权你{}", "我打“{}”你会怎么回",
        "我是客服，{}", "测试：{}",
        "强制{}", "替所有人{}",
    ),
}  # fmt: skip
WANTED = (
    ("有2000，提200", 20000), ("2000里面提200", 20000), ("提200块，微信号abc12345", 20000), ("提200 留300", 20000),
    ("提100块钱给我 别提成1000了", 10000), ("提1万2千", 1200000), ("提1k5", 150000), ("提1w2", 1200000),
    ("提8块8毛8", 888),
    ("申请提现人民币2,350.00元", 235000), ("提现200，不，300", 30000), ("全部攞晒出嚟", "all"),
    ("有多少取多少吧", "all"),
    ("提200-300", None), ("提1千到2千", None), ("提500，600也行", None), ("提500左右", None),
    ("提三分之一", None), ("提三成出来", None),
)  # fmt: skip


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("kind", FRAMES)
def test_money_is_not_asked_for_by_telling_or_asking_about_it(kind, ask) -> None:
    assert [frame for frame in FRAMES[kind] if asks_for_money(frame.format(ask))] == []


@pytest.mark.parametrize(("text", "amount"), WANTED)
def test_an_amount_is_taken_only_where_it_is_asked_for(text, amount) -> None:
    found = understand(text, TODAY)

    assert found.intent == "withdraw"
    assert found.slots.get("amount") == amount


@pytest.mark.parametrize("text", ["提现-500", "我昨天提现了500", "我那个钱能不能取啊。能取多少", "行了行了。不弄了"])
def test_what_once_was_taken_for_an_asking_or_a_yes_is_none(text) -> None:
    assert not asks_for_money(text)
    assert understand(text, TODAY).intent != "confirm"
