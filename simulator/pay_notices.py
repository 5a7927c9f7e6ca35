"""The bank's notices to the merchant: encrypted, signed, repeated until taken."""

import json
import secrets
from sqlite3 import Row
from typing import Any

import requests

from simulator import agenda, calls, faults, pay_signing
from simulator.desk import Desk, outgoing
from simulator.instants import SECOND, beijing_text

_PAUSES = (*(15,) * 10, *(300,) * 10, *(1800,) * 44)
_ASSOCIATED = "mch_payment"
_TIMEOUT = 5.0


def plan(desk: Desk, transfer: Row) -> None:
    """Tell the merchant, from this moment on, that a transfer has ended."""
    resource = {
        "out_bill_no": transfer["out_bill_no"],
        "transfer_bill_no": transfer["bill_no"],
        "state": transfer["state"],
        "mch_id": desk.settings.mch_id,
        "transfer_amount": transfer["fen"],
        "openid": transfer["openid"],
        "create_time": beijing_text(transfer["created_at"]),
        "update_time": beijing_text(transfer["updated_at"]),
    }
    if transfer["fail_reason"]:
        resource["fail_reason"] = transfer["fail_reason"]
    notice = {"id": secrets.token_hex(16), "created": desk.now(), "url": transfer["notify_url"], "resource": resource}
    agenda.put(desk, desk.now(), "notice", notice)


def run_notice(desk: Desk, body: dict[str, Any], tries: int) -> int | None:
    """Due work: deliver once; the moment of the next try after a failure, None when taken or given up."""
    raw = json.dumps(_envelope(desk, body), ensure_ascii=False).encode()
    fault = faults.take(desk, f"notify {body['url']}")
    headers = pay_signing.headers(desk, raw, probe=bool(fault and fault.signtest))
    headers |= {"Content-Type": "application/json", "User-Agent": "Mozilla/4.0"}
    status = 0
    try:
        with outgoing() as session:
            response = session.post(body["url"], data=raw, headers=headers, timeout=_TIMEOUT, allow_redirects=False)
        status = response.status_code
    except requests.RequestException:
        pass
    code = body["resource"]["state"]
    openid = body["resource"]["openid"]
    calls.note(desk, method="NOTICE", path=body["url"], status=status, code=code, openid=openid)
    if 200 <= status < 300 or tries >= len(_PAUSES):
        return None
    return desk.now() + _PAUSES[tries] * SECOND


def _envelope(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    nonce = secrets.token_hex(6)
    plain = json.dumps(body["resource"], ensure_ascii=False).encode()
    sealed = pay_signing.seal_notice(desk.settings.api_v3_key, plain, nonce=nonce, associated=_ASSOCIATED)
    return {
        "id": body["id"],
        "create_time": beijing_text(body["created"]),
        "event_type": "MCHTRANSFER.BILL.FINISHED",
        "resource_type": "encrypt-resource",
        "summary": "商家转账单据终态通知",
        "resource": {
            "original_type": "mch_payment",
            "algorithm": "AEAD_AES_256_GCM",
            "associated_data": _ASSOCIATED,
            "nonce": nonce,
            "ciphertext": sealed,
        },
    }
