"""Our calls against the simulated WeChat and WeChat Pay, over HTTP, with the phone and the bank as witnesses."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from PIL import Image
from wechat_pay_bank import KEY_ID, MCH_ID, V3_KEY, Bank
from wechat_stand_in import Reply, StandIn
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from simulator.clock import SharedClock
from simulator.factory import create_simulator
from simulator.settings import SimulatorSettings
from wechat.errors import Action, BadNotice, Outside
from wechat.http import open_session
from wechat.official import Official
from wechat.pay import Pay, State, Transfer
from wechat.settings import PaySettings, WechatSettings
from wechat.tokens import AccessTokens

ACCOUNT = {
    "app_id": "wx0123456789abcdef",
    "original_id": "gh_0123456789ab",
    "app_secret": "0123456789abcdef0123456789abcdef",
    "token": "demoToken2026",
    "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
NOTICE = ("tmpl-paid", "佣金到账", ("thing1", "amount2"))


@dataclass
class World:
    """The simulator, our clients to it, and the service's doors as a stand-in."""

    base: str
    clock: SharedClock
    doors: StandIn
    official: Official
    pay: Pay

    def post(self, path: str, **facts: Any) -> Any:
        answer = requests.post(f"{self.base}/sim{path}", json=facts, timeout=20)
        assert answer.ok, answer.text
        return answer.json()

    def phone(self, openid: str) -> list[dict[str, Any]]:
        return requests.get(f"{self.base}/sim/people/{openid}/phone", timeout=20).json()["messages"]

    def follower(self, *, saying: str = "") -> str:
        openid = self.post("/people", name="小红")["openid"]
        self.post(f"/people/{openid}/follow")
        if saying:
            self.post(f"/people/{openid}/say", text=saying)
        return openid

    def received(self, openid: str) -> list[str]:
        return [message["type"] for message in self.phone(openid) if message["from"] == "account"]


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None: ...


@pytest.fixture
def world(tmp_path: Path, bank: Bank, server: StandIn) -> Iterator[World]:
    server.play("/wechat", Reply(b"success"))
    server.play("/pay/notify", {"code": "SUCCESS"})
    server.play("/demo/run", {"next_due": None})
    clock = SharedClock(tmp_path / "clock")
    rooms: dict[str, Any] = {"/sim": server}
    house = DispatcherMiddleware(server, rooms)
    listener = make_server("127.0.0.1", 0, house, threaded=True, request_handler=_Quiet)
    base = f"http://127.0.0.1:{listener.server_port}"
    rooms["/sim"] = create_simulator(_desk(tmp_path, bank, base), clock)
    threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
    yield World(base, clock, server, *_clients(base, bank, clock))
    listener.shutdown()
    listener.server_close()


def _desk(folder: Path, bank: Bank, base: str) -> SimulatorSettings:
    secret = bank._ours.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    merchants = bank._theirs.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SimulatorSettings(
        **ACCOUNT,
        mode="safe",
        webhook_url=base + "/wechat",
        service_url=base,
        mch_id=MCH_ID,
        mch_serial="5F3A",
        mch_public_key_pem=merchants.decode(),
        api_v3_key=V3_KEY,
        pay_private_key_pem=secret.decode(),
        pay_public_key_id=KEY_ID,
        pay_notify_url=base + "/pay/notify",
        templates=(NOTICE,),
        data_dir=folder / "desk",
        api_secret="whsec_MDEyMzQ1Njc4OWFiY2RlZg==",
        delivery_pause=0.05,
    )


def _clients(base: str, bank: Bank, clock: SharedClock) -> tuple[Official, Pay]:
    account = WechatSettings(**ACCOUNT, api_base=base + "/sim/wechat")
    merchant = PaySettings(
        mch_id=MCH_ID,
        api_base=base + "/sim/pay",
        serial_no="5F3A",
        private_key_file=str(bank.private_key_file),
        api_v3_key=V3_KEY,
        public_key_file=str(bank.public_key_file),
        public_key_id=KEY_ID,
        notify_url=base + "/pay/notify",
    )
    http = open_session(account.api_base, merchant.api_base)
    tokens = AccessTokens(http, account.app_id, ACCOUNT["app_secret"], clock=clock)
    return Official(account, http, tokens, clock=clock), Pay(merchant, account.app_id, http, clock=clock)


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 60), "white").save(file, "JPEG")
    return file.getvalue()


def test_messages_of_each_kind_reach_the_phone(world: World) -> None:
    openid = world.follower(saying="你好")
    official = world.official

    official.send_text(openid, "可提现 ¥60.00 😀")
    official.send_image(openid, official.upload_image(picture()))
    official.send_news(openid, "新品", "看看", url="https://shop.example/1", picture_url="https://shop.example/1.jpg")
    official.send_menu(openid, "满意吗", [("1", "满意"), ("2", "不满意")])
    official.send_template(
        openid, NOTICE[0], {"thing1": "十一月\n佣金🎉", "amount2": "¥1,060.00"}, url=None, client_msg_id="n1"
    )

    assert world.received(openid)[:3] == ["text", "image", "news"]
    assert world.received(openid)[-1] == "template"
    assert world.phone(openid)[-5]["text"] == "可提现 ¥60.00 😀"


def test_a_closed_window_and_a_lost_follower_are_told_apart(world: World) -> None:
    openid = world.follower(saying="你好")
    for _ in range(5):
        world.official.send_text(openid, "x")
    world.clock.set(world.clock.now().replace(year=2027))

    with pytest.raises(Outside) as closed:
        world.official.send_text(openid, "x")
    assert closed.value.action is Action.ELSEWHERE
    world.post(f"/people/{openid}/unfollow")
    assert not world.official.user_follows(openid)
    with pytest.raises(Outside) as gone:
        world.official.send_template(openid, NOTICE[0], {"thing1": "x", "amount2": "1元"}, url=None, client_msg_id="n")
    assert gone.value.action is Action.GONE


def test_a_year_later_the_token_is_simply_a_new_one(world: World) -> None:
    openid = world.follower()
    assert world.official.user_follows(openid)

    world.clock.set(world.clock.now().replace(year=2028))
    assert world.official.user_follows(openid)


def test_a_token_refused_once_is_not_noticed(world: World) -> None:
    openid = world.follower(saying="你好")
    world.post("/faults", call="custom/send", errcode=42001)

    world.official.send_text(openid, "到账")

    assert world.received(openid) == ["text"]


@pytest.mark.parametrize(("lost", "arrived"), [("before", []), ("after", ["text"])])
def test_a_lost_answer_is_unknown_whether_or_not_it_arrived(world: World, lost: str, arrived: list[str]) -> None:
    openid = world.follower(saying="你好")
    world.post("/faults", call="custom/send", lost=lost)

    with pytest.raises(Outside) as caught:
        world.official.send_text(openid, "到账")

    assert caught.value.action is Action.UNKNOWN
    assert world.received(openid) == arrived


def test_a_scene_lives_for_a_while_or_for_ever(world: World) -> None:
    code = world.official.create_scene("C8F3Q", seconds=3600)
    forever = world.official.create_scene("C8F3Q", seconds=None)

    assert code.url.startswith("http")
    assert (code.expires_in, forever.expires_in) == (3600, None)


def test_an_article_is_drafted_and_sent_to_many_once(world: World) -> None:
    people = [world.follower() for _ in range(2)]
    official = world.official
    html = f'<img src="{official.upload_article_image(picture())}">'
    draft = official.add_draft(
        "新品", "小店", html, thumb_media_id=official.add_permanent_image(picture()), digest="摘要"
    )

    first = official.mass_send(people, draft, client_id="campaign-1")

    assert official.mass_send(people, draft, client_id="campaign-1") == first


def test_a_page_opened_on_the_phone_knows_whose_it_is(world: World) -> None:
    openid = world.follower()
    world.doors.play("/h5", Reply(b"<p>hello</p>", headers={"Content-Type": "text/html"}))

    world.post(f"/people/{openid}/open", url=world.official.oauth_url(world.base + "/h5", "s1"))

    query = world.doors.calls("/h5")[0].query
    assert query["state"] == "s1"
    assert world.official.oauth_openid(query["code"]) == openid
    with pytest.raises(Outside) as used:
        world.official.oauth_openid(query["code"])
    assert used.value.action is Action.PERMANENT


def test_a_menu_is_accepted(world: World) -> None:
    world.official.create_menu([{"type": "click", "name": "我的海报", "key": "poster"}])


def test_a_transfer_is_created_confirmed_noticed_and_queried(world: World) -> None:
    openid = world.follower()
    transfer = Transfer("W202611240001", openid, 250_000, "佣金", name="王小明")

    asked = world.pay.create_transfer(transfer)
    again = world.pay.create_transfer(transfer)
    world.post("/transfers/W202611240001/confirm")
    world.post("/clock", advance_seconds=60)

    assert (asked.state, asked.bill_no) == (State.WAIT_USER_CONFIRM, again.bill_no)
    assert asked.package
    heard = world.doors.calls("/pay/notify")[0]
    notice = world.pay.parse_notice(heard.headers, heard.body, now=world.clock.now())
    assert (notice.no, notice.state, notice.fen, notice.openid) == ("W202611240001", State.SUCCESS, 250_000, openid)
    with pytest.raises(BadNotice):
        world.pay.parse_notice(heard.headers, heard.body + b" ", now=world.clock.now())
    found = world.pay.query_transfer("W202611240001")
    assert found is not None
    assert (found.state, found.fen, found.openid) == (State.SUCCESS, 250_000, openid)


def test_a_number_never_used_is_unknown_to_the_bank(world: World) -> None:
    assert world.pay.query_transfer("W202611249999") is None


def test_the_same_number_with_other_facts_has_to_be_looked_into(world: World) -> None:
    openid = world.follower()
    world.pay.create_transfer(Transfer("W202611240002", openid, 1000))

    with pytest.raises(Outside) as caught:
        world.pay.create_transfer(Transfer("W202611240002", openid, 1001))
    assert (caught.value.action, caught.value.code) == (Action.UNKNOWN, "INVALID_REQUEST")


def test_a_transfer_can_be_taken_back_before_it_is_confirmed(world: World) -> None:
    openid = world.follower()
    world.pay.create_transfer(Transfer("W202611240003", openid, 1000))

    world.pay.cancel_transfer("W202611240003")
    world.post("/clock", advance_seconds=60)

    found = world.pay.query_transfer("W202611240003")
    assert found is not None
    assert found.state is State.CANCELLED


def test_nobody_confirming_for_a_day_makes_it_fail(world: World) -> None:
    openid = world.follower()
    world.pay.create_transfer(Transfer("W202611240004", openid, 1000))

    world.post("/clock", advance_seconds=2 * 86400)

    found = world.pay.query_transfer("W202611240004")
    assert found is not None
    assert (found.state, found.fail_reason) == (State.FAIL, "OVERDUE_CLOSE")


def test_a_create_whose_answer_is_lost_is_unknown_and_the_query_decides(world: World) -> None:
    openid = world.follower()
    world.post("/faults", call="transfer-bills", lost="after")

    with pytest.raises(Outside) as caught:
        world.pay.create_transfer(Transfer("W202611240005", openid, 1000))

    assert caught.value.action is Action.UNKNOWN
    found = world.pay.query_transfer("W202611240005")
    assert found is not None
    assert found.state is State.WAIT_USER_CONFIRM
