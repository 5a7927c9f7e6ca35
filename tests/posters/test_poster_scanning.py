"""Every template scans after everything that happens to pictures in chats."""

from functools import cache
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from poster_samples import DISTORTIONS, facts_for

from posters import TEMPLATES, qr, render


@cache
def poster(template: str, long: bool) -> Image.Image:
    image = Image.open(BytesIO(render(facts_for(template, long=long))))
    image.load()
    return image


@pytest.mark.parametrize("how", DISTORTIONS)
@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_scans_after_every_distortion(template, long, how):
    seen = DISTORTIONS[how](poster(template, long)).convert("L")
    assert [found.text for found in zxingcpp.read_barcodes(seen)] == [facts_for(template, long=long).url]


def test_neither_a_logo_nor_distance_makes_the_modules_smaller():
    url = "http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQr"
    near, far, logo = (len(qr.modules(url, strength)) for strength in ("near", "far", "logo"))
    assert far == near == logo


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_code_keeps_four_modules_of_white_around_it(template):
    facts = facts_for(template, long=True)
    area = next(area for area in TEMPLATES[template].areas() if area.part == "qr")
    strength = "logo" if area.logo else "far" if area.far else "near"
    code = qr.code(facts.url, area.box.size[0], strength=strength)
    module = code.width // len(qr.modules(facts.url, strength))
    assert (area.box.size[0] - code.width) // 2 >= 4 * module
    assert module >= 4
