"""`fenxiao trial`: worked cases in, one JSON line a case out."""

import sys
from pathlib import Path

import typer

from app.trial.cases import TrialError, read
from app.trial.trial import answers


def trial(file: str, database_url: str | None) -> int:
    """Answer every case of a YAML file ("-": standard input); 1, said on the standard error, when one is broken."""
    complaints: list[str] = []
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
        for line in answers(read(text), database_url, complaints.append):
            typer.echo(line)
    except (TrialError, OSError, UnicodeDecodeError) as error:
        complaints.append(str(error))
    for complaint in complaints:
        typer.echo(f"试算不了：{complaint}", err=True)
    return 1 if complaints else 0
