"""People who come by a distributor's link or code: who sent them, and what coming does."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from distribution import bindings, people
from distribution.policy import Policy
from models import tables as t
from models.states import DistributorState

_d, _e, _s = t.distributor.c, t.binding_event.c, t.scene.c


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose link was opened, and what it shows; ``active`` people alone are named and credited."""

    distributor_id: int
    code: str
    name: str
    active: bool
    product_id: int | None = None
    scene_id: int | None = None
    #: When the code of the poster died or dies; None for what lasts.
    ends: dt.datetime | None = None


def sender_of(session: Session, code: str) -> Sender | None:
    """The sender behind a distributor's code or a poster's scene; None when we never made it."""
    person = session.execute(select(_d.id, _d.code, _d.name, _d.state).where(_d.code == code.strip().upper())).first()
    if person is not None:
        return Sender(person.id, person.code, person.name, person.state == DistributorState.ACTIVE)
    scene = session.execute(
        select(_d.id, _d.code, _d.name, _d.state, _s.product_id, _s.id.label("scene_id"), _s.expires_at)
        .join(t.scene, _s.distributor_id == _d.id)
        .where(_s.code == code)
    ).first()
    if scene is None:
        return None
    active = scene.state == DistributorState.ACTIVE
    return Sender(scene.id, scene.code, scene.name, active, scene.product_id, scene.scene_id, scene.expires_at)


def last_product(session: Session, member_id: int, *, since: dt.datetime) -> int | None:
    """The product on the poster that somebody scanned last, if that was after ``since``."""
    came = (_e.member_id == member_id, _e.act == "click", _e.channel.startswith("scene:"), _e.at > since)
    last = session.scalar(select(_e.channel).where(*came).order_by(_e.id.desc()).limit(1))
    scene_id = int(last.removeprefix("scene:")) if last else 0
    product_id: int | None = session.scalar(select(_s.product_id).where(_s.id == scene_id)) if scene_id else None
    return product_id


def arrive(
    session: Session, sender: Sender, *, appid: str, openid: str | None, policy: Policy, now: dt.datetime
) -> None:
    """Record the visit; a known free person becomes the sender's customer (R10-R13)."""
    channel = f"scene:{sender.scene_id}" if sender.scene_id else "link"
    # Malls tell whole seconds, as WeChat does: who orders in the second of this visit came by it.
    at = now.replace(microsecond=0)
    member_id = people.meet(session, appid, openid, at).member_id if openid else None
    bindings.record_visit(session, sender.distributor_id, "link", member_id=member_id, scene_id=sender.scene_id, at=at)
    if member_id is not None:
        bindings.click(session, member_id, sender.distributor_id, policy=policy, channel=channel, at=at, now=now)
