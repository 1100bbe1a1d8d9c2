"""Entries that a verifier sent back to who recorded them (退回)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.events import EntryReturned
    from ledger.state import EventRef, LedgerState


class Returned(NamedTuple):
    """The return of an entry: where, by whom, and why."""

    ref: EventRef
    reason: str


def entry_returned(
    state: LedgerState, name: str, version: int, event: EntryReturned, ref: EventRef
) -> None:
    """Apply the return of an entry; raise `KeyError` if it was never recorded."""
    known = state.entries[name]
    known.returned, known.version = Returned(ref, event.reason), version


def waiting(state: LedgerState, ids: Iterable[str]) -> dict[str, str]:
    """Return which of some ids are verified by name alone, each with the entry that was sent back.

    It is the entries themselves, as long as nobody has verified them, and the reversals of what
    they replace: verified alone, these would leave nothing in its place.
    """
    asked, found = set(ids), dict[str, str]()
    for name, known in state.entries.items():
        if known.returned is None or known.verified is not None:
            continue
        replaced = None if known.entry.replaces is None else state.get(known.entry.replaces)
        own = [name]
        if known.reversed is None and replaced is not None and replaced.reversed is not None:
            own.append(replaced.reversed.by_entry)
        found.update((one, name) for one in own if one in asked and one not in found)
    return found
