"""规则: what the merchant decided, the draft of what comes next, and every version with what it changed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import url_for

from bot.wording import headline
from distribution import audit, levels, margins, policy, products, rule_book, rule_drafts
from distribution.margins import Margin
from distribution.policy import Policy
from distribution.policy_words import differences
from distribution.refusals import Code, Refusal
from distribution.rules.commission import EXAMPLE_FEN, example
from distribution.rules.money import plain_yuan
from web.console import rule_form
from web.console.forms import Form, Wrong
from web.console.rule_groups import Group, groups, plain_percent, shown
from web.console.visit import OWNER, Done, Subject, Visit

subject = Subject()


@subject.page("/rules/")
def rules(visit: Visit) -> str:
    """现在的规则、草稿和历史版本"""
    session, merchant = visit.session, visit.seat.merchant_id
    terms = policy.in_force(session, merchant, visit.now)
    draft = rule_drafts.find(session, merchant)
    held = document_of(visit)
    names = level_names(visit, held)
    return visit.show(
        "rules.html",
        terms=terms,
        example=example(terms),
        left=EXAMPLE_FEN - sum(example(terms)),
        draft=draft,
        draft_changes=_draft_changes(visit, terms),
        upcoming=rule_book.upcoming(session, merchant, visit.now),
        versions=rule_book.history(session, merchant),
        held=held,
        groups=[(each, _summary(each, held)) for each in groups(runs=visit.seat.runs_distributors)],
        shown=shown,
        tables=_tables(visit, held, names),
        level_names=names,
        categories=products.categories(session, merchant),
        deep=str(visit.given.get("depth", held["depth"])) == "3",
        losing=_losing(visit),
        told=rule_book.count_told(session),
        may_change=visit.seat.role in OWNER,
    )


@subject.act("/rules/", may=OWNER, again=rules)
def publish_rules(visit: Visit) -> Done:
    """发布新版本"""
    form, document = _read(visit)
    since = effective_from(visit, form)
    rule_form.stands(form, document)
    return publish(visit, document, since)


@subject.act("/rules/draft", may=OWNER, again=rules)
def save_draft(visit: Visit) -> Done:
    """存为草稿，去试算"""
    form, document = _read(visit)
    rule_form.stands(form, document)
    rule_drafts.save(visit.session, visit.seat.merchant_id, document, by=visit.seat.name, now=visit.now)
    _note(visit, "policy.drafted")
    return Done("草稿已保存，还没有生效。先试算，再发布。", url_for("console.trial"))


@subject.act("/rules/draft/drop", may=OWNER, again=rules)
def drop_draft(visit: Visit) -> Done:
    """丢弃草稿"""
    rule_drafts.drop(visit.session, visit.seat.merchant_id)
    _note(visit, "policy.draft_dropped")
    return Done("草稿已丢弃，现在的规则没有变。", url_for("console.rules"))


def publish(visit: Visit, document: Mapping[str, Any], since: dt.datetime) -> Done:
    """Publish a document; Wrong beside the box that accepts a loss when it would pay more than products earn."""
    try:
        row = rule_book.publish(
            visit.session,
            merchant_id=visit.seat.merchant_id,
            document=document,
            effective_from=since,
            accept_loss=Form(visit.given).ticked("accept_loss"),
            by=visit.seat.name,
            now=visit.now,
        )
    except Refusal as refusal:
        if refusal.code != Code.ABOVE_MARGIN:
            raise
        raise Wrong({"accept_loss": headline(refusal)}) from refusal
    return Done(f"第 {row.version} 版规则已发布，之前的订单仍按原来的规则。", url_for("console.rules"))


def effective_from(visit: Visit, form: Form) -> dt.datetime:
    """From when the rules shall hold: now where nothing is told, never before now."""
    if not visit.given.get("effective_from", "").strip():
        return visit.now
    since = form.moment("effective_from") or visit.now
    if since < visit.now.replace(second=0, microsecond=0):
        form.wrong("effective_from", "不能早于现在；马上生效就不填")
    return since


def document_of(visit: Visit) -> dict[str, Any]:
    """The draft where there is one, else the rules in force."""
    draft = rule_drafts.find(visit.session, visit.seat.merchant_id)
    now = policy.in_force(visit.session, visit.seat.merchant_id, visit.now)
    terms = policy.read(draft.document) if draft else now
    return terms.model_dump(mode="json", exclude={"id", "version"})


def level_names(visit: Visit, held: Mapping[str, Any]) -> list[str]:
    """Every level that there is, and those the rules name besides."""
    names = [each.name for each in levels.all_levels(visit.session)]
    return [*names, *(each for each in held["level_rate_bp"] if each not in names)]


def _read(visit: Visit) -> tuple[Form, dict[str, Any]]:
    held = document_of(visit)
    names = level_names(visit, held)
    return rule_form.read(visit.given, held, runs=visit.seat.runs_distributors, levels=names)


def _draft_changes(visit: Visit, terms: Policy) -> list[Any]:
    draft = rule_drafts.terms_of(visit.session, visit.seat.merchant_id)
    return differences(terms, draft) if draft else []


def _losing(visit: Visit) -> list[Margin]:
    """The products that the form just sent would lose money on, for the box that accepts it."""
    if "accept_loss" not in visit.errors:
        return []
    _, document = _read(visit)
    return margins.over(visit.session, visit.seat.merchant_id, policy.read(document))


def _summary(group: Group, held: Mapping[str, Any]) -> str:
    """The first settings of a group on one line; of a table how many rows it has."""
    said = [f"{each.setting.label} {each.setting.words(each.setting.of(held))}" for each in group.fields[:3]]
    if group.table == "quiet_hours":
        return f"{held['quiet_hours'][0]} 点到 {held['quiet_hours'][1]} 点" if held["quiet_hours"] else "没有"
    if group.table:
        setting: Any = held
        for name in group.table.split("."):
            setting = setting[name]
        said.insert(0, f"{len(setting)} 行" if setting else "没有")
    return " · ".join(said)


def _tables(visit: Visit, held: Mapping[str, Any], names: list[str]) -> dict[str, list[dict[str, str]]]:
    """The rows of each table as the form holds them, and spare ones."""
    grades = held["dealers"]["grades_bp"]
    return {
        "category_rate_bp": _rows(visit, "category_rate_bp", list(held["category_rate_bp"].items())),
        "level_rate_bp": [_rates(held["level_rate_bp"].get(name)) for name in names],
        "amount_bands": _rows(visit, "amount_bands", [("", band) for band in held["amount_bands"]]),
        "dealers.grades_bp": [{"key": key, "bp": plain_percent(bp)} for key, bp in grades.items()]
        + [{}] * (5 - len(grades)),
    }


def _rows(visit: Visit, table: str, held: list[tuple[str, Mapping[str, Any]]]) -> list[dict[str, str]]:
    sent = sum(1 for name in visit.given if name.startswith(f"{table}.") and name.endswith(".l1"))
    spare = max(rule_form.SPARE, sent - len(held))
    return [{"key": key, **_rates(row)} for key, row in held] + [{}] * spare


def _rates(row: Mapping[str, Any] | None) -> dict[str, str]:
    if row is None:
        return {}
    off = row.get("disabled")
    told = {kind: "" if off else plain_percent(row[kind]) for kind in ("l1", "l2", "l3")} | {
        "disabled": "1" if off else ""
    }
    return told | ({"from_fen": plain_yuan(row["from_fen"])} if "from_fen" in row else {})


def _note(visit: Visit, action: str) -> None:
    merchant = visit.seat.merchant_id
    audit.write(
        visit.session, actor=visit.seat.name, action=action, subject=f"policy:{merchant}", merchant_id=merchant,
        now=visit.now,
    )  # fmt: skip
