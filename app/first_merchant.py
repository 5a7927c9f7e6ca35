"""The shop a new database starts with."""

import datetime as dt

from sqlalchemy.orm import Session

from app.settings import ShopSettings
from distribution import merchants, policy


def open_shop(session: Session, shop: ShopSettings, *, now: dt.datetime) -> int:
    """The id of the first merchant; a new database gets one, with the default policy of the shop's jurisdiction."""
    found = merchants.first(session)
    if found is not None:
        return found.id
    made = merchants.create(session, name=shop.name, by="setup", now=now)
    document = {"jurisdiction": shop.jurisdiction}
    policy.publish(session, merchant_id=made.id, document=document, effective_from=now, by="setup", now=now)
    return made.id
