"""Two shops beside each other with the same people, and all that orders leave in them."""

import datetime as dt
import json

from sqlalchemy import select

from distribution import agents, bindings, levels, policy
from distribution.shapes import LineReport
from models import tables as t

APPID = "wx0123456789abcdef"
HERE = {"province": "330000", "city": "330100", "district": "330106"}
HOUR = dt.timedelta(hours=1)
ONE = (LineReport(1, "S", "货", 1, 10_000),)
_c, _o, _l, _e, _m, _a, _r = (
    table.c for table in (t.commission, t.order, t.order_line, t.binding_event, t.member, t.account, t.outbox_row)
)
_ORDER = (
    _o.order_no, _o.state, _o.version, _o.l1_id, _o.l2_id, _o.parties, _o.created_at, _o.created_known, _o.paid_at,
    _o.shipped_at, _o.received_at, _o.closed_at, _o.address, _o.buyer_openid,
)  # fmt: skip
_COMMISSION = (_o.order_no, _c.kind, _c.distributor_id, _c.cause, _c.fen, _c.state, _c.due_at, _c.why)
_BOUND = (_m.openid, _e.distributor_id, _e.act, _e.kind, _e.channel, _e.facts, _e.at)
_LINE = (_o.order_no, _l.sku, _l.name, _l.quantity, _l.paid_fen, _l.base_fen, _l.refunded_fen, _l.offers)


def open_with_people(shop):
    """Alice invited Bob, who has a level; Alice is the agent of a city, Bob has a customer; the store pays by level."""
    alice = shop.distributor("爱丽丝")
    bob = shop.distributor("鲍勃", invited_by=alice.code)
    document = {"level_rate_bp": {"金牌": {"l1": 1500, "l2": 700}}, "order_cap_fen": 3000}
    facts = {"merchant_id": 1, "document": document, "effective_from": shop.now, "by": "boss", "now": shop.now}
    shop.write(lambda s: policy.publish(s, **facts))
    gold = shop.write(lambda s: levels.make_level(s, "金牌", 1, by="boss", now=shop.now)).id
    shop.write(lambda s: levels.set_level(s, bob.id, gold, by="boss", now=shop.now + HOUR))
    office = {"scope": "city", "code": HERE["city"], "by": "boss", "now": shop.now}
    shop.write(lambda s: agents.appoint(s, 1, alice.id, **office))
    bound(shop, "o熟客", bob)
    return alice, bob


def bound(shop, openid, *people):
    """Somebody who came by these people's links, one after the other."""
    member = shop.member(openid)
    for person in people:
        how = {"policy": policy.Policy(), "channel": "link", "at": shop.now, "now": shop.now}
        shop.write(lambda s, person=person, how=how: bindings.click(s, member, person.id, **how))


def told(shop, of=""):
    """Everything that orders leave whose numbers, and buyers whose openids begin so, without the numbers of rows."""
    asked = (
        select(*_ORDER).where(_o.order_no.startswith(of)),
        select(*_COMMISSION).join(t.order, _o.id == _c.order_id).where(_o.order_no.startswith(of)),
        select(*_BOUND).join(t.member, _m.id == _e.member_id).where(_m.openid.startswith(of)),
        select(*_LINE).join(t.order, _o.id == _l.order_id).where(_o.order_no.startswith(of)),
    )
    return [
        sorted(
            json.dumps(list(row), sort_keys=True, default=lambda at: at.astimezone(dt.UTC).isoformat())
            for row in shop.ask(lambda s, each=each: s.execute(each).all())
        )
        for each in asked
    ]


def balances(shop):
    """What stands in every account that is not empty."""
    return dict(shop.ask(lambda s: s.execute(select(_a.name, _a.balance_fen).where(_a.balance_fen != 0)).all()))
