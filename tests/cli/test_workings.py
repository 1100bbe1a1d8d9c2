"""A working beside its points does not say them again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cli.language.translating import translator
from cli.output.workings import beside_points
from projections.postings import Working


@pytest.mark.parametrize(
    ("template", "values", "points", "text"),
    [
        ("{}: {}", ("3", "34 people"), "-3", "34 people"),
        ("{}: {}", (Decimal("-1.5"), "34 people"), "-1.5", "34 people"),
        ("{}: {}", (Decimal("0.50"), "x"), "0.5", "x"),
        ("{}: {}", ("0", "x"), "0", "x"),
        # What is not the points alone stays.
        ("{}: {}", ("4 × 0.5", "x"), "-2", "4 × 0.5: x"),
        ("{}: {}", ("3", "x"), "-6", "3: x"),
        ("{} × {}: {}", ("2", "3", "x"), "-6", "2 × 3: x"),
        ("{}: {}", ("2016-01", "late"), "-2016", "2016-01: late"),
    ],
)
def test_a_lone_amount_is_left_out(template, values, points, text):
    working = Working(template, values)
    assert beside_points(working, Decimal(points), translator("en")) == text


def test_in_chinese_too():
    working = Working("{}: {}", ("3", "x"))
    assert translator("zh")(working) == "3：x"
    assert beside_points(working, Decimal(-3), translator("zh")) == "x"
