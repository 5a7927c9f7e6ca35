"""Doors that only the demo has, for this machine alone: run what is due, tell what happened, list the shelf."""

import ipaddress
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, request

from app.demo.trace import Trace
from distribution import products
from distribution.rules.calendar import SHANGHAI
from models.database import Database
from scheduler.runner import Runner

_MOST = 500


def doors(database: Database, runner: Runner, trace: Trace) -> Blueprint:
    """/ goes to the phones; /demo/run, /demo/trace and /demo/products serve the simulated WeChat."""
    pages = Blueprint("demo", __name__)
    pages.before_request(_refuse_strangers)
    pages.add_url_rule("/", view_func=lambda: redirect("/sim/"), endpoint="home")

    @pages.post("/demo/run")
    def run() -> Response:
        due = runner.run_due()
        return jsonify(next_due=due.astimezone(SHANGHAI).isoformat() if due else None)

    @pages.get("/demo/trace")
    def happened() -> Response:
        since = request.args.get("since", 0, type=int)
        with database.reading() as session:
            return jsonify(events=trace.since(session, since, request.args.get("openid")))

    @pages.get("/demo/products")
    def shelf() -> Response:
        with database.reading() as session:
            return jsonify([_shown(row) for row in products.on_sale(session, _MOST)])

    return pages


def _shown(row: Any) -> dict[str, Any]:
    return {
        "sku": row.sku,
        "name": row.name,
        "price_fen": row.price_fen,
        "stock": row.stock,
        "image_url": row.image_url,
        "merchant": row.merchant_id,
    }


def _refuse_strangers() -> None:
    if request.path == "/":
        return
    try:
        near = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        near = False
    if not near or request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)
