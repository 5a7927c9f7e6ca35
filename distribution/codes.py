"""Distributors' codes: what people type, links hold and QR codes carry."""

import secrets
from collections.abc import Container

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import tables as t

#: No letters or digits that people mix up.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_code(session: Session, besides: Container[str] = ()) -> str:
    """A code that nobody bears yet and that is not among ``besides``."""
    for length in (4, 4, 4, 5, 6, 7, 8):
        code = "C" + "".join(secrets.choice(_ALPHABET) for _ in range(length))
        taken = select(t.distributor.c.id).where(t.distributor.c.code == code)
        if code not in besides and session.scalar(taken) is None:
            return code
    raise RuntimeError("no free distributor code was found")
