"""Write scores as a workbook: ranking, chart, periods, postings and open points."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.language.translating import translator
from cli.output.documents.numerals import dated, day_text, points_text
from cli.output.documents.terms import title_of, words_of
from cli.output.measure_words import MeasureWords
from cli.output.remarks import remarks_of, remarks_of_period
from cli.output.scores import columns_of, figures_of, flag_titles, grouped_by
from cli.output.workbooks.book import Book
from cli.output.workbooks.paper import LONG, packed
from cli.output.workbooks.scores_chart import add_chart
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.output.scores import Published
    from projections.measure import Clause, Measure
    from projections.measure.calendar import YearPeriod
    from projections.postings import Posting
    from projections.scores import UnitScore, YearScores

_OPEN = ("单位", "名称", "种类", "记录", "条款")
_REMARKS = "备注"


def _scope(scores: YearScores, *, provisional: bool) -> str:
    """Return what the scores show: year, day, position, which entries count, in what."""
    counted = "含未核定" if provisional else "仅已核定"
    town, unit = scores.town, scores.town.measure.source.counted_in.zh
    shown = (
        f"{town.year}年度，统计截至{day_text(town.through)}，台账序号{scores.position}，{counted}"
    )
    return f"{shown}，单位：{unit}"


def scores_workbook(
    scores: YearScores, units: Sequence[UnitScore], published: Published, *, provisional: bool
) -> bytes:
    """Return the workbook.

    Args:
        scores: of the whole town.
        units: those to show, in rank order.
        published: by unit and period, the published figures that differ.
        provisional: whether unverified entries count too.
    """
    town, measure = scores.town, scores.town.measure
    subject, words = measure.source.bulletin, words_of(measure.source.counted_in.zh)
    book = Book(f"{'' if subject is None else subject.zh}考核{words.score}")
    above = _scope(scores, provisional=provisional)
    header = _ranking_header(scores)
    rows = (_ranking_row(score, scores) for score in units)
    title = words.score if measure.rank.none else "排名"
    (sheet, *_) = book.table(title, header, rows, above=above)
    if units:
        add_chart(book, sheet.get_name(), scores, len(units), above)
    for period in town.calendar.periods(town.year):
        if period.first <= town.through:
            shown = any(name == period.name for _, name in published)
            of_period = _period_rows(period, units, measure, published if shown else None)
            name = title_of(period.name, measure)
            header = _period_header(measure, with_published=shown)
            book.table(name, header, of_period, above=f"{name}（{above}）")
    apart = list[str]()
    for section, clauses in _inspected(measure).items():
        name = measure.sections[section].title.zh
        inspected = [*_inspection_rows(units, clauses)]
        header = [word("unit"), word("name"), *(one.title.zh for one in clauses), "各项合计"]
        if any(cell is not None for row in inspected for cell in row[2:-1]):
            book.table(name, header, inspected, above=f"{name}（{above}）")
            apart.append(f"“{name}”")
    postings = _posting_rows(scores, units)
    header = ["单位", "名称", "考核期", "条款", "条款名称", words.unit, "依据记录", "计算"]
    listed = f"{words.counted}明细"
    others = f"{'、'.join(apart)}另表，" if apart else ""
    note = f"{listed}（{above}；{others}未列的项均为0{words.unit}）"
    book.table(listed, header, postings, above=note, wide={7: LONG})
    book.table(word("open"), _OPEN, _open_rows(units, measure), above=above)
    return book.bytes()


def _ranking_header(scores: YearScores) -> list[str]:
    measure = scores.town.measure
    grouped = [word(one) for one in (grouped_by(measure),) if one is not None]
    bands = ["等次"] if measure.bands else []
    total = words_of(measure.source.counted_in.zh).total
    figures = [total if key == "total" else chinese(title) for key, title in columns_of(scores)]
    flags = [word("flags")] if measure.flags else []
    head = [*_rank(measure, word("rank")), word("unit"), word("name"), *grouped]
    return [*head, *figures, *flags, *bands, word("open"), _REMARKS]


def _rank(measure: Measure, value: Any) -> list[Any]:
    """Return a rank as a cell; none where the measure ranks nobody."""
    return [] if measure.rank.none else [value]


def _ranking_row(score: UnitScore, scores: YearScores) -> list[Any]:
    measure = scores.town.measure
    grouped, words = grouped_by(measure), MeasureWords.of(measure, translator("zh"))
    bands = {one.name: one.title.zh for one in measure.bands}
    figures = figures_of(score)
    return [
        *_rank(measure, score.rank),
        *(score.unit, score.name),
        *([words.within(score, grouped)] if grouped else []),
        *(figures.get(key) for key, _ in columns_of(scores)),
        *(["、".join(map(chinese, flag_titles(score, measure)))] if measure.flags else []),
        *([bands.get(score.band or "", score.band)] if bands else []),
        len(score.open) or None,
        dated("；".join(map(chinese, remarks_of(score, scores)))),
    ]


def _period_header(measure: Measure, *, with_published: bool) -> list[str]:
    sections = [one.title.zh for one in measure.of_a_period]
    beside = [one.title.zh for one in measure.beside_a_period]
    score = words_of(measure.source.counted_in.zh).score
    was = [f"已发布{score}"] if with_published else []
    figures = [*sections, score, *beside, *was, _REMARKS]
    return [word("unit"), word("name"), *figures]


def _period_rows(
    period: YearPeriod, units: Sequence[UnitScore], measure: Measure, published: Published | None
) -> Iterator[list[Any]]:
    """Yield a row for each unit that has a score in the period.

    Args:
        period: the period.
        units: those to show.
        measure: the measure in force.
        published: the figures that differ; None if no such column is shown.
    """
    for score in units:
        own = score.period(period.number)
        if own is None:
            continue
        was = (published or {}).get((score.unit, period.name), {}).get("score")
        yield [
            *(score.unit, score.name),
            *(own.sections[one.slug] for one in measure.of_a_period),
            own.score,
            *(own.beside[one.slug] for one in measure.beside_a_period),
            *([] if published is None else [None if was is None else Decimal(was)]),
            dated("；".join(map(chinese, remarks_of_period(score, period)))),
        ]


def _inspected(measure: Measure) -> dict[str, list[Clause]]:
    """Return the clauses of inspections by their section."""
    found: dict[str, list[Clause]] = {}
    for clause in measure.clauses.values():
        if clause.kind == "graded":
            found.setdefault(clause.section, []).append(clause)
    return found


def _inspection_rows(units: Sequence[UnitScore], clauses: Sequence[Clause]) -> Iterator[list[Any]]:
    """Yield the points of each unit by item, and their sum."""
    for score in units:
        points: dict[str, Decimal] = {}
        for one in score.postings():
            points[one.clause] = points.get(one.clause, ZERO) + one.points
        own = [points.get(one.slug) for one in clauses]
        yield [score.unit, score.name, *own, sum((one or ZERO for one in own), ZERO)]


def _posting_rows(scores: YearScores, units: Sequence[UnitScore]) -> Iterator[tuple[Any, ...]]:
    """Yield the postings that move points, but those of inspections, which have their own table.

    What one clause gave in a period is one row.
    """
    town = scores.town
    names = {one.number: one.title.zh for one in town.calendar.periods(town.year)}
    for score in units:
        for some in _together(score, town.measure):
            first = some[0]
            heading = town.measure.heading(first.clause)
            working = dated(chinese(first.working))
            if len(some) > 1:
                working = " + ".join(points_text(one.points) for one in some)
            yield (
                score.unit,
                score.name,
                None if first.period is None else names[first.period],
                heading.citation,
                heading.title.zh,
                sum((one.points for one in some), ZERO),
                packed(entry for one in some for entry in one.entries),
                working,
            )


def _together(score: UnitScore, measure: Measure) -> list[list[Posting]]:
    """Return the postings of a unit, those together that one clause gave in a period."""
    found: dict[tuple[str, int | None, int | None], list[Posting]] = {}
    inspected = {one.slug for some in _inspected(measure).values() for one in some}
    for number, one in enumerate(score.postings()):
        if one.points and one.clause not in inspected:
            own = None if one.points > 0 else number
            found.setdefault((one.clause, one.period, own), []).append(one)
    return list(found.values())


def _open_rows(units: Sequence[UnitScore], measure: Measure) -> Iterator[tuple[Any, ...]]:
    for score in units:
        for point in score.open:
            title = measure.title(point.clause)
            yield score.unit, score.name, word(point.kind), point.entry, title
