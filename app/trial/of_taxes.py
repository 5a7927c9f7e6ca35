"""Cases of the type ``tax``: what is withheld of payments, month by month (R44)."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.trial import earning
from app.trial.cases import Case, moment, whole
from app.trial.desk import Desk
from distribution import withdrawals
from distribution.policy import Policy
from distribution.refusals import Code, Refusal

_WHO = "本人"
_EARNED = moment("2020-01-01T00:00:00")


def run(session: Session, case: Case) -> dict[str, Any]:
    """``{"tax_fen": […]}``: each payment is a withdrawal of its month."""
    desk, payments = Desk(session, case.settings), case.part("payments")
    terms = _terms(str((case.settings.get("withdraw") or {}).get("tax", "none")))
    total = sum(whole(told, "gross_fen") for told in payments)
    earning.earn(desk, _WHO, max(total, 1), due=_EARNED)
    earning.settle(desk, at=_EARNED)
    taxes: list[int] = []
    eaten: dict[dt.datetime, tuple[int, int]] = {}
    for place, told in enumerate(payments):
        fen, at = whole(told, "gross_fen"), moment(f"{told.get('month')}-01T10:00:00")
        if not fen:  # nothing is paid, nothing withheld
            taxes.append(0)
            continue
        # Fen that were all tax are no withdrawal; as income of the month they are counted with its next payment.
        income, withheld = eaten.pop(at, (0, 0))
        try:
            row = withdrawals.request(
                session, desk.distributor(_WHO), income + fen, request_key=f"trial:{place}", policy=terms, now=at,
                channel="bank",
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.code != Code.BELOW_CHANNEL_MINIMUM:
                raise
            eaten[at] = (income + fen, withheld + fen)
        taxes.append(fen if at in eaten else row.tax_fen - withheld)
    return {"tax_fen": taxes}


def _terms(method: str) -> Policy:
    """Nothing but the tax is judged here; the method is ``labour`` unless the case names another one that withholds."""
    withdraw = {"min_fen": 0, "name_required_from_fen": 10**12, "tax": "labour" if method == "none" else method}
    return Policy.model_validate({"withdraw": withdraw})
