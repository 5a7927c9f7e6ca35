"""The straightforward way to the same answer: Flask, wechatpy, SQLModel and redis-py, as tutorials do it."""

import os
from typing import Any

import redis
from flask import Flask, request
from sqlmodel import Session, create_engine, func, select
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from models import Account, Commission, Distributor, Member

application = Flask(__name__)
TOKEN, KEY, APP_ID = (os.environ[name] for name in ("BENCH_TOKEN", "BENCH_KEY", "BENCH_APP_ID"))
engine = create_engine(os.environ["BENCH_DATABASE"], connect_args={"check_same_thread": False})
seen = redis.Redis.from_url(os.environ["BENCH_REDIS"])


@application.post("/wechat")
def receive() -> str:
    args = request.args
    check_signature(TOKEN, args["signature"], args["timestamp"], args["nonce"])
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
    xml = crypto.decrypt_message(request.data, args["msg_signature"], args["timestamp"], args["nonce"])
    message = parse_message(xml)
    if not seen.set(f"seen:{message.source}:{message.id}", 1, nx=True, ex=600):
        return "success"
    with Session(engine) as session:
        text = answer(session, message.source)
    reply = create_reply(text, message=message).render()
    return str(crypto.encrypt_message(reply, args["nonce"], args["timestamp"]))


def answer(session: Session, openid: str) -> str:
    member = session.exec(select(Member).where(Member.appid == APP_ID, Member.openid == openid)).first()
    if member is None:
        return "你还不是分销员"
    distributor = session.exec(select(Distributor).where(Distributor.member_id == member.id)).one()
    accounts = session.exec(select(Account).where(Account.name.startswith(f"distributor:{distributor.id}:")))  # type: ignore[attr-defined]
    held: dict[str, Any] = {each.name.rsplit(":", 1)[1]: each.balance_fen for each in accounts}
    earned = session.exec(select(func.sum(Commission.fen)).where(Commission.distributor_id == distributor.id)).one()
    available, pending = held.get("available", 0) / 100, held.get("pending", 0) / 100
    return f"可提现 ¥{available:.2f}\n待结算 ¥{pending:.2f}\n累计 ¥{(earned or 0) / 100:.2f}"
