"""Rules between entries: pure functions that validation and `tally check` both ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ledger.accounts import same_person
from ledger.adoptions import Adoption
from ledger.asides import SetAside
from ledger.editions import Edition
from ledger.entries import (
    CarriedQuarter,
    InspectionFinding,
    MeasureEntry,
    OnSiteResponse,
    PetitionBatch,
    Reversal,
    Ruling,
    Unit,
)
from ledger.instants import office_minute
from ledger.message import Alternatives, Bilingual, Message, Series
from ledger.vocabulary import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ledger.entries.base import Entry
    from ledger.entries.own import OwnKind

    Measured = Unit | Ruling | InspectionFinding | CarriedQuarter | PetitionBatch | MeasureEntry
    from ledger.state import EntryState, Reversed


MEASURED = (Unit, Ruling, InspectionFinding, CarriedQuarter, PetitionBatch, MeasureEntry)
"""The kinds whose values the measure provides for."""

_OF_OUTSIDERS = (PetitionBatch, OnSiteResponse)
"""The kinds that may name an outside unit (镇外单位): it is party to a batch and nothing else."""


class Measure(Protocol):
    """The measure, as far as the ledger needs it: what it provides for."""

    def objections(self, entry: Measured) -> Iterable[tuple[str, str]]:
        """Return what is wrong with an entry of `MEASURED`, as (field, message)."""

    def warnings(self, entry: Entry) -> Iterable[Message]:
        """Return warnings of an entry that its clauses count less than one may expect."""

    def kinds(self) -> Mapping[str, OwnKind]:
        """Return the kinds of entries that it declares beside those of every ledger."""

    def kind_of(self, entry: Entry) -> OwnKind | None:
        """Return the definition of an entry's kind that holds for its year; None if built in."""

    def differing_years(self) -> Mapping[int, Measure]:
        """Return the measures by year if they define kinds or coded values differently."""

    def year_declaring(self, kind: str, value_of: Callable[[str], Any]) -> int | None:
        """Return the year whose measure declares a kind and in which an entry's own date lies."""

    def year_of(self, day: date) -> int | None:
        """Return the year that a day belongs to; None if no measure is in force for it."""

    def year_awaiting(self, day: date) -> int | None:
        """Return the year that has a day and whose measure awaits verification, if there is one."""

    def assessed_day(self, entry: Entry) -> date | None:
        """Return the day whose year an entry belongs to, as far as it says so itself."""

    def notice_of(self, entry: Entry) -> str | None:
        """Return the id of the notice that a report of one of its own kinds is for."""

    def year_of_entry(self, entry: Entry) -> int | None:
        """Return the year that an entry names or that its day is in; None if it says neither."""

    def years_without(self, kind: str) -> frozenset[int]:
        """Return the years whose measure has no clause that reads a kind of entry."""

    def unit_types(self) -> Sequence[str]:
        """Return the types of the units that it assesses; `outside` is always allowed too."""

    def coded(self) -> Mapping[tuple[str, str], Mapping[str, Bilingual | None]]:
        """Return by built-in kind and field the values that it declares, with their titles."""


if TYPE_CHECKING:

    class MeasureAt(Protocol):
        """Gives the measure as it is after adoptions."""

        def __call__(
            self, adoptions: Mapping[int, Sequence[Adoption]], *, provisional: bool = False
        ) -> Measure:
            """Return the measure after adoptions by year.

            Args:
                adoptions: of each year, oldest first.
                provisional: whether adoptions that await verification count too.
            """


class Problem(NamedTuple):
    """A broken rule: the field that it concerns, and what to tell the person."""

    field: str | None
    message: Message | str
    code: str = "refused"
    """The fault's name for programs."""
    unit: str | None = None
    """The unit that is named and does not exist."""


class Known(Protocol):
    """The state known when an entry was recorded, with what was appended in the same import."""

    def entry(self, entry_id: str) -> Entry | None:
        """Return an entry."""

    def kind(self, entry_id: str) -> str | None:
        """Return the kind of an entry."""

    def reversal(self, entry_id: str) -> Reversed | None:
        """Return what takes an entry back; at position 0 if it is of the same import."""

    def replaced_by(self, entry_id: str, before: str) -> Sequence[str]:
        """Return the ids of the entries recorded in an entry's place before the entry `before`."""

    def root(self, entry_id: str) -> str | None:
        """Return the first of the entries that an entry replaces; None where they form a circle."""

    def is_uncertain(self, entry_id: str) -> bool:
        """Return whether an entry of that id exists but cannot be read, or is refused itself."""


def problems(entry: Entry, known: Known, measure: Measure | None) -> Iterator[Problem]:
    """Yield every rule that an entry breaks, duplicates apart (see `UniqueKeys`)."""
    yield from _references(entry, known)
    if isinstance(entry, Reversal):
        yield from _reversal(entry, known)
    if measure is not None and isinstance(entry, MEASURED):
        yield from _unprovided(entry, measure)
    if entry.replaces is not None:
        yield from _replacement(entry, entry.replaces, known)


def _unprovided(entry: Measured, measure: Measure) -> Iterator[Problem]:
    if isinstance(entry, Unit) and entry.type not in (*measure.unit_types(), OUTSIDE):
        types = Alternatives((*measure.unit_types(), OUTSIDE))
        yield Problem("type", Message("must be one of {expected}", expected=types), "not_a_choice")
    yield from (Problem(*found, "not_of_the_measure") for found in measure.objections(entry))


def _references(entry: Entry, known: Known) -> Iterator[Problem]:
    assessed = not isinstance(entry, _OF_OUTSIDERS)
    for field, named, kind in entry.references():
        found = known.kind(named)
        if found is None and not known.is_uncertain(named):
            message = Message("there is no {kind} {named}; record it first", kind=kind, named=named)
            yield Problem(field, message, "no_such_entry", named if kind == "unit" else None)
        elif found is not None and found != kind:
            message = Message(
                "{named} is of kind {found}, not {kind}", named=named, found=found, kind=kind
            )
            yield Problem(field, message, "wrong_kind")
        elif assessed and kind == "unit" and getattr(known.entry(named), "type", None) == OUTSIDE:
            message = Message(
                "{named} is an outside unit, which the measure does not assess: an entry of "
                "kind {kind} does not count for it",
                named=named,
                kind=entry.KIND,
            )
            yield Problem(field, message, "outside_unit")


def _reversal(entry: Reversal, known: Known) -> Iterator[Problem]:
    target = known.entry(entry.of)
    if target is None:
        if not known.is_uncertain(entry.of):
            yield Problem(
                "of", Message("there is no entry {of} to take back", of=entry.of), "no_such_entry"
            )
        return
    if isinstance(target, Reversal):
        message = Message(
            "{of} is a reversal; a reversal is not taken back: record the entry anew", of=entry.of
        )
        yield Problem("of", message)
    done = known.reversal(entry.of)
    if done is None or done.by_entry == entry.id:
        return
    if done.ref.position:
        message = Message(
            "{of} was taken back already, by {by_entry} ({by}, {at}, position {position})",
            of=entry.of,
            by_entry=done.by_entry,
            by=done.ref.by,
            at=office_minute(done.ref.at),
            position=done.ref.position,
        )
    else:
        message = Message(
            "{of} is taken back by {first} of this import already; an entry is taken back once",
            of=entry.of,
            first=done.by_entry,
        )
    yield Problem("of", message)


def _replacement(entry: Entry, replaced: str, known: Known) -> Iterator[Problem]:
    target = known.entry(replaced)
    if target is None:
        if not known.is_uncertain(replaced):
            message = Message("there is no entry {replaced} to replace", replaced=replaced)
            yield Problem("replaces", message)
        return
    if target.KIND != entry.KIND:
        message = Message(
            "{replaced} is of kind {found}; an entry of kind {own} cannot take its place",
            replaced=replaced,
            found=target.KIND,
            own=entry.KIND,
        )
        yield Problem("replaces", message)
    if known.reversal(replaced) is None and not known.is_uncertain(replaced):
        message = Message(
            "{replaced} is not taken back; record a reversal of it, here or before",
            replaced=replaced,
        )
        yield Problem("replaces", message)
    others = known.replaced_by(replaced, entry.id)
    earlier = next((one for one in others if known.reversal(one) is None), None)
    if earlier is not None and known.reversal(entry.id) is None:
        message = Message(
            "{replaced} is replaced already, by {standing}", replaced=replaced, standing=earlier
        )
        yield Problem("replaces", message)
    if known.root(entry.id) is None:
        message = Message("entries of this import replace each other in a circle")
        yield Problem("replaces", message)


def key_of(
    entry: Entry, fields: Iterable[str], root: Callable[[str], str | None]
) -> tuple[object, ...]:
    """Return an entry's kind and its values of some fields, first ids in the place of ids."""
    key: list[object] = [entry.KIND]
    for name in fields:
        value = entry.keyed(name)
        key.append(root(value) if value and name in entry.REFERENCES else value)
    return tuple(key)


class UniqueKeys:
    """The entries by their unique keys; finds duplicates."""

    def __init__(self, root: Callable[[str], str | None]) -> None:
        self._root = root
        self._by_key: dict[tuple[object, ...], str] = {}

    def add(self, entry: Entry, stands: Callable[[str], bool]) -> Problem | None:
        """Add an entry; return the problem if another one has the same key.

        Args:
            entry: in the order of recording.
            stands: whether an entry added before was not taken back.
        """
        key = key_of(entry, entry.STANDS_FOR, self._root)
        first = self._by_key.get(key)
        if first is None or first == entry.id or not stands(first):
            self._by_key[key] = entry.id
            return None
        values = Series(
            Message("{field} {value}", field=name, value=entry.of_field(name))
            for name in entry.STANDS_FOR
        )
        message = Message(
            "{first} stands for {values} already; take it back first (`tally reverse "
            "{first}`) or correct it (`tally correct {first}`)",
            first=first,
            values=values,
        )
        return Problem(entry.STANDS_FOR[0], message, "duplicate")


def verification_problem(
    known: EntryState | Adoption | Edition | SetAside,
    by: str,
    same: Callable[[str, str], bool] = same_person,
) -> Message | None:
    """Return what is wrong with verifying something under a name (核定: never the recorder's).

    Args:
        known: what is verified.
        by: the account that verifies it.
        same: returns whether two accounts are one person's; `same_account` for stored events.
    """
    if isinstance(known, Adoption) and (known.event.founding or known.withdrawn is not None):
        founding = Message("was adopted as the ledger was made and needs no verification")
        withdrawn = Message("the adoption of {measure} was withdrawn", measure=known.event.measure)
        return founding if known.event.founding else withdrawn
    if isinstance(known, Edition):
        if known.withdrawn is not None:
            return Message("edition {number} was withdrawn", number=known.number)
        if not known.event.to_verify:
            return Message("was published when no second person was asked, and is in force")
    recorded = known.ref if isinstance(known, Adoption | Edition | SetAside) else known.recorded
    verified = known.verified
    if verified is not None:
        return Message(
            "verified already by {by} on {at} (position {position})",
            by=verified.by,
            at=office_minute(verified.at),
            position=verified.position,
        )
    if same(recorded.by, by):
        return Message("was recorded by {by}; somebody else must verify it", by=recorded.by)
    return None


def return_problem(
    known: EntryState, by: str, same: Callable[[str, str], bool] = same_person
) -> Message | None:
    """Return what is wrong with sending an entry back under a name (退回); None if nothing is.

    Args:
        known: the entry.
        by: the account that sends it back: one that could verify it.
        same: returns whether two accounts are one person's; `same_account` for stored events.
    """
    if known.reversed is not None:
        return Message("was taken back already, by {by_entry}", by_entry=known.reversed.by_entry)
    if known.returned is not None:
        return Message(
            "was sent back already by {by} on {at} (position {position}): {reason}",
            by=known.returned.ref.by,
            at=office_minute(known.returned.ref.at),
            position=known.returned.ref.position,
            reason=known.returned.reason,
        )
    if known.verified is None and same(known.recorded.by, by):
        return Message(
            "was recorded by {by}; correct it (`tally correct`) or take it back (`tally reverse`)",
            by=known.recorded.by,
        )
    return verification_problem(known, by, same)
