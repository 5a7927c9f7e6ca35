"""Posters as people meet them: they scan, they survive, they refuse plainly."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from posters import TEMPLATES, PosterError, PosterFacts, render

URL = "https://shop.example.com/s/C8F3Q?p=AJ250&utm=abcdefghijkl"
FACTS = PosterFacts(
    product="即食阿胶糕 250g", price_fen=8900, name="小雅", slogan="独立小包，出门也能带", url=URL, shop="云岭好物"
)


def opened(poster: bytes) -> Image.Image:
    image = Image.open(BytesIO(poster))
    image.load()
    return image


def scanned(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.parametrize(("template", "kind"), [(name, kind) for name in TEMPLATES for kind in TEMPLATES[name].kinds])
def test_every_template_and_kind_scans_to_its_link(template, kind):
    image = opened(render(replace(FACTS, template=template, kind=kind)))
    assert (image.format, image.size) == ("JPEG", TEMPLATES[template].size)
    assert scanned(image) == [URL]


@pytest.mark.parametrize("template", ["clean", "spring", "night"])
@pytest.mark.parametrize("kind", ["product", "shop", "invitation"])
def test_the_first_three_templates_draw_what_they_always_did(template, kind):
    image = opened(render(replace(FACTS, template=template, kind=kind)))
    assert (image.size, scanned(image)) == ((1080, 1920), [URL])


@pytest.mark.parametrize("length", [20, 60, 120, 200, 300])
def test_links_of_every_allowed_length_scan(length):
    url = "https://shop.example.com/".ljust(length, "q")[:length]
    assert scanned(opened(render(replace(FACTS, url=url)))) == [url]


def test_the_second_distributor_gets_the_same_sheet_with_another_code():
    first, second = (
        opened(render(replace(FACTS, url=url, name=name))) for url, name in ((URL, "小雅"), (URL + "2", "老王"))
    )
    upper = (0, 0, 1080, 1392)
    assert first.crop(upper).tobytes() == second.crop(upper).tobytes()
    assert (scanned(first), scanned(second)) == ([URL], [URL + "2"])


def test_jpeg_and_png_show_the_same_poster():
    png = opened(render(FACTS, image_format="PNG"))
    assert png.format == "PNG"
    once_more = opened(jpeg(png, quality=85))
    assert once_more.tobytes() == opened(render(FACTS)).tobytes()


def test_a_noisy_picture_stays_below_two_megabytes():
    noise = Image.merge("RGB", [Image.effect_noise((900, 900), 120) for _ in range(3)])
    noisy = replace(FACTS, picture=jpeg(noise, quality=85))
    assert len(noisy.picture) < 2 * 1024 * 1024
    assert len(render(noisy)) <= 2 * 1024 * 1024
    assert len(render(noisy, image_format="PNG")) <= 2 * 1024 * 1024


def test_threads_draw_the_same_posters_as_one():
    wanted = [replace(FACTS, url=f"{URL}{number}", name=f"分销员{number}", price_fen=number) for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda facts: render(facts, image_format="PNG"), wanted))
    assert together == [render(facts, image_format="PNG") for facts in wanted]


@pytest.mark.parametrize(
    "name", ["", "🌸🌸", "\u202e\u200b", "很长的名字" * 40, "A" * 500, "𝓐𝓵𝓲𝓬𝓮", "بائع", "\x00\x07"]
)
def test_any_name_makes_a_poster_that_scans(name):
    assert scanned(opened(render(replace(FACTS, name=name, product=name, shop=name)))) == [URL]


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("url", {"url": ""}),
        ("url", {"url": "https://a.example/ b"}),
        ("url", {"url": "https://a.example/" + "x" * 300}),
        ("template", {"template": "gone"}),
        ("kind", {"kind": "party"}),
        ("price_fen", {"price_fen": -1}),
        ("price_fen", {"price_fen": 89.0}),
        ("price_fen", {"price_fen": True}),
        ("struck_fen", {"struck_fen": 10**20}),
    ],
)
def test_a_refusal_names_the_wrong_fact(key, wrong):
    with pytest.raises(PosterError, match=key) as refused:
        render(replace(FACTS, **wrong))
    assert refused.value.key == key
    assert "\n" not in str(refused.value)


def test_a_struck_price_is_shown_only_when_it_is_higher():
    plain = render(FACTS)
    assert render(replace(FACTS, struck_fen=8900)) == plain
    assert render(replace(FACTS, struck_fen=12800)) != plain


def test_the_highest_price_stays_inside_the_margins():
    sheet = opened(render(replace(FACTS, price_fen=10**13 - 1), image_format="PNG"))
    plain = opened(render(replace(FACTS, price_fen=1), image_format="PNG"))
    edge = (1010, 1050, 1080, 1440)
    assert sheet.crop(edge).tobytes() == plain.crop(edge).tobytes()
