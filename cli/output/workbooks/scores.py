"""Scores as a workbook: ranking, chart, a sheet a quarter, every posting, what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language import tell_in
from cli.output.workbooks.book import Book
from projections.calendar import QUARTERS, quarter_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.rulebook import Rulebook
    from projections.scores import UnitScore, YearScores

    Beside = Mapping[tuple[str, str], Any]

FLAGS = {"vetoed": "一票否决", "disqualified": "取消评先评优资格"}
OPEN = {
    "undetermined": "待认定",
    "incomplete": "待补充",
    "not_inspected": "未检查",
    "unverified": "待核定",
    "objection": "异议待决",
}

_RANKING = (
    *("名次", "编号", "单位", "一季度", "二季度", "三季度", "四季度"),
    *("年终检查", "奖分", "罚分", "总分", "标记", "待定事项"),
)
_PARTS = (3, 4, 5, 6, 7, 8)
"""Columns of the ranking that add up to the total and the penalties."""

_QUARTER = (*("编号", "单位", "基础工作", "非正常上访", "季度得分", "奖分", "罚分", "已通报得分"),)
_POSTINGS = ("编号", "单位", "季度", "条款", "条款名称", "分值", "依据事项", "计算")
_OPEN = ("编号", "单位", "类别", "事项", "条款")
_MOST_IN_A_CHART = 60
"""Units whose bars can still be told apart."""


def flags_of(score: UnitScore) -> str:
    """A unit's flags in one cell."""
    raised = (("vetoed", score.vetoed), ("disqualified", score.disqualified))
    return "、".join(FLAGS[name] for name, is_so in raised if is_so)


def _standing(scores: YearScores, *, provisional: bool) -> str:
    counted = "含未核定" if provisional else "仅已核定"
    return (
        f"{scores.town.year}年度，截至{scores.town.through}，台账位置{scores.position}，{counted}"
    )


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
    (sheet, *_) = book.table("排名", _RANKING, map(_ranked, units), above=above)
    shown = units[:_MOST_IN_A_CHART]
    if shown:
        _chart(book, sheet.get_name(), len(shown), above)
    begun = units[0].quarters if units else ()
    for quarter in begun:
        rows = _quarter_rows(scores, units, quarter.quarter, beside)
        name = quarter_name(scores.town.year, quarter.quarter)
        book.table(name, _QUARTER, rows, above=f"{name}（{above}）")
    rows = posting_rows(scores, units, rulebook)
    book.table("记分明细", _POSTINGS, rows, above=above, wide=(7,))
    book.table("待定事项", _OPEN, _open_rows(units, rulebook), above=above)
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
                tell_in("zh", posting.working),
            )


def _open_rows(units: Sequence[UnitScore], rulebook: Rulebook) -> Iterator[tuple[Any, ...]]:
    for score in units:
        for point in score.open:
            clause = rulebook.clauses.get(point.clause or "")
            title = point.clause if clause is None else clause.title.zh
            yield score.unit, score.name, OPEN[point.kind], point.entry, title


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
