"""The control calls of the whole desk: clock, faults, the bank's book and the record, as JSON."""

from datetime import timedelta

from flask import Blueprint, Response

from simulator import calls, faults, jumps, mall, media, tokens, transfers, wire
from simulator.desk import Desk, current_desk
from simulator.instants import BEIJING
from simulator.problems import Problem

blueprint = Blueprint("control", __name__)
_FARTHEST = 10 * 366 * 86400


@blueprint.get("/config")
def config() -> Response:
    """Who the account is and where the console and the API are."""
    settings = current_desk().settings
    api = {"base": f"{settings.service_url}/api/v1", "secret": settings.api_secret}
    return wire.answer(
        {"app_id": settings.app_id, "original_id": settings.original_id, "console": settings.console, "api": api}
    )


@blueprint.get("/products")
def list_products() -> Response:
    """What the demo's mall sells."""
    return wire.answer(mall.products(current_desk()))


@blueprint.get("/clock")
def show_clock() -> Response:
    """The present moment."""
    return _moment(current_desk())


def _moment(desk: Desk) -> Response:
    return wire.answer({"now": desk.clock.now().astimezone(BEIJING).isoformat(timespec="milliseconds")})


@blueprint.post("/clock")
def advance_clock() -> Response:
    """Time goes on at once; the answer comes when all due work is done."""
    desk, length = current_desk(), wire.body().get("advance_seconds")
    if isinstance(length, bool) or not isinstance(length, int | float) or not 0 <= length <= _FARTHEST:
        raise Problem(400, "advance_seconds must be a number from 0")
    jumps.jump(desk, timedelta(seconds=length))
    return _moment(desk)


@blueprint.get("/faults")
def list_faults() -> Response:
    """The faults still to come."""
    return wire.answer(faults.planned(current_desk()))


@blueprint.post("/faults")
def order_fault() -> Response:
    """The next calls whose path contains `call` go wrong."""
    faults.order(current_desk(), wire.body())
    return wire.answer({})


@blueprint.delete("/faults")
def clear_faults() -> Response:
    """All calls go well again."""
    faults.clear(current_desk())
    return wire.answer({})


@blueprint.get("/transfers")
def list_transfers() -> Response:
    """The bank's book."""
    return wire.answer(transfers.book(current_desk()))


@blueprint.post("/transfers/<out_bill_no>/confirm")
def confirm_transfer(out_bill_no: str) -> Response:
    """The person confirms the receipt."""
    row = transfers.confirm(current_desk(), out_bill_no)
    return wire.answer({"out_bill_no": out_bill_no, "state": row["state"]})


@blueprint.post("/transfers/<out_bill_no>/fail")
def fail_transfer(out_bill_no: str) -> Response:
    """The bank gives the transfer up."""
    reason = wire.body().get("reason") or "OTHER_FAIL_REASON_TYPE"
    row = transfers.fail(current_desk(), out_bill_no, str(reason))
    return wire.answer({"out_bill_no": out_bill_no, "state": row["state"]})


@blueprint.route("/bank", methods=["GET", "POST"])
def bank() -> Response:
    """The merchant's balance and how slow the bank is."""
    return wire.answer(transfers.set_bank(current_desk(), wire.body()))


@blueprint.delete("/tokens")
def revoke_tokens() -> Response:
    """Every access token is invalid from now on."""
    tokens.revoke_all(current_desk())
    return wire.answer({})


@blueprint.get("/calls")
def list_calls() -> Response:
    """The calls the service made."""
    return wire.answer(calls.since(current_desk(), wire.number("since")))


@blueprint.get("/media/<media_id>")
def show_media(media_id: str) -> Response:
    """A picture a phone shows."""
    return media.shown(current_desk(), media_id)
