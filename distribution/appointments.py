"""People whom the merchant makes distributors himself (R1, mode ``assigned``, and any other)."""

import datetime as dt

from sqlalchemy.orm import Session

from distribution import members
from distribution.policy import Policy
from models import Distributor


def appoint(
    session: Session,
    member_id: int,
    *,
    name: str,
    phone: str,
    invite_code: str | None,
    policy: Policy,
    by: str,
    now: dt.datetime,
) -> Distributor:
    """Make a follower an active distributor and tell the person, whose written consent the merchant holds.

    Raises Refusal: already_distributor, already_applied, frozen, terminated, reapply_later, invalid_name,
    invalid_phone, unknown_invite_code.
    """
    by_hand = policy.model_copy(update={"join_mode": "apply"})
    row = members.apply(
        session, member_id, name=name, phone=phone, invite_code=invite_code,
        terms_version=policy.terms_version, policy=by_hand, now=now,
    )  # fmt: skip
    return members.approve(session, row.id, by=by, now=now)
