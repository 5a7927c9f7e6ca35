"""Our quick way to a QR code gives, module for module, what qrcode gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData

from posters import matrix

CORRECTIONS = (ERROR_CORRECT_M, ERROR_CORRECT_Q, ERROR_CORRECT_H)


def theirs(content: bytes, version: int, correction: int) -> list[bytes]:
    code = QRCode(version=version, error_correction=correction, mask_pattern=matrix.MASK, border=0)
    code.add_data(QRData(content, mode=MODE_8BIT_BYTE), optimize=0)
    code.make(fit=False)
    return [bytes(map(bool, row)) for row in code.modules]


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.sampled_from(CORRECTIONS))
def test_any_content_gives_the_same_modules(content, correction):
    version = matrix.fitting(len(content), correction)
    assert matrix.square(content, version, correction) == theirs(content, version, correction)


@pytest.mark.parametrize("correction", CORRECTIONS)
@pytest.mark.parametrize("version", [1, 2, 6, 7, 9, 10, 14])
def test_a_full_version_gives_the_same_modules(version, correction):
    content = b"q" * max(size for size in range(1, 500) if matrix.fitting(size, correction) == version)
    assert matrix.square(content, version, correction) == theirs(content, version, correction)


def test_what_no_version_holds_is_none():
    assert matrix.fitting(5000, ERROR_CORRECT_H) is None
