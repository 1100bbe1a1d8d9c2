"""Workbooks printed by LibreOffice are legible: 9 points or more, on few sheets, heads on each."""

from __future__ import annotations

import pytest

from tests.office.printing import CAN_PRINT, pages, printed, type_sizes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CAN_PRINT, reason="LibreOffice or poppler is not installed"),
]

DAY = ("--through", "2016-12-05")
XLSX = ("--format", "xlsx")


@pytest.mark.parametrize(
    ("command", "at_most", "head"),
    [
        # Of 46 units: ranking, chart, four quarters, inspection, postings, open points; it was 63.
        (("score", "--year", "2016", *DAY, *XLSX), 28, "名次单位"),
        # Of the unit that lost most.
        (("explain", "V017", "2016", *DAY, *XLSX), 12, "部分条款"),
        (("explain", "V025", "2016Q1", *DAY, *XLSX), 2, "部分条款"),
        (("bulletin", "2016", *DAY), 7, "名次单位"),
        (("bulletin", "2016Q2", *DAY), 1, "名次单位"),
        (("bulletin", "2016Q4", *DAY), 2, "名次单位"),
    ],
)
def test_a_workbook_is_legible_on_paper(town, tmp_path, command, at_most, head):
    path = tmp_path / "book.xlsx"
    town(*command, "-o", path).ok()
    pdf = printed(path)
    sizes = type_sizes(pdf)
    assert min(sizes) >= 9, sizes
    texts = pages(pdf)
    assert len(texts) <= at_most
    first = texts[0].split("\n", 1)[0]
    of_first = [one for one in texts if one.startswith(first)]
    assert of_first
    assert all(head in "".join(one.splitlines()) for one in of_first)


def test_the_template_to_fill_in_is_legible_on_paper(town, tmp_path):
    path = tmp_path / "entries.xlsx"
    town("template", path).ok()
    assert min(type_sizes(printed(path))) >= 9


def test_clause_texts_of_an_explanation_are_whole_on_paper(town, tmp_path):
    """The longest of them, whose end was clipped."""
    path = tmp_path / "book.xlsx"
    town("explain", "V017", "2016Q1", *XLSX, "-o", path).ok()
    text = "".join("".join(pages(printed(path))).split())
    assert "滞留超过4小时的，加重扣分" in text
