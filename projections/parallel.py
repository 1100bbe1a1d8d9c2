"""Score a large year in two processes, each for some kinds of entries.

The clauses on periodic duties (monthly reports) and the other clauses (batches, responses,
inspection findings) never read each other's entries. A forked process runs the former, this one
the latter, and their sums are added.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from ledger.entries import STORED
from ledger.progress import progress_shown_by
from projections.gathering import gather
from projections.judging import clause_results
from projections.measure.amounts import NoAmountError
from projections.scores import Scored, Sums, added, completed, score_of_sums, summed
from projections.year_loader import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from ledger.stores import Store
    from projections.measure import Measure
    from projections.query import YearQuery

LARGE = 50_000
"""Number of events from which a second process saves time; starting one takes milliseconds."""

_REPORTS = frozenset({"screening_report", "case_report"})
_PERIODIC = _REPORTS | {"notice"}
"""What clauses on periodic duties read; notices are loaded in both processes."""

_CARRIED = frozenset({"carried_quarter"})
"""The kinds of entries that say in which periods nothing is scored."""


def score_in_parallel(store: Store, measure: Measure, query: YearQuery, to: int) -> Scored | None:
    """Return the scores of a year, without postings; None if one process must do it.

    Args:
        store: the ledger.
        measure: the measure of the year.
        query: the year and day.
        to: the position as of which it is known.
    """
    if not _can_fork(store, to):
        return None

    span = measure.calendar.span(query.year)
    periodic = periodic_clauses(measure)
    if not periodic:
        return None

    def part(kinds: frozenset[str], slugs: Container[str]) -> tuple[Any, ...]:
        state = load_year(store, span, to, kinds=kinds)
        year, through, provisional = query
        town, units = gather(state, measure, year, through, provisional=provisional)
        sums = [summed(clause_results(unit, town, slugs), unit, measure) for unit in units]
        return state, town, units, sums

    try:
        worker = _Worker(lambda: part(_REPORTS | _CARRIED, periodic)[-1])
    except OSError:
        return None
    with worker:
        others = frozenset(measure.clauses) - periodic
        try:
            state, town, units, sums = part(frozenset(STORED) - _REPORTS, others)
        except NoAmountError:
            return None  # one process names the entry
        theirs: list[Sums] | None = worker.result()
    if theirs is None or len(theirs) != len(sums):
        return None
    scores = [
        score_of_sums(unit, town, added(mine, other, measure))
        for unit, mine, other in zip(units, sums, theirs, strict=True)
    ]
    return Scored(state, completed(state, town, scores, provisional=query.provisional))


def periodic_clauses(measure: Measure) -> frozenset[str]:
    """Return the clauses on periodic duties that are judged apart from the others."""
    bound_together = {
        slug
        for clause in measure.clauses.values()
        if clause.together_with
        for slug in (clause.slug, *clause.together_with)
    }
    periodic = {slug for slug in measure.clauses if measure.reads(slug) <= _PERIODIC}
    return frozenset(periodic - bound_together)


def _can_fork(store: Store, to: int) -> bool:
    """Return whether a second process is possible and saves time.

    It needs a large SQLite file, Linux, no threads, and two cores.
    """
    return (
        to >= LARGE
        and store.url.startswith("sqlite:")
        and sys.platform == "linux"
        and threading.active_count() == 1
        and (os.cpu_count() or 1) > 1
    )


class _Worker:
    """A forked process that computes one value; leaving the context ends it."""

    def __init__(self, compute: Callable[[], object]) -> None:
        """Start the process; raise `OSError` if the system refuses another one."""
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
                with os.fdopen(write, "wb") as pipe, progress_shown_by(None):
                    pickle.dump(compute(), pipe, pickle.HIGHEST_PROTOCOL)
                status = 0
            finally:
                # The parent's buffers and exit handlers are not the child's to run.
                os._exit(status)
        os.close(write)
        self._pipe = os.fdopen(read, "rb")

    def result(self) -> Any:
        """Wait for the value; None if the process failed."""
        value = None
        with self._pipe, suppress(EOFError, pickle.UnpicklingError):
            value = pickle.load(self._pipe)  # noqa: S301 - from our own child
        return value if self._wait() == 0 else None

    def _wait(self) -> int:
        try:
            return os.waitpid(self._pid, 0)[1]
        except ChildProcessError:
            return 0  # SIGCHLD is ignored: only a complete value shows success

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._pipe.closed:
            self._pipe.close()
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._wait()
