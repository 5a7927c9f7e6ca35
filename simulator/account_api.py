"""The official account's API host: every call by its path, its method and its rules."""

import json
import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from simulator import (
    calls,
    faults,
    mass,
    media,
    menu,
    messages,
    notices,
    oauth,
    people,
    qrcodes,
    quotas,
    tokens,
    users,
    wire,
)
from simulator.ask import ApiError, Ask, Handler, rid
from simulator.desk import Desk, current_desk

blueprint = Blueprint("account", __name__)
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")
_LARGEST_JSON = 4 << 20


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API; an `open` one needs no token."""

    method: str
    handler: Handler
    open: bool = False


def _get(handler: Handler) -> Call:
    return Call("GET", handler)


def _post(handler: Handler) -> Call:
    return Call("POST", handler)


def _callback_addresses(ask: Ask) -> dict[str, Any]:
    return {"ip_list": ["127.0.0.1"]}


_CALLS = {
    "/cgi-bin/token": Call("GET", tokens.plain_token, open=True),
    "/cgi-bin/stable_token": Call("POST", tokens.stable_token, open=True),
    "/cgi-bin/getcallbackip": _get(_callback_addresses),
    "/cgi-bin/get_api_domain_ip": _get(_callback_addresses),
    "/cgi-bin/clear_quota": _post(quotas.clear),
    "/cgi-bin/clear_quota/v2": Call("POST", quotas.clear_by_secret, open=True),
    "/cgi-bin/openapi/quota/get": _post(quotas.show),
    "/cgi-bin/openapi/quota/clear": _post(quotas.clear_one),
    "/cgi-bin/qrcode/create": _post(qrcodes.create),
    "/cgi-bin/media/upload": _post(media.upload),
    "/cgi-bin/media/get": _get(media.download),
    "/cgi-bin/media/uploadimg": _post(media.upload_article_image),
    "/cgi-bin/material/add_material": _post(media.add_material),
    "/cgi-bin/material/get_material": _post(media.get_material),
    "/cgi-bin/material/del_material": _post(media.delete_material),
    "/cgi-bin/material/get_materialcount": _get(media.count_material),
    "/cgi-bin/menu/create": _post(menu.create),
    "/cgi-bin/menu/get": _get(menu.get),
    "/cgi-bin/menu/delete": _get(menu.delete),
    "/cgi-bin/get_current_selfmenu_info": _get(menu.current),
    "/cgi-bin/message/custom/send": _post(messages.send),
    "/cgi-bin/message/custom/typing": _post(messages.typing),
    "/cgi-bin/message/template/send": _post(notices.send_template),
    "/cgi-bin/template/get_all_private_template": _get(notices.list_templates),
    "/cgi-bin/message/subscribe/bizsend": _post(notices.send_subscription),
    "/cgi-bin/draft/add": _post(mass.add_draft),
    "/cgi-bin/draft/get": _post(mass.get_draft),
    "/cgi-bin/draft/delete": _post(mass.delete_draft),
    "/cgi-bin/message/mass/send": _post(mass.send),
    "/cgi-bin/message/mass/sendall": _post(mass.send_all),
    "/cgi-bin/message/mass/preview": _post(mass.preview),
    "/cgi-bin/message/mass/get": _post(mass.state),
    "/cgi-bin/message/mass/delete": _post(mass.delete),
    "/cgi-bin/user/info": _get(users.show),
    "/cgi-bin/user/info/batchget": _post(users.show_many),
    "/cgi-bin/user/info/updateremark": _post(users.set_remark),
    "/cgi-bin/user/get": _get(users.list_followers),
    "/cgi-bin/tags/create": _post(users.create_tag),
    "/cgi-bin/tags/get": _get(users.list_tags),
    "/cgi-bin/tags/delete": _post(users.delete_tag),
    "/cgi-bin/tags/getidlist": _post(users.tags_of),
    "/cgi-bin/user/tag/get": _post(users.members_of),
    "/cgi-bin/tags/members/batchtagging": _post(users.put_tag),
    "/cgi-bin/tags/members/batchuntagging": _post(users.take_tag),
    "/cgi-bin/tags/members/batchblacklist": _post(users.block),
    "/cgi-bin/tags/members/batchunblacklist": _post(users.unblock),
    "/cgi-bin/ticket/getticket": _get(oauth.jsapi_ticket),
    "/sns/oauth2/access_token": Call("GET", oauth.exchange, open=True),
    "/sns/oauth2/refresh_token": Call("GET", oauth.refresh, open=True),
    "/sns/userinfo": Call("GET", oauth.show_person, open=True),
    "/sns/auth": Call("GET", oauth.check, open=True),
}


@blueprint.route("/wechat/cgi-bin/showqrcode")
def show_qr() -> Response:
    """The picture of a ticket, open to all."""
    return qrcodes.show(current_desk(), request.args.get("ticket", ""))


@blueprint.route("/wechat/connect/oauth2/authorize")
def authorize() -> Any:
    """The login page of a plain browser: it asks which person one is, unless `as` says so."""
    desk = current_desk()
    openid = request.args.get("as", "")
    if openid:
        return redirect(oauth.grant(desk, openid, request.args.to_dict()))
    return render_template("authorize.html", people=people.everyone(desk), args=request.args)


@blueprint.route("/wechat/<path:rest>", methods=["GET", "POST"])
def serve(rest: str) -> Response:
    """Any call of the API: faults first, then token, limits and the call itself."""
    desk, path = current_desk(), f"/{rest}"
    fault = faults.take(desk, path)
    response, lost = faults.suffer(fault, lambda: _answer(desk, path), _refused)
    calls.note(
        desk,
        method=request.method,
        path=path,
        status=0 if lost else response.status_code,
        code="" if lost else response.headers.pop("X-Errcode", "0"),
        openid=_receiver(),
        fault=fault.name if fault else "",
    )
    return response


def _receiver() -> str:
    body = wire.posted() if request.method == "POST" and not request.files else None
    openid = body.get("touser") if isinstance(body, dict) else request.args.get("openid", "")
    return openid if isinstance(openid, str) else f"{len(openid)} people" if isinstance(openid, list) else ""


def _refused(fault: faults.Fault) -> Response:
    if fault.errcode is None:
        return Response("<html><body>error</body></html>", status=fault.http, content_type="text/html")
    code = int(fault.errcode) if str(fault.errcode).lstrip("-").isdigit() else -1
    return _json({"errcode": code, "errmsg": f"fault on demand rid: {rid()}"}, fault.http or 200)


def _answer(desk: Desk, path: str) -> Response:
    try:
        answer = _called(desk, path)
    except ApiError as error:
        text = f"{error.errmsg} rid: {rid()}"
        return _json({"errcode": error.errcode, "errmsg": text, **error.extra})
    return answer if isinstance(answer, Response) else _json(answer)


def _called(desk: Desk, path: str) -> dict[str, Any] | Response:
    call = _CALLS.get(path)
    if call is None:
        raise ApiError(40066, "invalid url")
    if request.method != call.method:
        raise ApiError(43001 if call.method == "GET" else 43002, f"require {call.method} method")
    if not call.open:
        tokens.check(desk, request.args.get("access_token", ""))
    quotas.spend(desk, path)
    base_url = request.url_root.rstrip("/")
    return call.handler(Ask(desk, request.args, _body(), base_url, request.files))


def _body() -> dict[str, Any]:
    if request.method != "POST" or request.files or request.mimetype == "multipart/form-data":
        return {}
    raw = request.get_data()
    if not raw:
        raise ApiError(44002, "empty post data")
    if len(raw) > _LARGEST_JSON or _ESCAPED.search(raw):
        raise ApiError(40033, "invalid charset. please check your request, if include \\uxxxx will create fail!")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ApiError(47001, "data format error") from error
    if not isinstance(body, dict):
        raise ApiError(47001, "data format error")
    return body


def _json(body: dict[str, Any], status: int = 200) -> Response:
    response = Response(json.dumps(body, ensure_ascii=False), status=status)
    response.content_type = "application/json; charset=utf-8"
    response.headers["X-Errcode"] = str(body.get("errcode", 0))
    return response
