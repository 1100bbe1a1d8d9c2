"""The words in which a measure's bulletin speaks of its field, its periods and its points."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cli.output.documents.numerals import numeral, points_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from projections.measure import Measure
    from projections.measure.calendar import YearPeriod

_QUARTER = re.compile(r"^(?=[一二三四]季度$)")
"""Where a quarter's title lacks the 第 that stands after 年度."""

_MONTHS = {f"{numeral(number)}月": f"{number}月" for number in range(1, 13)}
"""Months in Chinese numerals, which after a year have digits."""

_NOUNS = ("季度", "月")
"""Words for periods by the end that all their titles share; other periods are 期."""


class UnitWords(NamedTuple):
    """The words for figures of one unit: points (分), money (元) or another."""

    unit: str
    score: str
    """What a unit has."""
    full: str
    """The most that it can have."""
    less: str
    """What was taken from it, and `taken` as the verb before a number."""
    taken: str
    more: str
    """What was given to it, and `given` as the verb."""
    given: str
    counted: str
    """One of what is added up, before 明细; and `total`, all of it."""
    total: str

    def moved(self, points: Decimal) -> str:
        """Return what was taken or given: 扣3分, 加2.5分; in another unit 扣减500元, 增加200元."""
        return f"{self.taken if points < 0 else self.given}{points_text(abs(points))}{self.unit}"


def words_of(unit: str) -> UnitWords:
    """Return the words for figures of a unit."""
    if unit == "分":
        return UnitWords(unit, "得分", "满分", "扣分", "扣", "加分", "加", "计分", "总分")
    score = "金额" if unit.endswith("元") else "数额"
    return UnitWords(unit, score, "满额", "扣减", "扣减", "增加", "增加", "增减", "合计")


class Terms(NamedTuple):
    """The words of one kind of bulletin: of the periods of a measure, or of its years."""

    subject: str
    """The field: 信访工作; may be empty."""
    points: str
    """Unit of the figures: 分, 元."""
    noun: str
    """Word for the period of the bulletin: 季度, 月, 期, 年度."""

    @property
    def this(self) -> str:
        """Return the words for what the bulletin is of: 本季度."""
        return f"本{self.noun}"

    @property
    def former(self) -> str:
        """Return the words for the period before: 上季度."""
        return f"上{self.noun}"

    @property
    def of_noun(self) -> str:
        """Return the period's word before another: 季度 in 季度排名, but 月度 in 月度排名."""
        return "月度" if self.noun == "月" else self.noun

    @property
    def figure(self) -> str:
        """Return the words for the figure of a unit: 季度得分, 年度金额."""
        return f"{self.of_noun}{self.score}"

    @property
    def words(self) -> UnitWords:
        """Return the words for figures of the unit."""
        return words_of(self.points)

    @property
    def score(self) -> str:
        """Return the word for what a unit has."""
        return self.words.score

    @property
    def full(self) -> str:
        """Return the word for the most that a unit can have."""
        return self.words.full


def terms_of(measure: Measure, *, of_year: bool) -> Terms:
    """Return the words of a measure's bulletins.

    Args:
        measure: the measure.
        of_year: whether the bulletin is of a year and not of a period.
    """
    source = measure.source
    subject = "" if source.bulletin is None else source.bulletin.zh
    titles = [one.title.zh for one in measure.calendar.periods(source.year)]
    nouns = (noun for noun in _NOUNS if all(title.endswith(noun) for title in titles))
    noun = "年度" if of_year else next(nouns, "期")
    return Terms(subject, source.counted_in.zh, noun)


def named(year: int, period: YearPeriod | None, measure: Measure) -> str:
    """Return a period's or year's name in a text: 2018年二季度, 2016年度第二季度, 2016年度.

    A month has digits: 2023年1月.

    Where the assessment year is not the calendar year, a period is of the former: 2024年12月 would
    be another month than the 12月 of 2024年度, which is December 2023.
    """
    if period is None:
        return f"{year}年度"
    title = _MONTHS.get(period.title.zh, period.title.zh)
    if measure.calendar.is_of_calendar_years:
        return f"{year}年{title}"
    return f"{year}年度{_QUARTER.sub('第', title)}"


def title_of(name: str, measure: Measure) -> str:
    """Return the same of a period or a year by its name in the ledger: 2016Q2."""
    found = measure.calendar.named(name)
    if found is None:
        return named(int(name), None, measure)
    return named(found[0], measure.calendar.period(*found), measure)


def joined(texts: Sequence[str]) -> str:
    """Join titles for a heading: 甲、乙和丙."""
    *others, last = texts
    return f"{'、'.join(others)}和{last}" if others else last
