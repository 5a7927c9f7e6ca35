"""Small random shops: people, levels, agreements, agents, products, orders, refunds; told the same under any rules."""

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import agents, agreements, levels, members, merchants, orders, people, policy, products, refunds
from distribution.products import ProductFacts
from distribution.shapes import Decided, LineReport, OrderReport, RefundLine, RefundReport
from models import tables as t

OPENED = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
LEVELS, CATEGORIES, SKUS = ("银牌", "金牌"), ("食品", "茶饮"), ("A", "B", "C")
ADDRESS = {"province": "330000", "city": "330100", "district": "330106"}
_NAMES = ("赵甲", "钱乙", "孙丙", "李丁", "周戊", "吴己")

#: What an order earns: (order, line, kind, person) → fen.
Earned = dict[tuple[str, int, str, str], int]


def rates(dice: Random, most: int = 3000) -> dict[str, int]:
    """Rates of all three levels."""
    return {kind: dice.randrange(0, most) for kind in ("l1", "l2", "l3")}


def document(dice: Random) -> dict[str, Any]:
    """Rules of every kind that decide on amounts."""
    depth = dice.choice((1, 2, 2, 3, 3))
    return {
        "jurisdiction": "SG" if depth == 3 else "CN", "depth": depth,
        "base": dice.choice(("paid_goods", "paid_with_freight", "list_price", "profit")),
        "rounding": dice.choice(("floor", "half_up")),
        "self_purchase": dice.choice(("upline", "self", "none")),
        "store_rate_bp": rates(dice),
        "level_rate_bp": {name: rates(dice) for name in LEVELS if dice.random() < 0.5},
        "category_rate_bp": {
            name: dice.choice((rates(dice), {"disabled": True})) for name in CATEGORIES[: dice.randrange(3)]
        },
        "amount_bands": [{"from_fen": fen, **rates(dice)} for fen in (20_000, 60_000)[: dice.randrange(3)]],
        "line_cap_bp": dice.choice((10_000, 2_500, 900)), "order_cap_fen": dice.choice((None, None, 1_500)),
        "region": {
            "mode": dice.choice(("differential", "parallel", "nearest")), "stack": dice.choice(("additive", "nested")),
            "tenure": "shared", "rates_bp": {scope: dice.randrange(900) for scope in ("district", "city", "province")},
        },
    }  # fmt: skip


@dataclass
class Story:
    """What happens in one shop, whatever its rules are."""

    people: list[dict[str, Any]]
    goods: list[dict[str, Any]]
    agents: list[tuple[int, str]]
    orders: list[dict[str, Any]]


def story(dice: Random) -> Story:
    """A shop's people, goods and orders."""
    persons = [
        {
            "inviter": dice.choice((None, *range(place), *[place - 1] * 4)) if place else None,
            "level": dice.choice((None, *LEVELS)),
            "frozen": dice.random() < 0.15, "personal": rates(dice) if dice.random() < 0.2 else None,
        }
        for place in range(dice.randrange(2, len(_NAMES) + 1))
    ]  # fmt: skip
    goods = [
        {"category": dice.choice((None, *CATEGORIES)), "cost": dice.choice((None, 500, 4_000)), "rule": _rule(dice)}
        for _ in SKUS
    ]
    scopes = [(dice.randrange(len(persons)), scope) for scope in ADDRESS for _ in range(dice.choice((0, 0, 1, 2)))]
    return Story(persons, goods, sorted(set(scopes)), [_order(dice, len(persons)) for _ in range(dice.randrange(1, 5))])


def _rule(dice: Random) -> dict[str, Any] | None:
    return dice.choice((
        None, None, None, {"disabled": True}, {"rate_bp": rates(dice)},
        {"fixed_fen": {"l1": dice.randrange(900), "l2": 50}}, {"level_rate_bp": {"金牌": rates(dice)}},
    ))  # fmt: skip


def _order(dice: Random, persons: int) -> dict[str, Any]:
    lines = [
        (number, dice.choice(SKUS), dice.randrange(1, 4), dice.randrange(1, 30_000))
        for number in range(1, dice.randrange(1, 4) + 1)
    ]
    goods = sum(quantity * unit for _, _, quantity, unit in lines)
    return {
        "seller": dice.choice((None, *range(persons))), "buyer": dice.choice((None, None, *range(persons))),
        "lines": lines, "coupon": dice.randrange(goods // 3 + 1) if dice.random() < 0.5 else 0,
        "points": dice.choice((0, goods // 10)), "freight": dice.choice((0, 800)),
        "address": ADDRESS if dice.random() < 0.6 else None,
        "end": dice.choice(("paid", "received", "received", "closed")),
        "refunds": [
            (dice.choice(lines)[0], dice.randrange(0, 2), dice.randrange(0, 9_000))
            for _ in range(dice.choice((0, 0, 1, 2)))
        ],
    }  # fmt: skip


def play(session: Session, told: Story, rules: dict[str, Any]) -> int:
    """Everything of the story under ``rules``, by production's own operations; the merchant's id."""
    merchant = merchants.create(session, name="小店", by="test", now=OPENED).id
    rules = rules | {"join_mode": "everyone"}
    terms = policy.publish(
        session, merchant_id=merchant, document=rules, effective_from=OPENED, by="test", now=OPENED
    )  # fmt: skip
    ids = _people(session, told, terms)
    _agreed(session, merchant, told, ids)
    for sku, each in zip(SKUS, told.goods, strict=True):
        facts = ProductFacts(sku, 100, 9, category=each["category"], cost_fen=each["cost"])
        product = products.put(session, merchant, sku, facts, now=OPENED)
        products.set_rule(session, merchant, product.id, each["rule"], by="test", now=OPENED)
    for number, each in enumerate(told.orders):
        _sell(session, merchant, ids, f"E{number}", each)
    return merchant


def _people(session: Session, told: Story, terms: policy.Policy) -> list[int]:
    ids: list[int] = []
    for place, each in enumerate(told.people):
        member = people.meet(session, "app", f"o{place}", OPENED).member_id
        code = members.get_distributor(session, ids[each["inviter"]]).code if each["inviter"] is not None else None
        row = members.apply(
            session, member, name=_NAMES[place], phone=f"1380000000{place}", invite_code=code,
            terms_version="1", policy=terms, now=OPENED,
        )  # fmt: skip
        ids.append(row.id)
    return ids


def _agreed(session: Session, merchant: int, told: Story, ids: list[int]) -> None:
    named = [levels.make_level(session, name, rank, by="test", now=OPENED).id for rank, name in enumerate(LEVELS, 1)]
    for person, each in zip(ids, told.people, strict=True):
        if each["level"]:
            level = named[LEVELS.index(each["level"])]
            levels.set_level(session, person, level, by="test", now=OPENED)
        if each["personal"]:
            agreements.make(session, merchant, person, rates=each["personal"], by="test", now=OPENED)
        if each["frozen"]:
            members.freeze(session, person, by="test", reason="x", now=OPENED)
    for person, scope in told.agents:
        agents.appoint(session, merchant, ids[person], scope=scope, code=ADDRESS[scope], by="test", now=OPENED)


def _sell(session: Session, merchant: int, ids: list[int], no: str, told: dict[str, Any]) -> None:
    now = OPENED + dt.timedelta(days=1)
    lines = tuple(LineReport(number, sku, sku, pieces, unit) for number, sku, pieces, unit in told["lines"])
    buyer = f"o{told['buyer']}" if told["buyer"] is not None else "customer"
    decided = Decided(ids[told["seller"]] if told["seller"] is not None else None)

    def post(state: str, version: int) -> None:
        report = OrderReport(
            no, state, version, now + dt.timedelta(hours=version), lines, buyer_openid=buyer, created_at=now,
            decided=decided, coupon_fen=told["coupon"], points_fen=told["points"], freight_fen=told["freight"],
            address=told["address"],
        )  # fmt: skip
        orders.record(session, merchant, report, appid="app", now=now + dt.timedelta(hours=version))

    post("paid", 1)
    for place, (line, pieces, fen) in enumerate(told["refunds"]):
        report = RefundReport(
            f"{no}-R{place}", no, "refunded", now + dt.timedelta(hours=2), (RefundLine(line, pieces, fen),)
        )
        refunds.record(session, merchant, report, now=now + dt.timedelta(hours=2))
    if told["end"] != "paid":
        post(told["end"], 3)


def stored(session: Session, merchant: int) -> Earned:
    """What stands in the books."""
    c, line, order = t.commission.c, t.order_line.c, t.order.c
    rows = session.execute(
        select(order.order_no, line.line_no, c.kind, t.distributor.c.name, c.fen)
        .join(t.order_line, line.id == c.line_id)
        .join(t.order, order.id == c.order_id)
        .join(t.distributor, t.distributor.c.id == c.distributor_id)
        .where(c.merchant_id == merchant)
    )
    found: Earned = {}
    for no, number, kind, who, fen in rows:
        found[no, number, kind, who] = found.get((no, number, kind, who), 0) + fen
    return {slot: fen for slot, fen in found.items() if fen}


def named(session: Session, rows: dict[tuple[int, str, int], int]) -> Earned:
    """A replay's rows under the names that ``stored`` uses."""
    line, order = t.order_line.c, t.order.c
    lines = {
        number: (no, place)
        for number, no, place in session.execute(
            select(line.id, order.order_no, line.line_no).join(t.order, order.id == line.order_id)
        )
    }
    who = {row.id: row.name for row in session.execute(select(t.distributor.c.id, t.distributor.c.name))}
    return {(*lines[key], kind, who[person]): fen for (key, kind, person), fen in rows.items()}
