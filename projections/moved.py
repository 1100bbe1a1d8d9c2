"""What corrections moved: the year's scores with and without each, within bounded work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from ledger.earlier import earlier
from ledger.message import message_of
from ledger.progress import with_progress
from projections.adopted import Measures, NoMeasureError
from projections.differences import moved_fields
from projections.measure.amounts import NoAmountError
from projections.scores import score_year

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.state import EventRef, LedgerState
    from projections.corrections import Correction
    from projections.query import YearQuery
    from projections.scores import UnitScore, YearScores

WORK = 400_000
"""Entries that are scored for one answer: some 3 seconds. One correction takes those of the year
twice."""


class UnitMove(NamedTuple):
    """The fields of one unit's year that a correction moved, before and after."""

    unit: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the contract's JSON."""
        return self._asdict()


class Moved(NamedTuple):
    """What one correction moved, or would move once it is verified."""

    units: tuple[UnitMove, ...]
    failed: str | None = None
    """Why the year cannot be scored with or without it."""


class Moves:
    """What corrections of one year moved; each is computed once.

    It is the difference between the scores as they were known when the last part of the correction
    was verified, and the same without the verification of its parts. Of a correction whose
    reversal nobody verified, what it would move now.
    """

    def __init__(self, state: LedgerState, query: YearQuery) -> None:
        """Take the state of the year, with the position of all that happened, and the query."""
        self._state, self._query = state, query
        self._known: dict[str, Moved] = {}

    def known(self, one: Correction) -> Moved | None:
        """Return what a correction moved, if it was computed."""
        return self._known.get(one.reversal)

    def compute(
        self, found: Sequence[Correction], work: int | None = WORK, *, least: int = 1
    ) -> int:
        """Compute what corrections moved, the newest first; return how many are left out.

        Args:
            found: the corrections.
            work: entries that may be scored; None for no bound.
            least: corrections that are computed in any case.
        """
        left = [one for one in reversed(found) if one.reversal not in self._known]
        each = max(1, 2 * len(self._state.entries))
        most = len(left) if work is None else max(least, work // each)
        for one in with_progress(left[:most], "comparing", lambda: min(most, len(left))):
            self._known[one.reversal] = self._of(one)
        return len(left[most:])

    def _of(self, one: Correction) -> Moved:
        at = one.in_effect_at
        after = self._state if at is None else earlier(self._state, at)
        parts = [name for name in one.ids if name in after.entries]
        if at is None:
            before = after
            after = _with(before, dict.fromkeys(parts, after.entries[one.entry.id].recorded))
        else:
            before = _with(after, dict.fromkeys(parts))
        try:
            then, now = self._scores(before), self._scores(after)
        except (NoMeasureError, NoAmountError) as error:
            return Moved((), message_of(error))
        return Moved(tuple(_moves(then, now)))

    def _scores(self, state: LedgerState) -> YearScores:
        year, through, _ = self._query
        measure = Measures(state.adoptions).of(year).measure
        return score_year(state, measure, year, through)


def _with(state: LedgerState, verified: dict[str, EventRef | None]) -> LedgerState:
    """Return a state with other verifications of some entries."""
    entries = dict(state.entries)
    for name, ref in verified.items():
        entries[name] = replace(entries[name], verified=ref)
    return replace(state, entries=entries)


def _moves(before: YearScores, after: YearScores) -> list[UnitMove]:
    """Return the units of which fields differ, in the order of the later scores."""
    then: dict[str, UnitScore] = {one.unit: one for one in before.units}
    now = {one.unit: one for one in after.units}
    found = []
    for unit, score in {**now, **then}.items():
        fields = moved_fields(then.get(unit), now.get(unit))
        if any(fields):
            found.append(UnitMove(unit, score.name, *fields))
    return found
