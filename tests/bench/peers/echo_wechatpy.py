"""A bare echo: Flask and wechatpy as their documentation shows them; nothing is looked up."""

import os

from flask import Flask, request
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

application = Flask(__name__)
TOKEN, KEY, APP_ID = (os.environ[name] for name in ("BENCH_TOKEN", "BENCH_KEY", "BENCH_APP_ID"))


@application.post("/wechat")
def receive() -> str:
    args = request.args
    check_signature(TOKEN, args["signature"], args["timestamp"], args["nonce"])
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
    xml = crypto.decrypt_message(request.data, args["msg_signature"], args["timestamp"], args["nonce"])
    message = parse_message(xml)
    reply = create_reply(message.content, message=message).render()
    return str(crypto.encrypt_message(reply, args["nonce"], args["timestamp"]))
