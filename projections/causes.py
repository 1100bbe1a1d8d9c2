"""The events between two states that caused the changed results of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.postings import OpenPoint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.state import LedgerState
    from projections.postings import ClauseResult


def entries_of(result: ClauseResult) -> tuple[str, ...]:
    """Return the ids of the entries that a result names."""
    if isinstance(result, OpenPoint):
        return () if result.entry is None else (result.entry,)
    return result.entries


class Causes:
    """The events between two states, by the entries that they are about."""

    def __init__(self, changed: list[str], state: LedgerState) -> None:
        """Index the events.

        Args:
            changed: ids of what the events are on, oldest first.
            state: the later state.
        """
        self._state = state
        self._order = {entry_id: place for place, entry_id in enumerate(changed)}
        subjects = {entry_id: state.subject(entry_id) for entry_id in changed}
        self._units: dict[str, set[str]] = {}
        """By the first id of an entry, the changed ids about it and its replacements."""
        self._about: dict[str, set[str]] = {}
        """By entry, the changed ids about it: its own, and that of what takes it back."""
        for entry_id, subject in subjects.items():
            self._about.setdefault(entry_id, set()).add(entry_id)
            self._about.setdefault(subject, set()).add(entry_id)
            self._units.setdefault(state.root(subject), set()).add(entry_id)

    def in_order(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return changed ids, oldest first."""
        return tuple(sorted(ids, key=self._order.__getitem__))

    def of(self, results: list[ClauseResult], unit: str) -> tuple[str, ...]:
        """Return the ids behind the changed results of a unit, oldest first, but for rules."""
        direct = set(self._units.get(unit, ()))
        for result in results:
            for entry in self._related_to(result):
                direct |= self._about.get(entry, set())
        return self.in_order(direct)

    def _related_to(self, result: ClauseResult) -> tuple[str, ...]:
        """Return the entries of a result; of an open point, with what they refer to.

        When the entry objected to, or the batch of a response, is corrected, the open point may
        appear or disappear.
        """
        entries = entries_of(result)
        if not isinstance(result, OpenPoint):
            return entries
        referred = [named for entry in entries for named in self._referred_by(entry)]
        for named in referred:
            referred.extend(self._state.replacements.get(named, []))
        return (*entries, *referred)

    def _referred_by(self, entry_id: str) -> list[str]:
        """Return the ids of what an entry or objection refers to, units apart."""
        objection = self._state.objections.get(entry_id)
        if objection is not None:
            return [] if objection.event.entry is None else [objection.event.entry]
        entry_state = self._state.get(self._state.subject(entry_id))
        return [] if entry_state is None else entry_state.entry.subjects()
