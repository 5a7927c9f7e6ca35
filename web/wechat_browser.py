"""Who opens a page inside WeChat: a silent log-in, its state kept in the signed session cookie."""

import hmac
import secrets

import structlog
from flask import redirect, request, session
from flask.typing import ResponseReturnValue

from web.parts import WebParts
from wechat.errors import Outside

log = structlog.get_logger()

RETURN_PATH = "/h5/in"
_OPENID, _ASKED, _SKIP = "openid", "oauth", "oauth_skip"


def is_wechat() -> bool:
    """Whether the browser is WeChat's own."""
    return "MicroMessenger" in request.headers.get("User-Agent", "")


def openid() -> str | None:
    """The openid this browser logged in with."""
    known = session.get(_OPENID)
    return known if isinstance(known, str) else None


def login(parts: WebParts) -> ResponseReturnValue | None:
    """A redirect to WeChat's silent log-in that comes back to this page; None when nobody has to be asked."""
    if parts.oauth is None or not is_wechat() or openid() or session.pop(_SKIP, False):
        return None
    state = secrets.token_urlsafe(24)
    session[_ASKED] = {"state": state, "back": request.full_path.rstrip("?")}
    return redirect(parts.oauth.oauth_url(f"{parts.links.base_url}{RETURN_PATH}", state))


def come_back(parts: WebParts) -> ResponseReturnValue:
    """WeChat sent the browser back with a code: remember who it is, go on to where it wanted."""
    asked = session.pop(_ASKED, None) or {}
    state, back = str(asked.get("state", "")), str(asked.get("back", "/"))
    given = request.args.get("state", "")
    if not state or not hmac.compare_digest(state.encode(), given.encode()):
        log.info("oauth.foreign_state")
        return redirect("/s/")
    try:
        if parts.oauth is None:
            raise LookupError
        session[_OPENID] = parts.oauth.oauth_openid(request.args.get("code", ""))
    except (LookupError, Outside):
        # The page is for everybody: whoever cannot be recognised sees it all the same.
        session[_SKIP] = True
    return redirect(back)
