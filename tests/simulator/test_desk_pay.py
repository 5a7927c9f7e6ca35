"""The bank, asked and heard by another library."""

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from desk_bench import API_V3_KEY, APP_ID, BANK, MERCHANT, Desktop, wait_for
from wechatpayv3 import WeChatPay, WeChatPayType

DAY = 86400


@pytest.fixture
def pay(desktop: Desktop) -> WeChatPay:
    """The merchant's side, in public-key mode."""
    client = WeChatPay(
        wechatpay_type=WeChatPayType.JSAPI,
        mchid=desktop.settings.mch_id,
        private_key=MERCHANT[0],
        cert_serial_no=desktop.settings.mch_serial,
        appid=APP_ID,
        apiv3_key=API_V3_KEY,
        notify_url=f"{desktop.url}/pay/notify",
        public_key=BANK[1],
        public_key_id=desktop.settings.pay_public_key_id,
        logger=logging.getLogger("pay"),
        timeout=(5, 10),
    )
    client._core._gate_way = f"{desktop.url}/sim/pay"
    return client


def create(pay: WeChatPay, openid: str, number: str = "W1", fen: int = 1200, **more: Any) -> tuple[int, Any]:
    """Status and JSON of a transfer's creation."""
    report = [
        {"info_type": "岗位类型", "info_content": "分销员"},
        {"info_type": "报酬说明", "info_content": "推广佣金"},
    ]
    facts: dict[str, Any] = {
        "transfer_scene_id": "1005",
        "transfer_scene_report_infos": report,
        "transfer_remark": "佣金",
    }
    status, text = pay.mch_transfer_bills(out_bill_no=number, openid=openid, transfer_amount=fen, **facts | more)
    return status, json.loads(text)


def query(pay: WeChatPay, number: str = "W1") -> tuple[int, Any]:
    """Status and JSON of a transfer's query."""
    status, text = pay.mch_transfer_bills_query(out_bill_no=number)
    return status, json.loads(text)


def heard(desktop: Desktop, pay: WeChatPay, count: int = 1) -> dict[str, Any]:
    """The newest notice as the library verifies and opens it."""
    headers, body = wait_for(lambda: desktop.service.notices[count - 1 : count])[0]
    found = pay.callback({key.title(): value for key, value in headers.items()}, body.decode())
    assert found is not None
    return dict(found)


def test_a_confirmed_transfer_is_paid_and_announced(desktop: Desktop, pay: WeChatPay) -> None:
    openid = desktop.person()
    status, made = create(pay, openid, user_name="李娜")
    assert (status, made["state"]) == (200, "WAIT_USER_CONFIRM")
    assert made["package_info"]
    assert desktop.post("/transfers/W1/confirm")["state"] == "SUCCESS"
    assert desktop.post("/transfers/W1/confirm")["state"] == "SUCCESS"
    notice = heard(desktop, pay)
    assert notice["event_type"] == "MCHTRANSFER.BILL.FINISHED"
    assert (notice["resource"]["state"], notice["resource"]["transfer_amount"]) == ("SUCCESS", 1200)
    assert query(pay)[1]["state"] == "SUCCESS"
    assert desktop.get(f"/people/{openid}")["wallet_fen"] == 1200
    assert len(desktop.service.notices) == 1


def test_ten_confirmations_at_once_pay_once(desktop: Desktop, pay: WeChatPay) -> None:
    openid = desktop.person()
    create(pay, openid)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: desktop.post("/transfers/W1/confirm"), range(10)))
    desktop.post("/clock", advance_seconds=0)
    assert {answer["state"] for answer in answers} == {"SUCCESS"}
    assert len(desktop.service.notices) == 1
    assert desktop.get("/bank")["balance_fen"] == 100_000_000 - 1200


def test_the_same_number_is_the_same_transfer_or_a_refusal(desktop: Desktop, pay: WeChatPay) -> None:
    openid = desktop.person()
    first = create(pay, openid, user_name="李娜")[1]
    assert create(pay, openid, user_name="李娜")[1] == first
    status, refused = create(pay, openid, fen=1300, user_name="李娜")
    assert (status, refused["code"]) == (400, "INVALID_REQUEST")
    assert len(desktop.get("/transfers")) == 1


def test_unconfirmed_for_a_day_it_fails_and_the_money_returns(desktop: Desktop, pay: WeChatPay) -> None:
    create(pay, desktop.person())
    assert desktop.get("/bank")["balance_fen"] == 100_000_000 - 1200
    desktop.post("/clock", advance_seconds=DAY - 60)
    assert query(pay)[1]["state"] == "WAIT_USER_CONFIRM"
    desktop.post("/clock", advance_seconds=60)
    assert query(pay)[1]["fail_reason"] == "OVERDUE_CLOSE"
    assert heard(desktop, pay)["resource"]["state"] == "FAIL"
    assert desktop.get("/bank")["balance_fen"] == 100_000_000
    assert requests.post(f"{desktop.url}/sim/transfers/W1/confirm", timeout=9).status_code == 409


def test_a_cancelled_transfer_cannot_be_confirmed(desktop: Desktop, pay: WeChatPay) -> None:
    create(pay, desktop.person())
    assert json.loads(pay.mch_transfer_bills_cancel(out_bill_no="W1")[1])["state"] == "CANCELING"
    assert heard(desktop, pay)["resource"]["state"] == "CANCELLED"
    assert requests.post(f"{desktop.url}/sim/transfers/W1/confirm", timeout=9).status_code == 409


def test_a_paid_transfer_cannot_be_cancelled(desktop: Desktop, pay: WeChatPay) -> None:
    create(pay, desktop.person())
    desktop.post("/transfers/W1/confirm")
    assert pay.mch_transfer_bills_cancel(out_bill_no="W1")[0] == 400


def test_a_slow_bank_passes_every_state(desktop: Desktop, pay: WeChatPay) -> None:
    desktop.post("/bank", slow_seconds=60)
    states = [create(pay, desktop.person())[1]["state"]]
    desktop.post("/clock", advance_seconds=60)
    states.append(query(pay)[1]["state"])
    desktop.post("/transfers/W1/confirm")
    states.append(query(pay)[1]["state"])
    desktop.post("/clock", advance_seconds=60)
    states.append(query(pay)[1]["state"])
    assert states == ["ACCEPTED", "WAIT_USER_CONFIRM", "TRANSFERING", "SUCCESS"]


def test_short_money_can_be_topped_up_under_the_same_number(desktop: Desktop, pay: WeChatPay) -> None:
    openid = desktop.person()
    desktop.post("/bank", balance_fen=100)
    status, refused = create(pay, openid)
    assert (status, refused["code"], query(pay)[0]) == (403, "NOT_ENOUGH", 404)
    desktop.post("/bank", balance_fen=5000)
    assert create(pay, openid)[0] == 200


@pytest.mark.parametrize(
    "change",
    [
        {"fen": 9},
        {"number": "W-1"},
        {"openid": "o" + "x" * 27},
        {"transfer_scene_id": "1011"},
        {"transfer_scene_report_infos": [{"info_type": "岗位类型", "info_content": "分销员"}]},
        {"transfer_remark": "字" * 33},
    ],
)
def test_a_request_against_the_rules_makes_no_transfer(
    desktop: Desktop, pay: WeChatPay, change: dict[str, Any]
) -> None:
    assert create(pay, change.pop("openid", None) or desktop.person(), **change)[0] in (400, 403)
    assert desktop.get("/transfers") == []


def test_a_large_amount_needs_the_name_and_a_wrong_name_fails(desktop: Desktop, pay: WeChatPay) -> None:
    openid = desktop.person(real_name="李娜")
    assert create(pay, openid, fen=200_000, user_name="李大")[0] == 200
    desktop.post("/transfers/W1/confirm")
    assert query(pay)[1]["fail_reason"] == "NAME_NOT_CORRECT"
    assert heard(desktop, pay)["resource"]["fail_reason"] == "NAME_NOT_CORRECT"


def test_another_merchants_key_is_not_heard(desktop: Desktop, pay: WeChatPay) -> None:
    pay._core._cert_serial_no = "00"
    status, refused = query(pay)
    assert (status, refused["code"]) == (401, "SIGN_ERROR")


def test_after_thirty_days_a_transfer_cannot_be_asked_for(desktop: Desktop, pay: WeChatPay) -> None:
    create(pay, desktop.person())
    desktop.post("/transfers/W1/fail", reason="TRANSFER_RISK")
    desktop.post("/clock", advance_seconds=31 * DAY)
    assert query(pay)[0] == 404


def test_a_notice_nobody_takes_comes_again_by_the_schedule(desktop: Desktop, pay: WeChatPay) -> None:
    desktop.service.notice_answer = lambda: ("", 500)
    create(pay, desktop.person())
    desktop.post("/transfers/W1/confirm")
    desktop.post("/clock", advance_seconds=31)
    assert len(desktop.service.notices) == 3
    desktop.post("/clock", advance_seconds=120 + 300)
    assert len(desktop.service.notices) == 12
    desktop.post("/clock", advance_seconds=2 * DAY)
    assert len(desktop.service.notices) == 65


def test_a_probe_does_not_verify_and_the_true_notice_follows(desktop: Desktop, pay: WeChatPay) -> None:
    desktop.service.notice_answer = lambda: ("", 401 if len(desktop.service.notices) == 1 else 204)
    desktop.post("/faults", call="/pay/notify", signtest=True)
    create(pay, desktop.person())
    desktop.post("/transfers/W1/confirm")
    headers, body = wait_for(lambda: desktop.service.notices)[0]
    assert headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    assert not pay.callback({key.title(): value for key, value in headers.items()}, body.decode())
    desktop.post("/clock", advance_seconds=15)
    assert heard(desktop, pay, 2)["resource"]["state"] == "SUCCESS"


def test_only_the_owner_opens_the_confirmation_page(desktop: Desktop, pay: WeChatPay) -> None:
    openid, other = desktop.person(), desktop.person()
    package = create(pay, openid)[1]["package_info"]
    assert desktop.post(f"/people/{other}/receive", package=package)["status"] == 409
    assert desktop.post(f"/people/{openid}/receive", package=package)["state"] == "SUCCESS"


def test_the_book_lists_what_the_bank_knows(
    desktop: Desktop, pay: WeChatPay, make_desktop: Callable[..., Desktop]
) -> None:
    openid = desktop.person()
    create(pay, openid)
    expected = {"out_bill_no": "W1", "openid": openid, "transfer_amount": 1200, "state": "WAIT_USER_CONFIRM"}
    assert expected.items() <= desktop.get("/transfers")[0].items()
    again = make_desktop()
    assert expected.items() <= again.get("/transfers")[0].items()
