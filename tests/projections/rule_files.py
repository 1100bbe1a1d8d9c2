"""Texts of small rule files, valid and faulty."""

import pytest
from projections.rulebook import UnsoundRulebookError, build
from projections.rulebook.loading import MEASURE

MEASURE_TEXT = MEASURE.read_text(encoding="utf-8")

CLAUSE = """
[[clause]]
slug = "{slug}"
judge = "yellow_card"
section = "penalties"
citation = "三（三）2"
title = {{ zh = "黄牌警告", en = "Yellow cards" }}
sentence.zh = "被黄牌警告的每次扣2分。"
sentence.en = "Each yellow card costs 2 points."
"""

AMOUNT = """
[[clause.amount]]
of = "{of}"
{when}
{what}
citation = "{citation}"
quote = "{quote}"
"""

READING = """
[[clause.reading]]
name = "{name}"
default = "{default}"
citation = "三（三）2"
summary = {{ zh = "如何排名", en = "where it ranks" }}

[[clause.reading.value]]
value = "keep"
meaning = "by its score"
aliases = []
"""


def clause(slug="yellow-card"):
    return CLAUSE.format(slug=slug)


def amount(of="yellow card", when="", what='points = "-2"', citation="三（三）2", quote="扣2分"):
    return AMOUNT.format(of=of, when=when, what=what, citation=citation, quote=quote)


def reading(name="veto_rank", default="keep"):
    return READING.format(name=name, default=default)


def refusal(*texts, measure=MEASURE_TEXT):
    """Return the message with which `build` refuses rule files named a, b, …."""
    with pytest.raises(UnsoundRulebookError) as refused:
        build(dict(zip("abcdef", texts, strict=False)), measure)
    return str(refused.value)
