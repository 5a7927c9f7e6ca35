"""A browser at the console: follows links, fills in forms as they stand on the page."""

from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from web_shop import Shop
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from distribution import staff

PASSWORD = "correct horse battery"
#: scrypt takes its time; one hash serves every test account.
PASSWORD_HASH = generate_password_hash(PASSWORD)


@dataclass
class Form:
    """A form as it stands on a page."""

    action: str
    method: str
    values: dict[str, Any]
    buttons: list[str]
    label: str


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._select: str | None = None
        self._area: str | None = None
        self._button = False

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in pairs}
        if tag == "a" and "href" in facts:
            self.links.append(facts["href"])
        if tag == "form":
            self.forms.append(
                Form(facts.get("action", ""), facts.get("method", "get"), {}, [], facts.get("aria-label", ""))
            )
        values = self.forms[-1].values if self.forms else {}
        name = facts.get("name", "")
        if tag == "input" and name:
            chosen = facts.get("type") not in ("radio", "checkbox") or any(key == "checked" for key, _ in pairs)
            if chosen and facts.get("type") != "file":
                values[name] = facts.get("value", "")
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and (self._select not in values or any(k == "selected" for k, _ in pairs)):
            values[self._select] = facts.get("value", "")
        self._area = name if tag == "textarea" else self._area
        self._button = tag == "button" or self._button

    def handle_endtag(self, tag: str) -> None:
        self._select = None if tag == "select" else self._select
        self._area = None if tag == "textarea" else self._area
        self._button = False if tag == "button" else self._button

    def handle_data(self, text: str) -> None:
        if self._area and self.forms:
            self.forms[-1].values[self._area] = text
        if self._button and self.forms and text.strip():
            self.forms[-1].buttons.append(text.strip())


def forms_of(page: TestResponse) -> list[Form]:
    """Every form of a page."""
    parser = _Forms()
    parser.feed(page.text)
    return parser.forms


def links_of(page: TestResponse) -> list[str]:
    """Every address a page links to."""
    parser = _Forms()
    parser.feed(page.text)
    return parser.links


class Desk:
    """A browser, and the shop it belongs to."""

    def __init__(self, shop: Shop, app: Flask) -> None:
        self.shop = shop
        self.app = app
        self.browser: FlaskClient = app.test_client()

    def hire(self, name: str, role: str, merchant_id: int | None = None) -> int:
        """An account with the usual password."""
        with self.shop.database.transaction() as session:
            return staff.add(
                session,
                merchant_id=merchant_id or self.shop.merchant_id,
                name=name,
                role=role,
                password_hash=PASSWORD_HASH,
                now=self.shop.clock.now(),
            ).id

    def as_other(self, name: str) -> "Desk":
        """Another browser of this shop, logged in as somebody else."""
        other = Desk(self.shop, self.app)
        other.login(name)
        return other

    def login(self, name: str, password: str = PASSWORD) -> TestResponse:
        """Fills in the log-in form."""
        [form] = forms_of(self.browser.get("/console/login"))
        return self.browser.post(form.action, data=form.values | {"name": name, "password": password})

    def open(self, path: str) -> TestResponse:
        """A page of the console."""
        return self.browser.get(f"/console{path}")

    def send(self, path: str, button: str, *, about: str = "", **changes: Any) -> TestResponse:
        """Presses a form's button on a page; ``about`` tells forms with the same button apart."""
        found = [
            each
            for each in forms_of(self.open(path))
            if button in each.buttons and about in f"{each.label} {each.action}"
        ]
        assert len(found) == 1, f"{len(found)} forms have the button {button}"
        return self.press(found[0], **changes)

    def press(self, form: Form, **changes: Any) -> TestResponse:
        """Sends a form with some values changed; None leaves one out, bytes are a file."""
        values = {name: value for name, value in (form.values | changes).items() if value is not None}
        values = {
            name: (BytesIO(value), f"{name}.bin") if isinstance(value, bytes) else value
            for name, value in values.items()
        }
        return self.browser.post(form.action, data=values)
