"""Write scores as a workbook: ranking, chart, quarters, postings and open points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.output.scores import RANKING, raised_flags
from cli.output.workbooks.book import Book
from projections.calendar import QUARTERS, quarter_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.rulebook import Rulebook

    from cli.output.scores import Published
    from projections.scores import UnitScore, YearScores

_PARTS = tuple(map(RANKING.index, ("Q1", "Q2", "Q3", "Q4", "inspection", "rewards")))
"""Columns of the ranking that the chart stacks: the total before penalties are subtracted."""

_SCORES = ("unit", "name", "basic_work", "abnormal_petitions", "score", "rewards", "penalties")
_POSTINGS = ("单位", "名称", "季度", "条款", "条款名称", "分值", "依据记录", "计算")
_OPEN = ("单位", "名称", "种类", "记录", "条款")
_MOST_IN_A_CHART = 60
"""Units in the chart; the bars of more would be too thin to read."""


def _scope(scores: YearScores, *, provisional: bool) -> str:
    """Return what the scores show: year, day, position and which entries count."""
    counted = "含未核定" if provisional else "仅已核定"
    town = scores.town
    return f"{town.year}年度，统计截至{town.through}，台账序号{scores.position}，{counted}"


def scores_workbook(
    scores: YearScores,
    units: Sequence[UnitScore],
    published: Published,
    rulebook: Rulebook,
    *,
    provisional: bool,
) -> bytes:
    """Return the workbook.

    Args:
        scores: of the whole town.
        units: those to show, in rank order.
        published: by unit and quarter, the published figures that differ.
        rulebook: for the titles of the clauses.
        provisional: whether unverified entries count too.
    """
    book = Book("信访工作考核得分")
    above = _scope(scores, provisional=provisional)
    (sheet, *_) = book.table("排名", [*map(word, RANKING)], map(_ranking_row, units), above=above)
    if units:
        _add_chart(book, sheet.get_name(), min(len(units), _MOST_IN_A_CHART), above)
    for quarter in units[0].quarters if units else ():
        rows = _quarter_rows(scores, units, quarter.quarter, published)
        name = quarter_name(scores.town.year, quarter.quarter)
        book.table(name, [*map(word, _SCORES), "已通报得分"], rows, above=f"{name}（{above}）")
    rows = _posting_rows(scores, units, rulebook)
    book.table("计分明细", _POSTINGS, rows, above=above, wide=(7,))
    book.table(word("open"), _OPEN, _open_rows(units, rulebook), above=above)
    return book.bytes()


def _ranking_row(score: UnitScore) -> tuple[Any, ...]:
    by_quarter = {quarter.quarter: quarter.score for quarter in score.quarters}
    quarters = map(by_quarter.get, QUARTERS)
    sums = (score.inspection, score.rewards, score.penalties, score.total)
    flags = "、".join(map(word, raised_flags(score)))
    return score.rank, score.unit, score.name, *quarters, *sums, flags, len(score.open) or None


def _quarter_rows(
    scores: YearScores, units: Sequence[UnitScore], number: int, published: Published
) -> Iterator[tuple[Any, ...]]:
    name = quarter_name(scores.town.year, number)
    for score in units:
        quarter = score.quarters[number - 1]
        yield (
            score.unit,
            score.name,
            quarter.basic_work,
            quarter.abnormal_petitions,
            quarter.score,
            quarter.rewards,
            quarter.penalties,
            published.get((score.unit, name), {}).get("score"),
        )


def _posting_rows(
    scores: YearScores, units: Sequence[UnitScore], rulebook: Rulebook
) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each posting of the units, also of zero points."""
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


def _add_chart(book: Book, ranking: str, units: int, above: str) -> None:
    """Add a sheet with a stacked bar for each unit.

    Args:
        book: the workbook.
        ranking: name of the sheet that holds the values.
        units: number of units to show.
        above: what the scores show.
    """
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
