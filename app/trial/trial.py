"""Runs the cases one after the other, each in a transaction of its own that is rolled back."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from app.trial import kinds
from app.trial.cases import Case, TrialError
from distribution.refusals import Refusal
from models.database import Database
from models.scratch import scratch


def answers(cases: list[Case], database_url: str | None, complain: Callable[[str], None]) -> Iterator[str]:
    """One JSON line a case, in order; a scratch SQLite database unless ``database_url`` names a server's.

    Nothing of it stays: every case is rolled back. A case that cannot be tried is complained of and not answered; the
    others are. Raises TrialError before the first answer where a type is unknown.
    """
    runs = [(case, kinds.runner(case)) for case in cases]
    with scratch(database_url) as database:
        for case, run in runs:
            try:
                answer = _tried(database, case, run)
            except TrialError as error:
                complain(f"{case.id}: {error}")
                continue
            except Exception as error:  # whatever one case breaks, the others are answered
                complain(f"{case.id}: 内容不对，或出了意料之外的错：{error!r}")
                continue
            yield json.dumps({"id": case.id, **answer}, ensure_ascii=False)


def _tried(database: Database, case: Case, run: kinds.Run) -> dict[str, Any]:
    def attempt(session: Session) -> None:
        try:
            answer = run(session, case)
        except Refusal as refusal:
            answer = {"refused": refusal.code.value}
        raise _Done(answer)

    try:
        database.write(attempt)
    except _Done as done:
        return done.answer
    raise AssertionError("a tried case always ends its transaction")


class _Done(Exception):
    """Carries the answer out of the transaction, which it rolls back."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__()
        self.answer = answer
