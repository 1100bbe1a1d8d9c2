"""What an append would change once it is verified: scores before and after, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.batch import appended
from ledger.entries import CaseResolution, InformationReport, PetitionBatch, Reversal, Unit
from projections.differences import State, UnitChange, differences
from projections.effective import Effective
from projections.occurrence import year_of_entry
from projections.scores import score_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from ledger.entries import AnyEntry, Entry
    from ledger.state import LedgerState
    from projections.rulebook import Rulebook


def preview(
    state: LedgerState,
    rulebook: Rulebook,
    fresh: Sequence[AnyEntry],
    at: datetime,
    through: Callable[[int], date],
) -> dict[int, list[UnitChange]]:
    """By year, the units that change if the entries are recorded and verified now.

    Args:
        state: the ledger as it is; it is not touched.
        rulebook: the measure.
        fresh: the entries that would be appended.
        at: the ledger's time.
        through: the day at whose close a year is seen.
    """
    known = [entry.of for entry in fresh if isinstance(entry, Reversal)]
    branch = state.branch(*(entry_id for entry_id in known if entry_id in state.entries))
    branch.fold(appended(fresh, state, at, "recorder", "verifier"))
    changed: dict[int, list[UnitChange]] = {}
    for year in sorted(_years(fresh, state, branch)):
        day = through(year)
        found = differences(
            State(state, score_year(state, rulebook, year, day)),
            State(branch, score_year(branch, rulebook, year, day)),
            touched=True,
        )
        if found:
            changed[year] = found
    return changed


def _years(fresh: Sequence[AnyEntry], state: LedgerState, branch: LedgerState) -> set[int]:
    """The assessment years that entries can bear on; every one for what no year bounds."""
    effective = Effective(branch, provisional=True)
    touched: list[Entry] = list(fresh)
    for entry in fresh:
        if isinstance(entry, Reversal):
            life = state.get(entry.of)
            touched.extend([] if life is None else [life.entry])
    if any(isinstance(one, Unit | InformationReport) for one in touched):
        touched = [life.entry for life in branch.entries.values()]
    for one in list(touched):
        # A resolution is rewarded when its case was due.
        case = branch.get(one.case) if isinstance(one, CaseResolution) else None
        touched.extend([] if case is None else [case.entry])
    years = {year_of_entry(entry, branch, effective) for entry in touched}
    if any(isinstance(one, PetitionBatch) for one in touched):
        # A special period may end in the year after a batch that spoils it.
        years |= {year + 1 for year in years if year is not None}
    return {year for year in years if year is not None}
