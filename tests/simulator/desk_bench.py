"""A desk over real HTTP beside a tiny service that answers as each test wishes."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from flask import Flask, Response, jsonify, request
from werkzeug.serving import WSGIRequestHandler

from simulator.clock import SharedClock
from simulator.pay_signing import new_key_pair
from simulator.settings import SimulatorSettings, Template

APP_ID = "wx0123456789abcdef"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
API_V3_KEY = "0123456789abcdef0123456789abcdef"
TOKEN = "demoToken2026"
SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
MERCHANT = new_key_pair()
BANK = new_key_pair()
DUE = Template("T_PAID", "到账通知", ("amount1", "thing2"), ("金额", "说明"))


class Quiet(WSGIRequestHandler):
    """Serves without a log line for each request."""

    def log_request(self, *_: Any) -> None: ...


@dataclass
class Service:
    """What stands for the service: it keeps what comes and answers what it is told to."""

    app: Flask = field(default_factory=lambda: Flask("service"))
    pushes: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    notices: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    posts: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[dict[str, str], bytes], Any] = lambda query, body: "success"
    notice_answer: Callable[[], Any] = lambda: ("", 204)
    due: list[datetime] = field(default_factory=list)
    ran: list[datetime] = field(default_factory=list)
    pages: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    clock: SharedClock | None = None

    def __post_init__(self) -> None:
        self.app.add_url_rule("/wechat", view_func=self._push, methods=["POST"])
        self.app.add_url_rule("/pay/notify", view_func=self._notice, methods=["POST"])
        self.app.add_url_rule("/demo/run", view_func=self._run, methods=["POST"])
        self.app.add_url_rule("/demo/products", view_func=self._products)
        self.app.add_url_rule("/api/v1/<kind>", view_func=self._api, methods=["POST"])
        self.app.add_url_rule("/h5/me", view_func=self._me)
        self.app.add_url_rule(
            "/h5/<name>",
            view_func=lambda name: self.pages[f"/h5/{name}"](request),
            methods=["GET", "POST"],
            endpoint="page",
        )

    def _push(self) -> Any:
        self.pushes.append((request.args.to_dict(), request.get_data()))
        return self.answer(request.args.to_dict(), request.get_data())

    def _notice(self) -> Any:
        self.notices.append((dict(request.headers), request.get_data()))
        return self.notice_answer()

    def _run(self) -> Any:
        assert self.clock is not None
        now = self.clock.now()
        self.ran += [due for due in self.due if due <= now]
        self.due = sorted(due for due in self.due if due > now)
        return jsonify(next_due=self.due[0].isoformat() if self.due else None)

    def _products(self) -> Any:
        return jsonify(
            [{"sku": "AJ250", "name": "阿胶糕", "price_fen": 8900, "stock": 9, "image_url": "", "merchant": "m"}]
        )

    def _api(self, kind: str) -> Any:
        self.posts.append((kind, dict(request.headers), request.get_data()))
        return jsonify(applied=True)

    def _me(self) -> Any:
        if "code" in request.args:
            response = Response("", status=302, headers={"Location": "/h5/me"})
            response.set_cookie("who", request.args["code"])
            return response
        if "who" not in request.cookies:
            back = f"{request.host_url}h5/me"
            query = f"appid={APP_ID}&redirect_uri={back}&response_type=code&scope=snsapi_base&state=s"
            return Response("", status=302, headers={"Location": f"/sim/wechat/connect/oauth2/authorize?{query}"})
        return f"<html><head></head><body><a href='/h5/me'>{request.cookies['who']}</a></body></html>"


@dataclass
class Desktop:
    """The desk as a test uses it."""

    url: str
    service: Service
    clock: SharedClock
    settings: SimulatorSettings
    token: str = ""

    def get(self, path: str) -> Any:
        """The JSON of a control call."""
        return requests.get(f"{self.url}/sim{path}", timeout=30).json()

    def post(self, path: str, **body: Any) -> Any:
        """The JSON of a control call that changes something."""
        return requests.post(f"{self.url}/sim{path}", json=body, timeout=60).json()

    def person(self, **facts: Any) -> str:
        """The openid of a new follower."""
        return str(self.post("/people", follows=True, **facts)["openid"])

    def phone(self, openid: str) -> list[Any]:
        """The lines of a phone."""
        return list(self.get(f"/people/{openid}/phone")["messages"])

    def wechat(self, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON of an API call with a token."""
        if not self.token:
            asked = {"grant_type": "client_credential", "appid": APP_ID, "secret": self.settings.app_secret}
            self.token = requests.post(f"{self.url}/sim/wechat/cgi-bin/stable_token", json=asked, timeout=9).json()[
                "access_token"
            ]
        method, raw = ("GET", None) if body is None else ("POST", dumps(body))
        query["access_token"] = self.token
        return requests.request(method, f"{self.url}/sim/wechat{path}", params=query, data=raw, timeout=30).json()

    def upload(self, picture: bytes, *, name: str = "p.png", kind: str = "image") -> Any:
        """The JSON of a media upload."""
        self.wechat("/cgi-bin/getcallbackip")
        query = {"access_token": self.token, "type": kind}
        address = f"{self.url}/sim/wechat/cgi-bin/media/upload"
        return requests.post(address, params=query, files={"media": (name, picture)}, timeout=30).json()


def dumps(body: Any) -> bytes:
    """JSON as WeChat wants it."""
    return json.dumps(body, ensure_ascii=False).encode()


def wait_for(condition: Callable[[], Any], seconds: float = 5.0) -> Any:
    """The first true value of the condition within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("it did not come in time")


def settings_for(url: str, data_dir: Path, **changes: Any) -> SimulatorSettings:
    """The settings of a desk at that address."""
    facts: dict[str, Any] = {
        "app_id": APP_ID,
        "original_id": "gh_0123456789ab",
        "app_secret": "secret",
        "token": TOKEN,
        "encoding_aes_key": AES_KEY,
        "mode": "safe",
        "webhook_url": f"{url}/wechat",
        "service_url": url,
        "mch_id": "1900000001",
        "mch_serial": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
        "mch_public_key_pem": MERCHANT[1],
        "api_v3_key": API_V3_KEY,
        "pay_private_key_pem": BANK[0],
        "pay_public_key_id": "PUB_KEY_ID_0119000000012026",
        "pay_notify_url": f"{url}/pay/notify",
        "templates": (DUE,),
        "data_dir": data_dir,
        "api_secret": SECRET,
        "delivery_timeout": 0.5,
        "delivery_pause": 0.01,
    }
    return SimulatorSettings(**facts | changes)
