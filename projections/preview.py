"""Preview the scores that an append would change once it is verified."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from ledger.batch import appended, row_of
from ledger.entries import CaseResolution, InformationReport, PetitionBatch, Reversal, Unit
from ledger.entries.base import units_of
from ledger.events import ADOPTION
from ledger.message import message_of
from ledger.verifying import verification
from projections.adopted import Measures, NoMeasureError
from projections.affected_units import OF_ALL_UNITS
from projections.differences import UnitChange, differences
from projections.effective import Effective
from projections.gathering import gather
from projections.measure.amounts import NoAmountError
from projections.occurrence import year_of_entry
from projections.postings import ZERO
from projections.scores import Scored, YearScores, score_unit, score_year

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date, datetime

    from ledger.entries import AnyEntry, Entry
    from ledger.state import LedgerState
    from projections.loader import Loader
    from projections.measure import Measure


class Preview(NamedTuple):
    """What an append would change once it is verified."""

    units: dict[int, list[UnitChange]]
    """By year, the units that would change."""
    failed: dict[int, str]
    """By year, why it cannot be scored before or after the append."""


def preview(
    loader: Loader,
    known: LedgerState,
    fresh: Sequence[AnyEntry],
    at: datetime,
) -> Preview:
    """Return by year the units that change if entries are recorded and verified now.

    Nothing is written.

    Args:
        loader: loads the years that the entries affect.
        known: the newest state of what the entries refer to; it is not changed.
        fresh: the entries that would be appended.
        at: the ledger's time.
    """
    return _changes(loader, known, fresh, lambda state: _branch(state, fresh, at))


def verification_preview(
    loader: Loader,
    known: LedgerState,
    ids: Sequence[str],
    at: datetime,
) -> Preview:
    """Return by year the units that change if recorded entries or adoptions are verified now.

    Nothing is written; the arguments are as of `preview`, and `ids` are originator ids.
    """
    entries = [known.entries[name].entry for name in ids if name in known.entries]

    def verified(state: LedgerState) -> LedgerState:
        rows, _ = verification(state, ids, "verifier", at)
        branch = state.branch(*(name for name in ids if name in state.entries))
        return branch.fold(map(row_of, count(state.position + 1), rows))

    adopted = {year for year in known.adoptions if f"{ADOPTION}{year}" in ids}
    return _changes(loader, known, entries, verified, adopted)


class MovedTotals:
    """By how many points the verification of entries, one at a time, moves the units' totals.

    Ranks, and points by place, are not among it: those are of all units.
    """

    def __init__(self, loader: Loader, known: LedgerState, at: datetime) -> None:
        """Take what `verification_preview` takes."""
        self._loader, self._known, self._at = loader, known, at
        self._years: dict[int, tuple[LedgerState, Measure, date, dict[str, Decimal]]] = {}

    def of(self, entry_id: str) -> dict[str, Decimal]:
        """Return the units whose totals move, with the points.

        Raises:
            NoAmountError: a year cannot be scored before or after the verification.
        """
        after = self._verified(self._known, entry_id)
        units, found = _named_units(entry_id, after), dict[str, Decimal]()
        for year in sorted(_years([self._known.entries[entry_id].entry], after)):
            try:
                state, measure, day, before = self._before(year)
            except NoMeasureError:
                continue  # nothing is scored in a year without a measure
            totals = _totals(self._verified(state, entry_id), measure, year, day, units)
            for unit, total in totals.items():
                moved = total - before.get(unit, ZERO)
                if moved:
                    found[unit] = found.get(unit, ZERO) + moved
        return found

    def _verified(self, state: LedgerState, entry_id: str) -> LedgerState:
        rows, _ = verification(state, [entry_id], "verifier", self._at)
        return state.branch(entry_id).fold(map(row_of, count(state.position + 1), rows))

    def _before(self, year: int) -> tuple[LedgerState, Measure, date, dict[str, Decimal]]:
        """Return the state, measure and day of a year, and the totals of all units."""
        if year not in self._years:
            measure = self._loader.measure(self._known, year).measure
            state = self._loader.year_state(year, self._known, measure)
            day = self._loader.default_day(year, measure.calendar)
            self._years[year] = state, measure, day, _totals(state, measure, year, day, None)
        return self._years[year]


def _named_units(entry_id: str, state: LedgerState) -> set[str] | None:
    """Return the first ids of the units whose totals an entry can move; None for every unit."""
    ids = {entry_id, state.subject(entry_id)}
    ids |= {earlier for one in list(ids) if (earlier := state.replaced(one)) is not None}
    entries = [known.entry for one in ids if (known := state.get(one)) is not None]
    if any(entry.KIND in OF_ALL_UNITS for entry in entries):
        return None
    about = (state.get(name) for one in entries for name in one.subjects())
    entries += [known.entry for known in about if known is not None]
    return {state.root(unit) for one in entries for unit in units_of(one)}


def _totals(
    state: LedgerState, measure: Measure, year: int, day: date, units: set[str] | None
) -> dict[str, Decimal]:
    """Return the totals of some units, of all for None, without points by place."""
    town, found = gather(state, measure, year, day)
    return {
        one.id: score_unit(one, town).total for one in found if units is None or one.id in units
    }


def _changes(
    loader: Loader,
    known: LedgerState,
    entries: Sequence[Entry],
    branch_of: Callable[[LedgerState], LedgerState],
    adopted: Collection[int] = (),
) -> Preview:
    """Return what changes between a state and its branch, in each year that entries affect.

    Args:
        loader: loads the years.
        known: the newest state of what is concerned.
        entries: those that affect a year.
        branch_of: makes the branch of a state.
        adopted: years whose measure is another in the branch.
    """
    changed = Preview({}, {})
    after = branch_of(known)
    for year in sorted({*_years(entries, after), *adopted}):
        try:
            measure = loader.measure(after, year).measure
        except NoMeasureError:
            continue  # nothing is scored in a year without a measure
        state = loader.year_state(year, known, measure)
        day = loader.default_day(year, measure.calendar)
        branch = branch_of(state)
        try:
            scores = score_year(branch, measure, year, day)
            before = score_year(state, loader.measure(state, year).measure, year, day)
        except NoMeasureError:  # adopted for the first time
            before = YearScores(scores.town, state.position, ())
        except NoAmountError as error:  # what is appended may mend it
            changed.failed[year] = message_of(error)
            continue
        found = differences(Scored(state, before), Scored(branch, scores), unequal_postings=True)
        if found:
            changed.units[year] = found
    return changed


def _branch(state: LedgerState, fresh: Sequence[AnyEntry], at: datetime) -> LedgerState:
    """Return a copy of a state to which entries were appended and verified."""
    taken_back = [entry.of for entry in fresh if isinstance(entry, Reversal)]
    branch = state.branch(*(entry_id for entry_id in taken_back if entry_id in state.entries))
    return branch.fold(appended(fresh, state, at, "recorder", "verifier"))


def _years(fresh: Sequence[Entry], branch: LedgerState) -> set[int]:
    """Return the years that entries can affect; all for units and information."""
    effective = Effective(branch, provisional=True)
    subjects = [branch.get(branch.subject(entry.id)) for entry in fresh]
    affected: list[Entry] = [*fresh, *(one.entry for one in subjects if one is not None)]
    if any(isinstance(one, Unit | InformationReport) for one in affected):
        return set(Measures(branch.adoptions).years())
    for one in list(affected):
        # A resolution is rewarded when its case was due.
        case = branch.get(one.case) if isinstance(one, CaseResolution) else None
        affected.extend([] if case is None else [case.entry])
    measures = Measures(branch.adoptions)
    dated = {year_of_entry(entry, branch, effective, measures) for entry in affected}
    years = {year for year in dated if year is not None}
    if any(isinstance(one, PetitionBatch) for one in affected):
        # A special period may end in the year after a batch that spoils it.
        years |= {year + 1 for year in years}
    return years
