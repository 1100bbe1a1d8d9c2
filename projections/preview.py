"""Preview the scores that an append would change once it is verified."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from ledger.batch import appended, row_of
from ledger.entries import CaseResolution, InformationReport, PetitionBatch, Reversal, Unit
from ledger.verifying import verification
from projections.adopted import Measures, NoMeasureError
from projections.differences import UnitChange, differences
from projections.effective import Effective
from projections.occurrence import year_of_entry
from projections.scores import Scored, score_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ledger.entries import AnyEntry, Entry
    from ledger.state import LedgerState
    from projections.loader import Loader


def preview(
    loader: Loader,
    known: LedgerState,
    fresh: Sequence[AnyEntry],
    at: datetime,
) -> dict[int, list[UnitChange]]:
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
) -> dict[int, list[UnitChange]]:
    """Return by year the units that change if recorded entries are verified now.

    Nothing is written; the arguments are as of `preview`.
    """
    entries = [known.entries[entry_id].entry for entry_id in ids]

    def verified(state: LedgerState) -> LedgerState:
        rows, _ = verification(state, ids, "verifier", at)
        branch = state.branch(*ids)
        return branch.fold(map(row_of, count(state.position + 1), rows))

    return _changes(loader, known, entries, verified)


def _changes(
    loader: Loader,
    known: LedgerState,
    entries: Sequence[Entry],
    branch_of: Callable[[LedgerState], LedgerState],
) -> dict[int, list[UnitChange]]:
    """Return what changes between a state and its branch, in each year that entries affect."""
    changed: dict[int, list[UnitChange]] = {}
    for year in sorted(_years(entries, branch_of(known))):
        try:
            state = loader.year_state(year, known)
            measure = loader.measure(state, year).measure
        except NoMeasureError:
            continue  # nothing is scored in a year without a measure
        day = loader.default_day(year, measure.calendar)
        branch = branch_of(state)
        found = differences(
            Scored(state, score_year(state, measure, year, day)),
            Scored(branch, score_year(branch, measure, year, day)),
            unequal_postings=True,
        )
        if found:
            changed[year] = found
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
