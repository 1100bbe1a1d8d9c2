"""Write an explanation as a workbook, a row for each posting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.language.translating import translator
from cli.output.documents.terms import title_of
from cli.output.measure_words import MeasureWords
from cli.output.remarks import remarks_of
from cli.output.workbooks.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from projections.explanation import Explanation, Line
    from projections.scores import UnitScore, YearScores

_OPEN = ("种类", "记录", "条款")


def explanation_workbook(
    explanations: Sequence[Explanation], scope: str, score: UnitScore, scores: YearScores
) -> bytes:
    """Return a workbook with a sheet for each period; for a year with a chart.

    Args:
        explanations: of one period, or of a year and its periods.
        scope: what they show: day, position, which entries count.
        score: of the unit.
        scores: of the whole town.
    """
    first, unit = explanations[0], explanations[0].measure.source.counted_in.zh
    header = ("部分", "条款", "条款名称", unit, "依据记录", "计算", "条文")
    shown = "；".join(map(chinese, (scope, *remarks_of(score, scores))))
    book = Book(f"{first.name}{title_of(first.period, first.measure)}")
    for explanation in explanations:
        title = title_of(explanation.period, explanation.measure)
        above = f"{explanation.unit} {explanation.name} {title}（{shown}）"
        book.table(title, header, _once(_rows(explanation)), above=above, wide=(5, 6))
    if len(explanations) > 1:
        _add_chart(book, explanations)
    clauses = first.measure.clauses
    rows = [
        (
            word(point.kind),
            point.entry,
            clauses[point.clause].title.zh if point.clause in clauses else point.clause,
        )
        for point in first.open
    ]
    book.table(word("open"), _OPEN, rows)
    return book.bytes()


def _once(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield rows with the text of each clause beside its first posting alone: it is long."""
    before = None
    for *cells, text in rows:
        yield *cells, "同上" if text and text == before else text
        before = text


def _rows(explanation: Explanation) -> Iterator[tuple[Any, ...]]:
    yield "起始", None, None, explanation.opening, None, None, None
    for line in explanation.postings:
        yield _row("计分", line, line.points)
    yield word("score"), None, None, explanation.closing, None, None, None
    for line in explanation.beside:
        yield _row("另计（计入年度）", line, line.points)
    if explanation.band is not None:
        words = MeasureWords.of(explanation.measure, translator("zh"))
        yield f"等次：{words.band(explanation.band)}", None, None, None, None, None, None
    for flag, line in explanation.flags:
        yield _row(explanation.measure.flags[flag].title.zh, line, None)


def _row(part: str, line: Line, points: Decimal | None) -> tuple[Any, ...]:
    entries, working = "、".join(line.entries), chinese(line.working)
    return part, line.citation, line.title, points, entries, working, line.text


def _add_chart(book: Book, explanations: Sequence[Explanation]) -> None:
    periods = explanations[1:]
    (sheet,) = book.table(
        "各期",
        ("考核期", "得分"),
        [(title_of(period.period, period.measure), period.closing) for period in periods],
    )
    chart = book.book.add_chart({"type": "line"})
    name, last = sheet.get_name(), len(periods)
    chart.add_series(
        {
            "name": [name, 0, 1],
            "categories": [name, 1, 0, last, 0],
            "values": [name, 1, 1, last, 1],
            "marker": {"type": "circle"},
            "data_labels": {"value": True},
        }
    )
    # Without the unit's name: Excel takes a chart's title that begins with `=` for a formula.
    chart.set_title({"name": "各期得分"})
    chart.set_legend({"none": True})
    sheet.insert_chart(1, 3, chart)
