"""`fenxiao ledger`: every invariant by name, with ok or the offending rows; rows repaired by hand accepted."""

import typer

from app.commands.start import refuse_old_schema, start
from app.container import Container
from distribution import chain, proof, repairs
from distribution.proof import Finding


def prove() -> int:
    """Seal what is new, print each invariant as it is checked; 1 on any difference."""
    container = _ready()
    chain.seal_all(container.database.write, now=container.clock.now())
    checked = broken = 0
    with container.database.snapshot() as session:
        for finding in proof.findings(session):
            _say(finding)
            checked, broken = checked + 1, broken + (not finding.ok)
        typer.echo(f"封条 {chain.head(session, 'journal')}")
    typer.echo(f"{checked} 条核对，{f'{broken} 条不符' if broken else '全部相符'}")
    return 1 if broken else 0


def accept(by: str, reason: str) -> None:
    """Take the fingerprints anew of rows that somebody repaired by hand and looked at; written into the audit trail."""
    container = _ready()
    now = container.clock.now()
    rows = container.database.write(lambda session: repairs.accept(session, by=by, reason=reason, now=now))
    for row in rows:
        typer.echo(f"      {row}")
    typer.echo(f"承认了 {len(rows)} 行")


def _ready() -> Container:
    container = start()
    refuse_old_schema(container)
    return container


def _say(finding: Finding) -> None:
    typer.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name}")
    for row in finding.rows:
        typer.echo(f"      {row}")
