"""From admitted entries to events: recordings, marks of reversal, verifications, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from eventsourcing.persistence import StoredEvent
from pydantic_core import to_json

from ledger.entries import Reversal
from ledger.entries.checking import as_checked
from ledger.events import RECORDED, EntryReversed, EntryVerified, LedgerEvent
from ledger.instants import instant_text
from ledger.mapper import EventMapper

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from ledger.admission import Fresh
    from ledger.entries import AnyEntry
    from ledger.register import Register

_MAPPER = EventMapper()


def recording(
    fresh: Iterable[AnyEntry], register: Register, at: datetime, by: str, verify_by: str | None
) -> Iterator[LedgerEvent]:
    """The events of one import: all recordings, then the reversals' marks, then verifications."""
    entries = list(fresh)
    for entry in entries:
        yield RECORDED[entry.kind](
            originator_id=entry.id, originator_version=1, at=at, by=by, entry=as_checked(entry)
        )
    reversals = [entry for entry in entries if isinstance(entry, Reversal)]
    marks, versions = _marks(reversals, {entry.id for entry in entries}, register, at, by)
    yield from marks
    if verify_by is not None:
        for entry in entries:
            yield _verified(entry.id, versions.get(entry.id, 1) + 1, at, verify_by)


class Recordings(Sequence[StoredEvent]):
    """The same as they are stored, made one by one: of a million entries none is held."""

    def __init__(
        self, fresh: Fresh, register: Register, at: datetime, by: str, verify_by: str | None
    ) -> None:
        """As `recording`, of what the door admitted."""
        self._fresh, self._verify_by = fresh, verify_by
        who = b'"at":%b,"by":%b' % (to_json(instant_text(at)), to_json(by))
        self._heads = {
            kind: b'{"class_version":%d,%b,"entry":' % (event.CLASS_VERSION, who)
            for kind, event in RECORDED.items()
        }
        reversals = [one for one in fresh.of_kinds("reversal") if isinstance(one, Reversal)]
        marks, self._versions = _marks(reversals, fresh.ids(), register, at, by)
        self._marks = [_MAPPER.to_stored_event(mark) for mark in marks]
        self._done = b""
        if verify_by is not None:
            self._done = _MAPPER.to_stored_event(_verified("-", 2, at, verify_by)).state

    def __len__(self) -> int:
        return len(self._fresh) * (1 if self._verify_by is None else 2) + len(self._marks)

    def __iter__(self) -> Iterator[StoredEvent]:
        heads = self._heads
        for name, kind, content in self._fresh.contents():
            yield StoredEvent(name, 1, RECORDED[kind].TOPIC, heads[kind] + content + b"}")
        yield from self._marks
        if self._verify_by is not None:
            topic, state, versions = EntryVerified.TOPIC, self._done, self._versions
            for name in self._fresh.ids():
                yield StoredEvent(name, versions.get(name, 1) + 1, topic, state)

    @overload
    def __getitem__(self, index: int) -> StoredEvent: ...
    @overload
    def __getitem__(self, index: slice) -> list[StoredEvent]: ...
    def __getitem__(self, index: int | slice) -> StoredEvent | list[StoredEvent]:
        """One of them, at the cost of making those before it."""
        if isinstance(index, slice):
            return list(self)[index]
        wanted = range(len(self))[index]
        return next(one for number, one in enumerate(self) if number == wanted)


def _marks(
    reversals: list[Reversal],
    arriving: Collection[str],
    register: Register,
    at: datetime,
    by: str,
) -> tuple[list[EntryReversed], dict[str, int]]:
    """The marks that reversals leave on what they take back, and its versions after them."""
    marks, versions = list[EntryReversed](), dict[str, int]()
    for entry in reversals:
        life = register.get(entry.of)
        known = 1 if entry.of in arriving else 0 if life is None else life.version
        versions[entry.of] = versions.get(entry.of, known) + 1
        marks.append(
            EntryReversed(
                originator_id=entry.of,
                originator_version=versions[entry.of],
                at=at,
                by=by,
                by_entry=entry.id,
                reason=entry.reason,
            )
        )
    return marks, versions


def _verified(name: str, version: int, at: datetime, by: str) -> EntryVerified:
    return EntryVerified(originator_id=name, originator_version=version, at=at, by=by)
