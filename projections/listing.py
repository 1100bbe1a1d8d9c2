"""The entries of a ledger, selected by kind, unit, day, account and status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct

from ledger.accounts import same_account
from ledger.entries import Unit
from ledger.instants import instant_text
from ledger.vocabulary import OFFICE_TIME
from projections.effective import Effective
from projections.occurrence import day_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from ledger.entries import Entry
    from ledger.returns import Returned
    from ledger.state import EntryState, EventRef, LedgerState

Status = Literal["recorded", "verified", "reversed", "replaced"]

STATUSES: tuple[Status, ...] = ("recorded", "verified", "reversed", "replaced")
"""Not yet verified; verified; taken back; taken back, with another entry recorded in its place.

An entry is taken back as soon as its reversal is recorded, as `history` shows it. It counts until
the reversal is verified.
"""


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
    late_by: int | None = None
    """How many days at least it was recorded after the day that it bears."""
    ids: Collection[str] | None = None


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
            "recorded": _ref_json(self.state.recorded),
            "verified": None if self.state.verified is None else _ref_json(self.state.verified),
            "returned": None if self.returned is None else _returned_json(self.returned),
            "content": entry.content(),
        }


def _ref_json(ref: EventRef) -> dict[str, Any]:
    return {"position": ref.position, "at": instant_text(ref.at), "by": ref.by}


def _returned_json(returned: Returned) -> dict[str, Any]:
    return {**_ref_json(returned.ref), "reason": returned.reason}


def listed(state: LedgerState, query: EntryQuery) -> list[ListedEntry]:
    """Return the entries of a state that a query selects, in the order of their recording."""
    # The day of a response is that of the batch that stands for the one that it names.
    effective = Effective(state, provisional=True)
    unit = None if query.unit is None else state.root(query.unit)
    found = []
    for entry_id, entry_state in state.entries.items():
        entry = entry_state.entry
        if query.ids is not None and entry_id not in query.ids:
            continue
        if query.kind is not None and query.kind != entry.KIND:
            continue
        if unit is not None and unit not in _units_named(entry, state):
            continue
        one = ListedEntry(
            entry_state,
            _unit_of(entry, state),
            day_of(entry, state, effective),
            _status(entry_state, state),
        )
        if _selects(query, one):
            found.append(one)
    return found


def _selects(query: EntryQuery, one: ListedEntry) -> bool:
    """Return whether a query selects an entry by its day, status and accounts."""
    dated, recorded = one.dated, one.state.recorded
    if query.status is not None and query.status != one.status:
        return False
    if query.returned and one.returned is None:
        return False
    if query.first is not None and (dated is None or dated < query.first):
        return False
    if query.last is not None and (dated is None or dated > query.last):
        return False
    if query.late_by is not None:
        recorded_on = recorded.at.astimezone(OFFICE_TIME).date()
        if dated is None or (recorded_on - dated).days < query.late_by:
            return False
    accounts = [ref.by for ref in (recorded, one.state.verified) if ref is not None]
    return query.by is None or any(same_account(query.by, name) for name in accounts)


def _status(entry_state: EntryState, state: LedgerState) -> Status:
    if entry_state.reversed is not None:
        return "replaced" if state.replacements.get(entry_state.entry.id) else "reversed"
    return "recorded" if entry_state.verified is None else "verified"


def _subject(entry: Entry, state: LedgerState) -> Entry:
    """Return the entry itself; of a reversal, what it takes back."""
    known = state.get(state.subject(entry.id))
    return entry if known is None else known.entry


def _unit_of(entry: Entry, state: LedgerState) -> str | None:
    subject = _subject(entry, state)
    unit: str | None = subject.id if isinstance(subject, Unit) else getattr(subject, "unit", None)
    return None if unit is None else state.root(unit)


def _units_named(entry: Entry, state: LedgerState) -> set[str]:
    """Return the first ids of all units that an entry names, or that it is."""
    subject = _subject(entry, state)
    named = [one for _, one, kind in subject.references() if kind == "unit"]
    if isinstance(subject, Unit):
        named.append(subject.id)
    return set(map(state.root, named))
