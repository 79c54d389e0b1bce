"""The QR code is the one that the standard says: read back, it says the address again."""

from __future__ import annotations

import re

import pytest
import segno

from gestand.doors.office.picture import QUIET, picture_of


def test_the_path_draws_each_dark_module_once_with_light_around() -> None:
    address = "otpauth://totp/Koper?secret=JBSWY3DPEHPK3PXP&issuer=Koper"
    drawn = picture_of(address)
    dark = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn["path"])]
    assert len(set(dark)) == len(dark)
    matrix = segno.make_qr(address, error="m").matrix
    assert drawn["side"] == len(matrix) + 2 * QUIET
    assert {(x - QUIET, y - QUIET) for x, y in dark} == {
        (x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module
    }
    assert min(min(place) for place in dark) == QUIET
    assert max(max(place) for place in dark) == drawn["side"] - QUIET - 1


def test_another_secret_is_another_picture() -> None:
    assert picture_of("otpauth://totp/a?secret=A")["path"] != picture_of("otpauth://totp/a?secret=B")["path"]


def test_a_text_that_fits_in_no_code_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        picture_of("x" * 4000)
