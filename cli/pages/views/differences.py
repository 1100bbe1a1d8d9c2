"""The differences between two positions or editions, by unit, with the entries behind them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.editions import named_edition
from cli.options import OptionError
from cli.pages.query import parameter_name, parse_parameter
from cli.pages.views.bulletins import standing_words
from cli.pages.views.changed_fields import before_and_after, changed_fields
from cli.pages.views.page import MAX_ROWS, Link, Page, PageContext
from cli.pages.views.results import ResultRow, result_row
from cli.parameters.times import MOMENT_OR_EDITION, EditionName
from cli.session import number_of
from ledger.message import Message
from projections.differences import differences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cli.pages.books import Books
    from cli.pages.query import PageQuery
    from cli.pages.year_data import YearData
    from cli.parameters.times import Period
    from ledger.editions import Edition
    from ledger.events import FiguresPublished
    from projections.adopted import MeasureInForce
    from projections.differences import UnitChange
    from projections.measure.calendar import YearPeriod

MAX_CAUSES = 40
"""Most causes that are listed for a unit; a rank can have thousands."""


class Comparison(NamedTuple):
    """Two states of one year."""

    before: YearData
    after: YearData
    period: YearPeriod | None
    """The period to compare; None for the whole year."""
    published: tuple[Mapping[str, Any], ...] = ()
    """The figures of the edition that the first side is; none of another side."""

    @property
    def adopted(self) -> tuple[MeasureInForce, MeasureInForce] | None:
        """Return the year's measure before and after, if it is not the same."""
        both = self.before.in_force, self.after.in_force
        return None if both[0].measure.sha256 == both[1].measure.sha256 else both


class ChangeRow(NamedTuple):
    """The changes of one unit."""

    unit: Link
    unit_id: str
    fields: list[tuple[str, str, str]]
    """(field, before, after)."""
    removed: list[ResultRow]
    added: list[ResultRow]
    causes: list[Link]
    more_causes: int
    """Number of causes that are not listed."""
    summary: tuple[str, str, str, str]
    """Rank before and after, score before and after: shown alone if the list is too long."""


def _period(*sides: int | datetime | EditionName | None) -> Period | None:
    """Return the period of the editions among two sides; None without any.

    Raises:
        OptionError: they are of two periods.
    """
    names = [side for side in sides if isinstance(side, EditionName)]
    if len({one.period for one in names}) > 1:
        start, end = (str(one.period) for one in names)
        words = Message(
            "{end} and {start} are of two periods; name two of one period", end=end, start=start
        )
        raise OptionError(parameter_name("to"), words)
    return names[0].period if names else None


def compare(books: Books, start: str, end: str, query: PageQuery) -> Comparison:
    """Return two states of a year; of an edition, only its period is compared.

    Args:
        books: the ledger.
        start: a position, a time, or an edition (2016Q2, 2016Q2#1).
        end: the same; empty for the state of the query.
        query: for the year, the day and the state.

    Raises:
        OptionError: a side is none of these, or `start` is later than `end`.
        NoMeasureError: the year has no measure in force on a side.
    """
    books.catch_up()
    known = books.point(query.scores.as_of, Message("as known on"))
    first = books.side(parse_parameter(MOMENT_OR_EDITION, start, "from"))
    last = books.side(parse_parameter(MOMENT_OR_EDITION, end, "to")) if end else None
    named = _period(first, last)
    year = query.scores.year if named is None else named.year

    @cache
    def published(side: EditionName, option: str) -> FiguresPublished:
        editions = books.editions(str(side.period), known)
        return named_edition(editions, side, known.position, option).event

    def data(side: int | datetime | EditionName | None, option: str) -> YearData:
        if isinstance(side, EditionName):
            event = published(side, option)
            point = books.point(event.position, option)
            return books.year_data_at(point, year, event.through, provisional=False)
        point = known if side is None else books.point(side, option)
        return books.year_data_at(point, year, through, provisional=query.scores.provisional)

    through = query.scores.through
    after = data(last, parameter_name("to"))
    if year is None:
        year = after.year
    if through is None and isinstance(first, EditionName):
        # A bulletin may be of a day after its year; what it counted is not to be missing here.
        through = max(after.scores.town.through, published(first, "from").through)
        after = data(last, parameter_name("to"))
    before = data(first, parameter_name("from"))
    if before.state.position > after.state.position:
        raise OptionError(
            parameter_name("from"),
            Message(
                "position {start} is after “to”, position {end}; exchange the two",
                start=before.state.position,
                end=after.state.position,
            ),
        )
    period = None
    if named is not None:
        number = number_of(named, after.measure, "from")
        if number is not None:
            period = after.scores.town.calendar.period(after.year, number)
    if not isinstance(first, EditionName):
        return Comparison(before, after, period)
    return Comparison(before, after, period, published(first, parameter_name("from")).figures)


def _rows(change: UnitChange) -> int:
    """Return how many lines `change` takes in a full list."""
    return len(change.removed) + len(change.added) + min(len(change.entries), MAX_CAUSES)


def _change_row(change: UnitChange, context: PageContext, *, listed: bool) -> ChangeRow:
    """Return what changed for a unit; unless `listed`, its rank and score alone."""
    entries = change.entries[:MAX_CAUSES] if listed else ()
    return ChangeRow(
        context.unit_link(change.unit, change.name),
        change.unit,
        list(changed_fields(change, context)) if listed else [],
        [result_row(posting, change.unit, context) for posting in change.removed if listed],
        [result_row(posting, change.unit, context) for posting in change.added if listed],
        [context.entry_link(entry) for entry in entries],
        max(0, len(change.entries) - MAX_CAUSES),
        (*before_and_after(change, "rank"), *before_and_after(change, "total", "score")),
    )


def _editions(
    context: PageContext,
) -> list[tuple[str, Edition, str | None, str | None, str]]:
    """Return the published editions of the year.

    Each with the links to what changed since and to its figures, and what has become of it.
    """
    state, links = context.data.state, context.links
    return [
        (
            name,
            edition,
            links.difference(name),
            links.bulletin(period, edition.number),
            context.translate(standing_words(edition, state)),
        )
        for period in sorted(state.editions)
        if period.startswith(str(context.data.year))
        for edition in state.editions[period]
        for name in [f"{period}#{edition.number}"]
    ]


def differences_page(
    context: PageContext, comparison: Comparison | None, start: str = "", end: str = ""
) -> Page:
    """Return the page of differences.

    Args:
        context: of the page.
        comparison: the two states; None to show the published editions instead.
        start: the first state as the reader wrote it.
        end: the second one; empty for the newest.
    """
    translate, town = context.translate, context.data.scores.town
    periods = town.calendar.periods(town.year)
    changes, listed = None, True
    title, crumbs = translate("Differences {year}", year=context.data.year), []
    if comparison is not None:
        before, after = comparison.before, comparison.after
        found = differences(
            before.scored,
            after.scored,
            period=None if comparison.period is None else comparison.period.number,
            published=comparison.published,
            provisional=after.provisional,
        )
        listed = sum(map(_rows, found)) <= MAX_ROWS
        changes = [_change_row(change, context, listed=listed) for change in found]
        crumbs = [Link(title, context.links.differences())]
        title = translate("Differences {start} → {end}", start=start, end=end or translate("now"))
    values = {
        "editions": _editions(context),
        "example": next((one.name for one in periods), str(context.data.year)),
        "comparison": comparison,
        "changes": changes,
        "listed": listed,
        "start": start,
        "end": end,
    }
    parameters = {name: text for name, text in (("from", start), ("to", end)) if text}
    return Page("differences.html", title, crumbs, values, parameters, "differences")
