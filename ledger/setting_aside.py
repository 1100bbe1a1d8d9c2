"""Set damaged positions aside: what is refused, and the events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload

from eventsourcing.persistence import StoredEvent

from ledger.asides import aside_id
from ledger.batch import stored
from ledger.damage import Versions, damage_of
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import RowSetAside
from ledger.instants import instant_text
from ledger.message import Message
from ledger.messages import reason_text
from ledger.omitting import row_at, row_sha256

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ledger.asides import SetAside
    from ledger.omitting import Asides
    from ledger.state import LedgerState
    from ledger.stores import Store, StoredRow


def events_of(
    positions: Sequence[int],
    reason: str,
    state: LedgerState,
    asides: Asides,
    store: Store,
    *,
    at: datetime,
    by: str,
) -> list[StoredEvent]:
    """Return the rows that set positions aside.

    Args:
        positions: the damaged positions.
        reason: why they are set aside.
        state: the settings aside so far.
        asides: those in force.
        store: the ledger.
        at: the ledger's time.
        by: who sets them aside.

    Raises:
        EntriesRefusedError: one is sound, not in the ledger, or set aside already; or the reason
            is not valid.
    """
    words, rows, refused = reason_text(reason), list[StoredEvent](), list[Refusal]()
    omitted = {*store.omitted, *positions}
    for position in dict.fromkeys(positions):
        name, row = aside_id(position), row_at(store, position)
        earlier = state.asides.get(position, [])
        if row is None:
            refused.append(Refusal(Message("is not a position of this ledger"), id=name))
            continue
        problem = _awaits(earlier) or _done(position, asides) or _sound(row, store, omitted)
        if problem is not None:
            refused.append(Refusal(problem, id=name))
            continue
        event = RowSetAside(
            at=instant_text(at), by=by, position=position, sha256=row_sha256(row), reason=words
        )
        rows.append(stored(name, asides.next_version(name), event))
    if refused:
        raise EntriesRefusedError(refused)
    return rows


def _awaits(earlier: Sequence[SetAside]) -> Message | None:
    if not earlier or earlier[-1].effective:
        return None
    return Message(
        "was set aside at position {position} and awaits verification: `tally verify {id}`",
        position=earlier[-1].ref.position,
        id=earlier[-1].name,
    )


def _done(position: int, asides: Asides) -> Message | None:
    known = asides.at(position)
    if known is None:
        return None
    return Message("was set aside already, at position {position}", position=known.ref.position)


def _sound(row: StoredRow, store: Store, omitted: Collection[int]) -> Message | None:
    if damage_of(row, store.raw_of(row.originator_id), omitted) is not None:
        return None
    return Message(
        "is sound: {id} is taken back by `tally reverse` or put right by `tally correct`, which "
        "stay on the record; only a damaged position is set aside",
        id=row.originator_id,
    )


def renumbered(events: Sequence[StoredEvent], asides: Asides) -> Sequence[StoredEvent]:
    """Return events with versions that no row left out has taken in their streams."""
    return _Renumbered(events, asides) if asides.streams else events


class _Renumbered(Sequence[StoredEvent]):
    """Events to append, some to streams of which rows are left out."""

    def __init__(self, events: Sequence[StoredEvent], asides: Asides) -> None:
        self._events, self._asides = events, asides

    def __len__(self) -> int:
        return len(self._events)

    def __iter__(self) -> Iterator[StoredEvent]:
        versions, streams = Versions(), self._asides.streams
        for name, rows in streams.items():
            for row in rows:
                left_out = self._asides.at(row.position) is not None
                note = versions.omit if left_out else versions.take
                note(name, row.originator_version)
        for event in self._events:
            name = str(event.originator_id)
            if name not in streams:
                yield event
                continue
            version = versions.following(name)
            versions.take(name, version)
            yield StoredEvent(name, version, event.topic, event.state)

    @overload
    def __getitem__(self, index: int) -> StoredEvent: ...
    @overload
    def __getitem__(self, index: slice) -> list[StoredEvent]: ...
    def __getitem__(self, index: int | slice) -> StoredEvent | list[StoredEvent]:
        return list(self)[index]
