"""Learn which damaged positions were set aside, and leave them out of every reading.

A damaged row stops every reading behind it. An event on the record, verified by a second person
(核定), lets every reading pass over it; the row stays, with its leaf in the Merkle tree. As of a
position before the verification the ledger is as damaged as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger import codec
from ledger.damage import damage_of
from ledger.errors import DamagedLedgerError
from ledger.events import ASIDE
from ledger.identifiers import redact
from ledger.message import Message
from ledger.state import LedgerState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ledger.asides import SetAside
    from ledger.stores import Store, StoredRow


class Disregarded(NamedTuple):
    """A verified setting aside that has no effect, and why."""

    aside: SetAside
    why: Message


class Asides:
    """The positions of a ledger that were set aside, as far as it was followed."""

    def __init__(self, store: Store) -> None:
        """Use an open store, whose `omitted` is kept up to date."""
        self._store = store
        self._head = 0
        self._known = LedgerState()
        self._last: dict[str, int] = {}
        self._in_force: dict[int, SetAside] = {}
        self.streams: dict[str, list[StoredRow]] = {}
        """By originator id, all rows of the streams in which one is left out."""
        self.disregarded: list[Disregarded] = []

    def follow(self, head: int) -> None:
        """Read what was set aside up to a position, unless that was done.

        A damaged row among those that set others aside is passed over here; whoever reads the
        whole ledger reports it.
        """
        if head == self._head:
            return
        rows = self._store.raw_with(ASIDE)
        known = LedgerState()
        for row in rows:
            try:
                event = codec.decode(row.topic, row.state)
                known.apply(row.position, row.originator_id, row.originator_version, event)
            except codec.UNREADABLE:
                continue
        # Damaged rows of a stream have versions too.
        self._last = {}
        for row in rows:
            last = self._last.get(row.originator_id, 0)
            self._last[row.originator_id] = max(last, row.originator_version)
        for some in known.asides.values():
            some[-1].version = self._last[some[-1].name]
        self._known, self._head = known, head
        self._judge()

    def _judge(self) -> None:
        """Decide which settings aside have effect: of damaged rows, found as they were then."""
        self._in_force, self.streams, self.disregarded = {}, {}, []
        verified = {p: some for p, some in self._known.asides.items() if any(map(_is_done, some))}
        for position, some in sorted(verified.items()):
            row = row_at(self._store, position)
            stream = [] if row is None else self._store.raw_of(row.originator_id)
            for one in filter(_is_done, some):
                problem = _disregard(one, row, stream, verified)
                if problem is not None:
                    self.disregarded.append(Disregarded(one, problem))
                elif row is not None:
                    self._in_force[position] = one
                    self.streams[row.originator_id] = stream
                    break
        since = {p: one.verified.position for p, one in self._in_force.items() if one.verified}
        self._store.omitted = since

    def in_force(self, to: int | None = None) -> list[SetAside]:
        """Return what is left out as of a position, by now by default; by position."""
        return [self._in_force[position] for position in self._store.omitted_at(to)]

    def next_version(self, name: str) -> int:
        """Return the version of the next event that sets a position aside, by its stream."""
        return self._last.get(name, 0) + 1

    def at(self, position: int) -> SetAside | None:
        """Return what leaves a position out; None for one that is read."""
        return self._in_force.get(position)

    def of(self, name: str, to: int | None = None) -> list[SetAside]:
        """Return what leaves out rows of an originator id as of a position, by now by default."""
        left_out = {row.position for row in self.streams.get(name, ())}
        return [one for one in self.in_force(to) if one.event.position in left_out]

    def pending(self) -> list[str]:
        """Return the originator ids of what awaits verification."""
        return [some[-1].name for some in self._known.asides.values() if not some[-1].effective]

    def state(self, passing: Collection[int] = ()) -> LedgerState:
        """Return a state of nothing but the settings aside, however damaged the ledger is.

        Its time is that of the last row that says one and is neither set aside nor about to be.

        Args:
            passing: positions that are about to be set aside.
        """
        self.follow(self._store.position())
        state = LedgerState(asides=self._known.asides).branch()
        state.position = self._head
        passed_over = {*passing, *self._known.asides}
        for position in range(self._head, 0, -1):
            row = None if position in passed_over else row_at(self._store, position)
            if row is None:
                continue
            try:
                state.last_at = codec.recorded_at(row)
                break
            except DamagedLedgerError:
                continue
        return state


def row_at(store: Store, position: int) -> StoredRow | None:
    """Return the row at a position exactly as it is stored, or None if there is none."""
    return next(store.raw(position - 1, position), None) if position > 0 else None


def found_wrong(store: Store, position: int, omitted: Collection[int] = ()) -> Message | None:
    """Return what is wrong with the row at a position, after its id; None for a sound one.

    Args:
        store: the ledger.
        position: the position.
        omitted: positions that are about to be set aside too.
    """
    row = row_at(store, position)
    if row is None:
        return Message("is not a position of this ledger")
    wrong = damage_of(row, store.raw_of(row.originator_id), {*store.omitted, *omitted})
    if wrong is None:
        return None
    return Message("{id}: {problem}", id=redact(row.originator_id), problem=wrong)


def row_sha256(row: StoredRow) -> str:
    """Return the hash of a row's leaf, in hexadecimal."""
    from ledger.integrity.leaves import leaf_hash  # noqa: PLC0415 - seldom

    return leaf_hash(row).hex()


def _is_done(one: SetAside) -> bool:
    return one.effective


def _disregard(
    one: SetAside, row: StoredRow | None, stream: Sequence[StoredRow], verified: Collection[int]
) -> Message | None:
    """Return why a verified setting aside has no effect; None if it has."""
    if row is None or one.event.position >= one.ref.position:
        return Message("sets a position aside that no event had then")
    if row_sha256(row) != one.event.sha256:
        return Message(
            "sets position {position} aside, which is not as it was found then",
            position=row.position,
        )
    if damage_of(row, stream, verified) is None:
        return Message("sets position {position} aside, which is sound", position=row.position)
    return None
