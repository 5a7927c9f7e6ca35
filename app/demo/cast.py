"""Who and what the sample shop is: its goods, its distributors and its customers."""

from dataclasses import dataclass

from app.demo.pictures import Look


@dataclass(frozen=True, slots=True)
class Good:
    """Something on the shelf; fen."""

    sku: str
    name: str
    price_fen: int
    stock: int
    category: str
    look: Look


@dataclass(frozen=True, slots=True)
class Actor:
    """A distributor: who invited them, how many days ago they joined, how many customers they bring."""

    name: str
    phone: str
    invited_by: str | None
    days_ago: int
    customers: int
    level: str | None = None
    tag: str | None = None


GOODS = (
    Good(
        "AJ250",
        "即食阿胶糕 250g",
        8_900,
        320,
        "滋补",
        Look("#f7e7d3", "#e2b98a", "#8a3b2a", "box", "阿胶糕\n即食 250g"),
    ),
    Good(
        "AJ500",
        "即食阿胶糕礼盒 500g",
        16_800,
        86,
        "滋补",
        Look("#fbe9e2", "#e6ad95", "#a2342c", "box", "阿胶糕\n礼盒 500g"),
    ),
    Good(
        "YW6", "冰糖燕窝 70ml×6 瓶", 29_900, 54, "滋补", Look("#fdeeee", "#f0b8b8", "#c0475c", "jar", "燕窝\n冰糖 6 瓶")
    ),
    Good(
        "HZ500", "若羌红枣 500g", 3_980, 640, "坚果", Look("#f8ece6", "#e3b6a0", "#9c3d2b", "pouch", "红枣\n若羌 500g")
    ),
    Good(
        "HT500", "薄皮核桃 500g", 4_580, 410, "坚果", Look("#f6efe2", "#d9c29a", "#7d5a2e", "pouch", "核桃\n薄皮 500g")
    ),
    Good("GQ100", "宁夏枸杞 100g", 2_590, 520, "坚果", Look("#fdeee4", "#f3b68f", "#cf4a25", "jar", "枸杞\n宁夏 100g")),
    Good(
        "MG250",
        "重瓣玫瑰花露 250ml",
        7_800,
        130,
        "茶饮",
        Look("#f9ebf4", "#e3aecd", "#a5437f", "bottle", "玫瑰\n花露 250ml"),
    ),
    Good(
        "CP30", "陈皮普洱 30 小罐", 12_800, 0, "茶饮", Look("#f1efe4", "#cdc09a", "#5d4a2a", "jar", "陈皮\n普洱 30 罐")
    ),
)

LEVELS = (("银牌", 1), ("金牌", 2))

ACTORS = (
    Actor("陈晓燕", "13800010001", None, 89, 14, "金牌", "团长"),
    Actor("李娜", "13800010002", "陈晓燕", 80, 10, "金牌", "宝妈"),
    Actor("王静", "13800010003", "陈晓燕", 71, 8, "银牌", "宝妈"),
    Actor("刘洋", "13800010004", "李娜", 62, 6, "银牌"),
    Actor("赵磊", "13800010005", "李娜", 50, 5),
    Actor("周婷", "13800010006", "王静", 41, 4, None, "宝妈"),
    Actor("孙鹏", "13800010007", None, 33, 4, None, "团长"),
    Actor("吴晓芳", "13800010008", "孙鹏", 20, 3),
    Actor("郑凯", "13800010009", "陈晓燕", 11, 2),
)

#: Applications that wait for the merchant: name, phone, who invited.
APPLICANTS = (("何佳", "13800010010", "李娜"), ("马丽娟", "13800010011", None))

#: Customers with a phone on the desk; the first belongs to the second distributor.
SHOWN_CUSTOMERS = ("李敏", "张伟", "王芳", "徐慧", "高翔")
NEWCOMERS = ("新朋友",)
