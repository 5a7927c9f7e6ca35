"""QR codes in pictures that people send."""

from collections.abc import Sequence

import zxingcpp

from posters import pictures

#: As sharp as a code on a poster needs it; more only costs time.
_LONGEST = 1800
_MOST = 4
#: The smallest code has so many squares a side.
_MODULES = 21
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def texts(picture: bytes | None) -> Sequence[str] | None:
    """What the QR codes of a picture say, at most four; None unless it is a sound JPEG, PNG, WEBP or GIF of 2 MB."""
    image = pictures.whole(picture, _LONGEST)
    if image is None:
        return None
    if min(image.size) < _MODULES:
        return []
    found = zxingcpp.read_barcodes(image.convert("L"), formats=_QR)
    return [each.text for each in found[:_MOST]]
