"""Template and subscription notices: value rules, one send per id, a result that comes as an event."""

import re
from typing import Any

from simulator import agenda, phone, push
from simulator.ask import ApiError, Ask, ok
from simulator.desk import Desk
from simulator.instants import MINUTE, SECOND
from simulator.messages import receiver
from simulator.settings import Template

_GUARDED = 10 * MINUTE
_ANY = r"[\s\S]"
_MOMENT = r"[0-9年月日时分秒点:：/.\- ~]{4,64}"
_RULES = {
    "thing": rf"{_ANY}{{1,20}}",
    "number": r"[0-9.]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[!-~ ]{1,32}",
    "time": _MOMENT,
    "date": _MOMENT,
    "amount": r"[¥￥$€£]?[0-9]{1,10}(\.[0-9]+)?元?",
    "phone_number": r"[0-9+()\- ]{1,17}",
    "car_number": rf"{_ANY}{{1,8}}",
    "name": r"[^\x00-\x7f·]{1,10}|[A-Za-z ·.]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "const": rf"{_ANY}{{1,20}}",
}
_LABELS = {
    "thing": "内容",
    "character_string": "单号",
    "amount": "金额",
    "time": "时间",
    "date": "日期",
    "phrase": "状态",
    "name": "姓名",
}


def send_template(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/message/template/send: shown to a follower, the result comes as TEMPLATESENDJOBFINISH."""
    desk = ask.desk
    template = _template(ask)
    values = _values(template, ask.body.get("data"))
    openid = ask.body.get("touser")
    openid = str(_follower(desk, openid))
    client_id = str(ask.body.get("client_msg_id") or "")
    if len(client_id) > 32:
        raise ApiError(40035, "invalid client_msg_id")
    with desk.store.together():
        earlier = _earlier(desk, openid, client_id)
        if earlier:
            return ok(msgid=int(earlier))
        msgid = push.next_message_id(desk)
        _remember(desk, openid, client_id, msgid)
        refused = _refuses(desk, openid)
        if not refused:
            phone.put(desk, openid, "template", _line(template, values, _jump(ask.body)))
        _plan_result(desk, openid, msgid, "failed:user block" if refused else "success")
    return ok(msgid=msgid)


def _follower(desk: Desk, openid: Any) -> str:
    try:
        return str(receiver(desk, openid)["openid"])
    except ApiError as error:
        if error.errcode == 48002:
            return str(openid)
        raise


def _refuses(desk: Desk, openid: str) -> bool:
    row = desk.store.one("SELECT refuses FROM person WHERE openid = ?", openid)
    return bool(row and row["refuses"])


def _template(ask: Ask) -> Template:
    template = ask.desk.settings.template(str(ask.body.get("template_id") or ""))
    if template is None:
        raise ApiError(40037, "invalid template_id")
    return template


def _values(template: Template, given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise ApiError(47003, "argument invalid! data is missing")
    values = {}
    for key in template.keys:
        inner = given.get(key)
        value = inner.get("value") if isinstance(inner, dict) else None
        rule = _RULES.get(re.sub(r"[0-9]+$", "", key), rf"{_ANY}{{1,200}}")
        if not isinstance(value, str) or not value.strip() or not re.fullmatch(rule, value):
            raise ApiError(47003, f"argument invalid! data.{key}.value invalid")
        values[key] = value
    return values


def _jump(body: dict[str, Any]) -> str:
    return "" if body.get("miniprogram") else str(body.get("url") or "")


def _line(template: Template, values: dict[str, str], url: str) -> dict[str, Any]:
    labels = dict(zip(template.keys, template.labels, strict=False))
    rows = [(labels.get(key) or _LABELS.get(re.sub(r"[0-9]+$", "", key), key), values[key]) for key in template.keys]
    text = "\n".join([template.title, *(f"{label}：{value}" for label, value in rows)])
    data = {"template_id": template.template_id, "title": template.title, "fields": values, "rows": rows, "url": url}
    return {"text": text, "data": data}


def _earlier(desk: Desk, openid: str, client_id: str) -> str | None:
    if not client_id:
        return None
    sql = "SELECT msgid FROM notice_sent WHERE openid = ? AND client_id = ? AND at > ?"
    row = desk.store.one(sql, openid, client_id, desk.now() - _GUARDED)
    return None if row is None else str(row["msgid"])


def _remember(desk: Desk, openid: str, client_id: str, msgid: int) -> None:
    if client_id:
        sql = "INSERT OR REPLACE INTO notice_sent(openid, client_id, at, msgid) VALUES (?, ?, ?, ?)"
        desk.store.run(sql, openid, client_id, desk.now(), str(msgid))


def _plan_result(desk: Desk, openid: str, msgid: int, status: str) -> None:
    fields = push.fields_of(desk, openid, desk.now() // SECOND, "event")
    fields |= {"Event": "TEMPLATESENDJOBFINISH", "MsgID": msgid, "Status": status}
    agenda.put(desk, desk.now(), "event", {"fields": fields})


def send_subscription(ask: Ask) -> dict[str, Any]:
    """POST /cgi-bin/message/subscribe/bizsend: each accept of the person buys one."""
    desk = ask.desk
    template = _template(ask)
    values = _values(template, ask.body.get("data"))
    openid = str(_follower(desk, ask.body.get("touser")))
    sql = "UPDATE subscription SET room = room - 1 WHERE openid = ? AND template_id = ? AND room > 0"
    with desk.store.together():
        if not desk.store.run(sql, openid, template.template_id):
            raise ApiError(43101, "user refuse to accept the msg")
        phone.put(desk, openid, "subscribe", _line(template, values, str(ask.body.get("page") or "")))
        sent = {"TemplateId": template.template_id, "MsgID": push.next_message_id(desk), "ErrorCode": 0}
        fields = push.fields_of(desk, openid, desk.now() // SECOND, "event")
        fields |= {
            "Event": "subscribe_msg_sent_event",
            "SubscribeMsgSentEvent": {"List": sent | {"ErrorStatus": "success"}},
        }
        agenda.put(desk, desk.now(), "event", {"fields": fields})
    return ok()


def accept_subscription(desk: Desk, openid: str, template_id: str) -> None:
    """The person accepts one more notice of that template in the pop-up of a page."""
    sql = (
        "INSERT INTO subscription(openid, template_id, room) VALUES (?, ?, 1) "
        "ON CONFLICT(openid, template_id) DO UPDATE SET room = room + 1"
    )
    desk.store.run(sql, openid, template_id)
    status = {"TemplateId": template_id, "SubscribeStatusString": "accept", "PopupScene": "1"}
    fields = push.fields_of(desk, openid, desk.now() // SECOND, "event")
    fields |= {"Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": {"List": status}}
    agenda.put(desk, desk.now(), "event", {"fields": fields})


def list_templates(ask: Ask) -> dict[str, Any]:
    """GET /cgi-bin/template/get_all_private_template."""
    templates = [Template(*each) for each in ask.desk.settings.templates]
    return {
        "template_list": [
            {"template_id": each.template_id, "title": each.title, "content": _content(each)} for each in templates
        ]
    }


def _content(template: Template) -> str:
    return "\n".join(f"{{{{{key}.DATA}}}}" for key in template.keys)
