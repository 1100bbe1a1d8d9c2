"""Which entries count, and which one counts in the place of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import Entry
    from ledger.state import EntryState, LedgerState


class Effective:
    """The effective entries of a state (四.4: 以信访办核定的为准).

    An entry counts from its verification until a verified reversal takes it back. So a
    replacement that is verified before the reversal counts beside the entry that it replaces;
    `tally verify` warns of that. Provisionally, every entry is treated as verified.
    """

    def __init__(self, state: LedgerState, *, provisional: bool = False) -> None:
        """Use all entries of the state; unverified ones count if provisional."""
        self._state = state
        self._provisional = provisional

    def counts(self, entry_state: EntryState) -> bool:
        """Return whether an entry counts."""
        if entry_state.verified is None and not self._provisional:
            return False
        return entry_state.reversed is None or not self.taken_back(entry_state)

    def taken_back(self, entry_state: EntryState) -> bool:
        """Return whether a reversal that counts takes the entry back."""
        if entry_state.reversed is None:
            return False
        reversal = self._state.get(entry_state.reversed.by_entry)
        return reversal is not None and (self._provisional or reversal.verified is not None)

    def standing(self, entry_id: str) -> str | None:
        """Return the id of the entry that counts in an entry's place, if one does.

        It is the entry itself or a replacement. A reference moves on to the replacement as soon
        as the entry does not count, whether it was ever verified or not.
        """
        candidates = [entry_id]
        while candidates:
            candidate = candidates.pop()
            entry_state = self._state.get(candidate)
            if entry_state is None:
                continue
            if self.counts(entry_state):
                return candidate
            candidates.extend(reversed(self._state.replacements.get(candidate, [])))
        return None

    def referred(self, entry_id: str) -> str:
        """Return the id that a reference to an entry leads to, counting or not."""
        entry_state = self._state.get(entry_id)
        while entry_state is not None and not self.counts(entry_state):
            replacements = self._state.replacements.get(entry_id)
            if not replacements:
                break
            entry_id = replacements[-1]
            entry_state = self._state.get(entry_id)
        return entry_id

    def entries(self) -> Iterator[tuple[EntryState, Entry]]:
        """Yield all entries that count, in the order in which they were recorded."""
        provisional = self._provisional
        for entry_state in self._state.entries.values():
            if entry_state.reversed is None:
                if provisional or entry_state.verified is not None:
                    yield entry_state, entry_state.entry
            elif self.counts(entry_state):
                yield entry_state, entry_state.entry
