"""Papers converted by LibreOffice have the pages that they should have, for 8 and 46 units."""

from __future__ import annotations

import re

import pytest

from tests.cli.running import Tally
from tests.office import eight_villages
from tests.office.printing import CAN_PRINT, pages, printed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CAN_PRINT, reason="LibreOffice or poppler is not installed"),
]


@pytest.fixture(scope="module")
def eight(tmp_path_factory):
    made = Tally(tmp_path_factory.mktemp("eight"))
    made("init").ok()
    eight_villages.fill(made)
    made("office", "set", "--name", "某镇信访工作领导小组办公室").ok()
    return made


def pages_of(tally, folder, *command, ending="docx"):
    path = folder / f"paper.{ending}"
    tally(*command, "-o", path).ok()
    return pages(printed(path))


def body(page):
    """Return the lines of a page without its number."""
    return [one for one in page.splitlines() if one and not re.fullmatch(r"[—–-]\d+[—–-]", one)]


def test_a_full_page_of_the_bulletin_has_22_lines_of_28_characters(town, tmp_path):
    """GB/T 9704-2012, 5.2.3."""
    found = pages_of(town, tmp_path, "bulletin", "2016Q2", "--through", "2016-06-10")
    full = max((body(one) for one in found[1:4]), key=len)
    assert 20 <= len(full) <= 22
    # A figure or Latin letter takes some half of a character.
    widths = [
        len(one) - 0.45 * len(re.findall("[ -~]", one)) for page in found[1:5] for one in body(page)
    ]
    assert 27.5 <= max(widths) <= 28.5


@pytest.mark.parametrize(("period", "at_most"), [("2016Q1", 5), ("2016Q2", 6), ("2016", 6)])
def test_the_bulletin_of_eight_villages(eight, tmp_path, period, at_most):
    """A quarter in which nothing happened, one in which all did, and the year."""
    found = pages_of(eight, tmp_path, "bulletin", period, "--through", "2016-06-10")
    assert 3 <= len(found) <= at_most
    # The mark of the office is in one line; the table and the imprint end the last page.
    assert body(found[0])[0] == "某镇信访工作领导小组办公室文件"
    assert body(found[-1])[0] == "附件"
    assert body(found[-1])[-1].endswith("日印发")
    assert [one for one in body(found[-1]) if "台账序号" in one and "根值" in one]


def test_the_bulletin_of_46_units_with_the_year_beside_its_last_quarter(town, tmp_path):
    found = pages_of(town, tmp_path, "bulletin", "2016Q4", "--through", "2016-12-05")
    assert len(found) <= 11
    text = "".join(found)
    assert "全年奖分" in text
    assert "年度得分" in text
    assert body(found[-1])[-1].endswith("日印发")


@pytest.mark.parametrize("period", ["2016Q1", "2016Q2", "2016Q4", "2016"])
def test_each_of_46_slips_is_one_page(town, tmp_path, period):
    found = pages_of(town, tmp_path, "slip", "--all", period, "--through", "2016-12-05")
    assert len(found) == 46
    assert all("得分告知单" in one.splitlines()[0] and "台账序号" in one for one in found)


@pytest.mark.parametrize("period", ["2016Q1", "2016Q2"])
def test_each_of_8_slips_is_one_page(eight, tmp_path, period):
    found = pages_of(eight, tmp_path, "slip", "--all", period, "--through", "2016-06-10")
    assert len(found) == 8
