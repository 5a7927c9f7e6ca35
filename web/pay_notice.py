"""/pay/notify: what WeChat Pay tells of transfers, believed only when it is proven."""

import structlog
from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from distribution import transfers
from distribution.refusals import Refusal
from distribution.transfers import TransferNews
from models.database import Session
from web.parts import WebParts
from wechat.errors import BadNotice
from wechat.pay import Notice

log = structlog.get_logger()

_LARGEST_BODY = 64 * 1024


def pay_notice(parts: WebParts) -> Blueprint:
    """The door for WeChat Pay's notices."""
    doors = Blueprint("pay", __name__)

    @doors.post("/pay/notify")
    def notify() -> Response:
        if parts.parse_notice is None:
            return _failed(404, "payouts are switched off")
        try:
            request.max_content_length = _LARGEST_BODY
            raw = request.get_data()
        except RequestEntityTooLarge:
            return _failed(413, "too large")
        try:
            notice = parts.parse_notice(dict(request.headers), raw, now=parts.clock.now())
        except BadNotice as error:
            log.log(20 if error.probe else 30, "pay.notice_not_proven", reason=error.reason, probe=error.probe)
            return _failed(401, "the signature does not prove this")
        _take(parts, notice)
        return Response(status=204)

    return doors


def _take(parts: WebParts, notice: Notice) -> None:
    if notice.state is None:
        log.info("pay.notice_ignored", event=notice.event_type)
        return
    news = TransferNews(state=str(notice.state), fail_reason=notice.fail_reason, fen=notice.fen, openid=notice.openid)

    def once(session: Session) -> bool:
        return transfers.take_notice(session, notice.event_id, notice.no, news, now=parts.clock.now())

    try:
        fresh = parts.database.write(once)
    except Refusal:
        log.error("pay.notice_of_unknown_number", no=notice.no, state=news.state)
        parts.database.write(
            lambda session: transfers.alarm(
                session, notice.no, "微信支付通知了一个我们没有的单号", now=parts.clock.now()
            )
        )
        return
    log.info("pay.notice", no=notice.no, state=news.state, fresh=fresh)


def _failed(status: int, message: str) -> Response:
    answer = jsonify(code="FAIL", message=message)
    answer.status_code = status
    return answer
