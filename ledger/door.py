"""The door of the ledger: what one entry owes to the others, checked once before it is recorded."""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, Protocol

from ledger.admission import KINDS, MOST_KINDS, Admission, Fresh
from ledger.entries import InspectionFinding, Reversal, Ruling
from ledger.saying import Said, Series

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from ledger.entries import Entry
    from ledger.errors import Refusal
    from ledger.register import Register
    from ledger.spool import Spool
    from ledger.submissions import Submission


class Measure(Protocol):
    """The measure, as far as the door needs it: which rulings and findings it has room for."""

    def objections(self, entry: Ruling | InspectionFinding) -> Iterable[tuple[str, str]]:
        """What the measure has against a ruling or a finding, as (field, message)."""


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
            doubtful: ids of the same import that are refused; they may become more meanwhile.
        """
        self._doubtful = doubtful
        self._register = register
        self._measure = measure
        self._submissions: Sequence[Submission] | Spool = ()
        self._arriving: dict[str, int] = {}
        self._replacing: dict[str, str] = {}
        self._reversed_here: dict[str, str] = {}
        self._replacing_here: dict[str, list[str]] = {}

    def admit(self, submissions: Sequence[Submission] | Spool) -> Admission:
        """Sorts out what is new, what was recorded before, and everything that is wrong.

        Args:
            submissions: in any order; read once, and single ones again by their numbers.
        """
        self._submissions = submissions
        admission = Admission(Fresh(submissions, self._arriving))
        wrong: list[tuple[int, Refusal]] = []
        later, standing = array("q"), array("q")
        for number, submission in enumerate(submissions):
            if not self._arrives(number, submission, admission):
                continue
            if submission.entry.STANDS_FOR:
                standing.append(number)
            if self._waits(submission.entry):
                later.append(number)
            else:
                wrong.extend((number, found) for found in self._wrong_with(submission))
        for number in later:
            wrong.extend((number, found) for found in self._wrong_with(submissions[number]))
        wrong.sort(key=lambda found: found[0])
        admission.refusals.extend(found for _, found in wrong)
        admission.refusals.extend(self._doubly_standing(standing))
        return admission

    def _arrives(self, number: int, submission: Submission, admission: Admission) -> bool:
        """Whether an entry is new; what was recorded before is skipped or a conflict."""
        entry = submission.entry
        known = self._known(entry.id)
        if known is not None:
            if _canonical(known) == _canonical(entry):
                admission.skipped.append(entry.id)
            else:
                admission.refusals.append(self._conflict(submission, known))
            return False
        self._arriving[entry.id] = number * MOST_KINDS + KINDS.index(entry.kind)
        if entry.replaces is not None:
            self._replacing[entry.id] = entry.replaces
            self._replacing_here.setdefault(entry.replaces, []).append(entry.id)
        if isinstance(entry, Reversal):
            first = self._reversed_here.setdefault(entry.of, entry.id)
            if first != entry.id:
                admission.refusals.append(
                    submission.refusal(
                        Said(
                            "{of} is taken back by {first} of this import already; "
                            "an entry is taken back once",
                            of=entry.of,
                            first=first,
                        ),
                        "of",
                    )
                )
        return True

    def _waits(self, entry: Entry) -> bool:
        """Whether what is wrong with an entry is only known when all have arrived."""
        if entry.replaces is not None or isinstance(entry, Reversal):
            return True
        return any(self._kind_of(named) is None for _, named, _ in entry.references())

    def _arrived(self, entry_id: str) -> Submission | None:
        code = self._arriving.get(entry_id)
        return None if code is None else self._submissions[code // MOST_KINDS]

    def _kind_of(self, entry_id: str) -> str | None:
        """The kind of an entry, recorded or arriving."""
        life = self._register.get(entry_id)
        if life is not None:
            return life.entry.KIND
        code = self._arriving.get(entry_id)
        return None if code is None else KINDS[code % MOST_KINDS]

    def _known(self, entry_id: str) -> Entry | None:
        life = self._register.get(entry_id)
        if life is not None:
            return life.entry
        arriving = self._arrived(entry_id)
        return None if arriving is None else arriving.entry

    def entry(self, entry_id: str) -> Entry | None:
        """An entry, recorded or admitted."""
        return self._known(entry_id)

    def root(self, entry_id: str) -> str | None:
        """The first of the entries that an entry replaces; None where they do so in a circle."""
        seen = set[str]()
        while (replaced := self._replacing.get(entry_id)) is not None:
            if entry_id in seen:
                return None
            seen.add(entry_id)
            entry_id = replaced
        return self._register.root(entry_id)

    def _conflict(self, submission: Submission, known: Entry) -> Refusal:
        old, new = known.content(), submission.entry.content()
        differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        life = self._register.get(known.id)
        if life is None:
            words = Said(
                "stands with other content on line {line} of this import (differs in "
                "{differing}); keep one of the two or give this entry a number of its own",
                line=self._line_of(known.id),
                differing=Series(differing),
            )
        elif known.KIND != submission.entry.KIND:
            words = Said(
                "is the number of a {kind}, recorded at position {position} by {by}; give this "
                "entry a number of its own",
                kind=known.KIND,
                position=life.recorded.position,
                by=life.recorded.by,
            )
        else:
            words = Said(
                "was recorded before with other content, at position {position} by {by} (differs "
                "in {differing}); correct it with `tally correct {id}` or give this entry a "
                "number of its own",
                position=life.recorded.position,
                by=life.recorded.by,
                differing=Series(differing),
                id=known.id,
            )
        return submission.refusal(words, "id")

    def _line_of(self, entry_id: str) -> int | None:
        arrived = self._arrived(entry_id)
        return None if arrived is None else arrived.line

    def _wrong_with(self, submission: Submission) -> Iterator[Refusal]:
        entry = submission.entry
        for field_name, named, kind in entry.references():
            known = self._kind_of(named)
            if named in self._doubtful and known is None:
                continue
            if known is None:
                yield submission.refusal(
                    Said("there is no {kind} {named}; record it first", kind=kind, named=named),
                    field_name,
                )
            elif kind != known:
                yield submission.refusal(
                    Said("{named} is a {found}, not a {kind}", named=named, found=known, kind=kind),
                    field_name,
                )
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
            yield submission.refusal(Said("there is no entry {of} to take back", of=entry.of), "of")
        elif isinstance(known, Reversal):
            yield submission.refusal(
                Said(
                    "{of} is a reversal; a reversal is not taken back: record the entry anew",
                    of=entry.of,
                ),
                "of",
            )
        elif life is not None and life.reversed is not None:
            done = life.reversed
            yield submission.refusal(
                Said(
                    "{of} was taken back already, by {by_entry} ({by}, {at:%Y-%m-%d %H:%M:%S} "
                    "UTC, position {position})",
                    of=entry.of,
                    by_entry=done.by_entry,
                    by=done.mark.by,
                    at=done.mark.at,
                    position=done.mark.position,
                ),
                "of",
            )

    def _wrong_with_replacement(self, submission: Submission, replaced: str) -> Iterator[Refusal]:
        known = self._known(replaced)
        if known is None:
            if replaced not in self._doubtful:
                yield submission.refusal(
                    Said("there is no entry {replaced} to replace", replaced=replaced), "replaces"
                )
            return
        if known.KIND != submission.entry.KIND:
            yield submission.refusal(
                Said(
                    "{replaced} is a {found}; a {own} cannot take its place",
                    replaced=replaced,
                    found=known.KIND,
                    own=submission.entry.KIND,
                ),
                "replaces",
            )
        if not self._is_reversed(replaced):
            yield submission.refusal(
                Said(
                    "{replaced} is not taken back; record a reversal of it, here or before",
                    replaced=replaced,
                ),
                "replaces",
            )
        own = submission.entry.id
        here = self._replacing_here[replaced]
        earlier = [*self._register.replacements.get(replaced, []), *here[: here.index(own)]]
        standing = [other for other in earlier if not self._is_reversed(other)]
        if standing and not self._is_reversed(own):
            yield submission.refusal(
                Said(
                    "{replaced} is replaced already, by {standing}",
                    replaced=replaced,
                    standing=standing[0],
                ),
                "replaces",
            )
        if self.root(submission.entry.id) is None:
            yield submission.refusal(
                Said("entries of this import replace each other in a circle"), "replaces"
            )

    def _is_reversed(self, entry_id: str) -> bool:
        life = self._register.get(entry_id)
        return entry_id in self._reversed_here or (life is not None and life.reversed is not None)

    def _key(self, entry: Entry) -> tuple[object, ...]:
        return (
            entry.KIND,
            *(
                self.root(getattr(entry, name))
                if name in entry.REFERENCES
                else getattr(entry, name)
                for name in entry.STANDS_FOR
            ),
        )

    def _doubly_standing(self, numbers: array[int]) -> Iterator[Refusal]:
        """A second entry for what one alone may stand for, while the first stands.

        Args:
            numbers: of the arriving submissions that stand for something.
        """
        if not numbers:
            return
        standing: dict[tuple[object, ...], str] = {
            self._key(life.entry): life.entry.id
            for life in self._register.lives.values()
            if life.entry.STANDS_FOR and not self._is_reversed(life.entry.id)
        }
        for number in numbers:
            submission = self._submissions[number]
            entry = submission.entry
            if entry.id in self._reversed_here:
                continue
            first = standing.setdefault(self._key(entry), entry.id)
            if first != entry.id:
                values = Series(
                    Said("{field} {value}", field=name, value=getattr(entry, name))
                    for name in entry.STANDS_FOR
                )
                yield submission.refusal(
                    Said(
                        "{first} stands for {values} already; take it back first (`tally reverse "
                        "{first}`) or correct it (`tally correct {first}`)",
                        first=first,
                        values=values,
                    ),
                    entry.STANDS_FOR[0],
                )
