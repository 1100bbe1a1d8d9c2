"""Preview the scores that an append would change once it is verified."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from ledger.batch import appended, row_of
from ledger.entries import CaseResolution, InformationReport, PetitionBatch, Reversal, Unit
from ledger.events import ADOPTION
from ledger.message import message_of
from ledger.verifying import verification
from projections.adopted import Measures, NoMeasureError
from projections.differences import UnitChange, differences
from projections.effective import Effective
from projections.measure.amounts import NoAmountError
from projections.occurrence import year_of_entry
from projections.scores import Scored, YearScores, score_year

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from ledger.entries import AnyEntry, Entry
    from ledger.state import LedgerState
    from projections.loader import Loader


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
