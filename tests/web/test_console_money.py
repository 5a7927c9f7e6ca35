"""Finance at the console: batches, debts, statements, two approvals, the stop."""

import pytest
from sqlalchemy import insert, text

from distribution import earnings, ledger, payouts, policy, settlement, statements, withdrawals
from distribution.rules.calendar import day_of
from models import tables as t


@pytest.fixture
def seller(shop):
    return shop.distributor("李娜")


def under(shop, **document):
    with shop.database.transaction() as session:
        now = shop.clock.now()
        held = policy.in_force(session, shop.merchant_id, now).model_dump(mode="json", exclude={"id", "version"})
        document["withdraw"] = held["withdraw"] | document.get("withdraw", {})
        policy.publish(
            session, merchant_id=shop.merchant_id, document=held | document, effective_from=now, by="老板", now=now
        )


def find(shop, no):
    with shop.database.reading() as session:
        return withdrawals.find(session, no)


def purse(shop, person):
    with shop.database.reading() as session:
        return earnings.purse(session, person.id)


def test_a_batch_is_listed_confirmed_and_settled(shop, desk, seller) -> None:
    under(shop, cycle={"mode": "manual"})
    shop.earned(seller)
    desk.login("老板")  # eight days have passed
    assert purse(shop, seller).available_fen == 0
    assert "李娜" in desk.open("/settlement/").text
    desk.send("/settlement/", "确认结算这一批")
    with shop.database.transaction() as session:
        settlement.settle_due(session, now=shop.clock.now())

    assert purse(shop, seller).available_fen == 10_000
    assert "老板" in desk.open("/settlement/").text


def test_a_large_withdrawal_is_passed_by_two(shop, desk, seller) -> None:
    under(shop, withdraw={"four_eyes_from_fen": 5_000})
    no = shop.withdrawal(seller)
    desk.login("老板")
    desk.send(f"/withdrawals/{no}", "通过")
    assert "另一位同事" in desk.open(f"/withdrawals/{no}").text
    assert desk.send(f"/withdrawals/{no}", "通过").status_code == 422
    desk.hire("财务小周", "finance")
    other = desk.as_other("财务小周")
    other.send(f"/withdrawals/{no}", "通过")

    assert (find(shop, no).state, find(shop, no).decided_by) == ("approved", "财务小周")


def test_whoever_decides_reads_what_to_look_at_and_nobody_after_that(shop, desk, seller) -> None:
    no = shop.withdrawal(seller)
    with shop.database.transaction() as session:
        day = {
            "day": day_of(shop.clock.now()),
            "distributor_id": seller.id,
            "orders": 40,
            "reached_at": shop.clock.now(),
        }
        session.execute(insert(t.distributor_day).values(day | {"sales_fen": 9, "refunds_fen": 0, "earned_fen": 0}))
    desk.login("老板")  # eight days have passed
    assert "成交 40 单，前 30 天没有成交。" in desk.open(f"/withdrawals/{no}").text
    desk.send(f"/withdrawals/{no}", "通过")

    assert "成交 40 单" not in desk.open(f"/withdrawals/{no}").text


def test_payouts_are_stopped_and_go_on(shop, desk) -> None:
    desk.send("/withdrawals/", "马上暂停", reason="银行通知")
    assert "银行通知" in desk.open("/withdrawals/").text
    with shop.database.reading() as session:
        assert payouts.stopped(session).cause == "person"
    desk.send("/withdrawals/", "恢复打款", reason="已确认")

    with shop.database.reading() as session:
        assert payouts.stopped(session) is None


def test_a_bank_withdrawal_is_marked_as_paid(shop, desk, seller) -> None:
    shop.earned(seller)
    desk.login("老板")  # eight days have passed
    with shop.database.transaction() as session:
        terms, now = policy.in_force(session, shop.merchant_id, shop.clock.now()), shop.clock.now()
        no = withdrawals.request(
            session, seller.id, 5_000, request_key="b", policy=terms, now=now, channel="bank", payee_account="6222"
        ).no
    desk.send(f"/withdrawals/{no}", "通过")
    desk.send(f"/withdrawals/{no}", "已打款", note="F20261123")

    assert (find(shop, no).state, find(shop, no).transfer_bill_no) == ("paid", "F20261123")


def test_a_debt_is_shown_with_its_order_and_written_off(shop, desk, seller) -> None:
    with shop.database.transaction() as session:
        moves = [(ledger.purse(seller.id, "owed"), ledger.cost(shop.merchant_id), 3_000)]
        ledger.post(session, "refund:1:R1:clawback", moves, cause="refund R1", actor="orders", at=shop.clock.now())
    assert "¥30.00" in desk.open("/debts/").text
    desk.send("/debts/", "减免", fen="10", reason="老伙伴")

    assert purse(shop, seller).owed_fen == 2_000


def test_a_statement_is_shown_and_exported_with_every_row(shop, desk, seller) -> None:
    shop.earned(seller)
    desk.login("老板")  # eight days have passed
    with shop.database.reading() as session:
        told = statements.month(session, seller.id, day_of(shop.clock.now()))
    page = desk.open(f"/distributors/{seller.id}/statement").text
    sheet = desk.send(f"/distributors/{seller.id}/statement", "导出表格").text

    assert [row.number in page and row.number in sheet for row in told.rows] == [True] * len(told.rows)


def test_a_month_of_thousands_of_rows_is_shown_in_parts(shop, desk, seller) -> None:
    purses = [ledger.cost(shop.merchant_id), ledger.purse(seller.id, "available")]
    with shop.database.transaction() as session:
        for fen in range(1, statements.PART_ROWS + 2):
            told = {"cause": "bonus", "actor": "clock", "at": shop.clock.now()}
            ledger.post(session, f"order:1:E-{fen}:commission", [(*purses, fen)], **told)
    first, second, beyond = (desk.open(f"/distributors/{seller.id}/statement?page={page}").text for page in (1, 2, 9))

    assert ("E-500<" in first, "E-501<" in first) == (True, False)
    assert ("E-500<" in second, "E-501<" in second, "E-501<" in beyond) == (False, True, True)


def test_what_could_not_be_settled_is_shown_and_tried_again(shop, desk, seller) -> None:
    shop.earned(seller)
    desk.login("老板")  # eight days have passed
    with shop.database.transaction() as session:
        row = {"who": seller.id, "now": "2026-11-23 00:00:00.000000"}
        session.execute(
            text(
                "insert into settlement_hold (commission_id, distributor_id, what, at)"
                " select id, :who, 'insufficient', :now from commission where distributor_id = :who"
            ),
            row,
        )
    assert "没能结算" in desk.open("/settlement/").text
    desk.send("/settlement/", "核对过了，再试一次")

    assert "没能结算" not in desk.open("/settlement/").text


def test_a_pasted_bill_is_checked_and_a_difference_stops_the_payouts(shop, desk) -> None:
    bill = "业务凭证号,收支类型,收支金额(元)\n`W1,`支出,`50.00"
    desk.send("/bills/", "核对账单", day="2026-11-22", bill=bill)
    page = desk.open("/bills/").text

    assert "W1 我们没有这笔" in page
    assert "打款已暂停" in page
    assert desk.send("/bills/", "核对账单", day="2026-11-22", bill="nothing").status_code == 422
    assert desk.send("/bills/", "核对账单", day="2026-11-22").status_code == 422


def test_a_bill_is_checked_as_the_file_it_comes_in(shop, desk) -> None:
    bill = "业务凭证号,收支类型,收支金额(元)\r\n`W1,`支出,`50.00\r\n"
    for told in (bill.encode("utf-8-sig"), bill.encode("gb18030")):
        desk.send("/bills/", "核对账单", day="2026-11-22", file=told)
    assert desk.open("/bills/").text.count("W1 我们没有这笔") == 2

    answer = desk.send("/bills/", "核对账单", day="2026-11-22", file=b"PK\x03\x04\x00\xff")
    assert "压缩包请先解压" in answer.text


def test_the_number_of_a_bank_card_is_for_those_who_pay(shop, desk, seller) -> None:
    shop.earned(seller)
    with shop.database.transaction() as session:
        terms, now = policy.in_force(session, shop.merchant_id, shop.clock.now()), shop.clock.now()
        card = {"channel": "bank", "payee_account": "6222021234567890"}
        no = withdrawals.request(session, seller.id, 5_000, request_key="b", policy=terms, now=now, **card).no
    desk.login("老板")  # eight days have passed
    assert "6222021234567890" in desk.open(f"/withdrawals/{no}").text
    desk.hire("客服小林", "service")
    page = desk.as_other("客服小林").open(f"/withdrawals/{no}").text

    assert "尾号 7890" in page
    assert "6222021234567890" not in page
