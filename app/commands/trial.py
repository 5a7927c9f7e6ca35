"""`fenxiao trial`: worked cases in, one JSON line a case out."""

import sys
from pathlib import Path

import typer

from app.trial.cases import TrialError, read
from app.trial.trial import answers


def trial(file: str, database_url: str | None) -> int:
    """Answer every case of a YAML file ("-": standard input); 1 with one line on the standard error when broken."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
        for line in answers(read(text), database_url):
            typer.echo(line)
    except (TrialError, OSError, UnicodeDecodeError) as error:
        typer.echo(f"试算不了：{error}", err=True)
        return 1
    return 0
