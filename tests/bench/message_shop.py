"""A folder with a shop to be asked about earnings, and the pushes that ask."""

import base64
import datetime as dt
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from wechatpy.crypto import WeChatCrypto

from app.first_merchant import open_shop
from app.settings import ShopSettings
from bot.cipher import signed
from bot.markup import read
from distribution import members, orders, people, policy
from distribution.shapes import LineReport, OrderReport
from models import schema
from models.database import Database

TOKEN = "benchToken2026"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wx0123456789abcdef"
ORIGINAL = "gh_0123456789ab"
PEOPLE = 100
ORDERS_EACH = 3


def openid(number: int) -> str:
    return f"oBench{number:022d}"


def furnish(folder: Path) -> str:
    """Migrate and fill the shop's database; its address."""
    url = f"sqlite:///{folder / 'shop.sqlite3'}"
    database = Database(url)
    schema.upgrade(database)
    now = dt.datetime.now(dt.UTC)
    with database.transaction() as session:
        merchant = open_shop(session, ShopSettings(), now=now)
        for number in range(PEOPLE):
            person = people.meet(session, APP_ID, openid(number), now)
            assert person.member_id is not None
            row = members.apply(
                session,
                person.member_id,
                name="李娜",
                phone=f"138{number:08d}",
                invite_code=None,
                terms_version="1",
                policy=policy.Policy(),
                now=now,
            )
            members.approve(session, row.id, by="bench", now=now)
            for each in range(ORDERS_EACH):
                lines = (LineReport(1, "AJ250", "即食阿胶糕", 1, 8900),)
                report = OrderReport(
                    f"E{number:05d}{each}", "paid", 1, now, lines, buyer_openid="oBuyer", distributor_code=row.code
                )
                orders.record(session, merchant, report, appid=APP_ID, now=now)
    database.close()
    return url


def write_config(folder: Path, url: str, *, port: int, redis_url: str = "") -> Path:
    """The service's configuration for this shop."""
    file = folder / f"config-{port}.toml"
    secret = base64.b64encode(os.urandom(32)).decode()
    file.write_text(
        f'[server]\nport = {port}\n[wechat]\napp_id = "{APP_ID}"\noriginal_id = "{ORIGINAL}"\n'
        f'app_secret = "{"0" * 32}"\ntoken = "{TOKEN}"\nencoding_aes_key = "{KEY}"\n'
        f'[database]\nurl = "{url}"\n[redis]\nurl = "{redis_url}"\n[api]\nsecrets = ["whsec_{secret}"]\n'
        f'[console]\nsecret_key = "{os.urandom(24).hex()}"\n[log]\nlevel = "warning"\n',
        "utf-8",
    )
    return file


def pushes(text: str, count: int, *, first: int) -> Iterator[bytes]:
    """Ready-made encrypted requests, each a message of its own, from all the people in turn; endless in rounds."""
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
    return itertools.cycle([_push(crypto, text, first + number) for number in range(count)])


def _push(crypto: WeChatCrypto, text: str, number: int) -> bytes:
    fields = {"ToUserName": ORIGINAL, "FromUserName": openid(number % PEOPLE), "CreateTime": "1795572000"}
    fields |= {"MsgType": "text", "Content": text, "MsgId": str(7_000_000_000 + number)}
    xml = "<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items()) + "</xml>"
    outer = read(crypto.encrypt_message(xml, "n0nce", "1795572000").encode())
    query = {"signature": signed(TOKEN, "1795572000", "n0nce"), "timestamp": "1795572000", "nonce": "n0nce"}
    query |= {"openid": fields["FromUserName"], "encrypt_type": "aes", "msg_signature": outer["MsgSignature"]}
    body = (
        f"<xml><ToUserName><![CDATA[{ORIGINAL}]]></ToUserName><Encrypt><![CDATA[{outer['Encrypt']}]]></Encrypt></xml>"
    )
    head = f"POST /wechat?{urlencode(query)} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\n"
    return f"{head}Content-Length: {len(body.encode())}\r\n\r\n{body}".encode()
