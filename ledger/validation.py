"""Validation of submissions against the ledger's state and against each other, in any order."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

from ledger.codec import encode_entry
from ledger.entries import Reversal
from ledger.message import Message, Series
from ledger.rules import UniqueKeys, problems
from ledger.state import EventRef, Reversed, first_replaced

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from ledger.entries import AnyEntry, Entry
    from ledger.errors import Refusal
    from ledger.import_buffer import ImportBuffer
    from ledger.rules import Measure
    from ledger.state import LedgerState
    from ledger.submissions import Submission

_SHIFT = 10
"""Bits of a kind's number; an arriving entry is kept as one number, its place and its kind."""
_KIND = (1 << _SHIFT) - 1

_THIS_IMPORT = EventRef(0, "", "")


class Admission(NamedTuple):
    """Result of the validation of an import: all of it is new or known, or none of it is taken."""

    fresh: Arriving
    skipped: list[str]
    """Ids of entries that were recorded before with the same content."""
    refusals: list[Refusal]


class Arriving:
    """The new entries of an import, on top of the ledger's state: see `ledger.rules.Known`."""

    def __init__(
        self, state: LedgerState, buffer: ImportBuffer, uncertain: Collection[str] = ()
    ) -> None:
        """Begin with none.

        Args:
            state: what is recorded.
            buffer: the submissions; read back by their numbers.
            uncertain: ids of the same import that are refused; they may become more meanwhile.
        """
        self._state, self._buffer, self._uncertain = state, buffer, uncertain
        self.complete = False
        """Whether all submissions have arrived."""
        self._codes: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        """By kind that arrived, its number."""
        self._replaces: dict[str, str] = {}
        self._replaced_by: dict[str, list[str]] = {}
        self._reversals: dict[str, Reversed] = {}

    def __len__(self) -> int:
        return len(self._codes)

    def add(self, number: int, entry: Entry) -> None:
        """Add the entry of the submission of a number."""
        self._codes[entry.id] = number << _SHIFT | self._kinds.setdefault(
            entry.KIND, len(self._kinds)
        )
        if entry.replaces is not None:
            self._replaces[entry.id] = entry.replaces
            self._replaced_by.setdefault(entry.replaces, []).append(entry.id)
        if isinstance(entry, Reversal):
            done = Reversed(_THIS_IMPORT, entry.id, entry.reason)
            self._reversals.setdefault(entry.of, done)

    def ids(self) -> Collection[str]:
        """Return the ids of the new entries, in their order."""
        return self._codes.keys()

    def of_kinds(self, kinds: Iterable[str]) -> Iterator[AnyEntry]:
        """Yield the new entries of some kinds."""
        wanted = {self._kinds[kind] for kind in kinds if kind in self._kinds}
        for code in self._codes.values():
            if code & _KIND in wanted:
                yield self._buffer[code >> _SHIFT].entry

    def contents(self) -> Iterator[tuple[str, str, bytes]]:
        """Yield of each new entry its id, kind and own JSON, as events hold it."""
        kinds = list(self._kinds)
        for name, code in self._codes.items():
            yield name, kinds[code & _KIND], self._buffer.content(code >> _SHIFT)

    def submission(self, entry_id: str) -> Submission | None:
        """Return the submission of a new entry."""
        code = self._codes.get(entry_id)
        return None if code is None else self._buffer[code >> _SHIFT]

    def entry(self, entry_id: str) -> Entry | None:
        """Return an entry, recorded or arriving."""
        entry_state = self._state.get(entry_id)
        if entry_state is not None:
            return entry_state.entry
        arriving = self.submission(entry_id)
        return None if arriving is None else arriving.entry

    def kind(self, entry_id: str) -> str | None:
        """Return the kind of an entry, recorded or arriving."""
        entry_state = self._state.get(entry_id)
        if entry_state is not None:
            return entry_state.entry.KIND
        code = self._codes.get(entry_id)
        return None if code is None else list(self._kinds)[code & _KIND]

    def reversal(self, entry_id: str) -> Reversed | None:
        """Return what takes an entry back, recorded or arriving."""
        entry_state = self._state.get(entry_id)
        if entry_state is not None and entry_state.reversed is not None:
            return entry_state.reversed
        return self._reversals.get(entry_id)

    def replaced_by(self, entry_id: str, before: str) -> Sequence[str]:
        """Return what was recorded in an entry's place, and what arrives for it before another."""
        here = self._replaced_by.get(entry_id, [])
        return [*self._state.replacements.get(entry_id, []), *here[: here.index(before)]]

    def root(self, entry_id: str) -> str | None:
        """Return the first of the entries that an entry replaces; None where they form a circle."""
        return first_replaced(
            entry_id, lambda one: self._replaces.get(one) or self._state.replaced(one)
        )

    def is_uncertain(self, entry_id: str) -> bool:
        """Return whether an entry of that id is refused itself; unknown until all have arrived."""
        return self.complete and entry_id in self._uncertain


class Validation:
    """One validation of an import against one state of the ledger."""

    def __init__(
        self,
        state: LedgerState,
        buffer: ImportBuffer,
        measure: Measure,
        uncertain: Collection[str] = (),
    ) -> None:
        """Prepare it.

        Args:
            state: what is recorded.
            buffer: the submissions, in any order.
            measure: what rulings and findings are checked against.
            uncertain: ids of the same import that are refused; they may become more meanwhile.
        """
        self._state, self._buffer, self._measure = state, buffer, measure
        self.arriving = Arriving(state, buffer, uncertain)

    def run(self) -> Admission:
        """Return what is new, what was recorded before, and everything that is wrong."""
        conflicts: list[Refusal] = []
        broken: list[tuple[int, Refusal]] = []
        skipped: list[str] = []
        later, keyed = array("q"), array("q")
        for number, submission in enumerate(self._buffer):
            entry = submission.entry
            known = self.arriving.entry(entry.id)
            if known is not None:
                if _same(known, entry):
                    skipped.append(entry.id)
                else:
                    conflicts.append(self._conflict(submission, known))
                continue
            self.arriving.add(number, entry)
            if entry.STANDS_FOR:
                keyed.append(number)
            if any(True for _ in self._problems(submission)):
                # What is missing may arrive later, and what arrived stays: ask again at the end.
                later.append(number)
        self.arriving.complete = True
        for number in later:
            broken += [(number, found) for found in self._problems(self._buffer[number])]
        broken.sort(key=lambda found: found[0])
        refusals = [*conflicts, *(found for _, found in broken), *self._duplicates(keyed)]
        return Admission(self.arriving, skipped, refusals)

    def _problems(self, submission: Submission) -> Iterator[Refusal]:
        for field, message in problems(submission.entry, self.arriving, self._measure):
            yield submission.refusal(message, field)

    def _duplicates(self, numbers: array[int]) -> Iterator[Refusal]:
        """Yield a refusal for each entry whose unique key another one has."""
        if not numbers:
            return

        def stands(entry_id: str) -> bool:
            return self.arriving.reversal(entry_id) is None

        keys = UniqueKeys(self.arriving.root)
        for entry_state in self._state.entries.values():
            if entry_state.entry.STANDS_FOR and stands(entry_state.entry.id):
                keys.add(entry_state.entry, stands)
        for number in numbers:
            submission = self._buffer[number]
            if stands(submission.entry.id):
                problem = keys.add(submission.entry, stands)
                if problem is not None:
                    yield submission.refusal(problem.message, problem.field)

    def _conflict(self, submission: Submission, known: Entry) -> Refusal:
        old, new = known.content(), submission.entry.content()
        differing = Series(name for name in {**old, **new} if old.get(name) != new.get(name))
        entry_state = self._state.get(known.id)
        if entry_state is None:
            first = self.arriving.submission(known.id)
            words = Message(
                "stands with other content on line {line} of this import (differs in "
                "{differing}); keep one of the two or give this entry a number of its own",
                line=None if first is None else first.line,
                differing=differing,
            )
        elif known.KIND != submission.entry.KIND:
            words = Message(
                "is the number of a {kind}, recorded at position {position} by {by}; give this "
                "entry a number of its own",
                kind=known.KIND,
                position=entry_state.recorded.position,
                by=entry_state.recorded.by,
            )
        else:
            words = Message(
                "was recorded before with other content, at position {position} by {by} (differs "
                "in {differing}); correct it with `tally correct {id}` or give this entry a "
                "number of its own",
                position=entry_state.recorded.position,
                by=entry_state.recorded.by,
                differing=differing,
                id=known.id,
            )
        return submission.refusal(words, "id")


def _same(one: Entry, other: Entry) -> bool:
    """Return whether two entries are equal, the types of their values too: 1 is not true."""
    return one.KIND == other.KIND and encode_entry(one) == encode_entry(other)
