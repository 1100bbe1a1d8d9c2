"""The fullest slips are one page of A4 each, from Word by LibreOffice and from a browser."""

from __future__ import annotations

import subprocess

import pytest

from cli.output.documents.slips import Slips, slips_document, slips_page
from cli.output.documents.terms import words_of
from tests.browsing import CHROMIUM, NEEDS_CHROMIUM, QUIET
from tests.office.fullest import fullest
from tests.office.printing import CAN_PRINT, pages, printed
from tests.office.slips import RIVERS, slip
from tests.office.test_slip_fitting import OFFICE, months

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CAN_PRINT, reason="LibreOffice or poppler is not installed"),
]


@pytest.fixture(scope="module")
def slips():
    """Return the fullest slips: of a year and its quarters, of twelve months, of 36 items."""
    found = [slip(fullest(), number, office=OFFICE) for number in (None, 1, 2, 3, 4)]
    measure, visits = months()
    found += [slip(visits, number, measure=measure, office=OFFICE) for number in (None, 12)]
    found.append(slip([], None, measure=RIVERS, office=OFFICE))
    return Slips(found, "", 1, words_of("分"))


def assert_a_page_each(found, slips):
    assert len(found) == len(slips.values)
    for page, values in zip(found, slips.values, strict=True):
        assert "得分告知单" in page.splitlines()[0]
        assert "台账序号" in page
        assert values["考核期"] in page


def test_a_page_each_in_word(slips, tmp_path):
    path = tmp_path / "s.docx"
    path.write_bytes(slips_document(slips, None, ""))
    assert_a_page_each(pages(printed(path)), slips)


@NEEDS_CHROMIUM
def test_a_page_each_from_a_browser(slips, tmp_path):
    path, pdf = tmp_path / "s.html", tmp_path / "s.pdf"
    path.write_bytes(slips_page(slips))
    options = ["--headless", "--no-pdf-header-footer", f"--print-to-pdf={pdf}"]
    command = [CHROMIUM, *QUIET, *options, f"--user-data-dir={tmp_path / 'profile'}", str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert_a_page_each(pages(pdf), slips)
