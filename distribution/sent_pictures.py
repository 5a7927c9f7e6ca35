"""Pictures that people send: put for reading, and what the code in one leads to."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from distribution import outbox, products
from models import Product, Scene
from models import tables as t
from models.states import OutboxState

_b, _d, _e, _o, _s, _v = (
    t.binding.c, t.distributor.c, t.binding_event.c, t.outbox_row.c, t.scene.c, t.visit.c,
)  # fmt: skip
_KIND = "look"
#: So many pictures of one person wait at most.
_MOST_WAITING = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """What a poster brought so far: looks, people who looked, and customers."""

    scans: int
    people: int
    customers: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a code of ours leads to; ``ends`` and ``figures`` are for its owner alone (``figures`` None: not his).

    ``ends`` None: the code lasts.
    """

    purpose: str
    product: Product | None
    ends: dt.datetime | None = None
    figures: Figures | None = None


def ask(session: Session, member_id: int, media_id: str, *, key: str, now: dt.datetime) -> bool:
    """Have a picture looked at; False when enough of this person's wait already."""
    waiting = select(func.count()).where(_o.kind == _KIND, _o.member_id == member_id, _o.state == OutboxState.WAITING)
    if int(session.scalar(waiting) or 0) >= _MOST_WAITING:
        return False
    return outbox.put(session, _KIND, {"media_id": media_id}, once=f"look:{key}", member_id=member_id, now=now)


def seen(session: Session, member_id: int, said: str, *, code: str | None) -> Seen | None:
    """What a code that says ``said`` leads to (``code``: the code of an own address); None when it is not ours."""
    if not said.isprintable():
        return None
    found = select(_s.id).where(_s.url == said) if code is None else select(_s.id).where(_s.code == code)
    scene_id = session.scalar(found.limit(1))
    if scene_id is None:
        known = code is not None and session.scalar(select(_d.id).where(_d.code == code.upper())) is not None
        return Seen("link", None) if known else None
    scene = session.get_one(Scene, scene_id)
    product = products.find(session, scene.product_id) if scene.product_id else None
    owner = session.scalar(select(_d.member_id).where(_d.id == scene.distributor_id))
    if owner != member_id:
        return Seen(scene.purpose, product)
    return Seen(scene.purpose, product, scene.expires_at, _figures(session, scene))


def _figures(session: Session, scene: Scene) -> Figures:
    looked = (_v.distributor_id == scene.distributor_id, _v.scene_id == scene.id)
    scans, people = session.execute(select(func.count(), func.count(_v.member_id.distinct())).where(*looked)).one()
    came = (_e.channel == f"scene:{scene.id}", _e.kind.in_(("bind", "rebound")), _b.distributor_id == _e.distributor_id)
    customers = (
        select(func.count(_b.member_id.distinct()))
        .join(t.binding_event, _e.member_id == _b.member_id)
        .where(_b.distributor_id == scene.distributor_id, *came)
    )
    return Figures(int(scans), int(people), int(session.scalar(customers) or 0))
