"""An explanation as a workbook: every point with clause, sentence, entries and working."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.output.workbooks.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.explanation import Explanation

_HEADER = ("部分", "条款", "条款名称", "分值", "依据记录", "计算", "条文")
_OPEN = ("种类", "记录", "条款")


def explanation_workbook(explanations: Sequence[Explanation], told: str) -> bytes:
    """A sheet a period; of a year the year's first, with a chart of its quarters.

    Args:
        explanations: a quarter's alone, or a year's and its quarters'.
        told: what they show: day, position, what counts.
    """
    first, shown = explanations[0], chinese(told)
    book = Book(f"{first.name} {first.period}")
    for explanation in explanations:
        above = f"{explanation.unit} {explanation.name} {explanation.period}（{shown}）"
        book.table(explanation.period, _HEADER, _rows(explanation), above=above, wide=(5, 6))
    if len(explanations) > 1:
        _chart(book, explanations)
    rows = [(word(point.kind), point.entry, point.clause) for point in first.open]
    book.table(word("open"), _OPEN, rows)
    return book.bytes()


def _rows(explanation: Explanation) -> Iterator[tuple[Any, ...]]:
    yield "起始分", None, None, explanation.opening, None, None, None
    for part, lines in (("计分", explanation.postings), ("奖惩（计入年度）", explanation.beside)):
        for line in lines:
            entries = "、".join(line.entries)
            yield (
                part,
                line.citation,
                line.title,
                line.points,
                entries,
                chinese(line.working),
                line.text,
            )
        if part == "计分":
            yield word("score"), None, None, explanation.closing, None, None, None
    for flag, line in explanation.flags:
        entries = "、".join(line.entries)
        yield word(flag), line.citation, line.title, None, entries, chinese(line.working), line.text


def _chart(book: Book, explanations: Sequence[Explanation]) -> None:
    quarters = explanations[1:]
    (sheet,) = book.table(
        "季度", ("季度", "得分"), [(quarter.period, quarter.closing) for quarter in quarters]
    )
    chart = book.book.add_chart({"type": "line"})
    name, last = sheet.get_name(), len(quarters)
    chart.add_series(
        {
            "name": [name, 0, 1],
            "categories": [name, 1, 0, last, 0],
            "values": [name, 1, 1, last, 1],
            "marker": {"type": "circle"},
            "data_labels": {"value": True},
        }
    )
    # Never a unit's name: a chart's title that begins with `=` is taken for a formula.
    chart.set_title({"name": "各季度得分"})
    chart.set_legend({"none": True})
    sheet.insert_chart(1, 3, chart)
