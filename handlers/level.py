"""Somebody's level: its rate, what is missing to the next and at which pace; honours."""

import datetime as dt
import re
from collections.abc import Mapping

from bot.context import Context
from bot.next_steps import Way, offer
from bot.replies import Reply
from bot.router import Router, Who
from distribution import honours, levels, metrics
from distribution.levels import Progress
from distribution.metrics import METRICS
from distribution.rules import level as rule
from distribution.rules.calendar import shown_day
from distribution.rules.money import yuan
from handlers import level_words
from handlers.level_words import rate
from models import Level

router = Router()

_BENEFITS = re.compile("权益|好处|待遇|特权|有什么用|有啥用|优惠|福利")
_PACE = dt.timedelta(days=30)


@router.text("我的等级", "等级", "级别", only=Who.DISTRIBUTOR, reads=True)
@router.intent("level", only=Who.DISTRIBUTOR, reads=True)
def mine(ctx: Context) -> Reply:
    """我的等级"""
    rows = levels.all_levels(ctx.session)
    if not rows:
        return offer(f"店铺没有设等级，所有分销员都按 {rate(ctx, None)} 计佣。", Way("佣金规则"), "生成海报")
    progress = levels.progress(ctx.session, ctx.distributor_id, ctx.now)
    wanted = _named(rows, str(ctx.slots.get("level") or ""))
    if ctx.slots.get("level") and wanted is None:
        names = "、".join(row.name for row in rows)
        return offer(f"店里的等级是：{names}。", *(_about(row) for row in rows[:3]), "我的等级")
    if ctx.slots.get("faster"):
        return level_words.faster(ctx, progress, wanted)
    if _BENEFITS.search(ctx.said) or ctx.slots.get("benefits"):
        return level_words.benefits(ctx, progress, wanted or progress.current or progress.next or rows[0])
    return _standing(ctx, progress, wanted)


@router.text("我的徽章", "徽章", "荣誉", only=Who.DISTRIBUTOR, reads=True)
def badges(ctx: Context) -> Reply:
    """我的徽章"""
    found = honours.of_distributor(ctx.session, ctx.distributor_id)
    if not found:
        return offer("还没有徽章，完成第一单就有“首单达人”。", "生成海报")
    return offer(
        "\n".join(["你的徽章：", *(f"🏅{each.word}（{each.why}，{shown_day(at)}）" for each, at in found)]),
        Way("我的等级"),
    )


def _standing(ctx: Context, progress: Progress, wanted: Level | None) -> Reply:
    held, target = progress.current, wanted or progress.next
    name = held.name if held else ""
    lines = [f"你是{name}（佣金 {rate(ctx, name)}）。" if held else f"你现在还没有等级（佣金 {rate(ctx, None)}）。"]
    if progress.ends_at:
        lines.append(f"{shown_day(progress.ends_at)}前要达到保级要求，不然会降级。")
    aim = {"level": target.name} if target else {}
    ways = [Way("推什么升得快", intent="level", slots={**aim, "faster": True})]
    if target is None:
        lines.append("已经是最高等级啦。")
    elif held and target.rank <= held.rank:
        lines.append(f"{target.name}你已经达到了。")
    else:
        lines += _missing(ctx, progress, target)
    about = target or held
    if about:
        ways.append(_about(about))
    return offer("\n".join(lines), *ways)


def _about(row: Level) -> Way:
    return Way(f"{row.name}有什么权益", intent="level", slots={"level": row.name, "benefits": True})


def _missing(ctx: Context, progress: Progress, target: Level) -> list[str]:
    share = rate(ctx, target.name)
    if not target.need:
        return [f"{target.name}（{share}）由店铺授予，想了解请回复“人工”。"]
    rung, figures = levels.rung(target), progress.figures
    missing = rule.missing(rung, figures)
    if not missing:
        return [f"{target.name}（{share}）的条件你已达到，今晚会自动升级。"]
    join = "，满足一项就行" if rung.mode == "any" and len(rung.need) > 1 else ""
    asked = [_condition(name, least, figures) for name, least in rung.need.items()]
    return [
        f"{target.name}（{share}）{join or '要'}：" if len(asked) > 1 else f"{target.name}（{share}）要{asked[0]}",
        *([f"· {each}" for each in asked] if len(asked) > 1 else []),
        *_pace(ctx, missing),
    ]


def _condition(name: str, least: int, figures: Mapping[str, int]) -> str:
    metric, now = METRICS[name], figures.get(name, 0)

    def shown(value: int) -> str:
        return yuan(value) if metric.money else str(value)

    left = least - now
    return f"{metric.word} {shown(least)}，你已到 {shown(now)}，" + (
        f"还差 {shown(left)}。" if left > 0 else "已达到。"
    )


def _pace(ctx: Context, missing: Mapping[str, int]) -> list[str]:
    """How long the nearest condition takes at the pace of the last 30 days."""
    lately = metrics.of_one(ctx.session, ctx.distributor_id, (ctx.now - _PACE, ctx.now))
    days = [-(-left * _PACE.days // lately[name]) for name, left in missing.items() if lately.get(name, 0) > 0]
    return [f"照最近 30 天的速度，大约 {min(days)} 天。"] if days and min(days) < 1000 else []


def _named(rows: list[Level], word: str) -> Level | None:
    if not word:
        return None
    return next((row for row in rows if word in row.name or row.name in word or row.name[:1] == word[:1]), None)
