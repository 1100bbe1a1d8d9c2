"""Validation of submissions against the ledger's state and against each other, in any order."""

from __future__ import annotations

from array import array
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from ledger.codec import encode_entry
from ledger.doubts import AlikeEntries, AlikeHashes, Plausibility, alike_keys
from ledger.entries import Reversal, Unit
from ledger.message import Message, Series
from ledger.numbering import Numbering, series_of
from ledger.rules import Problem, UniqueKeys, problems
from ledger.state import EventRef, Reversed, first_replaced
from ledger.units import AmbiguousNameError, UnitNames

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import date

    from ledger.doubts import Doubt
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
    given: list[str]
    """The ids that the ledger gave to entries without one."""


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
        self._kind_names: list[str] = []
        """By number, the kind."""
        self._replaces: dict[str, str] = {}
        self._replaced_by: dict[str, list[str]] = {}
        self._reversals: dict[str, Reversed] = {}

    def __len__(self) -> int:
        return len(self._codes)

    def add(self, number: int, entry: Entry) -> None:
        """Add the entry of the submission of a number."""
        kind = self._kinds.get(entry.KIND)
        if kind is None:
            kind = self._kinds[entry.KIND] = len(self._kind_names)
            self._kind_names.append(entry.KIND)
        self._codes[entry.id] = number << _SHIFT | kind
        if entry.replaces is not None:
            self._replaces[entry.id] = entry.replaces
            self._replaced_by.setdefault(entry.replaces, []).append(entry.id)
        if isinstance(entry, Reversal):
            done = Reversed(_THIS_IMPORT, entry.id, entry.reason)
            self._reversals.setdefault(entry.of, done)

    def ids(self) -> Collection[str]:
        """Return the ids of the new entries, in their order."""
        return self._codes.keys()

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of the new entries."""
        return tuple(self._kind_names)

    def of_kinds(self, kinds: Iterable[str]) -> Iterator[AnyEntry]:
        """Yield the new entries of some kinds."""
        wanted = {self._kinds[kind] for kind in kinds if kind in self._kinds}
        for code in self._codes.values():
            if code & _KIND in wanted:
                yield self._buffer[code >> _SHIFT].entry

    def contents(self) -> Iterator[tuple[str, str, bytes]]:
        """Yield of each new entry its id, kind and own JSON, as events hold it."""
        kinds = self._kind_names
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
        return None if code is None else self._kind_names[code & _KIND]

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
        return first_replaced(entry_id, self._replaced)

    def _replaced(self, entry_id: str) -> str | None:
        return self._replaces.get(entry_id) or self._state.replaced(entry_id)

    def units_taken_back(self) -> dict[str, str]:
        """Return by id what took back each unit that nothing replaces, recorded or arriving."""
        roots = {one.id: self.root(one.id) for one in self.units()}
        done = {name: self.reversal(name) for name in roots}
        standing = {roots[name] for name, one in done.items() if one is None}
        return {
            name: one.by_entry
            for name, one in done.items()
            if one is not None and roots[name] not in standing
        }

    def units(self) -> Iterator[Unit]:
        """Yield the units, recorded and arriving."""
        recorded = (one.entry for one in self._state.entries.values())
        return (one for one in chain(recorded, self.of_kinds(["unit"])) if isinstance(one, Unit))

    def is_uncertain(self, entry_id: str) -> bool:
        """Return whether an entry of that id is refused itself; unknown until all have arrived."""
        return self.complete and entry_id in self._uncertain


class Terms(NamedTuple):
    """Measures, day and permissions that validate an import, beside the ledger's state."""

    measure: Measure
    today: date
    """The ledger's day: what is dated later is implausible."""
    doubts: frozenset[Doubt] = frozenset()
    """Doubts for which an entry is refused; of others somebody has said that it is meant."""
    last_number: Callable[[str], int] = lambda _: 0
    """Returns the last number of a series of ids in the ledger (`SR-2016-`)."""


class Validation:
    """One validation of an import against one state of the ledger."""

    def __init__(
        self,
        state: LedgerState,
        buffer: ImportBuffer,
        terms: Terms,
        uncertain: Collection[str] = (),
    ) -> None:
        """Prepare it.

        Args:
            state: what is recorded.
            buffer: the submissions, in any order; ids of units take the place of their names there.
            terms: the measure, the day, and the doubts.
            uncertain: ids of the same import that are refused; they may become more meanwhile.
        """
        self._state, self._buffer, self._terms = state, buffer, terms
        self.measure = terms.measure
        self.arriving = Arriving(state, buffer, uncertain)
        self._plausibility = Plausibility(terms.measure, terms.today)
        self._checks_alike = "alike" in terms.doubts
        self._alike = AlikeHashes()
        self._refused: list[tuple[int, Refusal]] = []
        self._keyed, self._later = array("q"), array("q")
        self._numbered, self._ambiguous = set[int](), set[int]()

    def run(self) -> Admission:
        """Return what is new, what was recorded before, and everything that is wrong."""
        # Of an import that is validated again: ids given before may be taken now.
        given_before = set(self._buffer.unnumbered)
        repeated, skipped = array("q"), list[str]()
        for number, submission in enumerate(self._buffer):
            entry = submission.entry
            if not entry.id or number in given_before:
                continue
            known = self.arriving.entry(entry.id)
            if known is None:
                self._arrive(number, submission)
            elif _same(known, entry):
                skipped.append(entry.id)
            else:
                repeated.append(number)
        self._numbered = set(self._buffer.unnumbered)
        given = list(self._give_ids())
        self.arriving.complete = True
        for number in self._later:
            self._settle(number)
        conflicts = []
        for number in repeated:
            submission = self._resolved(number)
            known = self.arriving.entry(submission.entry.id)
            assert known is not None
            if _same(known, submission.entry):
                skipped.append(known.id)
            else:
                conflicts.append(self._conflict(submission, known))
        self._refused.sort(key=lambda found: found[0])
        refusals = [
            *conflicts,
            *(found for _, found in self._refused),
            *self._duplicates(),
            *self._alikes(),
        ]
        return Admission(self.arriving, skipped, refusals, given)

    def _arrive(self, number: int, submission: Submission) -> None:
        entry = submission.entry
        self.arriving.add(number, entry)
        if entry.STANDS_FOR:
            self._keyed.append(number)
        if next(problems(entry, self.arriving, self._terms.measure), None) is not None:
            # What is missing may arrive later, and what arrived stays: ask again at the end.
            self._later.append(number)
        elif self._checks_alike and entry.ALIKE:
            self._alike.add(number, alike_keys(entry, self.arriving.root))
        if "implausible" in self._terms.doubts:
            for problem in self._plausibility.problems(entry):
                self._refuse(number, submission, problem)

    def _give_ids(self) -> Iterator[str]:
        """Number the submissions that came without an id; yield the ids."""
        numbering = Numbering(self._terms.last_number, self.arriving.ids())
        for number in self._buffer.unnumbered:
            submission = self._buffer[number]
            entry_id = numbering.next(series_of(submission.entry, self.measure, self._terms.today))
            entry = replace(submission.entry, id=entry_id)
            self._buffer.replace(number, entry)
            self._arrive(number, submission._replace(entry=entry))
            yield entry_id

    def _settle(self, number: int) -> None:
        """Judge an entry that had a problem when it arrived, now that all have arrived."""
        submission = self._resolved(number)
        if number in self._ambiguous:
            return
        for problem in problems(submission.entry, self.arriving, self._terms.measure):
            self._refuse(number, submission, self._names.explained(problem))
        if self._checks_alike and submission.entry.ALIKE:
            self._alike.add(number, alike_keys(submission.entry, self.arriving.root))

    def _resolved(self, number: int) -> Submission:
        """Return a submission with ids of units in the place of names."""
        submission = self._buffer[number]
        try:
            entry = self._names.resolved(submission.entry, self.arriving)
        except AmbiguousNameError as error:
            self._refuse(number, submission, Problem(error.field, error.args[0], "ambiguous_unit"))
            self._ambiguous.add(number)
            return submission
        if entry is not submission.entry:
            self._buffer.replace(number, entry)
        return submission._replace(entry=entry)

    @cached_property
    def _names(self) -> UnitNames:
        reversal, root = self.arriving.reversal, self.arriving.root
        named: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
        for unit in self.arriving.units():
            first = root(unit.id) or unit.id
            named[reversal(unit.id) is None].append((unit.name, first))
        return UnitNames(named[True], named[False])

    def _refuse(self, number: int, submission: Submission, problem: Problem) -> None:
        if number in self._numbered:
            # The id was given here, and is not the entry's once it is refused.
            submission = submission._replace(entry=replace(submission.entry, id=""))
        self._refused.append(
            (number, submission.refusal(problem.message, problem.field, problem.code))
        )

    def _alikes(self) -> Iterator[Refusal]:
        """Yield a refusal for each entry that says what another one says under another id."""
        if not self._alike:
            return
        arriving, root = self.arriving, self.arriving.root

        def recorded() -> Iterator[tuple[str, tuple[object, ...]]]:
            for one in self._state.entries.values():
                if one.entry.ALIKE and arriving.reversal(one.entry.id) is None:
                    for key in alike_keys(one.entry, root):
                        yield one.entry.id, key

        numbers, ids = self._alike.suspects(recorded)
        known = AlikeEntries(root)
        for entry_id in ids:
            known.add(self._state.entries[entry_id].entry)
        for number in numbers:
            submission = self._buffer[number]
            if arriving.reversal(submission.entry.id) is None:
                problem = known.add(submission.entry)
                if problem is not None:
                    yield submission.refusal(problem.message, problem.field, problem.code)

    def _duplicates(self) -> Iterator[Refusal]:
        """Yield a refusal for each entry whose unique key another one has."""
        if not self._keyed:
            return

        def stands(entry_id: str) -> bool:
            return self.arriving.reversal(entry_id) is None

        keys = UniqueKeys(self.arriving.root)
        for entry_state in self._state.entries.values():
            if entry_state.entry.STANDS_FOR and stands(entry_state.entry.id):
                keys.add(entry_state.entry, stands)
        for number in self._keyed:
            submission = self._buffer[number]
            if stands(submission.entry.id):
                problem = keys.add(submission.entry, stands)
                if problem is not None:
                    yield submission.refusal(problem.message, problem.field, problem.code)

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
                "is the number of an entry of kind {kind}, recorded at position {position} by "
                "{by}; give this entry a number of its own",
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
        return submission.refusal(words, "id", "conflict")


def _same(one: Entry, other: Entry) -> bool:
    """Return whether two entries are equal, the types of their values too: 1 is not true."""
    return one.KIND == other.KIND and encode_entry(one) == encode_entry(other)
