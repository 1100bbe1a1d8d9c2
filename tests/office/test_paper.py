"""Tables of workbooks are laid out so that A4 shrinks their type to 9.5 points at most."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cli.output.workbooks.paper import LINE, LONG, fitted, height, laid_out, packed


def total(layout):
    """Return the pixels of the columns in 宋体: 8 of a character, 5 beside it."""
    return sum(8 * width + 5 for width in layout.widths)


# 190 mm and 277 mm between margins of 10 mm, at 96 pixels an inch, shrunk to 87 %.
UPRIGHT, LYING = 190 / 25.4 * 96 / 0.87, 277 / 25.4 * 96 / 0.87


def test_a_narrow_table_is_upright_and_no_name_in_it_is_wrapped():
    header = ["名次", "单位", "名称", "一季度", "非正常上访工作", "得分"]
    layout = laid_out(header, [[1, "V001", "砚池里社区", Decimal("-21.25"), 12, Decimal(20)]])
    assert (layout.lying, layout.split) == (False, False)
    assert total(layout) <= UPRIGHT
    assert layout.widths[2] >= 10
    assert layout.widths[3] >= len("-21.25")
    assert height(["V001", "砚池里社区"], layout.widths[1:3]) == LINE


def test_a_table_with_a_long_text_lies_and_wraps_it():
    text = "各单位每月至少要报送2件信访事项办理案例，每少1件的扣1.5分。" * 5
    row = [
        "计分",
        "三（一）1（2）",
        Decimal(-3),
        date(2016, 3, 31),
        "V017-CR-2016-09-2",
        text,
        text,
    ]
    layout = laid_out(["列"] * 7, [row], {5: LONG, 6: LONG})
    assert (layout.lying, layout.split) == (True, False)
    assert total(layout) <= LYING
    # A date or number that does not fit would be ####; an id is not broken.
    assert layout.widths[3] >= 14
    assert layout.widths[4] >= 17
    # 30 汉字 and marks of 15 pixels, 5 times, in lines of the column
    assert height(row, layout.widths) >= 15 * 5 * 30 * 15 / (8 * layout.widths[5])


@pytest.mark.parametrize(("columns", "split"), [(15, False), (40, True)])
def test_columns_that_do_not_fit_go_on_on_further_pages_instead_of_shrinking(columns, split):
    layout = laid_out(["数"] * columns, [[Decimal("-10.25")] * columns])
    assert layout.split == split
    assert layout.lying == (total(layout) > UPRIGHT)


def test_columns_that_somebody_fills_in_keep_their_widths():
    assert fitted([30, 12], [30, 12]).widths == [30, 12]


def test_ids_are_packed_into_lines_without_being_broken():
    ids = ["SP-2016-01", "SP-2016-02", "SP-2016-03"]
    assert packed(ids, 22) == "SP-2016-01、SP-2016-02\nSP-2016-03"
    assert packed([]) == ""
    assert packed(["x" * 30], 22) == "x" * 30
