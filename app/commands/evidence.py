"""`fenxiao evidence`: what an inspection asks for, as a folder of tables that opens without the product."""

import csv
import io
import zipfile
from html import escape
from pathlib import Path

import typer

from app.commands.start import refuse_old_schema, start
from distribution.evidence import Sheet, sheets
from distribution.rules.calendar import shown_full
from web.cells import harmless

_STYLE = (
    "body{font:15px/1.6 sans-serif;margin:2em;color:#222}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top;word-break:break-word}"
    "th{background:#f3f3f3}"
)


def evidence(out: Path) -> None:
    """Write the ZIP; every table once for a browser and once for a spreadsheet."""
    if out.suffix.lower() != ".zip":
        raise typer.BadParameter("文件名要以 .zip 结尾", param_hint="--out")
    container = start()
    refuse_old_schema(container)
    told = shown_full(container.clock.now())
    with container.database.reading() as session, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        links = []
        for sheet in sheets(session):
            folder.writestr(f"evidence/{sheet.name}.csv", _csv(sheet))
            folder.writestr(f"evidence/{sheet.name}.html", _page(sheet.title, _table(sheet)))
            links.append(
                f'<li><a href="{sheet.name}.html">{escape(sheet.title)}</a>'
                f"（{len(sheet.rows)} 行，<a href='{sheet.name}.csv'>CSV</a>）：{escape(sheet.note)}</li>"
            )
        folder.writestr("evidence/index.html", _page("分销合规材料", f"<p>{told} 导出</p><ul>{''.join(links)}</ul>"))
    typer.echo(f"{out}：{len(links)} 张表，打开里面的 evidence/index.html")


def _csv(sheet: Sheet) -> bytes:
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(sheet.header)
    lines.writerows([harmless(cell) for cell in row] for row in sheet.rows)
    return ("\ufeff" + written.getvalue()).encode()


def _table(sheet: Sheet) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in sheet.header)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in sheet.rows)
    return f'<p>{escape(sheet.note)} <a href="index.html">目录</a></p><table><tr>{head}</tr>{rows}</table>'


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body><h1>{escape(title)}</h1>{body}</body></html>'
