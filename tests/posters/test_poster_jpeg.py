"""A JPEG joined from strips is the JPEG of the whole image."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from posters import TEMPLATES, PosterFacts, jpeg, prepare, render


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise(size, 60) for _ in range(3)])


def pixels(content: bytes) -> bytes:
    return Image.open(BytesIO(content)).tobytes()


def at_once(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=jpeg.QUALITY)
    return out.getvalue()


@pytest.mark.parametrize("height", [640, 639, 648])
def test_a_strip_encoded_apart_loses_no_pixel(height):
    before, strip = noise((250, height)), noise((250, 96))
    head, rows = jpeg.strips(before)
    rows[8:14] = jpeg.rows(strip)
    after = before.copy()
    after.paste(strip, (0, 128))
    assert pixels(jpeg.joined(head, rows)) == pixels(at_once(after))


def test_the_last_strip_may_be_lower_than_a_row_of_blocks():
    whole = noise((250, 200))
    head, rows = jpeg.strips(whole)
    rows[10:] = jpeg.rows(whole.crop((0, 160, 250, 200)))
    assert pixels(jpeg.joined(head, rows)) == pixels(at_once(whole))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_poster_put_together_from_bands_is_the_poster_painted_at_once(name):
    for kind in TEMPLATES[name].kinds:
        facts = PosterFacts(
            "超长的商品名字" * 5, 8900, "小雅", "每天两片，温润好滋味" * 3, "http://weixin.qq.com/q/02Ab"
        )
        facts = replace(facts, shop="云岭好物" * 6, template=name, kind=kind, struck_fen=12_900)
        painted = Image.open(BytesIO(render(facts, image_format="PNG"))).convert("RGB")
        assert pixels(render(facts)) == pixels(at_once(painted))


def test_rows_kept_from_before_a_change_never_show_what_was_before():
    facts = PosterFacts("阿胶糕", 8900, "小雅", "每天两片", "http://weixin.qq.com/q/02Ab", shop="云岭", struck_fen=9900)
    picture = at_once(noise((90, 90)))
    changes = {"price_fen": 7900, "product": "春茶", "struck_fen": None, "shop": "别家", "slogan": "明前"}
    changes |= {"picture": picture, "logo": picture, "sold_out": True, "kind": "shop"}
    render(facts)
    for key, value in changes.items():
        facts = replace(facts, **{key: value})
        painted = Image.open(BytesIO(render(facts, image_format="PNG"))).convert("RGB")
        assert pixels(render(facts)) == pixels(at_once(painted)), key


def test_a_prepared_sheet_changes_nothing():
    facts = PosterFacts("阿胶糕", 8900, "小雅", "每天两片", "http://weixin.qq.com/q/02Ab")
    prepare(replace(facts, name="别人"))
    painted = Image.open(BytesIO(render(facts, image_format="PNG"))).convert("RGB")
    assert pixels(render(facts)) == pixels(at_once(painted))
