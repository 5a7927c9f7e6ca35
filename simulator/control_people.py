"""The control calls of one person: what they do with the phone, the browser and the mall."""

from typing import Any

from flask import Blueprint, Response, request

from simulator import browsing, gestures, mall, menu, notices, people, phone, push, transfers, wire
from simulator.ask import ApiError
from simulator.desk import Desk, current_desk
from simulator.problems import Problem
from simulator.push import Outcome

blueprint = Blueprint("control_people", __name__)


def _outcome(desk: Desk, openid: str, outcome: Outcome, **more: Any) -> Response:
    line = None if outcome.line is None else phone.line(desk, openid, outcome.line, request.script_root)
    attempts = [{"status": each.status, "ms": each.ms} for each in outcome.deliveries]
    shown = line if line is not None and line["type"] != "system" else None
    return wire.answer({"deliveries": attempts, "passive": shown, "verdict": outcome.verdict, **more})


@blueprint.get("/people")
def list_people() -> Response:
    """Everyone with a phone."""
    return wire.answer([_person(dict(row)) for row in people.everyone(current_desk())])


def _person(row: dict[str, Any]) -> dict[str, Any]:
    return {"openid": row["openid"], "name": row["name"], "kind": row["kind"], "follows": bool(row["follows"])}


@blueprint.post("/people")
def add_person() -> Response:
    """A new WeChat user."""
    return wire.answer(_person(dict(people.add(current_desk(), wire.body()))))


@blueprint.post("/people/import")
def import_people() -> Response:
    """Many WeChat users at once, with the openids they have already."""
    everyone = wire.body().get("people")
    if not isinstance(everyone, list) or not all(isinstance(each, dict) for each in everyone):
        raise Problem(400, "people must be a list of objects")
    return wire.answer({"people": people.add_many(current_desk(), everyone)})


@blueprint.get("/people/<openid>")
def show_person(openid: str) -> Response:
    """One person, with the money in the wallet."""
    desk = current_desk()
    person = _person(dict(people.get(desk, openid)))
    sql = "SELECT coalesce(sum(fen), 0) AS fen FROM transfer WHERE openid = ? AND state = 'SUCCESS'"
    row = desk.store.one(sql, openid)
    return wire.answer(person | {"wallet_fen": row["fen"] if row else 0, "menu": menu.shown(desk)})


@blueprint.post("/people/<openid>")
def change_person(openid: str) -> Response:
    """Another name, kind or real name; refusing messages; being black-listed."""
    return wire.answer(_person(dict(people.change(current_desk(), openid, wire.body()))))


@blueprint.post("/people/<openid>/follow")
def follow(openid: str) -> Response:
    """The person follows, by a scene's code or without."""
    desk, scene = current_desk(), wire.body().get("scene") or ""
    return _outcome(desk, openid, gestures.follow(desk, openid, str(scene)))


@blueprint.post("/people/<openid>/unfollow")
def unfollow(openid: str) -> Response:
    """The person stops following."""
    desk = current_desk()
    return _outcome(desk, openid, gestures.unfollow(desk, openid))


@blueprint.post("/people/<openid>/say")
def say(openid: str) -> Response:
    """The person sends a text."""
    desk, body = current_desk(), wire.body()
    menu_id = str(body["menu_id"]) if body.get("menu_id") else None
    return _outcome(desk, openid, gestures.say(desk, openid, wire.text(body, "text"), menu_id=menu_id))


@blueprint.post("/people/<openid>/tap")
def tap(openid: str) -> Response:
    """The person taps a menu button."""
    desk = current_desk()
    return _outcome(desk, openid, gestures.tap(desk, openid, wire.text(wire.body(), "key")))


@blueprint.post("/people/<openid>/view")
def view(openid: str) -> Response:
    """The person taps a menu button that opens a page."""
    desk = current_desk()
    return _outcome(desk, openid, gestures.view(desk, openid, wire.text(wire.body(), "url")))


@blueprint.post("/people/<openid>/scan")
def scan(openid: str) -> Response:
    """The person scans a picture: the account's own code, or a link that opens."""
    desk = current_desk()
    people.get(desk, openid)
    body = wire.body()
    link = gestures.seen_in(gestures.picture_of(body.get("image_base64")))
    if link:
        desk.store.next_number("scans")
    outcome = gestures.scan_link(desk, openid, link) if link else None
    if outcome is not None:
        return _outcome(desk, openid, outcome, decoded=link)
    opened = None
    if link and browsing.is_ours(desk, link) and body.get("open") is not False:
        opened = browsing.open_page(desk, openid, link)
    return _outcome(desk, openid, Outcome(verdict="no push"), decoded=link, opened=opened)


@blueprint.post("/people/<openid>/send_image")
def send_image(openid: str) -> Response:
    """The person sends a picture."""
    desk = current_desk()
    picture = gestures.picture_of(wire.body().get("image_base64"))
    try:
        outcome = gestures.send_image(desk, openid, picture, request.url_root.rstrip("/"))
    except ApiError as error:
        raise Problem(400, error.errmsg) from error
    return _outcome(desk, openid, outcome)


@blueprint.post("/people/<openid>/send_voice")
def send_voice(openid: str) -> Response:
    """The person speaks; `recognition` is what was understood."""
    desk = current_desk()
    recognition = wire.body().get("recognition")
    return _outcome(desk, openid, gestures.send_voice(desk, openid, None if recognition is None else str(recognition)))


@blueprint.post("/people/<openid>/raw")
def push_raw(openid: str) -> Response:
    """A push as an attacker would make it: own `xml`, or `wrong`: signature, key, app_id, timestamp, plain."""
    desk, body = current_desk(), wire.body()
    people.get(desk, openid)
    message_id = int(body.get("message_id") or push.next_message_id(desk))
    asked = push.fields_of(desk, openid, desk.now() // 1000, "text")
    asked |= {"Content": str(body.get("text", "你好")), "MsgId": message_id}
    twist = push.Twist(wrong=str(body.get("wrong", "")), xml=body.get("xml"), attempts=1)
    outcome = push.push(desk, asked, shown=False, twist=twist)
    return _outcome(desk, openid, outcome, message_id=asked["MsgId"])


@blueprint.post("/people/<openid>/accept")
def accept(openid: str) -> Response:
    """The person accepts one subscription notice of a template."""
    desk = current_desk()
    people.get(desk, openid)
    notices.accept_subscription(desk, openid, wire.text(wire.body(), "template_id"))
    return wire.answer({})


@blueprint.get("/people/<openid>/phone")
def show_phone(openid: str) -> Response:
    """What the phone shows."""
    desk = current_desk()
    person = people.get(desk, openid)
    messages = phone.lines(desk, openid, wire.number("since"), request.script_root)
    return wire.answer({"messages": messages, "follows": bool(person["follows"])})


@blueprint.post("/people/<openid>/open")
def open_page(openid: str) -> Response:
    """The person opens a page."""
    return wire.answer(browsing.open_page(current_desk(), openid, wire.text(wire.body(), "url")))


@blueprint.post("/people/<openid>/buy")
def buy(openid: str) -> Response:
    """The person buys at the demo's mall."""
    return wire.answer(mall.buy(current_desk(), openid, wire.body()))


@blueprint.get("/people/<openid>/orders")
def list_orders(openid: str) -> Response:
    """The person's orders at the demo's mall."""
    return wire.answer(mall.orders(current_desk(), openid))


@blueprint.post("/people/<openid>/orders/<order_no>/<step>")
def step_order(openid: str, order_no: str, step: str) -> Response:
    """The order is shipped, received or refunded."""
    desk = current_desk()
    if step == "refund":
        return wire.answer(mall.refund(desk, openid, order_no, wire.body()))
    if step not in ("ship", "receive"):
        raise Problem(404, "an order can ship, receive or refund")
    return wire.answer(mall.step(desk, openid, order_no, step))


@blueprint.get("/people/<openid>/receive")
def look_at_receipt(openid: str) -> Response:
    """What the page that a package opens shows before the person confirms."""
    desk = current_desk()
    row = transfers.find_by_package(desk, request.args.get("package", ""))
    if row is None or row["openid"] != openid:
        raise Problem(404, "this package opens no page for this person")
    facts = {"out_bill_no": row["out_bill_no"], "state": row["state"], "transfer_amount": row["fen"]}
    return wire.answer(facts | {"remark": row["remark"], "account": desk.settings.account_name})


@blueprint.post("/people/<openid>/receive")
def receive(openid: str) -> Response:
    """The person confirms on the page that a package opens; only its owner can."""
    desk = current_desk()
    row = transfers.find_by_package(desk, wire.text(wire.body(), "package"))
    if row is None or row["openid"] != openid:
        raise Problem(409, "this package opens no page for this person")
    confirmed = transfers.confirm(desk, row["out_bill_no"])
    return wire.answer({"out_bill_no": row["out_bill_no"], "state": confirmed["state"], "transfer_amount": row["fen"]})
