"""The door of the ledger: what one entry owes to the others, checked once before it is recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ledger.entries import AnyEntry, InspectionFinding, Reversal, Ruling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ledger.entries import Entry
    from ledger.errors import Refusal
    from ledger.register import Register
    from ledger.submissions import Submission


class Measure(Protocol):
    """The measure, as far as the door needs it: which rulings and findings it has room for."""

    def objections(self, entry: Ruling | InspectionFinding) -> Iterable[tuple[str, str]]:
        """What the measure has against a ruling or a finding, as (field, message)."""


@dataclass(slots=True)
class Admission:
    """What the door made of a set of submissions: all of it, or the reasons why none of it."""

    fresh: list[AnyEntry] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def _canonical(entry: Entry) -> str:
    """The content as JSON text: 1 and true are not the same, as they are to Python."""
    return json.dumps(entry.content(), sort_keys=True)


class Door:
    """Checks submissions against the register and against each other, in any order."""

    def __init__(
        self, register: Register, measure: Measure, doubtful: Collection[str] = ()
    ) -> None:
        """For a ledger as far as the register knows it, under a measure.

        Args:
            register: what is recorded.
            measure: what rulings and findings are checked against.
            doubtful: ids of the same import that were refused already.
        """
        self._doubtful = frozenset(doubtful)
        self._register = register
        self._measure = measure
        self._arriving: dict[str, Submission] = {}
        self._reversed_here: dict[str, str] = {}
        self._replacing_here: dict[str, list[str]] = {}

    def admit(self, submissions: Iterable[Submission]) -> Admission:
        """Sorts out what is new, what was recorded before, and everything that is wrong."""
        admission = Admission()
        for submission in submissions:
            self._arrive(submission, admission)
        for submission in self._arriving.values():
            admission.refusals.extend(self._wrong_with(submission))
        admission.refusals.extend(self._doubly_standing())
        admission.fresh = [submission.entry for submission in self._arriving.values()]
        return admission

    def _arrive(self, submission: Submission, admission: Admission) -> None:
        entry = submission.entry
        known = self._known(entry.id)
        if known is None:
            self._arriving[entry.id] = submission
            if entry.replaces is not None:
                self._replacing_here.setdefault(entry.replaces, []).append(entry.id)
            if isinstance(entry, Reversal):
                first = self._reversed_here.setdefault(entry.of, entry.id)
                if first != entry.id:
                    admission.refusals.append(
                        submission.refusal(
                            f"{entry.of} is taken back by {first} of this import already; "
                            "an entry is taken back once",
                            "of",
                        )
                    )
        elif _canonical(known) == _canonical(entry):
            admission.skipped.append(entry.id)
        else:
            admission.refusals.append(self._conflict(submission, known))

    def _known(self, entry_id: str) -> Entry | None:
        life = self._register.get(entry_id)
        if life is not None:
            return life.entry
        arriving = self._arriving.get(entry_id)
        return None if arriving is None else arriving.entry

    def _conflict(self, submission: Submission, known: Entry) -> Refusal:
        old, new = known.content(), submission.entry.content()
        differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        life = self._register.get(known.id)
        where = (
            f"at position {life.recorded.position} by {life.recorded.by}"
            if life is not None
            else f"on line {self._arriving[known.id].line} of this import"
        )
        return submission.refusal(
            f"was recorded before with other content, {where} (differs in "
            f"{', '.join(differing)}); correct it with `tally correct {known.id}` or give "
            "this entry a number of its own",
            "id",
        )

    def _wrong_with(self, submission: Submission) -> Iterator[Refusal]:
        entry = submission.entry
        for field_name, named, kind in entry.references():
            known = self._known(named)
            if named in self._doubtful and known is None:
                continue
            if known is None:
                yield submission.refusal(f"there is no {kind} {named}; record it first", field_name)
            elif kind != known.KIND:
                yield submission.refusal(f"{named} is a {known.KIND}, not a {kind}", field_name)
        if isinstance(entry, Reversal):
            yield from self._wrong_with_reversal(submission, entry)
        if isinstance(entry, Ruling | InspectionFinding):
            for field_name, message in self._measure.objections(entry):
                yield submission.refusal(message, field_name)
        if entry.replaces is not None:
            yield from self._wrong_with_replacement(submission, entry.replaces)

    def _wrong_with_reversal(self, submission: Submission, entry: Reversal) -> Iterator[Refusal]:
        known = self._known(entry.of)
        life = self._register.get(entry.of)
        if known is None and entry.of not in self._doubtful:
            yield submission.refusal(f"there is no entry {entry.of} to take back", "of")
        elif isinstance(known, Reversal):
            yield submission.refusal(
                f"{entry.of} is a reversal; a reversal is not taken back: record the entry anew",
                "of",
            )
        elif life is not None and life.reversed is not None:
            done = life.reversed
            yield submission.refusal(
                f"{entry.of} was taken back already, by {done.by_entry} ({done.mark.by}, "
                f"{done.mark.at:%Y-%m-%d %H:%M:%S} UTC, position {done.mark.position})",
                "of",
            )

    def _wrong_with_replacement(self, submission: Submission, replaced: str) -> Iterator[Refusal]:
        known = self._known(replaced)
        if known is None:
            if replaced not in self._doubtful:
                yield submission.refusal(f"there is no entry {replaced} to replace", "replaces")
            return
        if known.KIND != submission.entry.KIND:
            yield submission.refusal(
                f"{replaced} is a {known.KIND}; a {submission.entry.KIND} cannot take its place",
                "replaces",
            )
        if not self._is_reversed(replaced):
            yield submission.refusal(
                f"{replaced} is not taken back; record a reversal of it, here or before",
                "replaces",
            )
        own = submission.entry.id
        here = self._replacing_here[replaced]
        earlier = [*self._register.replacements.get(replaced, []), *here[: here.index(own)]]
        standing = [other for other in earlier if not self._is_reversed(other)]
        if standing and not self._is_reversed(own):
            yield submission.refusal(
                f"{replaced} is replaced already, by {standing[0]}", "replaces"
            )
        if self._root(submission.entry.id) is None:
            yield submission.refusal(
                "entries of this import replace each other in a circle", "replaces"
            )

    def _is_reversed(self, entry_id: str) -> bool:
        life = self._register.get(entry_id)
        return entry_id in self._reversed_here or (life is not None and life.reversed is not None)

    def _root(self, entry_id: str) -> str | None:
        """The first of a line of replacements, across register and import; None for a circle."""
        seen = set()
        while (submission := self._arriving.get(entry_id)) and submission.entry.replaces:
            if entry_id in seen:
                return None
            seen.add(entry_id)
            entry_id = submission.entry.replaces
        return self._register.root(entry_id)

    def _key(self, entry: Entry) -> tuple[object, ...]:
        return (
            entry.KIND,
            *(
                self._root(getattr(entry, name))
                if name in entry.REFERENCES
                else getattr(entry, name)
                for name in entry.STANDS_FOR
            ),
        )

    def _doubly_standing(self) -> Iterator[Refusal]:
        """A second entry for what one alone may stand for, while the first stands."""
        arriving = [
            submission
            for submission in self._arriving.values()
            if submission.entry.STANDS_FOR and submission.entry.id not in self._reversed_here
        ]
        if not arriving:
            return
        standing: dict[tuple[object, ...], str] = {
            self._key(life.entry): life.entry.id
            for life in self._register.lives.values()
            if life.entry.STANDS_FOR and not self._is_reversed(life.entry.id)
        }
        for submission in arriving:
            entry = submission.entry
            first = standing.setdefault(self._key(entry), entry.id)
            if first != entry.id:
                values = ", ".join(f"{name} {getattr(entry, name)}" for name in entry.STANDS_FOR)
                yield submission.refusal(
                    f"{first} stands for {values} already; take it back first "
                    f"(`tally reverse {first}`) or correct it (`tally correct {first}`)",
                    entry.STANDS_FOR[0],
                )
