"""The comparison with the period before accounts for every unit, and says what it has none of."""

from __future__ import annotations

from tests.cli.entries import reports
from tests.office.documents import under, write_bulletin


def test_a_unit_that_is_new_in_a_quarter_is_told_beside_those_compared(tally):
    """甲村 and 乙村 report in all months; 丁村 is assessed from March, and none rises or falls."""
    months = ("2015-12", "2016-01", "2016-02", "2016-03", "2016-04", "2016-05")
    new = {"kind": "unit", "id": "V004", "name": "丁村", "type": "village"}
    tally.take_in(
        *reports("V001", *months),
        *reports("V002", *months),
        {**new, "assessed_from": "2016-03-01"},
        *reports("V004", *months[3:]),
    )
    told = under(write_bulletin(tally, "2016Q2"), "季度得分情况")
    assert "得分持平的单位2个，没有得分上升的单位，新参加考核1个。" in told
