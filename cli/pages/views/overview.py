"""The overview of a year: what changed, what is open, how the scores lie, what happened when."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from math import ceil
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.output.times import office_minute
from cli.pages.formatting import points_text, true_minus
from cli.pages.views.charts import histogram
from cli.pages.views.open_points import open_kinds
from cli.pages.views.page import Link, Page, PageContext
from ledger.entries import PetitionBatch
from ledger.instants import instant_text
from ledger.vocabulary import LEVELS
from projections.by_month import months_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.pages.year_data import YearData
    from ledger.editions import Edition
    from projections.by_month import Month

_CHANGES: Final = 8
"""Figures of the bulletin that are listed, at most."""
_ENDS: Final = 3
"""Units that are named of either end of the ranking."""
_SHADES: Final = 4
"""Shades of the strip in the style sheet, `heat-1` and so on."""
_KINDS: Final = 6
"""Rows of the strip, where it is of kinds of entries."""


class Changed(NamedTuple):
    """A unit's figure that differs from what was published of it."""

    unit: Link
    unit_id: str
    period: str
    before: str
    after: str
    through: str
    """The day through which the edition counts, where it is not the day that is shown."""


class Cell(NamedTuple):
    """What happened in one month."""

    number: int
    shade: int
    """0 for nothing."""
    people: int
    """0 where it is not of batches."""


class Strip(NamedTuple):
    """The months of a year, with how much of each sort happened in each."""

    of_batches: bool
    years: list[tuple[int, int]]
    """Calendar years, and how many of the months are in each."""
    months: list[Month]
    rows: list[tuple[str, list[Cell | None], int]]
    """Label, cells and sum; None for a month that has not begun."""


def overview_page(context: PageContext) -> Page:
    """Return the overview of a year."""
    data, translate, links = context.data, context.translate, context.links
    measure, units = data.measure, data.scores.units
    edition = _last_edition(data)
    named = [(context.unit_link(one.unit, one.name), one) for one in units]
    flags = Counter(flag for score in units for flag in score.flags)
    values: dict[str, Any] = {
        "count": len(units),
        "edition": edition,
        "edition_at": "" if edition is None else office_minute(instant_text(edition[1].ref.at)),
        "changes": list(_changes(context))[:_CHANGES],
        "changed": len(data.published),
        "since": None if edition is None else links.difference(edition[0]),
        "events": 0 if edition is None else data.state.position - edition[1].event.position,
        "open": [
            (label, number, meaning, links.to("open", flag=name) or links.open())
            for name, label, number, meaning in open_kinds(units, context)
        ],
        "flags": [
            (context.words.term(name), flags[name], links.to("ranking", flag=name))
            for name in measure.flags
            if flags[name]
        ],
        "chart": histogram([score.total for score in units]),
        "median": points_text(Decimal(median(one.total for one in units))) if units else "",
        "first": named[:_ENDS],
        "last": named[_ENDS:][-_ENDS:],
        "strip": _strip(context),
    }
    title = translate("Overview {year}", year=data.year)
    return Page("overview.html", title, [], values, {}, "overview")


def _last_edition(data: YearData) -> tuple[str, Edition] | None:
    """Return the edition of the year that was published last and is in force, with its name."""
    town = data.scores.town
    names = [str(town.year), *(one.name for one in town.calendar.periods(town.year))]
    found = [
        (f"{name}#{edition.number}", edition)
        for name in names
        if (edition := data.state.edition(name)) is not None
    ]
    return max(found, key=lambda one: one[1].ref.position, default=None)


def _changes(context: PageContext) -> Iterator[Changed]:
    """Yield what differs from the bulletins in force, the greatest difference of scores first."""
    found, shown = [], context.data.scores.town.through.isoformat()
    for (unit, name), published in context.data.published.items():
        score = context.data.by_unit[unit]
        periods = {period.name: period.score for period in score.periods}
        now = periods.get(name, score.total)
        was = published.get("score", published.get("total"))
        moved = Decimal(0) if was is None else abs(now - Decimal(was))
        before = "*" if was is None else true_minus(str(was))
        link = Link(score.name, context.links.period(unit, name), chinese=True)
        if name not in periods:
            link = context.unit_link(unit, score.name)
        through = "" if published["through"] == shown else published["through"]
        found.append((moved, Changed(link, unit, name, before, points_text(now), through)))
    yield from (one for _, one in sorted(found, key=lambda one: -one[0]))


def _strip(context: PageContext) -> Strip | None:
    """Return the months of the year with the batches of each level, or else with its entries.

    None where nothing happened in the year.
    """
    data, translate = context.data, context.translate
    town, happened = data.scores.town, data.by_month
    counts = happened.batches or happened.others
    if not counts:
        return None
    labels: dict[str, str]
    if happened.batches:
        level = data.kinds_of_year.fields(PetitionBatch.KIND)["level"]
        labels = {name: translate.choice(level, name) for name in LEVELS}
    else:
        sums = Counter[str]()
        for (kind, _), number in counts.items():
            sums[kind] += number
        labels = {kind: translate.kind(data.kinds, kind) for kind, _ in sums.most_common(_KINDS)}
    months = months_of(*town.calendar.span(town.year)[1:])
    most, begun = max(counts.values()), (town.through.year, town.through.month)
    rows = []
    for name, label in labels.items():
        cells = [
            Cell(number, ceil(_SHADES * number / most), happened.people[name, month])
            if month <= begun
            else None
            for month in months
            for number in [counts[name, month]]
        ]
        rows.append((label, cells, sum(one.number for one in cells if one is not None)))
    years = Counter(year for year, _ in months)
    return Strip(bool(happened.batches), list(years.items()), months, rows)
