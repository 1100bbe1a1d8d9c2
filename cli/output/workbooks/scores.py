"""Scores as a workbook: ranking, chart, a sheet a quarter, every posting, what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.output.workbooks.book import Book
from projections.calendar import QUARTERS, quarter_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.rulebook import Rulebook
    from projections.scores import UnitScore, YearScores

    Beside = Mapping[tuple[str, str], Any]

_RANKING = (
    *("rank", "unit", "name", "Q1", "Q2", "Q3", "Q4"),
    *("inspection", "rewards", "penalties", "total", "flags", "open"),
)
_PARTS = (3, 4, 5, 6, 7, 8)
"""Columns of the ranking that add up to the total and the penalties."""

_SCORES = ("unit", "name", "basic_work", "abnormal_petitions", "score", "rewards", "penalties")
_POSTINGS = ("单位", "名称", "季度", "条款", "条款名称", "分值", "依据记录", "计算")
_OPEN = ("单位", "名称", "种类", "记录", "条款")
_MOST_IN_A_CHART = 60
"""Units whose bars can still be told apart."""


def flags_of(score: UnitScore) -> str:
    """Return a unit's flags in one cell."""
    raised = (("vetoed", score.vetoed), ("disqualified", score.disqualified))
    return "、".join(word(name) for name, is_so in raised if is_so)


def _standing(scores: YearScores, *, provisional: bool) -> str:
    counted = "含未核定" if provisional else "仅已核定"
    town = scores.town
    return f"{town.year}年度，统计截至{town.through}，台账序号{scores.position}，{counted}"


def scores_workbook(
    scores: YearScores,
    units: Sequence[UnitScore],
    beside: Beside,
    rulebook: Rulebook,
    *,
    provisional: bool,
) -> bytes:
    """The workbook.

    Args:
        scores: of the whole town.
        units: those to show, in rank order.
        beside: by unit and quarter, what was published and differs.
        rulebook: for the names of the clauses.
        provisional: whether unverified entries count too.
    """
    book = Book("信访工作考核得分")
    above = _standing(scores, provisional=provisional)
    (sheet, *_) = book.table("排名", [*map(word, _RANKING)], map(_ranked, units), above=above)
    shown = units[:_MOST_IN_A_CHART]
    if shown:
        _chart(book, sheet.get_name(), len(shown), above)
    begun = units[0].quarters if units else ()
    for quarter in begun:
        rows = _quarter_rows(scores, units, quarter.quarter, beside)
        name = quarter_name(scores.town.year, quarter.quarter)
        book.table(name, [*map(word, _SCORES), "已通报得分"], rows, above=f"{name}（{above}）")
    rows = posting_rows(scores, units, rulebook)
    book.table("计分明细", _POSTINGS, rows, above=above, wide=(7,))
    book.table(word("open"), _OPEN, _open_rows(units, rulebook), above=above)
    return book.bytes()


def _ranked(score: UnitScore) -> tuple[Any, ...]:
    told = {quarter.quarter: quarter.score for quarter in score.quarters}
    quarters = [told.get(quarter) for quarter in QUARTERS]
    own = (score.inspection, score.rewards, score.penalties, score.total)
    open_points = len(score.open) or None
    return score.rank, score.unit, score.name, *quarters, *own, flags_of(score), open_points


def _quarter_rows(
    scores: YearScores, units: Sequence[UnitScore], number: int, beside: Beside
) -> Iterator[tuple[Any, ...]]:
    name = quarter_name(scores.town.year, number)
    for score in units:
        quarter = score.quarters[number - 1]
        told = beside.get((score.unit, name), {})
        yield (
            score.unit,
            score.name,
            quarter.basic_work,
            quarter.abnormal_petitions,
            quarter.score,
            quarter.rewards,
            quarter.penalties,
            told.get("score"),
        )


def posting_rows(
    scores: YearScores, units: Sequence[UnitScore], rulebook: Rulebook
) -> Iterator[tuple[Any, ...]]:
    """Every posting of the units, those of no points too, a row each."""
    for score in units:
        for posting in score.postings():
            clause = rulebook.clauses[posting.clause]
            quarter = posting.quarter
            yield (
                score.unit,
                score.name,
                None if quarter is None else quarter_name(scores.town.year, quarter),
                clause.citation,
                clause.title.zh,
                posting.points,
                "、".join(posting.entries),
                chinese(posting.working),
            )


def _open_rows(units: Sequence[UnitScore], rulebook: Rulebook) -> Iterator[tuple[Any, ...]]:
    for score in units:
        for point in score.open:
            clause = rulebook.clauses.get(point.clause or "")
            title = point.clause if clause is None else clause.title.zh
            yield score.unit, score.name, word(point.kind), point.entry, title


def _chart(book: Book, ranking: str, units: int, above: str) -> None:
    """A bar a unit, of the parts that its score has but for the penalties."""
    first, last = 2, units + 1
    chart = book.book.add_chart({"type": "bar", "subtype": "stacked"})
    for column in _PARTS:
        chart.add_series(
            {
                "name": [ranking, 1, column],
                "categories": [ranking, first, 2, last, 2],
                "values": [ranking, first, column, last, column],
                "gap": 40,
            }
        )
    chart.set_title({"name": f"得分构成，未减罚分（{above}）", "name_font": {"size": 11}})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_legend({"position": "top"})
    chart.set_size({"width": 900, "height": max(300, 120 + 18 * units)})
    sheet = book.sheet("图表")
    sheet.insert_chart(0, 0, chart)
    sheet.fit_to_pages(1, 1)
