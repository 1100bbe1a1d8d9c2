"""Say of entries that await verification which of their figures are near an edge."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from cli.output.margins import margin_words
from cli.pages.formatting import signed_points, true_minus
from ledger.errors import TallyError
from ledger.message import Series
from ledger.read_model import SMALL
from projections.margins import Margin
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cli.desk.work import Desk
    from cli.language.translating import Translator
    from cli.pages.year_data import YearData
    from ledger.state import EntryState

PATIENCE = 1.0
"""Seconds after which no more entries are looked at."""


def edges_of(desk: Desk, entries: Iterable[EntryState]) -> dict[str, str]:
    """Return by entry the change of one of its figures that would move each unit most, in words.

    All entries that await verification are taken as verified. Of a large ledger, or a year that
    cannot be scored, nothing is said.
    """
    if desk.ledger.position() > SMALL:
        return {}
    try:
        data = desk.books.year_data(ScoreQuery(desk.year, provisional=True))
    except TallyError:
        return {}
    found, end = dict[str, str](), monotonic() + PATIENCE
    search = data.margin_search.value(PATIENCE)
    if search is None:
        return {}
    for known in entries:
        if monotonic() > end:
            break
        words = [
            f"{of.unit} {_words(max(of.margins, key=Margin.weight), data, desk.translate)}"
            for of in search.of_entry(known.entry.id)
            if of.margins
        ]
        if words:
            found[known.entry.id] = " · ".join(words)
    return found


def _words(one: Margin, data: YearData, translate: Translator) -> str:
    words = margin_words(one, data.measure, data.kinds_of_year, translate)
    unit = translate.bilingual(data.measure.source.counted_in)
    moved = [
        f"{signed_points(one.points)} {unit}" if one.points else "",
        f"{translate.term('rank')} {words.rank}" if words.rank else "",
        words.flags,
    ]
    # What moves the points of a period alone moves no total.
    effects = [text for text in moved if text] or [f"0 {unit}"]
    return translate(
        "{field} {value}; were it {would_be}: {effects}",
        field=words.field,
        value=true_minus(words.value),
        would_be=true_minus(words.would_be),
        effects=Series(effects),
    )
