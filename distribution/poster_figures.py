"""What posters brought: scans, new customers, orders and their sales, by template, product, campaign or kind."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, select
from sqlalchemy.orm import Session

from models import tables as t

By = Literal["poster", "template", "product", "campaign", "kind", "channel"]
_scene, _visit, _event, _order = t.scene.c, t.visit.c, t.binding_event.c, t.order.c
_line, _product, _d = t.order_line.c, t.product.c, t.distributor.c
_campaign, _material = t.campaign.c, t.material.c
#: What a scan can lead to that makes somebody a customer.
_GAINED = ("bind", "rebound")


@dataclass(frozen=True, slots=True)
class Conversion:
    """The way of those who saw a poster: ``fen`` is what was paid and not refunded."""

    key: str
    scans: int = 0
    people: int = 0
    bindings: int = 0
    orders: int = 0
    fen: int = 0

    @property
    def rate_bp(self) -> int:
        """Orders of a hundred people who scanned, in basis points."""
        return self.orders * 10_000 // self.people if self.people else 0


def conversion(
    session: Session,
    *,
    since: dt.datetime,
    until: dt.datetime,
    by: By = "template",
    merchant_id: int | None = None,
    limit: int = 200,
) -> list[Conversion]:
    """The figures of ``[since, until)``, most sales first; an order counts for the last poster its buyer came by."""
    key = _keys(by)
    traffic = _of(session, _traffic(key, since, until), merchant_id)
    gained = _of(session, _bindings(key, since, until), merchant_id)
    sold = _of(session, _sales(key, since, until), merchant_id)
    rows = [_row(name, traffic, gained, sold) for name in {**traffic, **gained, **sold}]
    return sorted(rows, key=lambda row: (-row.fen, -row.scans, row.key))[:limit]


_Figures = dict[str, tuple[int, ...]]


def _row(name: str, traffic: _Figures, gained: _Figures, sold: _Figures) -> Conversion:
    scans, people = traffic.get(name, (0, 0))
    orders, fen = sold.get(name, (0, 0))
    return Conversion(name, scans, people, gained.get(name, (0, 0))[0], orders, fen)


def _keys(by: By) -> ColumnElement[str]:
    named = func.coalesce(_product.name, literal(""))
    return {
        "poster": _d.code + literal(" ") + _scene.purpose + literal(" ") + named,
        "template": _scene.template,
        "product": named,
        "campaign": func.coalesce(cast(_scene.campaign_id, String) + literal(" ") + _material.title, literal("")),
        "kind": _scene.purpose,
        "channel": _visit.channel,
    }[by]


def _of(session: Session, query: Any, merchant_id: int | None) -> _Figures:
    if merchant_id is not None:
        # what shows no product is everybody's
        query = query.where((_product.merchant_id == merchant_id) | _product.id.is_(None))
    return {str(row[0]): (int(row[1] or 0), int(row[2] or 0)) for row in session.execute(query)}


def _scenes(query: Any) -> Any:
    query = query.outerjoin(t.product, _product.id == _scene.product_id)
    query = query.outerjoin(t.campaign, _campaign.id == _scene.campaign_id)
    query = query.outerjoin(t.material, _material.id == _campaign.material_id)
    return query.join(t.distributor, _d.id == _scene.distributor_id)


def _traffic(key: ColumnElement[str], since: dt.datetime, until: dt.datetime) -> Any:
    query = select(key, func.count(), func.count(_visit.member_id.distinct())).select_from(t.visit)
    query = _scenes(query.join(t.scene, _scene.id == _visit.scene_id))
    return query.where(_visit.at >= since, _visit.at < until).group_by(key)


def _bindings(key: ColumnElement[str], since: dt.datetime, until: dt.datetime) -> Any:
    key = key if key is not _visit.channel else literal("scan")
    query = select(key, func.count(), literal(0)).select_from(t.binding_event)
    came = literal("scene:") + cast(_scene.id, String)
    query = _scenes(query.join(t.scene, came == _event.channel))
    within = and_(_event.at >= since, _event.at < until, _event.kind.in_(_GAINED))
    return query.where(within).group_by(key)


def _sales(key: ColumnElement[str], since: dt.datetime, until: dt.datetime) -> Any:
    came = t.visit.alias("came")
    last = (
        select(func.max(came.c.id))
        .where(
            came.c.member_id == _order.buyer_id,
            came.c.distributor_id == _order.l1_id,
            came.c.scene_id.is_not(None),
            came.c.at <= _order.created_at,
        )
        .correlate(t.order)
        .scalar_subquery()
    )
    net = case((_line.refunded_fen < _line.paid_fen, _line.paid_fen - _line.refunded_fen), else_=0)
    query = select(key, func.count(_order.id.distinct()), func.sum(net)).select_from(t.order)
    query = query.join(t.order_line, _line.order_id == _order.id).join(t.visit, _visit.id == last)
    query = _scenes(query.join(t.scene, _scene.id == _visit.scene_id))
    return query.where(_order.paid_at >= since, _order.paid_at < until).group_by(key)
