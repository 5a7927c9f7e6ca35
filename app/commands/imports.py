"""`fenxiao import`: a list from another system, with a progress bar; what does not land is named and kept."""

import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app import garbage
from app.commands.start import refuse_old_schema, start
from app.container import Container
from app.failure import Failure
from app.imports.desk import Count, Kind, Shop
from app.imports.tables import ENDINGS
from app.imports.taking import KINDS, Bar, take
from distribution import merchants

#: Drawing the bar costs more than a row.
_SELDOM = 100


def bring_in(kind: str, file: Path, *, dry: bool, merchant: str | None) -> int:
    """Import the file; 1, said on the standard error, when a row was rejected."""
    if kind not in KINDS:
        raise typer.BadParameter(f"只能是 {'、'.join(KINDS)}", param_hint="KIND")
    if file.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"只能是 {' 或 '.join(ENDINGS)} 文件", param_hint="FILE")
    container = start()
    refuse_old_schema(container)
    garbage.settle()
    chosen = KINDS[kind]()
    with _Shown() as bar:
        count = take(_shop(container, merchant), chosen, file, dry=dry, say=typer.echo, bar=bar)
    typer.echo(_summary(chosen, count, dry=dry))
    if count.rejected:
        typer.echo(_complaint(count, file, dry=dry), err=True)
    return 1 if count.rejected else 0


def _shop(container: Container, merchant: str | None) -> Shop:
    with container.database.reading() as session:
        everyone = merchants.everyone(session)
    named = {str(each.id): each.id for each in everyone} | {each.name: each.id for each in everyone}
    if not everyone or (merchant is not None and merchant not in named):
        raise Failure(f"没有叫“{merchant}”的商家" if merchant else "还没有商家：先运行 fenxiao db upgrade")
    own = named[merchant] if merchant else everyone[0].id
    return Shop(container.database, container.clock, container.settings.wechat.app_id, own, named)


def _summary(kind: Kind, count: Count, *, dry: bool) -> str:
    told = f"{kind.noun}：新增 {count.new}，更新 {count.changed}，已在 {count.held}，没有导入 {count.rejected} 行"
    return f"试运行，什么都没有写。{told}" if dry else told


def _complaint(count: Count, file: Path, *, dry: bool) -> str:
    kept = "" if dry else f"，原样放在 {file.stem}.rejected.csv"
    return f"{count.rejected} 行{'不能' if dry else '没有'}导入，原因逐行列在上面{kept}"


class _Shown(Bar):
    """A bar on the standard error, where that is a screen."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=console, disable=not console.is_terminal, redirect_stdout=sys.stdout.isatty(),
        )  # fmt: skip
        self._task = self._progress.add_task("读取", total=None)
        self._heard = self._rows = 0

    def __enter__(self) -> "_Shown":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.advance(self._task, self._rows)
        self._progress.stop()

    def reading(self, done: int, total: int | None) -> None:
        """So much of the file is read."""
        self._heard += 1
        if self._heard % _SELDOM == 0:
            self._progress.update(self._task, completed=done, total=total)

    def landing(self, total: int) -> None:
        """The file is read; so many rows come."""
        self._progress.reset(self._task, description="导入", total=total)

    def step(self, rows: int) -> None:
        """So many more rows are done."""
        self._rows += rows
        if self._rows >= _SELDOM:
            self._progress.advance(self._task, self._rows)
            self._rows = 0
