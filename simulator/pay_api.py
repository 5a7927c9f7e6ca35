"""The bank's API host: transfers to people, signed both ways."""

import json
import re
from sqlite3 import Row
from typing import Any

from flask import Blueprint, Response, request

from simulator import calls, faults, pay_signing, people, transfers, wire
from simulator.desk import Desk, current_desk
from simulator.instants import DAY, beijing_text

blueprint = Blueprint("pay", __name__)

_BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
_NUMBER = re.compile(r"[A-Za-z0-9]{1,32}")
_LEAST_FEN = 10
_NAME_FROM_FEN = 30
_NAME_NEEDED_FROM_FEN = 200_000
_QUERY_WINDOW = 30 * DAY
_SCENES = {"1000": {"活动名称", "奖励说明"}, "1005": {"岗位类型", "报酬说明"}}
_STATUS = {
    "NOT_ENOUGH": 403,
    "NO_AUTH": 403,
    "SIGN_ERROR": 401,
    "NOT_FOUND": 404,
    "SYSTEM_ERROR": 500,
    "FREQUENCY_LIMITED": 429,
    "FREQUENCY_LIMIT_EXCEED": 429,
    "RATELIMIT_EXCEEDED": 429,
}
_CODE = {401: "SIGN_ERROR", 403: "NO_AUTH", 404: "NOT_FOUND", 429: "FREQUENCY_LIMITED"}


class PayError(Exception):
    """A refusal of the bank: its code and one sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@blueprint.route("/pay/<path:rest>", methods=["GET", "POST"])
def serve(rest: str) -> Response:
    """Any call of the bank: faults first, then the signature, then the call; every answer is signed."""
    desk, path = current_desk(), f"/{rest}"
    fault = faults.take(desk, path)
    response, lost = faults.suffer(fault, lambda: _answer(desk, path), _refused)
    if not lost:
        response.headers.extend(pay_signing.headers(desk, response.get_data(), probe=bool(fault and fault.signtest)))
    calls.note(
        desk,
        method=request.method,
        path=path,
        status=0 if lost else response.status_code,
        code="" if lost else response.headers.pop("X-Code", ""),
        openid=_receiver(),
        fault=fault.name if fault else "",
    )
    return response


def _receiver() -> str:
    body = wire.posted() if request.method == "POST" else None
    return str(body.get("openid", "")) if isinstance(body, dict) else ""


def _refused(fault: faults.Fault) -> Response:
    given = None if fault.errcode is None else str(fault.errcode)
    status = fault.http or _STATUS.get(given or "", 400)
    code = given or _CODE.get(status, "SYSTEM_ERROR" if status >= 500 else "INVALID_REQUEST")
    return _json({"code": code, "message": "ordered fault"}, status)


def _answer(desk: Desk, path: str) -> Response:
    query = request.query_string.decode("ascii", "replace")
    signed = pay_signing.Signed(request.method, f"{path}?{query}" if query else path, request.get_data())
    try:
        pay_signing.check_request(desk, request.headers.get("Authorization", ""), signed)
        return _json(_called(desk, path))
    except pay_signing.BadSignature as error:
        return _json({"code": "SIGN_ERROR", "message": str(error), "detail": _signed_detail(signed)}, 401)
    except PayError as error:
        return _json({"code": error.code, "message": error.text}, _STATUS.get(error.code, 400))


def _signed_detail(signed: pay_signing.Signed) -> dict[str, Any]:
    return {"sign_information": {"method": signed.method, "url": signed.path, "sign_message_length": len(signed.body)}}


def _called(desk: Desk, path: str) -> dict[str, Any]:
    if request.method == "POST" and path == _BILLS:
        return _create(desk)
    if request.method == "POST" and (found := re.fullmatch(rf"{_BILLS}/out-bill-no/([^/]+)/cancel", path)):
        return _cancel(desk, found[1])
    if request.method == "GET" and (found := re.fullmatch(rf"{_BILLS}/out-bill-no/([^/]+)", path)):
        return _query(desk, transfers.find(desk, found[1]))
    if request.method == "GET" and (found := re.fullmatch(rf"{_BILLS}/transfer-bill-no/([^/]+)", path)):
        return _query(desk, transfers.find_by_bill(desk, found[1]))
    raise (
        PayError("NOT_FOUND", "no such call")
        if path != "/v3/certificates"
        else PayError("RESOURCE_NOT_EXISTS", "this merchant uses the public key")
    )


def _create(desk: Desk) -> dict[str, Any]:
    try:
        row = transfers.create(desk, _request(desk, _body()))
    except transfers.Differs as error:
        raise PayError("INVALID_REQUEST", "商户单号已存在，且请求参数不一致") from error
    except transfers.NotEnough as error:
        raise PayError("NOT_ENOUGH", "资金不足，请充值后使用原单号、原参数重试") from error
    return _created(row)


def _created(row: Row) -> dict[str, Any]:
    answer = {
        "out_bill_no": row["out_bill_no"],
        "transfer_bill_no": row["bill_no"],
        "create_time": beijing_text(row["created_at"]),
        "state": row["state"],
    }
    if row["state"] == "WAIT_USER_CONFIRM":
        answer["package_info"] = row["package"]
    if row["fail_reason"]:
        answer["fail_reason"] = row["fail_reason"]
    return answer


def _cancel(desk: Desk, out_bill_no: str) -> dict[str, Any]:
    if transfers.find(desk, out_bill_no) is None:
        raise PayError("NOT_FOUND", "记录不存在")
    row = transfers.cancel(desk, out_bill_no)
    if row is None:
        raise PayError("INVALID_REQUEST", "当前单据状态不支持撤销")
    return {
        "out_bill_no": row["out_bill_no"],
        "transfer_bill_no": row["bill_no"],
        "state": row["state"],
        "update_time": beijing_text(row["updated_at"]),
    }


def _query(desk: Desk, row: Row | None) -> dict[str, Any]:
    if row is None or row["created_at"] < desk.now() - _QUERY_WINDOW:
        raise PayError("NOT_FOUND", "记录不存在")
    answer = {
        "mch_id": desk.settings.mch_id,
        "out_bill_no": row["out_bill_no"],
        "transfer_bill_no": row["bill_no"],
        "appid": desk.settings.app_id,
        "state": row["state"],
        "transfer_amount": row["fen"],
        "transfer_remark": row["remark"],
        "openid": row["openid"],
        "create_time": beijing_text(row["created_at"]),
        "update_time": beijing_text(row["updated_at"]),
    }
    return answer | ({"fail_reason": row["fail_reason"]} if row["fail_reason"] else {})


def _body() -> dict[str, Any]:
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        raise PayError("PARAM_ERROR", "请求不是合法的 JSON") from error
    if not isinstance(body, dict):
        raise PayError("PARAM_ERROR", "请求不是 JSON 对象")
    return body


def _request(desk: Desk, body: dict[str, Any]) -> transfers.Request:
    number, fen = _text(body, "out_bill_no", most=32), body.get("transfer_amount")
    if not _NUMBER.fullmatch(number):
        raise PayError("PARAM_ERROR", "out_bill_no 只能由数字、大小写字母组成")
    if type(fen) is not int or fen < _LEAST_FEN:
        raise PayError("PARAM_ERROR", "transfer_amount 不能小于 10")
    openid = _text(body, "openid", most=64)
    if body.get("appid") != desk.settings.app_id or people.find(desk, openid) is None:
        raise PayError("INVALID_REQUEST", "appid 与 openid 不匹配")
    scene = _text(body, "transfer_scene_id", most=36)
    if scene not in _SCENES:
        raise PayError("NO_AUTH", "未开通该转账场景")
    return transfers.Request(
        out_bill_no=number,
        openid=openid,
        fen=fen,
        remark=_text(body, "transfer_remark", most=32),
        scene=scene,
        report=_report(scene, body.get("transfer_scene_report_infos")),
        user_name=_user_name(desk, body.get("user_name"), fen),
        notify_url=_notify_url(desk, body.get("notify_url")),
    )


def _text(body: dict[str, Any], name: str, *, most: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise PayError("PARAM_ERROR", f"{name} 格式错误")
    return value


def _report(scene: str, given: Any) -> str:
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise PayError("PARAM_ERROR", "transfer_scene_report_infos 未传")
    kinds = [each.get("info_type") for each in given]
    contents = [each.get("info_content") for each in given]
    if set(kinds) != _SCENES[scene] or len(kinds) != len(set(kinds)):
        raise PayError("PARAM_ERROR", "transfer_scene_report_infos 与场景要求不符")
    if not all(isinstance(content, str) and 1 <= len(content) <= 32 for content in contents):
        raise PayError("PARAM_ERROR", "info_content 格式错误")
    return json.dumps(sorted(zip(map(str, kinds), map(str, contents), strict=True)), ensure_ascii=False)


def _user_name(desk: Desk, sealed: Any, fen: int) -> str | None:
    if sealed is None:
        if fen >= _NAME_NEEDED_FROM_FEN:
            raise PayError("PARAM_ERROR", "转账金额 >= 2000 元时，收款用户姓名必填")
        return None
    if fen < _NAME_FROM_FEN:
        raise PayError("PARAM_ERROR", "转账金额 < 0.3 元时，不允许填写收款用户姓名")
    if request.headers.get("Wechatpay-Serial") != desk.settings.pay_public_key_id:
        raise PayError("PARAM_ERROR", "Wechatpay-Serial 与加密敏感信息的公钥不符")
    try:
        return pay_signing.open_secret(desk, str(sealed))
    except ValueError as error:
        raise PayError("PARAM_ERROR", "user_name 解密失败") from error


def _notify_url(desk: Desk, given: Any) -> str:
    if given in (None, ""):
        return desk.settings.pay_notify_url
    if not isinstance(given, str) or len(given) > 256 or "?" in given or not re.match(r"https?://", given):
        raise PayError("PARAM_ERROR", "notify_url 格式错误")
    return given


def _json(body: dict[str, Any], status: int = 200) -> Response:
    response = Response(json.dumps(body, ensure_ascii=False), status=status)
    response.content_type = "application/json; charset=utf-8"
    response.headers["X-Code"] = str(body.get("code") or body.get("state") or "")
    return response
