"""The console's table of contents, as far as the one who reads it may go."""

from dataclasses import dataclass

from web.console.subjects import SUBJECTS
from web.console.visit import Seat

#: (heading, ((word, door, icon), …))
_CONTENTS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("", (("首页", "home", "house"),)),
    (
        "分销",
        (
            ("审核", "applications", "person-check"),
            ("分销员", "distributors", "people"),
            ("客户", "customer_list", "person-lines-fill"),
            ("工单", "tickets", "chat-dots"),
            ("等级与标签", "levels", "award"),
            ("任务与排行", "goals", "trophy"),
            ("排行榜", "boards", "bar-chart"),
            ("区域代理", "region_agents", "geo-alt"),
            ("订货商", "dealers", "boxes"),
            ("规则", "rules", "sliders"),
            ("佣金试算", "trial", "calculator"),
        ),
    ),
    (
        "买卖",
        (
            ("订单", "orders", "receipt"),
            ("商品", "products", "bag"),
            ("素材", "materials", "images"),
            ("海报", "posters", "file-image"),
        ),
    ),
    (
        "钱",
        (
            ("提现", "withdrawals", "cash-coin"),
            ("结算", "settlement", "calendar-check"),
            ("对账", "bills", "check2-square"),
            ("欠款", "debts", "arrow-return-left"),
            ("账本", "books", "journal-check"),
        ),
    ),
    (
        "管理",
        (
            ("机器人", "teaching", "robot"),
            ("合规", "guard", "shield-check"),
            ("商家与密钥", "merchants", "shop"),
            ("员工", "staff", "person-gear"),
            ("操作日志", "journal", "clock-history"),
            ("隔离", "quarantine", "exclamation-triangle"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the contents."""

    word: str
    door: str
    icon: str


def navigation(seat: Seat) -> list[tuple[str, list[Item]]]:
    """The headings with the pages this operator may open."""
    open_to = {door.name for subject in SUBJECTS for door in subject.doors if door.admits(seat)}
    chapters = [(heading, [Item(*line) for line in lines if line[1] in open_to]) for heading, lines in _CONTENTS]
    return [(heading, items) for heading, items in chapters if items]
