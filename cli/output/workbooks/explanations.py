"""Write an explanation as a workbook, a row for each posting."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.language.translating import translator
from cli.output.documents.numerals import dated
from cli.output.documents.terms import UnitWords, title_of, words_of
from cli.output.measure_words import MeasureWords
from cli.output.remarks import remarks_of
from cli.output.workbooks.book import Book
from cli.output.workbooks.paper import LONG, packed
from projections.full_points import full_points_of
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from projections.explanation import Explanation, Line
    from projections.full_points import FullPoints
    from projections.measure import Measure
    from projections.scores import UnitScore, YearScores

_PERIOD = re.compile(r"(?<![0-9A-Za-z-])(\d{4}[A-Z]\w*) (得分)?")
"""Matches what may be the name of a period before a word, as of its score."""

_BLANK = re.compile(r"(?<=\d) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=\d)")
"""Matches the blanks between 汉字 and numbers."""

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
    first = explanations[0]
    words = words_of(first.measure.source.counted_in.zh)
    header = ("部分", "条款", "条款名称", words.unit, "依据记录", "计算", "条文")
    shown = _BLANK.sub("", dated("；".join(map(chinese, (scope, *remarks_of(score, scores))))))
    full = full_points_of(scores.town)
    book = Book(f"{first.name}{title_of(first.period, first.measure)}")
    for explanation in explanations:
        title = title_of(explanation.period, explanation.measure)
        above = f"{explanation.unit} {explanation.name} {title}（{shown}）"
        rows = _once(_rows(explanation, words, full))
        book.table(title, header, rows, above=above, wide={5: LONG, 6: LONG})
    if len(explanations) > 1:
        _add_chart(book, explanations)
    waiting = [
        (
            word(point.kind),
            point.entry,
            first.measure.title(point.clause),
        )
        for point in first.open
    ]
    book.table(word("open"), _OPEN, waiting)
    return book.bytes()


def _once(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield rows with the text of each clause beside its first posting alone: it is long."""
    before = None
    for *cells, text in rows:
        yield *cells, "同上" if text and text == before else text
        before = text


def _rows(
    explanation: Explanation, words: UnitWords, full: FullPoints
) -> Iterator[tuple[Any, ...]]:
    measure = explanation.measure
    yield "起始", None, None, explanation.opening, None, None, None
    yield from _postings(words.counted, explanation.postings, full)
    if not explanation.postings:
        nothing = f"没有{words.counted}事项"
        yield words.counted, None, None, None, None, nothing, None
    yield words.score, None, None, explanation.closing, None, None, None
    yield from _postings("另计", explanation.beside, full)
    if explanation.band is not None:
        said = MeasureWords.of(measure, translator("zh"))
        yield f"等次：{said.band(explanation.band)}", None, None, None, None, None, None
    for flag, line in explanation.flags:
        yield _row(measure.flags[flag].title.zh, line, None, measure)


def _postings(part: str, lines: Sequence[Line], full: FullPoints) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each posting; what cost nothing at a clause is one line, without text."""
    for _, some in groupby(lines, key=lambda one: one.clause):
        of_clause = list(some)
        is_free = [not one.points and full.told(one).points >= 0 for one in of_clause]
        shown = [one for one, free in zip(of_clause, is_free, strict=True) if not free]
        zeros = [one for one, free in zip(of_clause, is_free, strict=True) if free]
        yield from (_row(part, one, one.points, full.measure) for one in shown)
        if zeros:
            *_, working, _ = _row(part, zeros[0], ZERO, full.measure)
            if len(zeros) > 1:
                working = f"{'其余' if len(zeros) < len(of_clause) else ''}{len(zeros)}项，均为0"
            yield part, zeros[0].citation, zeros[0].title, ZERO, None, working, None


def _row(part: str, line: Line, points: Decimal | None, measure: Measure) -> tuple[Any, ...]:
    """Return a row of a posting or a flag."""
    entries = packed(line.entries)
    return part, line.citation, line.title, points, entries, _working(line, measure), line.text


def _working(line: Line, measure: Measure) -> str:
    """Return how points were computed, with days and periods as an office writes them."""
    score = words_of(measure.source.counted_in.zh).score

    def named(found: re.Match[str]) -> str:
        if measure.calendar.named(found[1]) is None:
            return found[0]
        return f"{title_of(found[1], measure)}{score if found[2] else ''}"

    return _PERIOD.sub(named, dated(chinese(line.working)))


def _add_chart(book: Book, explanations: Sequence[Explanation]) -> None:
    periods = explanations[1:]
    (sheet,) = book.table(
        "各期",
        ("考核期", words_of(explanations[0].measure.source.counted_in.zh).score),
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
    chart.set_title({"name": f"各期{words_of(explanations[0].measure.source.counted_in.zh).score}"})
    chart.set_legend({"none": True})
    sheet.insert_chart(1, 3, chart)
