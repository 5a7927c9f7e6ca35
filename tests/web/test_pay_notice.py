"""What WeChat Pay tells of transfers: believed when proven, taken once."""

import json
import sys
from pathlib import Path

import pytest
from web_shop import built

from distribution import withdrawals
from distribution.proof import holds
from models import tables as t
from web.pay_notice import pay_notice
from wechat.http import open_session
from wechat.pay import Pay
from wechat.settings import PaySettings

sys.path.append(str(Path(__file__).parent.parent / "wechat"))
from wechat_pay_bank import KEY_ID, MCH_ID, V3_KEY, Bank


@pytest.fixture(scope="module")
def bank(tmp_path_factory) -> Bank:
    return Bank(tmp_path_factory.mktemp("bank"))


@pytest.fixture
def tell(shop, bank):
    """Sends a notice of the bank; ``headers`` may be spoilt."""
    settings = PaySettings(
        mch_id=MCH_ID,
        api_v3_key=V3_KEY,
        serial_no="5F3A",
        private_key_file=str(bank.private_key_file),
        public_key_file=str(bank.public_key_file),
        public_key_id=KEY_ID,
        notify_url="https://shop.example/pay/notify",
    )
    pay = Pay(settings, "wx0123456789abcdef", open_session("http://localhost", "http://localhost"), clock=shop.clock)
    client = built(shop.with_parts(parse_notice=pay.parse_notice), pay_notice).test_client()

    def send(no: str, state: str = "SUCCESS", *, spoilt: dict[str, str] | None = None, **facts):
        told = {"mch_id": MCH_ID, "out_bill_no": no, "state": state, "transfer_amount": 10_000, **facts}
        with shop.database.reading() as session:
            row = withdrawals.find(session, no)
        told.setdefault("openid", row.openid if row else "o-nobody")
        body = bank.sealed(json.dumps(told))
        return client.post("/pay/notify", data=body, headers=bank.headers(body, shop.clock.now(), **spoilt or {}))

    return send


def state_of(shop, no: str) -> str:
    with shop.database.reading() as session:
        assert holds(session)
        return withdrawals.find(session, no).state


def alarms(shop) -> list[str]:
    with shop.database.reading() as session:
        return [row.what for row in session.execute(t.payment_alarm.select())]


def test_a_proven_success_pays_the_withdrawal(shop, tell) -> None:
    no = shop.sent(shop.distributor())

    answer = tell(no)

    assert (answer.status_code, answer.data) == (204, b"")
    assert state_of(shop, no) == "paid"


def test_a_repeat_is_acknowledged_and_changes_nothing(shop, tell) -> None:
    no = shop.sent(shop.distributor())

    assert [tell(no).status_code for _ in range(3)] == [204, 204, 204]
    assert state_of(shop, no) == "paid"


def test_a_closed_transfer_gives_the_money_back(shop, tell) -> None:
    no = shop.sent(shop.distributor())

    tell(no, "CANCELLED", fail_reason="OVERDUE_CLOSE")

    assert state_of(shop, no) == "released"


@pytest.mark.parametrize("facts", [{"transfer_amount": 9_999}, {"openid": "o-somebody-else"}])
def test_another_amount_or_payee_changes_nothing_and_alarms(shop, tell, facts) -> None:
    no = shop.sent(shop.distributor())

    assert tell(no, **facts).status_code == 204
    assert state_of(shop, no) == "paying"
    assert len(alarms(shop)) == 1


def test_a_number_we_never_made_is_an_alarm(shop, tell) -> None:
    assert tell("W2026112300000000").status_code == 204
    assert alarms(shop) == ["微信支付通知了一个我们没有的单号"]


@pytest.mark.parametrize("signature", ["WECHATPAY/SIGNTEST/abc", "AAAA", ""])
def test_a_forged_notice_is_refused(shop, tell, signature) -> None:
    no = shop.sent(shop.distributor())

    answer = tell(no, spoilt={"Wechatpay_Signature": signature})

    assert (answer.status_code, answer.json["code"]) == (401, "FAIL")
    assert state_of(shop, no) == "paying"


def test_without_payouts_the_door_is_closed(shop) -> None:
    client = built(shop.parts, pay_notice).test_client()

    assert client.post("/pay/notify", data=b"{}").status_code == 404
