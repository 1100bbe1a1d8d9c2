"""Preview the scores that an append would change once it is verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.batch import appended
from ledger.entries import CaseResolution, InformationReport, PetitionBatch, Reversal, Unit
from projections.differences import UnitChange, differences
from projections.effective import Effective
from projections.measures import NoMeasureError
from projections.occurrence import year_of_entry
from projections.scores import Scored, score_year

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    changed: dict[int, list[UnitChange]] = {}
    for year in sorted(_years(fresh, _branch(known, fresh, at), loader)):
        day, state = loader.default_day(year), loader.year_state(year, known)
        try:
            rulebook = loader.measure(state, year).rulebook
        except NoMeasureError:
            continue  # nothing is scored in a year without a measure
        branch = _branch(state, fresh, at)
        found = differences(
            Scored(state, score_year(state, rulebook, year, day)),
            Scored(branch, score_year(branch, rulebook, year, day)),
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


def _years(fresh: Sequence[AnyEntry], branch: LedgerState, loader: Loader) -> set[int]:
    """Return the years that entries can affect; all for units and information."""
    effective = Effective(branch, provisional=True)
    subjects = [branch.get(branch.subject(entry.id)) for entry in fresh]
    affected: list[Entry] = [*fresh, *(one.entry for one in subjects if one is not None)]
    if any(isinstance(one, Unit | InformationReport) for one in affected):
        years = set(loader.years().listed)
        return years | {year + 1 for year in years}
    for one in list(affected):
        # A resolution is rewarded when its case was due.
        case = branch.get(one.case) if isinstance(one, CaseResolution) else None
        affected.extend([] if case is None else [case.entry])
    dated = {year_of_entry(entry, branch, effective) for entry in affected}
    years = {year for year in dated if year is not None}
    if any(isinstance(one, PetitionBatch) for one in affected):
        # A special period may end in the year after a batch that spoils it.
        years |= {year + 1 for year in years}
    return years
