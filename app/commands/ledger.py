"""`fenxiao ledger prove`: every invariant by name, with ok or the offending rows."""

import typer

from app.commands.start import refuse_old_schema, start
from distribution.proof import Finding
from distribution.proof import prove as prove_all


def prove() -> int:
    """Print each invariant; 1 on any difference."""
    container = start()
    refuse_old_schema(container)
    with container.database.reading() as session:
        findings = prove_all(session)
    for finding in findings:
        _say(finding)
    broken = sum(not finding.ok for finding in findings)
    typer.echo(f"{len(findings)} 条核对，{f'{broken} 条不符' if broken else '全部相符'}")
    return 1 if broken else 0


def _say(finding: Finding) -> None:
    typer.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name}")
    for row in finding.rows:
        typer.echo(f"      {row}")
