"""The differences between two positions or editions, unit by unit, with their causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.options import OptionError
from cli.pages.query import parsed
from cli.pages.views.changed_fields import both, told_fields
from cli.pages.views.page import LISTED, Desk, Link, Page
from cli.pages.views.postings import sign, signed
from cli.parameters.times import MOMENT_OR_EDITION, EditionName
from ledger.message import Message
from projections.calendar import quarter_name
from projections.differences import State, differences

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cli.pages.books import Books
    from cli.pages.query import Asked
    from cli.pages.view import View
    from ledger.state import Edition, LedgerState
    from projections.differences import UnitChange
    from projections.postings import Posting

CAUSES = 40
"""Causes that are named of a unit; of more it is told how many. A rank can have thousands."""


class Comparison(NamedTuple):
    """Two states of one year, and the quarter that alone is compared, if one is."""

    before: View
    after: View
    quarter: int | None
    start: str
    end: str


class Moved(NamedTuple):
    """A posting that stood before, or stands now."""

    now: bool
    clause: str
    period: str
    points: str
    sign: str
    working: str
    entries: list[Link]


class Change(NamedTuple):
    """One unit."""

    unit: Link
    unit_id: str
    fields: list[tuple[str, str, str]]
    postings: list[Moved]
    causes: list[Link]
    more: int
    """Causes beside those."""
    short: tuple[str, str, str, str]
    """Rank before and after, score before and after: all that is told where changes are many."""


def _edition(named: EditionName, state: LedgerState, option: str) -> Edition:
    """Return a published edition; without a number the latest one."""
    name = str(named.quarter)
    editions = state.editions.get(name, [])
    if not editions:
        what = Message(
            "{name} was not published as of position {position}",
            name=name,
            position=state.position,
        )
        raise OptionError(option, what)
    number = len(editions) if named.number is None else named.number
    if not 1 <= number <= len(editions):
        raise OptionError(
            option, Message("{name} has the editions 1 to {count}", name=name, count=len(editions))
        )
    return editions[number - 1]


def compare(books: Books, start: str, end: str, asked: Asked) -> Comparison:
    """Two states of a year; an edition is compared in its quarter alone.

    Args:
        books: the ledger.
        start: a position, a time, or an edition (2016Q2, 2016Q2#1).
        end: the same; empty for now, or for what the reader asked to be known.
        asked: for the year and the day.

    Raises:
        OptionError: a side is none of these, or `start` lies behind `end`.
    """
    books.catch_up()
    known = books.point(asked.query.as_of, Message("as known on"))
    state = books.state(known)
    first = parsed(MOMENT_OR_EDITION, start, "from")
    last = parsed(MOMENT_OR_EDITION, end, "to") if end else None
    quarters = {side.quarter for side in (first, last) if isinstance(side, EditionName)}
    if len(quarters) > 1:
        raise OptionError(
            "to",
            Message(
                "{end} and {start} are of two quarters; name two of one quarter",
                end=end,
                start=start,
            ),
        )
    quarter = next(iter(quarters), None)
    query = asked.query
    year = query.year if quarter is None else quarter.year

    def view(side: int | datetime | EditionName | None, option: str) -> View:
        if isinstance(side, EditionName):
            event = _edition(side, state, option).event
            point = books.point(event.position, option)
            return books.view_at(point, year, event.through, provisional=False)
        point = known if side is None else books.point(side, option)
        return books.view_at(point, year, query.through, provisional=query.provisional)

    after = view(last, "to")
    if year is None:
        year = after.year
    before = view(first, "from")
    if before.state.position > after.state.position:
        where = Message("position {position} lies behind “to”", position=before.state.position)
        raise OptionError(
            "from",
            Message(
                "{where}, {position}; exchange the two",
                where=where,
                position=after.state.position,
            ),
        )
    return Comparison(before, after, None if quarter is None else quarter.number, start, end)


def _moved(postings: Iterable[Posting], desk: Desk, *, now: bool) -> list[Moved]:
    clauses, year = desk.view.rulebook.clauses, desk.view.year
    return [
        Moved(
            now,
            f"{clauses[one.clause].citation} {desk.say.of(clauses[one.clause].title)}",
            str(year) if one.quarter is None else quarter_name(year, one.quarter),
            signed(one.points),
            sign(one.points),
            desk.say(one.working),
            [desk.entry(entry) for entry in one.entries],
        )
        for one in postings
    ]


def _change(change: UnitChange, desk: Desk) -> Change:
    return Change(
        desk.unit(change.unit, change.name),
        change.unit,
        list(told_fields(change, desk)),
        [*_moved(change.lost, desk, now=False), *_moved(change.gained, desk, now=True)],
        [desk.entry(entry) for entry in change.entries[:CAUSES]],
        max(0, len(change.entries) - CAUSES),
        (*both(change, "rank"), *both(change, "total", "score")),
    )


def editions(desk: Desk) -> list[tuple[str, Edition, str | None]]:
    """The published editions of the year, each with the way to what changed since."""
    state = desk.view.state
    return [
        (
            f"{quarter}#{edition.number}",
            edition,
            desk.links.difference(f"{quarter}#{edition.number}"),
        )
        for quarter in sorted(state.editions)
        if quarter.startswith(str(desk.view.year))
        for edition in state.editions[quarter]
    ]


def differences_page(desk: Desk, comparison: Comparison | None, start: str, end: str) -> Page:
    """The editions and the form; and what changed, where two states are named."""
    changes, listed = None, True
    if comparison is not None:
        before, after = comparison.before, comparison.after
        found = differences(
            State(before.state, before.scores),
            State(after.state, after.scores),
            quarter=comparison.quarter,
        )
        changes = [_change(change, desk) for change in found]
        listed = sum(len(change.postings) + len(change.causes) for change in changes) <= LISTED
    says = {
        "editions": editions(desk),
        "comparison": comparison,
        "changes": changes,
        "listed": listed,
        "start": start,
        "end": end,
    }
    title = desk.say("Differences {year}", year=desk.view.year)
    crumbs = []
    if comparison is not None:
        crumbs = [Link(title, desk.links.differences())]
        title = desk.say("Differences {start} → {end}", start=start, end=end or desk.say("now"))
    own = {name: told for name, told in (("from", start), ("to", end)) if told}
    return Page("differences.html", title, crumbs, says, own, "differences")
