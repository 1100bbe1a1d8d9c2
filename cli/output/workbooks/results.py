"""Write the table of a bulletin as a workbook; of a year with awards and all its periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese
from cli.output.documents.numerals import dated, day_text
from cli.output.documents.table import columns_for
from cli.output.documents.terms import named, terms_of
from cli.output.remarks import remarks_of_period
from cli.output.workbooks.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.output.documents.terms import Terms
    from projections.bulletin_parts import Bulletin
    from projections.measure import Measure
    from projections.scores import YearScores


def results_workbook(content: Bulletin, scores: YearScores) -> bytes:
    """Return the workbook.

    Args:
        content: the bulletin of a period or a year.
        scores: of its year.
    """
    measure = scores.town.measure
    of_year = content.period is None
    terms = terms_of(measure, of_year=of_year)
    period = named(content.year, content.period, measure)
    title = f"{period}{terms.subject}考核{'结果' if of_year else f'{terms.score}表'}"
    above = (
        f"{title}（统计截至{day_text(content.through)}，台账序号{content.position}，"
        f"单位：{terms.points}）"
    )
    book, shown = Book(title), columns_for(content, measure)
    rows = [[one.value(row) for one in shown] for row in content.rows]
    header = [one.header for one in shown]
    book.table("考核结果" if of_year else f"{terms.score}表", header, rows, above=above)
    if of_year and measure.flags:
        header = ["单位", "评先评优", *(one.title.zh for one in measure.flags.values()), "依据"]
        book.table("评先评优", header, _awards(content, measure), above=above)
    if of_year and measure.calendar.count:
        header = [*_titles(measure, terms)]
        book.table(f"各期{terms.score}", header, _periods(scores), above=above)
    return book.bytes()


def _awards(content: Bulletin, measure: Measure) -> Iterator[list[Any]]:
    """Yield whether each unit may receive awards, its flags, and the clauses that raised them."""
    for row in content.rows:
        lost = any(not measure.flags[flag].eligible for flag in row.flags)
        marks = ["是" if flag in row.flags else None for flag in measure.flags]
        raised = [one.citation for one in content.flags if one.name == row.name]
        stands = "无资格" if lost else "待定" if row.name in content.undecided else "有资格"
        yield [row.name, stands, *marks, "、".join(dict.fromkeys(raised))]


def _titles(measure: Measure, terms: Terms) -> Iterator[str]:
    yield from ("单位", "考核期")
    yield from (one.title.zh for one in measure.of_a_period)
    yield terms.score
    yield from (one.title.zh for one in measure.beside_a_period)
    yield "备注"


def _periods(scores: YearScores) -> Iterator[list[Any]]:
    town = scores.town
    of_year = {one.number: one for one in town.calendar.periods(town.year)}
    for score in scores.units:
        for period in score.periods:
            yield [
                *(score.name, of_year[period.number].title.zh),
                *(period.sections[one.slug] for one in town.measure.of_a_period),
                period.score,
                *(period.beside[one.slug] for one in town.measure.beside_a_period),
                dated("；".join(map(chinese, remarks_of_period(score, of_year[period.number])))),
            ]
