"""The demo's shop, empty or with its 90 days: set up in one transaction, so that a kill leaves nothing half-done."""

import datetime as dt
import hashlib

from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.clock import SystemClock
from app.container import Container
from app.demo import pictures
from app.demo.cast import ACTORS, APPLICANTS, GOODS, LEVELS, NEWCOMERS, SHOWN_CUSTOMERS, Good
from app.demo.folder import Folder
from app.demo.sales import customers
from app.demo.stage import Stage
from app.demo.story import BY, play
from app.first_merchant import open_shop
from distribution import levels, materials, outbox, products, staff
from distribution import pictures as stored
from models import schema
from models.states import Role
from simulator.clock import SharedClock
from simulator.desk import Desk
from simulator.people import add_many, new_openid
from simulator.settings import SimulatorSettings
from simulator.store import Store

_DAYS = dt.timedelta(days=91)
_LEASE = 60


def open_demo_shop(container: Container, folder: Folder, desk: SimulatorSettings, *, empty: bool) -> None:
    """Migrate, make the merchant and its console account, and unless ``empty`` play the 90 days."""
    schema.upgrade(container.database)
    now = SystemClock().now()
    SharedClock(folder.clock).set(now)
    opened = now if empty else now - _DAYS
    openids = {} if empty else {name: new_openid() for name in _everyone()}
    with container.database.transaction() as session:
        merchant = open_shop(session, container.settings.shop, now=opened)
        name, hashed = desk.console["user"], generate_password_hash(desk.console["password"])
        staff.add(session, merchant_id=merchant, name=name, role=Role.OWNER, password_hash=hashed, now=opened)
        if not empty:
            stage = Stage(session, merchant, container.settings.wechat.app_id, now, openids)
            _stock(stage, opened)
            play(stage)
            _publish(stage)
            _hush(session, now)
    _give_phones(desk, folder, openids)


def _everyone() -> list[str]:
    own = [name for actor in ACTORS for name in customers(actor)]
    return [*(actor.name for actor in ACTORS), *(applicant[0] for applicant in APPLICANTS), *own]


def _stock(stage: Stage, at: dt.datetime) -> None:
    for name, rank in LEVELS:
        levels.make_level(stage.session, name, rank, by=BY, now=at)
    for good in GOODS:
        facts = products.ProductFacts(
            name=good.name,
            price_fen=good.price_fen,
            stock=good.stock,
            category=good.category,
            image_url=_picture(stage.session, good, at),
        )
        stage.products[good.sku] = products.put(stage.session, stage.merchant_id, good.sku, facts, now=at).id


def _picture(session: Session, good: Good, at: dt.datetime) -> str:
    content = pictures.draw(good.look)
    stored.store(session, content, "image/jpeg", now=at)
    return f"/pictures/{hashlib.sha256(content).hexdigest()}"


def _publish(stage: Stage) -> None:
    for days, good, title, text in (
        (
            12,
            GOODS[0],
            "一块阿胶糕，把秋燥挡在门外",
            "东阿原料，现熬现切，独立小包装，办公室也能吃。双 11 后恢复原价，今天最后一天满减。",
        ),
        (
            3,
            GOODS[2],
            "给妈妈的燕窝，冰糖刚刚好",
            "一口见丝的冰糖燕窝，六瓶一盒，送礼自用都体面。下单备注“送妈妈”，随单附手写卡。",
        ),
    ):
        at = stage.moment(days, 9)
        picture = stored.store(stage.session, pictures.draw(good.look), "image/jpeg", now=at)
        materials.create(stage.session, stage.merchant_id, title=title, text=text, picture_id=picture, by=BY, now=at)


def _hush(session: Session, now: dt.datetime) -> None:
    """What the past would have said was said then: nobody's phone rings for it today."""
    while rows := outbox.claim(session, "history", now=now, limit=500, lease_seconds=_LEASE):
        for row in rows:
            outbox.done(session, row.id, row.holder, result="sample history", now=now)


def _give_phones(settings: SimulatorSettings, folder: Folder, openids: dict[str, str]) -> None:
    people = [{"name": actor.name, "kind": "分销员"} for actor in ACTORS]
    people += [{"name": name, "kind": "客户"} for name in SHOWN_CUSTOMERS]
    people += [{"name": applicant[0], "kind": "申请中"} for applicant in APPLICANTS]
    known = [{**person, "openid": openids[person["name"]], "follows": True} for person in people if openids]
    # Who was added last is shown first.
    known.reverse()
    newcomers = [{"name": name, "kind": "新人"} for name in NEWCOMERS]
    store = Store(settings.data_dir / "simulator.sqlite3")
    add_many(Desk(settings, SharedClock(folder.clock), store), [*known, *newcomers])
    store.close()
