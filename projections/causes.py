"""Which of what happened between two states of a ledger bears on the results of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.postings import OpenPoint

if TYPE_CHECKING:
    from ledger.state import LedgerState
    from projections.postings import ClauseResult


def entries_of(result: ClauseResult) -> tuple[str, ...]:
    """Return the ids of the entries that a result names."""
    if isinstance(result, OpenPoint):
        return () if result.entry is None else (result.entry,)
    return result.entries


class Causes:
    """What happened in between, and how it bears on the results of a unit."""

    def __init__(self, happened: list[str], rulings: list[str], state: LedgerState) -> None:
        self._state = state
        self._order = {entry_id: place for place, entry_id in enumerate(happened)}
        self._rulings = rulings
        self._subjects = {entry_id: state.subject(entry_id) for entry_id in happened}
        self._about: dict[str, set[str]] = {}
        """By an entry's id, what happened to it: itself, and what takes it back."""
        for entry_id, subject in self._subjects.items():
            self._about.setdefault(entry_id, set()).add(entry_id)
            self._about.setdefault(subject, set()).add(entry_id)

    def of(self, results: list[ClauseResult], unit: str) -> list[str]:
        """Return the ids of the events behind the changed results of a unit, oldest first.

        Rulings are named where something changed that no entry of its own explains.
        """
        touched = [self._looked_at(result) for result in results]
        direct = {
            entry_id for entry_id in self._about.get(unit, ()) if self._subjects[entry_id] == unit
        }
        for entries in touched:
            for entry in entries:
                direct |= self._about.get(entry, set())
        explained = direct | {self._subjects[entry_id] for entry_id in direct}
        if any(explained.isdisjoint(one) for one in touched):
            direct.update(self._rulings)
        return sorted(direct, key=self._order.__getitem__)

    def _looked_at(self, result: ClauseResult) -> tuple[str, ...]:
        """Return the entries of a result; for an open point also what they are about.

        An objection is to an entry, a response belongs to the year of its batch: when that is
        corrected, the point may come or go.
        """
        entries = entries_of(result)
        if not isinstance(result, OpenPoint):
            return entries
        about = [other for entry in entries for other in self._about_of(entry)]
        for subject in about:
            about.extend(self._state.replacements.get(subject, []))
        return (*entries, *about)

    def _about_of(self, entry_id: str) -> list[str]:
        objection = self._state.objections.get(entry_id)
        if objection is not None:
            return [] if objection.event.entry is None else [objection.event.entry]
        entry_state = self._state.get(self._state.subject(entry_id))
        return [] if entry_state is None else entry_state.entry.subjects()
