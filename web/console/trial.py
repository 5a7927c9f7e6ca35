"""佣金试算: an invented order and the orders of the last days, under the rules in force and under the draft."""

import datetime as dt
from dataclasses import replace
from typing import Any

from bot.wording import headline
from distribution import levels, margins, policy, products, rule_drafts, sample_orders
from distribution.policy import Policy
from distribution.policy_words import differences
from distribution.refusals import Code, Refusal
from distribution.replay import Replay, count, replay
from distribution.rules.goods import Line
from distribution.sample_orders import Told
from models.states import Role
from web.console.exports import noted
from web.console.forms import Form, Wrong
from web.console.rules import effective_from, publish
from web.console.sheets import Sheet, money
from web.console.trial_form import LINES, Tried, read
from web.console.visit import MONEY, OPERATIONS, OWNER, Done, Subject, Visit

subject = Subject()
#: Days that may be gone through again, and people shown on either side.
DAYS = {"7": "7 天", "30": "30 天", "90": "90 天", "180": "半年", "365": "一年"}
SHOWN = 20
#: More orders than these are not gone through while somebody waits for a page.
MOST_ORDERS = 30_000
_ALL_ROLES = MONEY | OPERATIONS


@subject.page("/trial/", may=_ALL_ROLES)
def trial(visit: Visit) -> str:
    """佣金试算"""
    session, merchant = visit.session, visit.seat.merchant_id
    terms = policy.in_force(session, merchant, visit.now)
    draft = rule_drafts.terms_of(session, merchant)
    asked = visit if visit.given else replace(visit, given=visit.query)
    asked, tried = _tried(asked)
    days = visit.query.get("days", visit.given.get("days", ""))
    return asked.show(
        "trial.html",
        terms=terms,
        draft=draft,
        changes=differences(terms, draft) if draft else [],
        tried=tried,
        results=_results(asked, tried, terms, draft) if tried else [],
        replayed=_replayed(visit, draft or terms, int(days)) if days in DAYS else None,
        days=days if days in DAYS else "30",
        choices=DAYS,
        lines=range(LINES),
        goods=products.of_merchant(session, merchant),
        level_names=[each.name for each in levels.all_levels(session)],
        losing=margins.over(session, merchant, draft) if draft else [],
        may_publish=visit.seat.role in OWNER,
        may_export=visit.seat.role in MONEY,
        owner=visit.seat.role == Role.OWNER,
    )


@subject.act("/trial/publish", may=OWNER, again=trial)
def publish_draft(visit: Visit) -> Done:
    """发布草稿"""
    draft = rule_drafts.find(visit.session, visit.seat.merchant_id)
    if draft is None:
        raise Refusal(Code.NOT_FOUND, what="policy_draft")
    form = Form(visit.given)
    since = effective_from(visit, form)
    form.check()
    return publish(visit, draft.document, since)


@subject.act("/trial/export", may=MONEY, again=trial)
def export_trial(visit: Visit) -> Sheet:
    """导出每个人的变化"""
    merchant = visit.seat.merchant_id
    draft = rule_drafts.terms_of(visit.session, merchant) or policy.in_force(visit.session, merchant, visit.now)
    form = Form(visit.given)
    days = int(form.choice("days", DAYS))
    since = visit.now - dt.timedelta(days=days)
    if count(visit.session, merchant, since=since, until=visit.now) > MOST_ORDERS:
        form.wrong("days", "订单太多，请选短一点的时间")
    form.check()
    changes = _replay(visit, draft, days).changes()
    noted(visit, "trial", len(changes))
    people = sample_orders.known(visit.session, [who for who, _, _ in changes])
    rows = [
        (people[who][0], people[who][1], money(before), money(after), money(after - before))
        for who, before, after in changes
    ]
    return Sheet("trial", ("邀请码", "姓名", "现在的佣金", "按草稿的佣金", "差额"), rows)


def _tried(visit: Visit) -> tuple[Visit, Tried | None]:
    """The order of the form that was sent, if one was; with its mistakes where it has any."""
    if "try" not in visit.given:
        return visit, None
    try:
        return visit, read(visit)
    except Wrong as wrong:
        return replace(visit, errors={**visit.errors, **wrong.errors}), None


def _results(visit: Visit, tried: Tried, terms: Policy, draft: Policy | None) -> list[dict[str, Any]]:
    """What the order earns everybody under the rules in force, and under the draft."""
    found = []
    for word, each in (("现在的规则", terms), ("草稿", draft)):
        if each is None:
            continue
        try:
            told = sample_orders.price(visit.session, visit.seat.merchant_id, each, tried.order, now=visit.now)
        except Refusal as refusal:
            return [{"word": word, "refused": headline(refusal)}]
        found.append({"word": word, **_reckoned(tried, told)})
    return found


def _reckoned(tried: Tried, told: list[Told]) -> dict[str, Any]:
    off = tried.order.off
    paid = sum(line.amount_fen for line in tried.order.lines) - off.coupon_fen - off.points_fen
    rewards = sum(one.fen for one in told)
    costs = [line.cost_fen for line in tried.order.lines]
    cost = None if None in costs else sum(_cost(line) for line in tried.order.lines)
    return {"told": told, "paid": paid, "rewards": rewards, "cost": cost, "left": paid - rewards - (cost or 0)}


def _cost(line: Line) -> int:
    return (line.cost_fen or 0) * line.quantity


def _replay(visit: Visit, draft: Policy, days: int) -> Replay:
    since = visit.now - dt.timedelta(days=days)
    return replay(visit.session, visit.seat.merchant_id, draft, since=since, until=visit.now)


def _replayed(visit: Visit, draft: Policy, days: int) -> dict[str, Any]:
    """The figures of the last days, winners and losers, lines over their margin; only how many if they are too many."""
    orders = count(visit.session, visit.seat.merchant_id, since=visit.now - dt.timedelta(days=days), until=visit.now)
    if orders > MOST_ORDERS:
        return {"too_many": orders}
    found = _replay(visit, draft, days)
    changes = found.changes()
    won = [one for one in changes if one[2] > one[1]][:SHOWN]
    lost = [one for one in changes if one[2] < one[1]][:SHOWN]
    people = sample_orders.known(visit.session, [one[0] for one in won + lost])
    return {"found": found, "won": won, "lost": lost, "people": people, "changed": len(changes)}
