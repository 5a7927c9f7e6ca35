"""A notice is believed if WeChat Pay signed it, just now, for us; and never asks the network."""

import json
from datetime import timedelta
from typing import Any

import pytest
from wechat_pay_bank import MCH_ID, Bank
from wechat_stand_in import HandClock, StandIn

from wechat.errors import BadNotice
from wechat.pay import Notice, Pay, State

FACTS = {
    "out_bill_no": "W202611240001",
    "transfer_bill_no": "1330000071",
    "state": "SUCCESS",
    "mch_id": MCH_ID,
    "transfer_amount": 6000,
    "openid": "o1",
}


def test_a_proven_notice_is_opened(pay: Pay, bank: Bank, clock: HandClock) -> None:
    body = bank.sealed(json.dumps(FACTS))

    notice = pay.parse_notice(bank.headers(body, clock.now()), body, now=clock.now())

    assert notice == Notice(
        event_id="e1",
        event_type="MCHTRANSFER.BILL.FINISHED",
        no="W202611240001",
        state=State.SUCCESS,
        fen=6000,
        openid="o1",
        mch_id=MCH_ID,
        fail_reason=None,
    )


def test_the_case_of_header_names_does_not_matter(pay: Pay, bank: Bank, clock: HandClock) -> None:
    body = bank.sealed(json.dumps(FACTS))
    headers = {name.lower(): value for name, value in bank.headers(body, clock.now()).items()}

    assert pay.parse_notice(headers, body, now=clock.now()).state is State.SUCCESS


def test_a_notice_of_another_kind_is_proven_but_holds_no_transfer(pay: Pay, bank: Bank, clock: HandClock) -> None:
    facts = {"mchid": MCH_ID, "out_trade_no": "E1", "out_refund_no": "R1", "refund_status": "SUCCESS"}
    body = bank.sealed(json.dumps(facts), event_type="REFUND.SUCCESS")

    notice = pay.parse_notice(bank.headers(body, clock.now()), body, now=clock.now())

    assert (notice.event_type, notice.no, notice.state) == ("REFUND.SUCCESS", "R1", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"Wechatpay_Signature": "AAAA"},
        {"Wechatpay_Signature": "签名"},
        {"Wechatpay_Signature": ""},
        {"Wechatpay_Serial": "7132D72A03E93CDDF8C03BBD1F37EEDF"},
        {"Wechatpay_Serial": "PUB_KEY_ID_1"},
        {"Wechatpay_Serial": ""},
        {"Wechatpay_Signature_Type": "WECHATPAY2-SM2-WITH-SM3"},
        {"Wechatpay_Timestamp": ""},
        {"Wechatpay_Timestamp": "-1"},
        {"Wechatpay_Timestamp": "٣"},
        {"Wechatpay_Timestamp": "9" * 400},
        {"Wechatpay_Nonce": ""},
        {"HTTP_WECHATPAY_SIGNATURE": "AAAA", "Wechatpay_Signature": ""},
    ],
)
def test_a_forged_notice_is_refused_without_a_call(
    pay: Pay, bank: Bank, clock: HandClock, server: StandIn, changes: dict[str, str]
) -> None:
    body = bank.sealed(json.dumps(FACTS))

    with pytest.raises(BadNotice) as caught:
        pay.parse_notice(bank.headers(body, clock.now(), **changes), body, now=clock.now())
    assert not caught.value.probe
    assert server.heard == []


def test_a_changed_body_is_refused(pay: Pay, bank: Bank, clock: HandClock) -> None:
    body = bank.sealed(json.dumps(FACTS))

    with pytest.raises(BadNotice):
        pay.parse_notice(bank.headers(body, clock.now()), body + b" ", now=clock.now())


@pytest.mark.parametrize(("age", "believed"), [(-301, False), (-300, True), (300, True), (301, False), (86400, False)])
def test_a_notice_is_believed_for_five_minutes(
    pay: Pay, bank: Bank, clock: HandClock, age: int, believed: bool
) -> None:
    body = bank.sealed(json.dumps(FACTS))
    headers = bank.headers(body, clock.now() - timedelta(seconds=age))

    if believed:
        assert pay.parse_notice(headers, body, now=clock.now()).fen == 6000
        return
    with pytest.raises(BadNotice):
        pay.parse_notice(headers, body, now=clock.now())


def test_a_probe_is_refused_quietly(pay: Pay, bank: Bank, clock: HandClock) -> None:
    body = bank.sealed(json.dumps(FACTS))
    headers = bank.headers(body, clock.now(), Wechatpay_Signature="WECHATPAY/SIGNTEST/AAAA")

    with pytest.raises(BadNotice) as caught:
        pay.parse_notice(headers, body, now=clock.now())
    assert caught.value.probe


@pytest.mark.parametrize(
    "facts",
    [
        {**FACTS, "mch_id": "1900000002"},
        {**FACTS, "state": "PAID"},
        {**FACTS, "transfer_amount": "6000"},
        {**FACTS, "transfer_amount": 60.0},
        {**FACTS, "transfer_amount": True},
        {**FACTS, "transfer_amount": -1},
        {**FACTS, "out_bill_no": 7},
        {**FACTS, "openid": None},
        {"mch_id": MCH_ID},
        [FACTS],
        "SUCCESS",
    ],
)
def test_a_proven_notice_that_makes_no_sense_is_refused(pay: Pay, bank: Bank, clock: HandClock, facts: Any) -> None:
    body = bank.sealed(json.dumps(facts))

    with pytest.raises(BadNotice):
        pay.parse_notice(bank.headers(body, clock.now()), body, now=clock.now())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"id": "e1", "resource": 7}',
        b'{"id": "e1", "resource": {"algorithm": "AEAD_AES_256_GCM", "nonce": 7, "ciphertext": []}}',
        b'{"id": "e1", "resource": {"algorithm": "AEAD_AES_256_GCM", "nonce": "n", "ciphertext": "AAAA"}}',
        b'{"id": "e1", "resource": {"algorithm": "NONE", "nonce": "0123456789ab", "ciphertext": "AAAA"}}',
        b'{"id": "e1", "id": "e2"}',
        b'{"id": NaN}',
        b"[" * 30000,
        b'{"a":' * 10000,
        b"\xff\xfe{}",
        b" " * 70000,
    ],
)
def test_a_signed_body_of_another_shape_is_refused(pay: Pay, bank: Bank, clock: HandClock, body: bytes) -> None:
    with pytest.raises(BadNotice):
        pay.parse_notice(bank.headers(body, clock.now()), body, now=clock.now())


def test_a_sealed_name_given_twice_is_refused(pay: Pay, bank: Bank, clock: HandClock) -> None:
    body = bank.sealed(json.dumps(FACTS).replace('"state"', '"state": "FAIL", "state"'))

    with pytest.raises(BadNotice):
        pay.parse_notice(bank.headers(body, clock.now()), body, now=clock.now())


def test_a_notice_sealed_with_another_key_is_refused(pay: Pay, bank: Bank, clock: HandClock) -> None:
    body = bank.sealed(json.dumps(FACTS), key="f" * 32)

    with pytest.raises(BadNotice):
        pay.parse_notice(bank.headers(body, clock.now()), body, now=clock.now())
