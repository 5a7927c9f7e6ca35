"""Every address of the console by every role: who may enter is written down here, once more."""

import pytest
from web_desk import Desk, forms_of
from web_shop import ORDER, built

from distribution import campaigns, levels, materials, merchants, staff
from models import tables as t
from web.console import console
from web.h5 import h5
from web.links import links

ROLES = ("owner", "finance", "operations", "service")
EVERYONE, OWNER = set(ROLES), {"owner"}
MONEY, OPERATIONS = {"owner", "finance"}, {"owner", "operations"}
PEOPLE = OPERATIONS | {"service"}
#: endpoint → who may; a "!" says it is for the first merchant's staff only.
MATRIX = {
    "teaching!": EVERYONE,
    **dict.fromkeys(("add_answer!", "add_keyword!", "add_nickname!", "remove_taught!"), OPERATIONS),
    **dict.fromkeys(("teach_sentence!", "ignore_sentence!"), OPERATIONS),
    **dict.fromkeys(("tickets!", "ticket!", "answer_ticket!", "close_ticket!"), PEOPLE),
    **dict.fromkeys(("take_ticket!", "give_back_ticket!"), PEOPLE),
    **dict.fromkeys(("rename_payee!", "recover_account!"), OPERATIONS),
    **dict.fromkeys(("bind_wechat", "unbind_wechat"), OWNER),
    "home": EVERYONE,
    "orders": EVERYONE,
    "cannot_ship": OPERATIONS,
    **dict.fromkeys(("region_agents", "agreements!"), EVERYONE),
    **dict.fromkeys(("appoint_agent", "end_agent", "make_agreement!", "end_agreement!"), OPERATIONS),
    "dealers": EVERYONE,
    "dealer": EVERYONE,
    "appoint_dealer": OPERATIONS,
    "regrade_dealer": OPERATIONS,
    "move_dealer": OPERATIONS,
    "switch_dealer": OPERATIONS,
    "pay_in": MONEY,
    "reward_mentor": MONEY,
    "dealer_order": EVERYONE,
    "order_for_dealer": OPERATIONS,
    "carry_dealer_order": OPERATIONS,
    "return_dealer_goods": OPERATIONS,
    "order": EVERYONE,
    "products": EVERYONE,
    "product": EVERYONE,
    "new_product": OPERATIONS,
    "export_orders": MONEY,
    "export_withdrawals!": MONEY,
    "export_distributors!": OWNER,
    "add_product": OPERATIONS,
    "change_product": OPERATIONS,
    "materials": EVERYONE,
    "new_material": OPERATIONS,
    "add_material": OPERATIONS,
    "posters": EVERYONE,
    "poster_preview": EVERYONE,
    "choose_template": OPERATIONS,
    "draw_batch": OPERATIONS,
    "new_template": OPERATIONS,
    "template": OPERATIONS,
    "add_template": OPERATIONS,
    **dict.fromkeys(("change_template", "change_logo"), OPERATIONS),
    "new_campaign": OPERATIONS,
    "add_campaign": OPERATIONS,
    "campaign": EVERYONE,
    "approve_campaign": OPERATIONS,
    "stop_campaign": OPERATIONS,
    "rules": EVERYONE,
    "publish_rules": OWNER,
    "save_draft": OWNER,
    "drop_draft": OWNER,
    "trial": MONEY | OPERATIONS,
    "publish_draft": OWNER,
    "export_trial": MONEY,
    "staff": OWNER,
    "add_operator": OWNER,
    "disable_operator": OWNER,
    "enable_operator": OWNER,
    "password": EVERYONE,
    "change_password": EVERYONE,
    "journal": OWNER,
    **dict.fromkeys(("applications!", "approve_application!", "reject_application!"), PEOPLE),
    "distributors!": EVERYONE,
    "distributor!": EVERYONE,
    "set_level!": OPERATIONS,
    "add_tag!": OPERATIONS,
    "remove_tag!": OPERATIONS,
    "freeze!": OPERATIONS,
    "move_distributor!": OPERATIONS,
    "customer_list!": PEOPLE,
    "customer!": PEOPLE,
    "transfer_customer!": OPERATIONS,
    "unbind_customer!": OPERATIONS,
    "claim_customer!": PEOPLE,
    "decide_dispute!": OPERATIONS,
    "appoint_customer!": OPERATIONS,
    "resume!": OPERATIONS,
    "terminate!": OWNER,
    "levels!": EVERYONE,
    "make_level!": OPERATIONS,
    "level!": EVERYONE,
    "shape_level!": OPERATIONS,
    "goals!": EVERYONE,
    "add_task!": MONEY,
    "add_contest!": MONEY,
    "task!": EVERYONE,
    "stop_task!": MONEY,
    "contest!": EVERYONE,
    "stop_contest!": MONEY,
    "boards!": EVERYONE,
    "guard!": EVERYONE,
    "decide_alarm!": OWNER,
    "withdrawals!": MONEY | {"service"},
    "withdrawal!": MONEY | {"service"},
    "approve_withdrawal!": MONEY,
    "reject_withdrawal!": MONEY,
    "clear_alarms!": MONEY,
    "paid_by_hand!": MONEY,
    "failed_by_hand!": MONEY,
    "stop_payouts!": MONEY,
    "resume_payouts!": MONEY,
    "settlement": MONEY,
    "confirm_settlement": MONEY,
    "settle_again": MONEY,
    "statement!": MONEY,
    "export_statement!": MONEY,
    "bills!": MONEY,
    "check_bill!": MONEY,
    "debts!": MONEY,
    "write_off!": MONEY,
    "agree_write_off!": MONEY,
    "drop_write_off!": MONEY,
    "books!": MONEY,
    "quarantine!": PEOPLE,
    **dict.fromkeys(("release_material!", "merchants!", "add_merchant!", "add_secret!", "revoke_secret!"), OWNER),
}
#: Parts of addresses whose first one will do.
FIRSTS = (
    *("dispute_id", "tag_id", "line_no", "agent_id", "agreement_id", "dealer_id", "record_id"),
    *("secret_id", "operator_id", "level_id", "task_id", "contest_id", "alarm_id", "write_off_id"),
    *("template_id", "row_id", "sentence_id"),
)
OPEN = {"login", "login_sent", "logout", "static"}


@pytest.fixture
def app(shop):
    return built(shop.parts, console, links, h5)


@pytest.fixture
def things(shop, mall) -> dict[str, object]:
    """One of everything, by the names addresses use."""
    person, waiting = shop.distributor("李娜"), shop.distributor("赵敏", active=False)
    no = shop.withdrawal(person)
    mall.order(distributor_code=person.code)
    now = shop.clock.now()
    with shop.database.transaction() as session:
        levels.tag(session, person.id, "宝妈", by="老板", now=now)
        material = materials.create(
            session, shop.merchant_id, title="上新", text="到货", picture_id=None, by="老板", now=now
        )
        campaign = campaigns.plan(
            session,
            shop.merchant_id,
            material_id=material.id,
            audience={"kind": "all"},
            send_at=now,
            by="老板",
            now=now,
        )
        merchants.add_secret(session, shop.merchant_id, by="老板", now=now)
    return dict.fromkeys(FIRSTS, 1) | {
        "distributor_id": waiting.id,
        "member_id": waiting.member_id,
        "no": no,
        "order_no": ORDER["order_no"],
        "product_id": shop.product(),
        "campaign_id": campaign.id,
        "merchant_id": shop.merchant_id,
        "material": material.id,
        "kind": "answer",
        "material_id": material.id,
    }


def addresses(app, things) -> list[tuple[str, str, str]]:
    """(endpoint, method, path) of every door."""
    adapter = app.url_map.bind("localhost")
    doors = []
    for rule in app.url_map.iter_rules():
        name = rule.endpoint.removeprefix("console.")
        if rule.endpoint.startswith("console.") and name not in OPEN:
            values = {key: things[key] for key in rule.arguments}
            values |= {"material": things["material"]} if name == "new_campaign" else {}
            method = "GET" if "GET" in rule.methods else "POST"
            doors.append((name, method, adapter.build(rule.endpoint, values, method=method)))
    return doors


def status(desk: Desk, method: str, path: str, token: str) -> int:
    if method == "GET":
        return desk.browser.get(path).status_code
    return desk.browser.post(path, data={"csrf_token": token}).status_code


def entered(shop, app, things, role: str, merchant_id: int | None = None) -> dict[str, int]:
    """The answer of every door to this role; forms are sent empty, so that what is let in fails at its fields."""
    desk = Desk(shop, app)
    desk.hire(f"the {role}", role, merchant_id)
    desk.login(f"the {role}")
    token = forms_of(desk.open("/password"))[0].values["csrf_token"]
    return {name: status(desk, method, path, token) for name, method, path in addresses(app, things)}


def test_every_door_stands_in_the_matrix(app, things) -> None:
    assert {name for name, _, _ in addresses(app, things)} == {name.rstrip("!") for name in MATRIX}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_enters_where_it_may_and_nowhere_else(shop, app, things, role) -> None:
    answers = entered(shop, app, things, role)

    refused = {name for name, code in answers.items() if code == 403}
    assert refused == {name.rstrip("!") for name, may in MATRIX.items() if role not in may}
    assert all(code < 500 for code in answers.values())


def test_the_owner_of_a_further_merchant_does_not_run_the_distributors(shop, app, things) -> None:
    with shop.database.transaction() as session:
        other = merchants.create(session, name="隔壁", by="老板", now=shop.clock.now()).id

    answers = entered(shop, app, things, "owner", other)

    assert {name for name, code in answers.items() if code == 403} == {
        name.rstrip("!") for name in MATRIX if name.endswith("!")
    }


def test_nobody_enters_without_logging_in(shop, app, things) -> None:
    desk = Desk(shop, app)

    for name, method, path in addresses(app, things):
        assert status(desk, method, path, "") == 303, name


def test_a_further_merchant_sees_and_changes_nothing_of_the_first(shop, app, things) -> None:
    desk = Desk(shop, app)
    desk.hire("老板", "owner")
    with shop.database.transaction() as session:
        other = merchants.create(session, name="隔壁", by="老板", now=shop.clock.now()).id
        own = staff.find_operator(session, "老板").id
    desk.hire("隔壁老板", "owner", other)
    desk.login("隔壁老板")
    token = forms_of(desk.open("/password"))[0].values["csrf_token"]

    reads = [f"/orders/{things['order_no']}", f"/products/{things['product_id']}"]
    reads += [f"/campaigns/{things['campaign_id']}", f"/campaigns/new?material={things['material']}"]
    assert {desk.open(path).status_code for path in reads} == {404}
    facts = {"name": "x", "price": "1", "stock": "1", "way": "store", "people": "1", "csrf_token": token}
    writes = [reads[1], f"{reads[2]}/approve", f"{reads[2]}/stop", f"/staff/{own}/disable"]
    assert {desk.browser.post(f"/console{path}", data=facts).status_code for path in writes} == {404}
    for path in ("/orders/", "/products/", "/materials/", "/staff/", "/journal/"):
        page = desk.open(path).text
        assert str(things["order_no"]) not in page
        assert "即食阿胶糕" not in page
        assert "上新" not in page


def test_every_change_leaves_an_entry_in_the_journal(shop, app, things) -> None:
    desk = Desk(shop, app)
    desk.hire("老板", "owner")
    desk.login("老板")
    actions = [
        ("/applications/", "通过", {}),
        (f"/withdrawals/{things['no']}", "通过", {}),
        (f"/campaigns/{things['campaign_id']}", "批准", {}),
        (f"/campaigns/{things['campaign_id']}", "停止", {}),
        ("/levels/", "新增等级", {"name": "金牌"}),
        ("/rules/", "发布新版本", {}),
        ("/products/new", "保存", {"sku": "N", "name": "新", "price": "1"}),
        (f"/products/{things['product_id']}", "保存", {"price": "2"}),
        ("/materials/new", "只存素材，先不发", {"title": "x", "text": "y", "then": "keep"}),
        ("/merchants/", "停用", {}),
        ("/merchants/", "新增商家", {"name": "隔壁"}),
        ("/staff/", "新增员工", {"name": "小李", "password": "long enough now"}),
        ("/staff/", "停用", {}),
    ]

    for page, button, values in actions:
        before = entries(shop)
        assert desk.send(page, button, **values).status_code == 303, (page, button)
        assert len(entries(shop)) > len(before), (page, button)
        assert entries(shop)[-1].actor == "老板"


def entries(shop):
    with shop.database.reading() as session:
        return session.execute(t.audit_entry.select().order_by(t.audit_entry.c.id)).all()
