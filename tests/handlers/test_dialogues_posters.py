"""The model dialogues about posters: a product, a style, words to post; two of one name, none of it, a link instead."""

import pytest
from dialogue_shop import says
from sqlalchemy import select

from distribution import materials, posters
from models import Product
from models import tables as t
from models.states import OutboxState


@pytest.fixture
def lina(shop):
    who = shop.chat.distributor("李娜", "o-lina")
    shop.now("11-23 10:30")
    return who


def added(shop, sku, name, fen):
    with shop.chat.database.transaction() as session:
        row = Product(
            merchant_id=1, sku=sku, name=name, price_fen=fen, stock=5, updated_at=shop.chat.clock.now(), on_sale=True
        )
        session.add(row)


def written(shop, sku, *texts):
    """What the shop gives people to post about a product."""
    with shop.chat.database.transaction() as session:
        product = session.query(Product).filter_by(sku=sku).one().id
        for number, text in enumerate(texts):
            facts = {"title": f"文案{number}", "picture_id": None, "product_id": product, "by": "老板"}
            materials.create(session, 1, text=text, now=shop.chat.clock.now(), **facts)


def drawings(shop):
    """Every poster that was asked for: what of, and in which style."""
    p, s = t.poster.c, t.scene.c
    with shop.chat.database.reading() as session:
        found = select(t.product.c.sku, p.template, s.purpose).join(t.scene, s.id == p.scene_id)
        rows = session.execute(found.outerjoin(t.product, t.product.c.id == p.product_id).order_by(p.id))
        return [tuple(row) for row in rows]


def drawn(shop, media_id="media-1"):
    """The worker has drawn everything, and WeChat holds it."""
    with shop.chat.database.transaction() as session:
        now = shop.chat.clock.now()
        for row in session.execute(select(t.poster.c.id, t.poster.c.scene_id)).all():
            posters.record_scene(session, row.scene_id, url=f"http://weixin.qq.com/q/{row.scene_id}", expires_at=None)
            work = posters.work_of(session, row.id, now=now)
            facts = {"picture_id": None, "media_id": media_id, "facts_hash": work.facts_hash}
            posters.record_drawn(session, row.id, media_until=now.replace(year=2027), **facts)
        session.execute(
            t.outbox_row.update().where(t.outbox_row.c.kind == "poster").values(state=OutboxState.DONE, done_at=now)
        )


def test_05_a_product_is_chosen_then_a_style_then_words(shop, lina):
    written(shop, "MASK", "一盒 5 片，扫图里的码就能买~", "换季脸干得起皮，敷了三晚，早上上妆终于不卡粉了。")
    says(
        lina,
        "生成海报",
        "推哪一个？回复数字，或直接发商品名",
        "1 坚果礼盒 ¥128.00（赚 ¥12.80）",
        "2 玻尿酸面膜 ¥59.00（赚 ¥5.90）",
        "3 即食阿胶糕 250g ¥89.00（赚 ¥8.90）",
        "4 全店海报",
        "5 更多商品",
    )
    says(lina, "2", "正在生成，约 3 秒", "“素白”", "欢庆、画廊", "1 配一段文案", "2 换版式", "3 换商品")
    says(lina, "节日红吧", "正在生成，约 3 秒", "“欢庆”")
    assert drawings(shop) == [("MASK", "clean", "product"), ("MASK", "festival", "product")]
    says(lina, "1", "复制就能发", "换季脸干得起皮", "1 换一条", "2 来张海报")
    says(lina, "1", "一盒 5 片，扫图里的码就能买", "2 来张海报")


def test_05_a_style_is_chosen_by_its_number_and_goods_are_turned_over(shop, lina):
    says(lina, "生成海报", "5 更多商品")
    says(lina, "5", "1 智利车厘子 2 斤", "2 燕窝礼盒", "3 轻薄羽绒服", "5 更多商品")
    says(lina, "更多商品", "1 洗衣液", "2 全店海报")
    says(lina, "1", "正在生成", "2 换版式")
    says(lina, "2", "“洗衣液”选个版式", "1 素白（刚才这张）", "2 欢庆", "3 画廊")
    says(lina, "3", "“画廊”", "3 换商品")
    says(lina, "换商品", "推哪一个")
    says(lina, "4", "正在生成", "1 通用文案")
    assert drawings(shop) == [("SOAP", "clean", "product"), ("SOAP", "gallery", "product"), (None, "clean", "shop")]


def test_05_a_poster_that_is_ready_comes_at_once_and_leads_on(shop, lina):
    lina.says("玻尿酸面膜海报")
    drawn(shop)
    says(lina, "玻尿酸面膜海报", "[图片 media-1]")
    says(lina, "1", "复制就能发", "玻尿酸面膜")
    lina.says("玻尿酸面膜海报")
    says(lina, "2", "选个版式", "1 素白（刚才这张）")


@pytest.mark.parametrize("said", ["换版式", "换成欢庆", "素白吧"])
def test_a_style_without_a_poster_begins_one(lina, said):
    says(lina, said, "推哪一个")


def test_06_two_of_a_name_none_of_it_and_a_link_instead(shop, lina):
    added(shop, "COL", "胶原蛋白面膜", 7_900)
    written(shop, "MASK", "补水保湿，一片顶三片。")
    said = says(lina, "要个面膜的海报", "“面膜”有 2 款，要哪款", "1 玻尿酸面膜 ¥59.00", "2 胶原蛋白面膜 ¥79.00")
    assert "3 " not in said
    says(lina, "补水那个", "是 1 玻尿酸面膜（补水）吧？回复 1 马上生成")
    says(lina, "嗯嗯", "正在生成")
    assert drawings(shop) == [("MASK", "clean", "product")]
    says(lina, "再来张榴莲的", "店里暂时没有“榴莲”", "1 ", "2 ", "3 全店海报", "4 更多商品")
    says(lina, "不是海报，我要的是链接", f"https://shop.test/s/{lina.code}", "1 某个商品的链接", "2 换成二维码")
    assert len(drawings(shop)) == 1


def test_06_a_part_of_a_name_is_enough_among_a_few(shop, lina):
    added(shop, "COL", "胶原蛋白面膜", 7_900)
    lina.says("要个面膜的海报")
    says(lina, "胶原那款吧", "正在生成")
    assert drawings(shop) == [("COL", "clean", "product")]


def test_a_question_while_choosing_is_answered_and_the_choice_stays(lina):
    lina.says("生成海报")
    says(lina, "我的收益", "可提现", "推哪一个")
    says(lina, "嗯嗯", "请回复 1 到 5")
    says(lina, "2", "正在生成")
