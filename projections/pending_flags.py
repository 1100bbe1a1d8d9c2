"""Find what may yet cost a unit its awards: open points that will raise a flag, or may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import PetitionBatch
from projections.kinds.cases import field_reader
from projections.kinds.compiling import Compilation

if TYPE_CHECKING:
    from ledger.entries import Entry
    from ledger.state import LedgerState
    from projections.facts import TownYear
    from projections.measure import Clause
    from projections.measure.model import CaseValue
    from projections.postings import OpenPoint
    from projections.scores import UnitScore


def pending_flags(score: UnitScore, state: LedgerState, town: TownYear) -> list[OpenPoint]:
    """Return the open points of a unit that may yet make it ineligible for awards.

    They are entries whose effect is undetermined, and those that have it once they are verified.

    Args:
        score: of the unit.
        state: the ledger, for what entries say.
        town: the year.
    """
    found = []
    for one in score.open:
        entry_state = None if one.entry is None else state.get(one.entry)
        entry = None if entry_state is None else entry_state.entry
        clause = None if one.clause is None else town.measure.clauses.get(one.clause)
        if entry is None or clause is None:
            continue
        is_open = one.kind == "undetermined" and clause.kind == "flag"
        if is_open or (one.kind == "unverified" and _may_flag(score, entry, state, town)):
            found.append(one)
    return found


def _may_flag(score: UnitScore, entry: Entry, state: LedgerState, town: TownYear) -> bool:
    """Return whether an entry that awaits verification makes its unit ineligible, by itself."""
    if state.root(getattr(entry, "unit", None) or "") != state.root(score.unit):
        return False
    clauses = (town.measure.clauses[slug] for slug in town.measure.clauses_of(entry))
    return any(_flags(one, entry, town) for one in clauses)


def _flags(clause: Clause, entry: Entry, town: TownYear) -> bool:
    measure = town.measure
    given = Compilation(clause, town.readings, measure)
    for of in dict.fromkeys(one.of for one in clause.amount if one.flag is not None):
        table = given.amounts(of)
        case: dict[str, CaseValue] = {"day": entry.day()}
        for name in table.names:
            reader = field_reader(measure, entry.KIND, name)
            case[name] = None if reader is None else reader(entry)
        if isinstance(entry, PetitionBatch):
            is_collective = entry.headcount >= measure.collective_from(town.readings)
            case["manner"] = "collective" if is_collective else "individual"
        found, _ = table.find(case)
        flag = None if found is None else found.amount.flag
        if flag is not None and not measure.flags[flag].eligible:
            return True
    return False
