"""The merchant's rule book: every setting, drafts, dates, margins, and who hears of a change."""

import re

from pydantic import BaseModel
from sqlalchemy import select
from web_desk import forms_of

from distribution import policy, rule_drafts
from distribution.policy import Policy
from distribution.policy_words import SETTINGS
from models import tables as t
from web.console.rule_groups import GROUPS

PUBLISH = "发布新版本"


def terms_of(shop) -> Policy:
    with shop.database.reading() as session:
        return policy.in_force(session, shop.merchant_id, shop.clock.now())


def told(shop) -> list[str]:
    o = t.outbox_row.c
    with shop.database.reading() as session:
        rows = session.scalars(select(o.facts).where(o.once.like("notice:policy:%")).order_by(o.id)).all()
    return [row["text"] for row in rows]


def leaves(model: type[BaseModel], within: str = "") -> set[str]:
    found: set[str] = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        nested = isinstance(inner, type) and issubclass(inner, BaseModel)
        found |= leaves(inner, f"{within}{name}.") if nested else {f"{within}{name}"}
    return found


def test_every_setting_of_a_policy_has_words_and_a_place_on_the_page() -> None:
    settings = leaves(Policy) - {"id", "version"}

    assert {each.path for each in SETTINGS} == settings
    placed = {field.path for group in GROUPS for field in group.fields} | {group.table for group in GROUPS} - {""}
    assert placed - {""} == settings


def test_the_page_sent_as_it_stands_changes_nothing(shop, desk) -> None:
    before = terms_of(shop)

    assert desk.send("/rules/", PUBLISH).status_code == 303

    after = terms_of(shop)
    assert after.version == before.version + 1
    assert after.model_dump(exclude={"id", "version"}) == before.model_dump(exclude={"id", "version"})


def test_new_rules_show_what_an_order_pays(shop, desk) -> None:
    desk.send(
        "/rules/", PUBLISH, **{"store_rate_bp.l1": "12.5", "store_rate_bp.l2": "2", "freeze_days": "10"},
        **{"withdraw.auto_approve_up_to_fen": "50", "cycle.mode": "monthly", "cycle.day": "15", "quiet": "1"},
    )  # fmt: skip

    page = desk.open("/rules/").text
    assert "推广人得 <b>¥12.50</b>，邀请人得 <b>¥2.00</b>，你留 <b>¥85.50</b>" in page
    terms = terms_of(shop)
    assert (terms.version, terms.freeze_days, terms.withdraw.auto_approve_up_to_fen) == (2, 10, 5000)
    assert (terms.cycle.mode, terms.cycle.day, terms.quiet_hours) == ("monthly", 15, (22, 8))


def test_tables_are_read_row_by_row(shop, desk) -> None:
    desk.send("/levels/", "新增等级", name="金牌")
    rows = {"category_rate_bp.0.key": "食品", "category_rate_bp.0.l1": "8", "category_rate_bp.0.l2": "0"}
    rows |= {"category_rate_bp.2.key": "卡券", "category_rate_bp.2.disabled": "1"}
    rows |= {"level_rate_bp.0.l1": "12", "level_rate_bp.0.l2": "6", "dealers.grades_bp.0.key": "省级"}
    rows |= {"dealers.grades_bp.0.bp": "65", "amount_bands.1.from_fen": "500"}
    rows |= {"amount_bands.1.l1": "11", "amount_bands.1.l2": "5.5"}

    assert desk.send("/rules/", PUBLISH, **rows).status_code == 303

    terms = terms_of(shop)
    assert {key: (row.l1, row.l2, row.disabled) for key, row in terms.category_rate_bp.items()} == {
        "食品": (800, 0, False), "卡券": (0, 0, True),
    }  # fmt: skip
    assert (terms.level_rate_bp["金牌"].l1, terms.level_rate_bp["金牌"].l2) == (1200, 600)
    assert [(band.from_fen, band.l1, band.l2) for band in terms.amount_bands] == [(50_000, 1100, 550)]
    assert dict(terms.dealers.grades_bp) == {"省级": 6500}
    assert desk.send("/rules/", PUBLISH).status_code == 303
    assert terms_of(shop).category_rate_bp == terms.category_rate_bp


def test_both_levels_of_an_own_rule_must_be_told(desk) -> None:
    rows = {"category_rate_bp.0.key": "食品", "category_rate_bp.0.l1": "8", "amount_bands.0.from_fen": "100"}

    answer = desk.send("/rules/", PUBLISH, **rows)

    assert answer.status_code == 422
    assert answer.text.count("每一级都要填，不给就填 0") == 3


def test_a_third_level_is_refused_in_china_with_the_reason_and_allowed_elsewhere(shop, desk) -> None:
    answer = desk.send("/rules/", PUBLISH, depth="3")

    assert answer.status_code == 422
    assert "经营地在中国内地最多两级佣金" in answer.text
    assert "禁止传销条例" in desk.open("/rules/").text
    abroad = {"depth": "3", "jurisdiction": "my", "store_rate_bp.l3": "1"}
    assert desk.send("/rules/", PUBLISH, **abroad).status_code == 303
    assert (terms_of(shop).depth, terms_of(shop).jurisdiction, terms_of(shop).store_rate_bp.l3) == (3, "MY", 100)


def test_what_cannot_stand_is_said_beside_its_field(desk) -> None:
    wrong = {"store_rate_bp.l1": "60", "store_rate_bp.l2": "50", "cycle.mode": "weekly", "withdraw.max_fen": "1"}
    wrong |= {"binding.protect_days": "40", "terms": "只有一条", "effective_from": "2026-11-22T10:00"}

    page = desk.send("/rules/", PUBLISH, **wrong).text

    for said in ("各级加起来不能超过 100%", "选了这种周期就要填", "最高不能低于最低", "保护期不能比有效期长"):
        assert said in page
    assert "条款文字改了，版本号也要换" in page
    assert "不能早于现在" in page


def test_a_draft_is_not_in_force_until_it_is_published_on_its_day(shop, desk) -> None:
    desk.press(draft_form(desk), **{"store_rate_bp.l1": "20"})
    assert terms_of(shop).version == 1
    assert "20%" in desk.open("/trial/").text

    desk.send("/trial/", "发布草稿", effective_from="2026-11-25T00:00")

    assert terms_of(shop).store_rate_bp.l1 == 1000
    shop.clock.advance(days=2)
    assert terms_of(shop).store_rate_bp.l1 == 2000
    with shop.database.reading() as session:
        assert rule_drafts.find(session, shop.merchant_id) is None


def draft_form(desk):
    """The rules form with the address of its second button."""
    [form] = [each for each in forms_of(desk.open("/rules/")) if PUBLISH in each.buttons]
    form.action = "/console/rules/draft"
    return form


def test_a_draft_can_be_changed_further_and_dropped(shop, desk) -> None:
    desk.press(draft_form(desk), **{"store_rate_bp.l1": "20"})
    desk.press(draft_form(desk), **{"freeze_days": "9"})
    with shop.database.reading() as session:
        draft = rule_drafts.terms_of(session, shop.merchant_id)
    assert (draft.store_rate_bp.l1, draft.freeze_days) == (2000, 9)

    desk.send("/rules/", "丢弃草稿")

    assert "草稿 <small>" not in desk.open("/rules/").text


def test_distributors_hear_what_changes_before_it_holds(shop, desk) -> None:
    shop.distributor("李娜")
    shop.distributor("王芳")

    desk.send("/rules/", PUBLISH, effective_from="2026-12-01T00:00", **{"store_rate_bp.l1": "8", "freeze_days": "15"})

    first, second = told(shop)
    assert first == second
    assert "12月1日 00:00 起的新订单按新规则" in first
    assert "推广人佣金：10% → 8%" in first
    assert "收货后几天可结算：7 天 → 15 天" in first


def test_nobody_is_disturbed_by_what_only_the_office_feels(shop, desk) -> None:
    shop.distributor("李娜")

    desk.send("/rules/", PUBLISH, **{"withdraw.auto_approve_up_to_fen": "50", "reapply_days": "3"})

    assert terms_of(shop).version == 2
    assert told(shop) == []


def test_rules_that_pay_more_than_a_product_earns_are_refused_unless_confirmed(shop, desk) -> None:
    shop.product(price_fen=10_000, cost_fen=8_800, category="食品")

    answer = desk.send("/rules/", PUBLISH)
    assert answer.status_code == 422
    assert "即食阿胶糕 250g" in answer.text
    assert '奖励最多 ¥15.00，亏 <b class="minus">¥3.00</b>' in answer.text
    assert terms_of(shop).version == 1

    assert desk.send("/rules/", PUBLISH, accept_loss="1").status_code == 303
    assert terms_of(shop).version == 2


def test_a_level_or_band_that_nobody_has_reached_counts_for_the_margin(shop, desk) -> None:
    shop.product(price_fen=10_000, cost_fen=8_400)
    assert desk.send("/rules/", PUBLISH).status_code == 303
    rows = {"amount_bands.0.from_fen": "1000", "amount_bands.0.l1": "12", "amount_bands.0.l2": "5"}

    answer = desk.send("/rules/", PUBLISH, **rows)

    assert answer.status_code == 422
    assert "10 件卖 ¥1,000.00" in answer.text


def test_the_history_says_who_changed_what_and_when(shop, desk) -> None:
    desk.send("/rules/", PUBLISH, **{"store_rate_bp.l1": "8"})
    shop.clock.advance(days=1)
    desk.login("老板")
    desk.send("/rules/", PUBLISH, **{"self_purchase": "none", "withdraw.max_fen": "500"})

    page = re.sub(r"<[^>]+>", " ", desk.open("/rules/").text.split("历史版本")[1])
    words = " ".join(page.split())
    assert "第 3 版 生效中" in words
    assert "老板 2026-11-24 10:00 发布 · 2 处改动" in words
    assert "分销员自己买 算给邀请人 不算佣金" in words
    assert "单笔最高提现 不限 ¥500.00" in words
    assert "推广人佣金 10% 8%" in words


def test_a_further_merchant_decides_nothing_about_people(shop, desk) -> None:
    desk.send("/merchants/", "新增商家", name="隔壁老王")
    desk.hire("隔壁", "owner", 2)
    other = desk.as_other("隔壁")

    page = other.open("/rules/").text

    assert "店铺比例" in page
    assert 'name="join_mode"' not in page
    assert 'name="withdraw.min_fen"' not in page
    assert other.send("/rules/", PUBLISH, **{"withdraw.min_fen": "1"}).status_code == 303
    with shop.database.reading() as session:
        assert policy.in_force(session, 2, shop.clock.now()).withdraw.min_fen == 1000


def test_the_journal_holds_the_publication(shop, desk) -> None:
    desk.send("/rules/", PUBLISH, **{"store_rate_bp.l1": "8"})

    with shop.database.reading() as session:
        facts = session.scalars(select(t.audit_entry.c.facts).where(t.audit_entry.c.action == "policy.published")).all()
    assert facts[-1]["changes"] == 1
