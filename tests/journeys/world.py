"""A running Fenxiao seen from outside: phones, the console's forms, the mall's signed posts, the clock."""

import base64
import hashlib
import hmac
import html
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import requests
from lxml import html as pages


@dataclass
class Person:
    """A WeChat user with a phone."""

    world: "World"
    openid: str
    name: str
    seen: int = 0

    def _do(self, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.world.sim("POST", f"people/{self.openid}/{what}", body or {})

    def follows(self, scene: str | None = None) -> dict[str, Any]:
        return self._do("follow", {"scene": scene} if scene else {})

    def says(self, text: str) -> str:
        """Say something; the text of the passive reply."""
        answer = self._do("say", {"text": text})
        assert [each["status"] for each in answer["deliveries"]] == [200], answer
        passive = answer["passive"]
        return (passive or {}).get("text") or ""

    def scans(self, picture: bytes) -> dict[str, Any]:
        return self._do("scan", {"image_base64": base64.b64encode(picture).decode()})

    def opens(self, url: str) -> dict[str, Any]:
        return self._do("open", {"url": url})

    def buys(self, sku: str, quantity: int = 1) -> dict[str, Any]:
        return self._do("buy", {"sku": sku, "quantity": quantity})

    def messages(self) -> list[dict[str, Any]]:
        """Everything on the phone."""
        return self.world.sim("GET", f"people/{self.openid}/phone?since=0")["messages"]

    def news(self) -> list[dict[str, Any]]:
        """What the account sent since the last look."""
        fresh = self.world.sim("GET", f"people/{self.openid}/phone?since={self.seen}")["messages"]
        self.seen = max([self.seen, *(each["n"] for each in fresh)])
        return [each for each in fresh if each["from"] == "account"]

    def heard(self) -> str:
        """Everything the account ever told, as one text."""
        return "\n".join(json.dumps(each, ensure_ascii=False) for each in self.messages() if each["from"] == "account")

    def last_picture(self) -> bytes:
        picture = [each for each in self.messages() if each["type"] == "image"][-1]
        return requests.get(urljoin(self.world.base, picture["image_url"]), timeout=10).content


@dataclass
class World:
    """The demo's address and what belongs to it."""

    base: str
    config: dict[str, Any] = field(default_factory=dict)
    browser: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.base = self.base.rstrip("/") + "/"
        self.config = self.sim("GET", "config")

    def sim(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = requests.request(method, f"{self.base}sim/{path}", json=body, timeout=60)
        assert answer.status_code < 300, (path, answer.status_code, answer.text[:500])
        return answer.json()

    def person(self, name: str) -> Person:
        made = self.sim("POST", "people", {"name": name})
        return Person(self, made["openid"], made["name"])

    def now(self) -> datetime:
        return datetime.fromisoformat(self.sim("GET", "clock")["now"])

    def passes(self, **units: float) -> datetime:
        """Let time pass; all work that falls due meanwhile is done when this returns."""
        seconds = timedelta(**units).total_seconds()
        return datetime.fromisoformat(self.sim("POST", "clock", {"advance_seconds": seconds})["now"])

    def settled_down(self) -> None:
        """Everything due now is done."""
        self.passes(seconds=0)

    # the mall

    def api(self, method: str, path: str, body: dict[str, Any] | None = None, *, key: str | None = None) -> Any:
        secret = base64.b64decode(self.config["api"]["secret"].removeprefix("whsec_"))
        raw = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
        name, stamp = key or f"msg_{uuid.uuid4().hex}", str(int(self.now().timestamp()))
        signed = hmac.new(secret, f"{name}.{stamp}.".encode() + raw, hashlib.sha256).digest()
        headers = {
            "webhook-id": name,
            "webhook-timestamp": stamp,
            "webhook-signature": "v1," + base64.b64encode(signed).decode(),
            "content-type": "application/json",
        }
        url = f"{self.config['api']['base'].rstrip('/')}/{path}"
        return requests.request(method, url, data=raw, headers=headers, timeout=20)

    # the console

    def log_in(self) -> None:
        console = self.config["console"]
        page = self.browser.get(console["url"], timeout=20)
        form = next(each for each in _forms(page) if each.xpath(".//input[@type='password']"))
        fields = _fields(form)
        text = next(each.get("name") for each in form.xpath(".//input[@type='text' or not(@type)]"))
        secret = form.xpath(".//input[@type='password']")[0].get("name")
        fields |= {text: console["user"], secret: console["password"]}
        answer = self.browser.post(urljoin(page.url, form.get("action") or ""), data=fields, timeout=20)
        assert answer.status_code == 200, answer.status_code
        assert "退出" in answer.text

    def page(self, *links: str) -> requests.Response:
        """The page behind links, followed one after another from the console's first page by their words."""
        page = self.browser.get(self.config["console"]["url"], timeout=20)
        for words in links:
            found = [each for each in _tree(page).xpath("//a[@href]") if words in each.text_content()]
            assert found, (words, page.url)
            page = self.browser.get(urljoin(page.url, found[0].get("href")), timeout=20)
            assert page.status_code == 200, (words, page.status_code)
        return page

    def presses(self, page: requests.Response, button: str, *, near: str, **fill: Any) -> requests.Response:
        """Post the form labelled ``button`` in the row or page that names ``near``."""
        for form in _forms(page):
            labels = [each.text_content().strip() for each in form.xpath(".//button")]
            labels += [each.get("value", "") for each in form.xpath(".//input[@type='submit']")]
            rows = form.xpath("ancestor::tr | ancestor::li | ancestor::article")
            around = rows[-1].text_content() if rows else page.text
            if button in labels and near in around:
                files = {name: value for name, value in fill.items() if isinstance(value, tuple)}
                words = {name: value for name, value in fill.items() if not isinstance(value, tuple)}
                url = urljoin(page.url, form.get("action") or "")
                answer = self.browser.post(url, data=_fields(form) | words, files=files or None, timeout=30)
                assert answer.status_code == 200, (answer.status_code, answer.text[:400])
                return answer
        raise AssertionError(f"no form labelled {button} near {near} on {page.url}")


def told_link(text: str) -> str:
    """The first address in a message."""
    found = re.search(r'href="(http[^"]+)"', html.unescape(text)) or re.search(r"(http://\S+)", text)
    assert found, text
    return found.group(1)


def wait_for(url: str, seconds: float = 60) -> None:
    """Wait until an address answers."""
    until = time.monotonic() + seconds
    while True:
        try:
            if requests.get(url, timeout=2).status_code < 500:
                return
        except requests.RequestException:
            pass
        assert time.monotonic() < until, f"{url} does not answer"
        time.sleep(0.2)


def _tree(page: requests.Response) -> Any:
    return pages.fromstring(page.content)


def _forms(page: requests.Response) -> list[Any]:
    return [form for form in _tree(page).xpath("//form") if (form.get("method") or "").lower() == "post"]


def _fields(form: Any) -> dict[str, str]:
    fields = {}
    for each in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        kind = each.get("type", "")
        if kind in ("submit", "file") or (kind in ("checkbox", "radio") and each.get("checked") is None):
            continue
        if each.tag == "select":
            chosen = each.xpath(".//option[@selected]") or each.xpath(".//option")
            fields[each.get("name")] = chosen[0].get("value", chosen[0].text_content()) if chosen else ""
        else:
            fields[each.get("name")] = each.get("value") or (each.text or "" if each.tag == "textarea" else "")
    return fields
