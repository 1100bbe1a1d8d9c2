"""The entries of a ledger, selected by kind, unit, day, account and status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct
from msgspec.json import Encoder

from ledger.accounts import same_account
from ledger.entries import Unit
from ledger.instants import instant_text
from ledger.vocabulary import OFFICE_TIME
from projections.effective import Effective
from projections.occurrence import day_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from ledger.entries import Entry
    from ledger.returns import Returned
    from ledger.state import EntryState, EventRef, LedgerState

_encode = Encoder().encode

Status = Literal["recorded", "verified", "reversed", "replaced"]

STATUSES: tuple[Status, ...] = ("recorded", "verified", "reversed", "replaced")
"""Not yet verified; verified; taken back; taken back, with another entry recorded in its place.

An entry is taken back as soon as its reversal is recorded, as `history` shows it. It counts until
the reversal is verified.
"""


class ShownWords(NamedTuple):
    """The codes that tables show by a word which has a text."""

    kinds: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, frozenset[str]]] = {}
    """By kind of entry and field."""

    def are_of(self, entry: Entry) -> bool:
        """Return whether the kind or a value of an entry is one of them."""
        if entry.KIND in self.kinds:
            return True
        fields = self.values.get(entry.KIND)
        return fields is not None and any(
            self.has(entry.KIND, name, value) for name, value in entry.content().items()
        )

    def has(self, kind: str, field: str, value: Any) -> bool:
        """Return whether a field's value is one of them."""
        codes = self.values.get(kind, {}).get(field, ())
        return isinstance(value, str) and value in codes


class EntryQuery(Struct, frozen=True, kw_only=True):
    """Which entries to list; a field that is left out selects all."""

    kind: str | None = None
    unit: str | None = None
    """By any id that the unit ever had."""
    first: date | None = None
    """The earliest day that an entry may bear; one without a day is left out."""
    last: date | None = None
    """The latest day."""
    by: str | None = None
    """Who recorded or verified it."""
    status: Status | None = None
    returned: bool = False
    """Whether to select those alone that were sent back and not put right yet."""
    ever_returned: bool = False
    """Whether to select those alone that were ever sent back."""
    text: str | None = None
    """Part of a value, in small letters or capitals."""
    words: ShownWords = ShownWords()
    """With `text`: the codes whose words have it, which select an entry too."""
    late_by: int | None = None
    """How many days at least it was recorded after the day that it bears."""
    ids: Collection[str] | None = None
    until: int | None = None
    """The last position at which it may be recorded."""


class ListedEntry(NamedTuple):
    """One entry with what happened to it."""

    state: EntryState
    unit: str | None
    """First id of the unit that it is of; of a reversal, that of what it takes back."""
    dated: date | None
    """The day that it bears: on which it happened, was issued, submitted or due."""
    status: Status

    @property
    def returned(self) -> Returned | None:
        """What sent it back, until that is settled."""
        return self.state.sent_back

    def as_json(self) -> dict[str, Any]:
        """Return the contract's `list` of one entry."""
        entry = self.state.entry
        return {
            "id": entry.id,
            "kind": entry.KIND,
            "unit": self.unit,
            "dated": None if self.dated is None else self.dated.isoformat(),
            "status": self.status,
            "recorded": ref_json(self.state.recorded),
            "verified": None if self.state.verified is None else ref_json(self.state.verified),
            "returned": None if self.returned is None else _returned_json(self.returned),
            "content": entry.content(),
        }


def ref_json(ref: EventRef) -> dict[str, Any]:
    """Return where something happened, when and by whom, as JSON."""
    return {"position": ref.position, "at": instant_text(ref.at), "by": ref.by}


def _returned_json(returned: Returned) -> dict[str, Any]:
    return {**ref_json(returned.ref), "reason": returned.reason}


class Listing:
    """The entries of a state that a query selects; each is described when it is asked for."""

    def __init__(self, state: LedgerState, query: EntryQuery) -> None:
        """Take the state, which must not change meanwhile, and the query."""
        self._state, self._query = state, query
        # The day of a response is that of the batch that stands for the one that it names.
        self._effective = Effective(state, provisional=True)
        self._unit = None if query.unit is None else state.root(query.unit)
        self._text = None if query.text is None else TextSearch(query.text)

    def ids(self) -> list[str]:
        """Return the ids of the entries selected, in the order of their recording."""
        if self._query == EntryQuery():
            return [*self._state.entries]
        return [name for name, one in self._state.entries.items() if self._selects(name, one)]

    def entry(self, entry_id: str) -> ListedEntry:
        """Return an entry with what happened to it."""
        entry_state = self._state.entries[entry_id]
        entry = entry_state.entry
        return ListedEntry(
            entry_state,
            unit_of(entry, self._state),
            day_of(entry, self._state, self._effective),
            _status(entry_state, self._state),
        )

    def _selects(self, entry_id: str, one: EntryState) -> bool:
        """Return whether the query selects an entry; what takes longest is asked last."""
        query, entry = self._query, one.entry
        return (
            (query.ids is None or entry_id in query.ids)
            and (query.until is None or one.recorded.position <= query.until)
            and query.kind in {None, entry.KIND}
            and (self._unit is None or self._unit in units_named(entry, self._state))
            and (query.status is None or query.status == _status(one, self._state))
            and (not query.returned or one.sent_back is not None)
            and (not query.ever_returned or one.returned is not None)
            and (query.by is None or _is_by(query.by, one))
            and self._selects_day(one)
            and (self._text is None or query.words.are_of(entry) or self._text.is_in(entry))
        )

    def _selects_day(self, one: EntryState) -> bool:
        query = self._query
        if query.first is None and query.last is None and query.late_by is None:
            return True
        dated = day_of(one.entry, self._state, self._effective)
        if dated is None or not (query.first or dated) <= dated <= (query.last or dated):
            return False
        recorded_on = one.recorded.at.astimezone(OFFICE_TIME).date()
        return query.late_by is None or (recorded_on - dated).days >= query.late_by


def _is_by(name: str, one: EntryState) -> bool:
    """Return whether somebody recorded or verified an entry."""
    refs = (one.recorded, one.verified)
    return any(same_account(name, ref.by) for ref in refs if ref is not None)


def listed(state: LedgerState, query: EntryQuery) -> list[ListedEntry]:
    """Return the entries of a state that a query selects, in the order of their recording."""
    listing = Listing(state, query)
    return [*map(listing.entry, listing.ids())]


class TextSearch:
    """A text to be found in the values of entries, in small letters or capitals."""

    def __init__(self, text: str) -> None:
        self._text = text.casefold()
        # As it is in JSON, which is much faster to search than the values.
        self._quoted = json.dumps(text, ensure_ascii=False)[1:-1].casefold()

    def is_in(self, entry: Entry) -> bool:
        """Return whether a value of an entry contains it; the names of fields do not count."""
        if self._quoted not in _encode(entry).decode().casefold():
            return False
        return self.is_in_value(entry.content())

    def is_in_value(self, value: Any) -> bool:
        """Return whether a JSON value, or a part of it, contains the text."""
        return any(self._text in text.casefold() for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a JSON value, numbers too."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif value is not None:
        yield str(value)


def _status(entry_state: EntryState, state: LedgerState) -> Status:
    if entry_state.reversed is not None:
        return "replaced" if state.replacements.get(entry_state.entry.id) else "reversed"
    return "recorded" if entry_state.verified is None else "verified"


def _subject(entry: Entry, state: LedgerState) -> Entry:
    """Return the entry itself; of a reversal, what it takes back."""
    known = state.get(state.subject(entry.id))
    return entry if known is None else known.entry


def unit_of(entry: Entry, state: LedgerState) -> str | None:
    """Return the first id of the unit that an entry is of; of a reversal, that of its target."""
    subject = _subject(entry, state)
    unit: str | None = subject.id if isinstance(subject, Unit) else getattr(subject, "unit", None)
    return None if unit is None else state.root(unit)


def units_named(entry: Entry, state: LedgerState) -> set[str]:
    """Return the first ids of all units that an entry names, or that it is."""
    subject = _subject(entry, state)
    named = [one for _, one, kind in subject.references() if kind == "unit"]
    if isinstance(subject, Unit):
        named.append(subject.id)
    return set(map(state.root, named))
