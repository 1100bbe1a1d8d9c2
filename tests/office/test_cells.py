"""Cells are read as clerks write them: dates, times, numbers, flags and lists."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from cli.workbooks.cells import CellError, value_of
from cli.workbooks.columns import columns_of


def column(kind, field):
    return next(one for one in columns_of(kind) if one.field == field)


DAY = column("commendation", "issued_on")
MONTH = column("case_report", "month")
MOMENT = column("petition_batch", "occurred_at")
WHOLE = column("petition_batch", "headcount")
FLAG = column("petition_batch", "abnormal")
LIST = column("information_report", "matters")
POINTS = column("inspection_finding", "points")
ITEM = column("inspection_finding", "item")
ID = column("petition_batch", "id")
VALUE = column("ruling", "value")
NOTE = column("petition_batch", "note")
READS = [
    (DAY, date(2016, 3, 1), "2016-03-01"),
    (DAY, datetime(2016, 3, 1), "2016-03-01"),  # noqa: DTZ001 - as a cell has it
    (DAY, "2016年3月1日", "2016-03-01"),
    (DAY, "２０１６年３月１日", "2016-03-01"),
    (DAY, "2016/3/1", "2016-03-01"),
    (DAY, "2016.3.1", "2016-03-01"),
    (DAY, " 2016-03-01 ", "2016-03-01"),
    (DAY, "3月1日", "3月1日"),
    (DAY, "2016/3/1 0:00", "2016-03-01"),
    (DAY, "2016-03-01 00:00:00", "2016-03-01"),
    (DAY, "2016/3/1 9:00", "2016/3/1 9:00"),
    (DAY, datetime(2016, 3, 1, 9), "2016-03-01T09:00:00"),  # noqa: DTZ001 - as a cell has it
    (MONTH, date(2016, 3, 1), "2016-03"),
    (MONTH, date(2016, 3, 2), "2016-03-02"),
    (MONTH, "2016年3月", "2016-03"),
    (MONTH, "2016/3", "2016-03"),
    (MOMENT, datetime(2016, 3, 5, 9, 30), "2016-03-05T09:30:00"),  # noqa: DTZ001 - as a cell has it
    (MOMENT, "2016年3月5日9时30分", "2016-03-05T09:30:00"),
    (MOMENT, "2016年3月5日 9时", "2016-03-05T09:00:00"),
    (MOMENT, "2016/3/5 9：05", "2016-03-05T09:05:00"),
    (MOMENT, "2016-03-05 09:30:15", "2016-03-05T09:30:15"),
    (MOMENT, "2016-03-05T09:30+08:00", "2016-03-05T09:30+08:00"),
    (MOMENT, "2016年3月5日", "2016年3月5日"),
    (MOMENT, "2016年3月5日下午3时", "2016-03-05T15:00:00"),
    (MOMENT, "2016/3/5 上午9:30", "2016-03-05T09:30:00"),
    (MOMENT, "2016/3/5 上午12:30", "2016-03-05T00:30:00"),
    (MOMENT, "2016/3/5 下午12:30", "2016-03-05T12:30:00"),
    (MOMENT, "2016/3/5 下午15:30", "2016-03-05T15:30:00"),
    (WHOLE, 5.0, 5),
    (WHOLE, 5.5, 5.5),
    (WHOLE, "５", 5),
    (WHOLE, "5人", "5人"),
    (WHOLE, True, "true"),
    (FLAG, "是", True),
    (FLAG, "否", False),
    (FLAG, True, True),
    (FLAG, "TRUE", True),
    (FLAG, "大概", "大概"),
    (FLAG, 1.0, "1"),
    (LIST, "XF-1、XF-2，XF-3\nXF-4; XF-5,", ["XF-1", "XF-2", "XF-3", "XF-4", "XF-5"]),
    (LIST, "无", []),
    (LIST, 2016001.0, ["2016001"]),
    (POINTS, 0.5, "0.5"),
    (POINTS, 0.1 + 0.2, "0.3"),
    (POINTS, 1.0, "1"),
    (ITEM, 1.1, "1.1"),
    (ITEM, 3.0, "3"),
    (ID, "Ｂ－７", "B-7"),
    (ID, 7.0, "7"),
    (ID, "B-\u200b7\ufeff", "B-7"),
    (VALUE, 1.5, "1.5"),
    (VALUE, 3.0, 3),
    (VALUE, True, True),
    (VALUE, "1.5", "1.5"),
    (NOTE, " 全角１２３ ", " 全角１２３ "),
]


@pytest.mark.parametrize(("of", "cell", "value"), READS, ids=[repr(one[1]) for one in READS])
def test_reads_a_cell_as_its_json_value(of, cell, value):
    found = value_of(cell, of)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("of", "cell", "message"),
    [
        (ID, 123456789012345678.0, "more than 15 digits"),
        (WHOLE, 1e300, "more than 15 digits"),
        (ID, date(2016, 3, 1), "is not text but a date"),
        (ITEM, date(2016, 1, 1), "is not text but a date"),
        (ID, time(9, 30), "is not text but a date or time"),
        (ID, timedelta(hours=30), "is not text but a date or time"),
        (MOMENT, date(2016, 3, 5), "no time of day"),
    ],
)
def test_refuses_an_ambiguous_cell(of, cell, message):
    with pytest.raises(CellError, match=message):
        value_of(cell, of)
