"""A whole town scored from its events by two processes, each judging other clauses.

What is owed by the calendar (the monthly reports) and what happens (batches, responses, the
inspection) never look at each other's entries: so one process reads and judges the one, a child
of it the other, and what they find comes to a sum. The clauses, and how points are added up, are
those of `projections.scores`.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

from projections.child import Child
from projections.clauses import CALENDAR as CALENDAR_JUDGES
from projections.clauses import JUDGES, findings
from projections.gathering import gather
from projections.paging import UNKEPT
from projections.scores import Sums, score_of_sums, standing, summed
from projections.slices.year import YearReading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.register import Register
    from ledger.stores import Store
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook
    from projections.scores import YearScores

LARGE = 50_000
"""Events from which a second process pays: making one costs some milliseconds."""

_MOST_AWAITING = 5_000
"""Unverified entries beyond which the one process would have to read too much of the other half."""

_OTHER_JUDGES = frozenset(JUDGES) - CALENDAR_JUDGES


def can_halve(store: Store, to: int) -> bool:
    """Whether two processes may share the work: a file of some size, no threads, two cores."""
    return (
        to >= LARGE
        and store.url.startswith("sqlite:")
        and sys.platform == "linux"
        and threading.active_count() == 1
        and (os.cpu_count() or 1) > 1
    )


def score_in_halves(
    store: Store, rulebook: Rulebook, year: int, through: date, to: int, *, provisional: bool
) -> tuple[Register, YearScores] | None:
    """The scores of a year without their findings, and the register of one half.

    None where the halves do not come apart.

    Args:
        store: the ledger, a file.
        rulebook: the measure.
        year: the assessment year.
        through: the day.
        to: the position.
        provisional: whether unverified entries count too.
    """

    def gathered(reading: YearReading) -> tuple[TownYear, list[UnitYear]]:
        return gather(reading.close(), rulebook, year, through, provisional=provisional)

    def calendar() -> Iterator[set[str] | list[Sums]]:
        single_event_ids = store.single_event_ids(to)
        yield single_event_ids
        reading = YearReading(
            store, year, to, targets=False, single_event_ids=lambda: single_event_ids
        )
        reading.read_calendar_in_arrays()
        town, units = gathered(reading)
        yield [summed(findings(unit, town, rulebook, CALENDAR_JUDGES), rulebook) for unit in units]

    def happenings(child: Child) -> tuple[YearReading, TownYear, list[UnitYear], list[Sums]] | None:
        reading = YearReading(store, year, to, single_event_ids=child.told)
        if len(reading.single_event_ids) > _MOST_AWAITING:
            return None
        reading.read_awaiting()
        reading.read_happenings_and_inspection()
        town, units = gathered(reading)
        own = [summed(findings(unit, town, rulebook, _OTHER_JUDGES), rulebook) for unit in units]
        return reading, town, units, own

    try:
        with Child(calendar) as child:
            found = happenings(child)
            if found is None:
                return None
            theirs: list[Sums] = child.told()
            child.end()
    except ChildProcessError:
        return None
    reading, town, units, own = found
    if len(theirs) != len(own):
        return None
    scores = [
        score_of_sums(unit, town, rulebook, mine.plus(other, rulebook), UNKEPT)
        for unit, mine, other in zip(units, own, theirs, strict=True)
    ]
    register = reading.register
    return register, standing(register, town, scores, provisional=provisional)
