"""Each person's browser inside WeChat: own cookies, silent login, only the service's pages."""

from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

from simulator import oauth, people
from simulator.desk import Desk, outgoing
from simulator.problems import Problem

AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN"
)
_MOST_HOPS = 10
_TIMEOUT = 30.0
_LOGIN = "/connect/oauth2/authorize"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as the page made it."""

    method: str = "GET"
    body: bytes = b""
    content_type: str = ""


def address(desk: Desk, url: str) -> str:
    """The absolute address of a page; a relative one is the service's. Problem 400 if it is none."""
    try:
        return urljoin(f"{desk.settings.service_url}/", url)
    except ValueError as error:
        raise Problem(400, "url is not an address") from error


def is_ours(desk: Desk, url: str) -> bool:
    """Whether the address is the service's own: no other is ever fetched."""
    return _origin(desk.settings.service_url) == _origin(url)


def _origin(url: str) -> tuple[str, str | None, int | None] | None:
    try:
        parts = urlsplit(url)
        return parts.scheme, "127.0.0.1" if parts.hostname == "localhost" else parts.hostname, parts.port
    except ValueError:
        return None


def open_page(desk: Desk, openid: str, url: str) -> dict[str, object]:
    """The person opens a page and is logged in silently: its status, last address and text."""
    people.get(desk, openid)
    if not url:
        raise Problem(400, "url is missing")
    response = fetch(desk, openid, address(desk, url), Visit(), hops=_MOST_HOPS)
    response.encoding = response.encoding or "utf-8"
    if "charset" not in response.headers.get("Content-Type", "").lower():
        response.encoding = "utf-8"
    return {"status": response.status_code, "url": response.url, "html": response.text}


def fetch(desk: Desk, openid: str, url: str, visit: Visit, *, hops: int) -> requests.Response:
    """The page after the login and at most so many redirects; with 0 the redirect itself."""
    session = _browser(desk, openid)
    while True:
        login = _after_login(desk, openid, url)
        if login is not None:
            url, visit = login, Visit()
        if not is_ours(desk, url):
            raise Problem(422, "only the service's own pages open here")
        response = _requested(session, url, visit)
        if not response.is_redirect:
            return response
        target = urljoin(url, response.headers["Location"])
        is_login = _after_login_address(desk, target)
        if not is_login and hops <= 0:
            return response
        hops -= 1
        if hops < -_MOST_HOPS:
            raise Problem(422, "too many redirects")
        kept = response.status_code in (307, 308)
        url, visit = target, visit if kept else Visit()


def _requested(session: requests.Session, url: str, visit: Visit) -> requests.Response:
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Referer": url}
    if visit.method != "GET":
        own = urlsplit(url)
        headers["Origin"] = f"{own.scheme}://{own.netloc}"
    if visit.content_type:
        headers["Content-Type"] = visit.content_type
    try:
        return session.request(
            visit.method, url, data=visit.body or None, headers=headers, timeout=_TIMEOUT, allow_redirects=False
        )
    except requests.RequestException as error:
        raise Problem(422, "the page did not answer") from error


def _after_login_address(desk: Desk, url: str) -> bool:
    parts = urlsplit(url)
    # Never fetched, only answered: the desk may sit at another port than the service.
    hosts = ("open.weixin.qq.com", "localhost", urlsplit(desk.settings.service_url).hostname)
    return parts.path.endswith(_LOGIN) and parts.hostname in hosts


def _after_login(desk: Desk, openid: str, url: str) -> str | None:
    if not _after_login_address(desk, url):
        return None
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return oauth.grant(desk, openid, query)


def _browser(desk: Desk, openid: str) -> requests.Session:
    session = desk.browsers.get(openid)
    if session is None:
        session = outgoing()
        session.headers["User-Agent"] = AGENT
        session.cookies.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))
        session = desk.browsers.setdefault(openid, session)
    return session
