"""Draw the chart of a workbook of scores: a stacked bar for each unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output.documents.terms import words_of
from cli.output.scores import columns_of, grouped_by

if TYPE_CHECKING:
    from cli.output.workbooks.book import Book
    from projections.scores import YearScores

_MOST = 60
"""Units in the chart; the bars of more would be too thin to read."""

_TYPE, _SIZE = 10, (690, 980)
"""Points of the type of the chart, and its pixels: it is printed on an upright A4 as it is."""


def add_chart(book: Book, ranking: str, scores: YearScores, units: int, above: str) -> None:
    """Add a sheet with a stacked bar for each unit, of all figures but what is deducted.

    Args:
        book: the workbook.
        ranking: name of the sheet that holds the values.
        scores: of the whole town.
        units: number of rows of the ranking, of which the first are shown.
        above: what the scores show.
    """
    measure = scores.town.measure
    deducted = {one.slug: one.title.zh for one in measure.of_the_year if one.deducts}
    name = 1 if measure.rank.none else 2
    before = name + (2 if grouped_by(measure) else 1)
    units = min(units, _MOST)
    first, last = 2, units + 1
    chart = book.book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, (key, _) in enumerate(columns_of(scores), before):
        if key != "total" and key not in deducted:
            chart.add_series(
                {
                    "name": [ranking, 1, column],
                    "categories": [ranking, first, name, last, name],
                    "values": [ranking, first, column, last, column],
                    "gap": 40,
                }
            )
    less = f"，未减{'、'.join(deducted.values())}" if deducted else ""
    chart.set_title(
        {
            "name": f"{words_of(measure.source.counted_in.zh).score}构成{less}（{above}）",
            "name_font": {"size": 11},
        }
    )
    font = {"num_font": {"size": _TYPE}}
    chart.set_x_axis(font)
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "label_position": "low", **font})
    chart.set_legend({"position": "top", "font": {"size": _TYPE}})
    width, most = _SIZE
    chart.set_size({"width": width, "height": min(max(300, 120 + 20 * units), most)})
    sheet = book.sheet("图表")
    sheet.insert_chart(0, 0, chart)
