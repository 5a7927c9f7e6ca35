"""Which module answers which type of case; a module has ``run(session, case) -> answer`` without the id."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from sqlalchemy.orm import Session

from app.trial.cases import Case, TrialError

Run = Callable[[Session, Case], dict[str, Any]]

_MODULES = {
    "order": "orders",
    "binding": "bindings",
    "invite": "invitations",
    "dealer": "dealers",
    "withdraw": "withdrawals",
    "tax": "taxes",
    "level": "levels",
    "cycle": "cycles",
    "task": "tasks",
    "ranking": "rankings",
}


def runner(case: Case) -> Run:
    """What answers this case; TrialError for a type that does not exist."""
    if case.type not in _MODULES:
        raise TrialError(f"{case.id}: 没有 {case.type} 这种案例")
    run: Run = import_module(f"app.trial.of_{_MODULES[case.type]}").run
    return run
