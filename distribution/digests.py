"""What an entry of a book says, as one digest: the same from the values written and from the rows read back."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from models.json_text import as_json


def of_journal(
    reference: str, cause: str, actor: str, *, at: str, corrects: int | None, moves: Iterable[tuple[str, str, int]]
) -> str:
    """SHA-256 (hex) of a journal transaction and its moves by account name, in whatever order they come."""
    return hashlib.sha256(as_json([reference, cause, actor, at, corrects, sorted(moves)])).hexdigest()


def of_audit(merchant_id: int | None, actor: str, action: str, *, subject: str, facts: Any, at: str) -> str:
    """SHA-256 (hex) of an entry of the audit trail."""
    return _sha256([merchant_id, actor, action, subject, facts, at])


def of_seal(head: Iterable[object], lines: Iterable[str]) -> str:
    """SHA-256 (hex) of a seal: its own columns, the digest before it among them, and a line for each entry."""
    running = hashlib.sha256(_text(list(head)).encode())
    for line in lines:
        running.update(f"\n{line}".encode())
    return running.hexdigest()


def moment(at: dt.datetime) -> str:
    """An instant in UTC with microseconds, as a digest takes it."""
    return at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _sha256(told: list[object]) -> str:
    return hashlib.sha256(_text(told).encode()).hexdigest()


#: Made once: an encoder costs more than what it encodes here.
_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
