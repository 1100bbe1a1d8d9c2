"""Find the bulletins that are due: of periods and years that are over and have none in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from ledger.editions import Edition
    from ledger.state import LedgerState
    from projections.adopted import Measures
    from projections.facts import TownYear, UnitYear
    from projections.measure.model import Words
    from projections.scores import UnitScore


class BulletinDue(NamedTuple):
    """A period, or a year, that is over and has no edition in force."""

    name: str
    title: Words | None
    """Of a period."""
    last: date
    awaiting: Edition | None
    """An edition that awaits verification."""


def bulletins_due(
    editions: LedgerState, measures: Measures, year: int, day: date, carried: Collection[str]
) -> list[BulletinDue]:
    """Return the periods and years that are over and have no edition in force, the oldest first.

    Those of a year and the one before it: earlier ones were published on paper.

    Args:
        editions: a state that has the editions.
        measures: of the ledger.
        year: the year.
        day: a period is over if its last day is before it.
        carried: names of the periods that were published before the ledger began.
    """
    found = [
        BulletinDue(name, title, last, _awaiting(name, editions))
        for name, title, last in _periods(measures, year)
        if last < day and name not in carried and editions.edition(name) is None
    ]
    listed = {one.name for one in found}
    for name, (*_, edition) in editions.editions.items():
        if edition.awaits_verification and name not in listed:
            found.append(BulletinDue(name, None, edition.event.through, edition))
    return sorted(found, key=lambda one: (one.last, one.name))


def carried_periods(town: TownYear, units: Sequence[UnitYear | UnitScore]) -> set[str]:
    """Return the names of the periods that were published of every unit before the ledger."""
    return {
        period.name
        for period in town.calendar.periods(town.year)
        if units and all(period.number in one.carried for one in units)
    }


def _periods(measures: Measures, shown: int) -> Iterator[tuple[str, Words | None, date]]:
    """Yield name, title and last day of each period and year of two years."""
    for year in measures.years():
        if shown - 1 <= year <= shown:
            calendar = measures.of(year).measure.calendar
            for period in calendar.periods(year):
                yield period.name, period.title, period.last
            yield str(year), None, calendar.last_day(year)


def _awaiting(name: str, editions: LedgerState) -> Edition | None:
    last = editions.editions.get(name, [None])[-1]
    return last if last is not None and last.awaits_verification else None
