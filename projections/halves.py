"""A whole town scored from its events by two processes, each judging other clauses.

What is owed by the calendar (the monthly reports) and what happens (batches, responses, the
inspection) never look at each other's entries: so one process reads and judges the one, a child
of it the other, and what they find comes to a sum. The clauses, and how points are added up, are
those of `projections.scores`.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from ledger.watching import watching
from projections.clauses import CALENDAR as CALENDAR_JUDGES
from projections.clauses import JUDGES, findings
from projections.gathering import gather
from projections.paging import UNKEPT
from projections.scores import Sums, score_of_sums, standing, summed
from projections.slices.year import YearReading

if TYPE_CHECKING:
    from collections.abc import Callable
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

    def calendar() -> list[Sums]:
        reading = YearReading(store, year, to, targets=False)
        reading.read_calendar_in_arrays()
        town, units = gathered(reading)
        return [summed(findings(unit, town, rulebook, CALENDAR_JUDGES), rulebook) for unit in units]

    try:
        child = _Child(calendar)
    except OSError:
        return None
    with child:
        reading = YearReading(store, year, to)
        if len(reading.lone) > _MOST_AWAITING:
            return None
        reading.read_awaiting()
        reading.read_happenings_and_inspection()
        town, units = gathered(reading)
        own = [summed(findings(unit, town, rulebook, _OTHER_JUDGES), rulebook) for unit in units]
        theirs = child.result()
    if theirs is None or len(theirs) != len(own):
        return None
    scores = [
        score_of_sums(unit, town, rulebook, mine.plus(other, rulebook), UNKEPT)
        for unit, mine, other in zip(units, own, theirs, strict=True)
    ]
    register = reading.register
    return register, standing(register, town, scores, provisional=provisional)


class _Child:
    """A copy of this process that computes one thing and tells it through a pipe.

    As a context it is ended, if it has not told it by then.
    """

    def __init__(self, work: Callable[[], list[Sums]]) -> None:
        """Begins the work.

        Raises:
            OSError: the system has no room for another process.
        """
        read, write = os.pipe()
        try:
            self._pid = os.fork()
        except OSError:
            os.close(read)
            os.close(write)
            raise
        if self._pid == 0:
            status = 1
            try:
                os.close(read)
                # Of two bars on one terminal none could be read.
                with os.fdopen(write, "wb") as pipe, watching(None):
                    pickle.dump(work(), pipe, pickle.HIGHEST_PROTOCOL)
                status = 0
            finally:
                # Neither the parent's buffers nor its exit handlers are the child's to run.
                os._exit(status)
        os.close(write)
        self._pipe = os.fdopen(read, "rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._pipe.closed:
            self._pipe.close()
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._ended()

    def result(self) -> list[Sums] | None:
        """What it computed; None where it failed."""
        with self._pipe:
            told = self._pipe.read()
        # Where nobody is told of children that end, a whole answer says enough.
        if not self._ended() or not told:
            return None
        try:
            found: list[Sums] = pickle.loads(told)  # noqa: S301 - of our own child
        except (EOFError, pickle.UnpicklingError):
            return None
        return found

    def _ended(self) -> bool:
        """Waits for its end; whether that was a good one, as far as the system tells."""
        try:
            return os.waitpid(self._pid, 0)[1] == 0
        except ChildProcessError:
            return True
