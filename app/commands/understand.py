"""`fenxiao understand`: what the bot makes of each line; needs no shop and no database."""

import datetime as dt
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer

from app.failure import Failure
from bot.understanding import Understood
from bot.understanding import understand as understood


def understand(source: str, *, at: str | None) -> None:
    """Print a JSON line for each line that is not empty; ``at`` is today's date, else the one in Shanghai."""
    today = _day(at)
    for line in _lines(source):
        if line.strip():
            typer.echo(json.dumps(_shown(understood(_text(line), today)), ensure_ascii=False))


def _day(at: str | None) -> dt.date:
    if at is None:
        from app.clock import SystemClock
        from distribution.rules.calendar import day_of

        return day_of(SystemClock().now())
    try:
        return dt.date.fromisoformat(at)
    except ValueError:
        raise typer.BadParameter(f"{at} 不是日期，例如 2026-11-23", param_hint="--at") from None


def _lines(source: str) -> Iterable[str]:
    if source == "-":
        content = sys.stdin.buffer.read()
    else:
        try:
            content = Path(source).read_bytes()
        except OSError as error:
            raise Failure(f"读不了 {source}：{error.strerror}") from error
    return content.decode("utf-8-sig", "replace").split("\n")


def _text(line: str) -> str:
    """The text of a JSON object that has one, else the line itself."""
    bare = line.strip("\r")
    try:
        said = json.loads(bare)
    except (ValueError, RecursionError):
        return bare
    text = said.get("text") if isinstance(said, dict) else None
    return text if isinstance(text, str) else bare


def _shown(found: Understood) -> dict[str, Any]:
    line: dict[str, Any] = {"intent": found.intent, "slots": _plain(found.slots)}
    if found.also:
        line["also"] = [{"intent": request.intent, "slots": _plain(request.slots)} for request in found.also]
    return line


def _plain(slots: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _span(value) if isinstance(value, tuple) else value for name, value in slots.items()}


def _span(period: tuple[dt.date, dt.date]) -> dict[str, str]:
    return {"from": period[0].isoformat(), "to": period[1].isoformat()}
