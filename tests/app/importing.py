"""A shop to import into, and rows to import."""

import csv
from dataclasses import asdict
from pathlib import Path

from app_settings import APP_ID
from sqlalchemy import select

from app.first_merchant import open_shop
from app.imports.desk import Shop
from app.imports.taking import KINDS, take
from app.settings import ShopSettings
from distribution import merchants, proof
from models import tables as t
from models.database import Database

ORDER = "order_no,state,version,occurred_at,line_no,sku,name,quantity,unit_fen,distributor_code,buyer_openid\n"
PEOPLE = "openid,code,name,phone,inviter_code,level,state,joined_at\n"
CHEN = "o1,CHEN,陈晓燕,13800000001,,,active,2024-01-05\n"
LI = "o2,LINA,李娜,13800000002,CHEN,,active,2024-02-05T09:30:00+08:00\n"


class Desk:
    """A shop, and what an import of a text into it says."""

    def __init__(self, database: Database, clock, folder: Path) -> None:
        self.database, self.clock, self.folder = database, clock, folder
        with database.transaction() as session:
            self.merchant_id = open_shop(session, ShopSettings(), now=clock.now())
        self.said: list[str] = []

    def take(self, kind: str, text: str, *, dry: bool = False, name: str = "list.csv") -> dict[str, int]:
        (self.folder / name).write_text(text, "utf-8")
        return self.take_file(kind, name, dry=dry)

    def take_file(self, kind: str, name: str, *, dry: bool = False) -> dict[str, int]:
        with self.database.reading() as session:
            named = {each.name: each.id for each in merchants.everyone(session)}
        shop = Shop(self.database, self.clock, APP_ID, self.merchant_id, named)
        self.said = []
        return asdict(take(shop, KINDS[kind](), self.folder / name, dry=dry, say=self.said.append))

    def rejected(self, name: str = "list") -> list[dict[str, str]]:
        with (self.folder / f"{name}.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def everything(self) -> dict[str, list[tuple]]:
        with self.database.reading() as session:
            return {
                name: sorted(map(tuple, session.execute(select(table))), key=str)
                for name, table in t.member.metadata.tables.items()
            }

    def rows(self, model) -> list:
        with self.database.reading() as session:
            return list(session.scalars(select(model)))

    def prove(self) -> None:
        with self.database.reading() as session:
            assert [finding for finding in proof.findings(session) if not finding.ok] == []


def counted(new: int = 0, changed: int = 0, held: int = 0, rejected: int = 0) -> dict[str, int]:
    return {"new": new, "changed": changed, "held": held, "rejected": rejected}


def order(
    no: str, state: str = "paid", version: int = 1, *, line: int = 1, fen: int = 10_000, code: str = "CHEN"
) -> str:
    return f"{no},{state},{version},2026-01-02T10:00:00+08:00,{line},AJ,阿胶糕,1,{fen},{code},obuyer\n"
