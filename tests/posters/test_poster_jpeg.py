"""A JPEG joined from two parts is the JPEG of the whole image."""

from io import BytesIO

from PIL import Image

from posters import jpeg


def test_joining_loses_no_pixel():
    whole = Image.merge("RGB", [Image.effect_noise((240, 640), 60) for _ in range(3)])
    beginning = jpeg.upper(whole.crop((0, 0, 240, 2 * jpeg.STEP)), full_height=640)
    joined = jpeg.joined(beginning, whole.crop((0, 2 * jpeg.STEP, 240, 640)))
    at_once = BytesIO()
    whole.save(at_once, "JPEG", quality=jpeg.QUALITY)
    assert Image.open(BytesIO(joined)).tobytes() == Image.open(at_once).tobytes()
