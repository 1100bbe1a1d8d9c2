"""Find positions: by the time of recording, and of what imports recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.json import Decoder

from ledger import codec
from ledger.errors import DamagedLedgerError, EntriesRefusedError, Refusal
from ledger.events import EntryRecorded
from ledger.message import Message

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.stores import Store


def position_at(store: Store, time: datetime) -> int:
    """Return the position of the last event recorded by `time`, or 0."""
    low, high = 0, store.position()
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if recorded_at(store, middle) <= time else (low, middle - 1)
    return low


def recorded_at(store: Store, position: int) -> datetime:
    """Return when the event at a position was recorded; of one set aside, the one before it."""
    omitted = store.omitted
    while position in omitted:
        position -= 1
    for row in store.rows(position - 1, position):
        return codec.recorded_at(row)
    raise DamagedLedgerError(position, Message("there is no such event"))


def imported(store: Store, number: int) -> list[str]:
    """Return the ids of the entries that one import recorded.

    Raises:
        EntriesRefusedError: there is no import of that number.
    """
    ids = list[str]()
    for _, name, _, topic, state in store.rows(number - 1):
        event = codec.decode(topic, state)
        if not isinstance(event, EntryRecorded) or event.import_number != number:
            break
        ids.append(name)
    if not ids:
        words = Message("there is no import {number} in this ledger", number=number)
        raise EntriesRefusedError([Refusal(words, "import", code="no_such_import")])
    return ids


class _Numbered(Struct):
    """The one field of a recording that its state does not keep."""

    import_number: int | None = None


_numbered = Decoder(_Numbered).decode


def import_numbers(store: Store, to: int) -> dict[str, int]:
    """Return by entry the number of the append that recorded it, up to a position.

    It is the position of the first entry of the append; old recordings that have none are left out.
    """
    found, recorded = dict[str, int](), frozenset(codec.KIND_OF)
    for _, name, _, topic, state in store.rows(to=to):
        if topic in recorded:
            number = _numbered(state).import_number
            if number is not None:
                found[name] = number
    return found
