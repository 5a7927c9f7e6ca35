"""A transfer is asked for under one number, and only a proven answer decides anything."""

from dataclasses import replace
from typing import Any

import pytest
import requests
from wechat_pay_bank import Bank
from wechat_stand_in import HandClock, Reply, StandIn

from wechat.errors import Action, Outside
from wechat.http import open_session
from wechat.pay import Pay, State, Transfer
from wechat.settings import PaySettings

NO = "W202611240001"
TRANSFER = Transfer(NO, "oABCDEFGHIJKLMNOPQRSTUVWXYZ_", 6000, "十一月佣金", name="王小明")
WAITING = {
    "out_bill_no": NO,
    "transfer_bill_no": "1330000071",
    "create_time": "2026-11-24T12:00:00+08:00",
    "state": "WAIT_USER_CONFIRM",
    "package_info": "canary-package",
}


def test_construction_needs_no_network(pay: Pay, server: StandIn) -> None:
    assert server.heard == []


def test_a_transfer_waits_for_the_payee(pay: Pay, server: StandIn, bank: Bank, clock: HandClock) -> None:
    server.play("/v3/", bank.reply(WAITING, clock.now()))

    state = pay.create_transfer(TRANSFER)

    assert (state.no, state.state, state.bill_no) == (NO, State.WAIT_USER_CONFIRM, "1330000071")
    assert state.package == "canary-package"
    assert "canary" not in repr(state)


def test_what_is_sent_is_what_is_signed(pay: Pay, server: StandIn, bank: Bank, clock: HandClock) -> None:
    server.play("/v3/", bank.reply(WAITING, clock.now()))

    pay.create_transfer(TRANSFER)

    heard = server.heard[0]
    assert heard.path == "/sim/pay/v3/fund-app/mch-transfer/transfer-bills"
    assert bank.trusts(heard)
    assert f'timestamp="{int(clock.now().timestamp())}"' in heard.headers["Authorization"]
    assert bank.unsealed(heard.json.pop("user_name")) == "王小明"


def test_the_order_holds_what_the_scene_asks(pay: Pay, server: StandIn, bank: Bank, clock: HandClock) -> None:
    server.play("/v3/", bank.reply(WAITING, clock.now()))

    pay.create_transfer(replace(TRANSFER, name=None, remark=""))

    assert server.heard[0].json == {
        "out_bill_no": NO,
        "transfer_scene_id": "1005",
        "openid": TRANSFER.openid,
        "transfer_amount": 6000,
        "transfer_remark": "推广佣金",
        "transfer_scene_report_infos": [
            {"info_type": "岗位类型", "info_content": "分销员"},
            {"info_type": "报酬说明", "info_content": "推广佣金"},
        ],
        "appid": "wx0123456789abcdef",
        "notify_url": "https://shop.example/pay/notify",
    }


def test_below_thirty_fen_no_name_is_sent(pay: Pay, server: StandIn, bank: Bank, clock: HandClock) -> None:
    server.play("/v3/", bank.reply(WAITING, clock.now()))

    pay.create_transfer(replace(TRANSFER, fen=29))

    assert "user_name" not in server.heard[0].json


@pytest.mark.parametrize(
    "change",
    [
        {"no": "W-1"},
        {"no": "W" * 33},
        {"no": ""},
        {"fen": 9},
        {"fen": 200_000, "name": None},
        {"fen": 12.0},
        {"fen": "6000"},
        {"fen": True},
        {"openid": ""},
        {"remark": "字" * 33},
        {"name": "字" * 51},
    ],
)
def test_a_transfer_wechat_could_not_take_is_stopped_before_it_is_sent(
    pay: Pay, server: StandIn, change: dict[str, Any]
) -> None:
    with pytest.raises(Outside) as caught:
        pay.create_transfer(replace(TRANSFER, **change))
    assert caught.value.action is Action.STOP
    assert server.heard == []


@pytest.mark.parametrize(
    ("status", "code", "action"),
    [
        (400, "PARAM_ERROR", Action.STOP),
        (400, "INVALID_REQUEST", Action.UNKNOWN),
        (401, "SIGN_ERROR", Action.STOP),
        (403, "NO_AUTH", Action.STOP),
        (403, "NOT_ENOUGH", Action.RETRY),
        (404, "NOT_FOUND", Action.UNKNOWN),
        (429, "FREQUENCY_LIMITED", Action.RETRY),
        (429, "RATELIMIT_EXCEEDED", Action.RETRY),
        (500, "SYSTEM_ERROR", Action.UNKNOWN),
        (500, "NOT_ENOUGH", Action.UNKNOWN),
        (503, "SYSTEM_ERROR", Action.UNKNOWN),
        (403, "NEVER_HEARD_OF", Action.UNKNOWN),
    ],
)
@pytest.mark.parametrize("signed", [True, False])
def test_a_refusal_means_what_the_table_says(
    pay: Pay, server: StandIn, bank: Bank, clock: HandClock, status: int, code: str, action: Action, signed: bool
) -> None:
    reply = bank.reply({"code": code, "message": "…"}, clock.now(), status)
    server.play("/v3/", reply if signed else replace(reply, headers={}))

    with pytest.raises(Outside) as caught:
        pay.create_transfer(TRANSFER)
    assert (caught.value.action, caught.value.code) == (action, code)
    assert len(server.heard) == 1


def test_a_short_balance_wakes_somebody(pay: Pay, server: StandIn, bank: Bank, clock: HandClock) -> None:
    server.play("/v3/", bank.reply({"code": "NOT_ENOUGH", "message": "余额不足"}, clock.now(), 403))

    with pytest.raises(Outside) as caught:
        pay.create_transfer(TRANSFER)
    assert (caught.value.alarm, caught.value.retry_after) == (True, 600)


@pytest.mark.parametrize(
    "changes",
    [
        {"Wechatpay_Signature": "AAAA"},
        {"Wechatpay_Signature": ""},
        {"Wechatpay_Signature": "WECHATPAY/SIGNTEST/AAAA"},
        {"Wechatpay_Serial": "5F3A"},
        {"Wechatpay_Serial": "PUB_KEY_ID_0"},
        {"Wechatpay_Serial": ""},
        {"Wechatpay_Signature_Type": "NONE"},
        {"Wechatpay_Nonce": "other"},
        {"Wechatpay_Timestamp": "1"},
    ],
)
def test_an_answer_that_is_not_proven_is_unknown(
    pay: Pay, server: StandIn, bank: Bank, clock: HandClock, changes: dict[str, str]
) -> None:
    reply = bank.reply(WAITING, clock.now())
    server.play("/v3/", replace(reply, headers=bank.headers(reply.body, clock.now(), **changes)))

    with pytest.raises(Outside) as caught:
        pay.create_transfer(TRANSFER)
    assert (caught.value.action, caught.value.code) == (Action.UNKNOWN, "SIGNATURE")
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {**WAITING, "out_bill_no": "W202611240002"},
        {**WAITING, "state": "NEVER_HEARD_OF"},
        {**WAITING, "state": None},
        {**WAITING, "transfer_amount": "6000"},
        [],
        "SUCCESS",
    ],
)
def test_a_proven_answer_that_does_not_fit_is_unknown(
    pay: Pay, server: StandIn, bank: Bank, clock: HandClock, facts: Any
) -> None:
    server.play("/v3/", bank.reply(facts, clock.now()))

    with pytest.raises(Outside) as caught:
        pay.create_transfer(TRANSFER)
    assert caught.value.action is Action.UNKNOWN


@pytest.mark.parametrize("broken", [Reply(drop=True), Reply(b"<html>", 502), Reply(b"{}", delay=1.5), Reply(b"<html>")])
def test_without_an_answer_the_outcome_is_unknown(pay: Pay, server: StandIn, broken: Reply) -> None:
    server.play("/v3/", broken)

    with pytest.raises(Outside) as caught:
        pay.create_transfer(TRANSFER)
    assert caught.value.action is Action.UNKNOWN
    assert len(server.heard) == 1


def test_a_query_tells_state_amount_and_payee(pay: Pay, server: StandIn, bank: Bank, clock: HandClock) -> None:
    facts = {**WAITING, "state": "FAIL", "fail_reason": "OVERDUE_CLOSE", "transfer_amount": 6000, "openid": "o1"}
    server.play("/v3/", bank.reply(facts, clock.now()))

    state = pay.query_transfer(NO)

    assert state is not None
    assert (state.state, state.fail_reason, state.fen, state.openid) == (State.FAIL, "OVERDUE_CLOSE", 6000, "o1")
    assert state.state.final
    assert bank.trusts(server.heard[0])


def test_a_number_wechat_does_not_know_is_none(pay: Pay, server: StandIn, bank: Bank, clock: HandClock) -> None:
    server.play("/v3/", bank.reply({"code": "NOT_FOUND", "message": "记录不存在"}, clock.now(), 404))

    assert pay.query_transfer(NO) is None


@pytest.mark.parametrize("page", [Reply(b"<html>not found", 404), Reply(b'{"code": "NOT_FOUND"}', 502)])
def test_any_other_not_found_proves_nothing(pay: Pay, server: StandIn, page: Reply) -> None:
    server.play("/v3/", page)

    with pytest.raises(Outside) as caught:
        pay.query_transfer(NO)
    assert caught.value.action is Action.UNKNOWN


def test_a_cancel_is_only_begun(pay: Pay, server: StandIn, bank: Bank, clock: HandClock) -> None:
    server.play("/cancel", bank.reply({**WAITING, "state": "CANCELING"}, clock.now()))

    state = pay.cancel_transfer(NO)

    assert (state.state, state.state.final) == (State.CANCELING, False)
    assert bank.trusts(server.heard[0])


@pytest.mark.parametrize("no", ["../../certificates", "W1/cancel", "W1?x", ""])
def test_a_number_cannot_leave_its_path(pay: Pay, server: StandIn, no: str) -> None:
    for call in (pay.query_transfer, pay.cancel_transfer):
        with pytest.raises(Outside):
            call(no)
    assert server.heard == []


def test_payouts_switched_off_or_a_bad_key_stop_at_once(pay_settings: PaySettings, clock: HandClock) -> None:
    http: requests.Session = open_session(pay_settings.api_base)
    broken = pay_settings.model_copy(update={"private_key_file": pay_settings.public_key_file})
    for settings in (PaySettings(), pay_settings.model_copy(update={"public_key_file": "/nowhere"}), broken):
        with pytest.raises(Outside) as caught:
            Pay(settings, "wx0123456789abcdef", http, clock=clock)
        assert caught.value.action is Action.STOP
