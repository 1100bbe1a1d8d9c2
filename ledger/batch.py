"""One set of submissions on its way in: read once, validated as often as other writers come first.

What it appends: all recordings, then the marks of reversals, then verifications.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count, islice
from typing import TYPE_CHECKING, overload

from eventsourcing.persistence import StoredEvent
from msgspec.json import encode as encode_json

from ledger import codec
from ledger.entries import Reversal
from ledger.entry_warnings import (
    WARNED_KINDS,
    entry_warnings,
    taken_back_warnings,
    unread_warnings,
)
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import EntryReversed, EntryVerified, Event
from ledger.import_buffer import ImportBuffer
from ledger.instants import instant_text
from ledger.message import Message
from ledger.submissions import Submission
from ledger.validation import Arriving, Validation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from ledger.entries import AnyEntry
    from ledger.state import LedgerState
    from ledger.stores import Row
    from ledger.validation import Admission, Terms

    Source = Iterable[Submission | Refusal] | Callable[[LedgerState], Sequence[Submission]]


MOST_REFUSED = 100_000
"""Refusals of lines by themselves that an import tells at most; what follows is not read."""


class Batch:
    """The submissions of one import and the result of their validation."""

    def __init__(self, source: Source, few: int) -> None:
        """Take a source that has not been read yet.

        Args:
            source: entries that have passed their own checks, and refusals of those that have
                not; or what makes entries of the newest state of the ledger.
            few: submissions up to which `entries` lists them.
        """
        self._refused: list[Refusal] = []
        self._uncertain: set[str] = set()
        self.make = source if callable(source) else None
        """The function that makes submissions of a state of the ledger, if they are not given."""
        self.entries: list[Submission] | None = None
        """The submissions where they are few; None where they are many, or made of the state."""
        self._buffer = ImportBuffer(())
        self._validation: Validation | None = None
        if not callable(source):
            sound = self._sound(source)
            first = list(islice(sound, few + 1))
            self.entries = first if len(first) <= few else None
            self._buffer = ImportBuffer(chain(first, sound))

    def _sound(self, source: Iterable[Submission | Refusal]) -> Iterator[Submission]:
        for outcome in source:
            if isinstance(outcome, Refusal):
                self._refused.append(outcome)
                if len(self._refused) == MOST_REFUSED:
                    words = Message(
                        "{most} lines are refused, and those after this one were not read; is it "
                        "the right file?",
                        most=MOST_REFUSED,
                    )
                    raise EntriesRefusedError([*self._refused, outcome._replace(message=words)])
                if outcome.id is not None:
                    self._uncertain.add(outcome.id)
            else:
                yield outcome

    def admit(self, state: LedgerState, terms: Terms) -> Admission:
        """Validate everything against a state of the ledger, by some terms.

        Raises:
            EntriesRefusedError: every refusal at once, the source's own first.
        """
        if self.make is not None:
            self._buffer.close()
            self._buffer = ImportBuffer(self.make(state))
        self._validation = Validation(state, self._buffer, terms, self._uncertain)
        admission = self._validation.run()
        if self._refused or admission.refusals:
            raise EntriesRefusedError([*self._refused, *admission.refusals])
        return admission

    def entry_warnings(self) -> Iterator[str]:
        """Yield warnings about what was admitted but looks mistaken."""
        assert self._validation is not None
        arriving, measure = self._validation.arriving, self._validation.measure
        warned = arriving.of_kinds((*WARNED_KINDS, *measure.kinds()))
        yield from entry_warnings(warned, arriving, measure)
        yield from taken_back_warnings(arriving)
        yield from unread_warnings(arriving, measure)

    def close(self) -> None:
        """Give back what was kept on the way."""
        self._buffer.close()


class Appending(Sequence[StoredEvent]):
    """The rows of one import, made one by one: of a million entries none is held."""

    def __init__(
        self, fresh: Arriving, state: LedgerState, at: datetime, by: str, verify_by: str | None
    ) -> None:
        """Prepare the rows; the position of the first is the number of the import.

        Args:
            fresh: the admitted entries.
            state: the ledger's state that they were admitted to.
            at: the ledger's time.
            by: who records.
            verify_by: who verifies at once, if anybody does.
        """
        self._fresh, self._verify_by = fresh, verify_by
        time = instant_text(at)
        who = encode_json(time), encode_json(by), state.position + 1
        self._who = b'"at":%b,"by":%b,"import_number":%d,"entry":' % who
        self._marks: list[StoredEvent] = []
        self._versions: dict[str, int] = {}
        arriving = fresh.ids()
        for entry in fresh.of_kinds(["reversal"]):
            assert isinstance(entry, Reversal)
            entry_state = state.get(entry.of)
            known = 1 if entry.of in arriving else 0 if entry_state is None else entry_state.version
            version = self._versions[entry.of] = self._versions.get(entry.of, known) + 1
            mark = EntryReversed(at=time, by=by, by_entry=entry.id, reason=entry.reason)
            self._marks.append(stored(entry.of, version, mark))
        self._done = b""
        if verify_by is not None:
            self._done = codec.encode(EntryVerified(at=time, by=verify_by))

    def __len__(self) -> int:
        return len(self._fresh) * (1 if self._verify_by is None else 2) + len(self._marks)

    def __iter__(self) -> Iterator[StoredEvent]:
        heads: dict[str, bytes] = {}
        for name, kind, content in self._fresh.contents():
            topic = codec.recorded_topic(kind)
            if kind not in heads:
                heads[kind] = codec.prefix_of(topic) + self._who
            yield StoredEvent(name, 1, topic, heads[kind] + content + b"}")
        yield from self._marks
        if self._verify_by is not None:
            for name in self._fresh.ids():
                version = self._versions.get(name, 1) + 1
                yield StoredEvent(name, version, codec.VERIFIED, self._done)

    @overload
    def __getitem__(self, index: int) -> StoredEvent: ...
    @overload
    def __getitem__(self, index: slice) -> list[StoredEvent]: ...
    def __getitem__(self, index: int | slice) -> StoredEvent | list[StoredEvent]:
        """Return one of them, at the cost of making those before it."""
        if isinstance(index, slice):
            return list(self)[index]
        wanted = range(len(self))[index]
        return next(islice(self, wanted, None))


def appended(
    entries: Sequence[AnyEntry], state: LedgerState, at: datetime, by: str, verify_by: str
) -> Iterator[Row]:
    """Yield the rows that recording and verifying entries would append to a ledger's state."""
    buffer = ImportBuffer(map(Submission, entries))
    fresh = Arriving(state, buffer)
    for number, submission in enumerate(buffer):
        fresh.add(number, submission.entry)
    rows = Appending(fresh, state, at, by, verify_by)
    return map(row_of, count(state.position + 1), rows)


def row_of(position: int, event: StoredEvent) -> Row:
    """Return the row of a stored event at a position."""
    return position, str(event.originator_id), event.originator_version, event.topic, event.state


def stored_after(name: str, earlier: Iterable[int], event: Event) -> StoredEvent:
    """Return the row of the next event of a stream, after those of some versions."""
    return stored(name, max(earlier, default=0) + 1, event)


def stored(name: str, version: int, event: Event) -> StoredEvent:
    """Return the row of an event of the aggregate `name`."""
    return StoredEvent(name, version, codec.topic_of(event), codec.encode(event))
