"""Every reversal and replacement: who took back what, when and why, and what took its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.entries import Unit
from projections.effective import Effective
from projections.listing import ref_json, unit_of
from projections.occurrence import day_of, periods_of_entry, year_of_entry

if TYPE_CHECKING:
    from datetime import date

    from ledger.editions import Edition
    from ledger.entries import Entry
    from ledger.state import EntryState, EventRef, LedgerState
    from projections.adopted import Measures

_NO_FACTS = frozenset({"id", "kind", "replaces"})
"""Fields of an entry's content that are not compared with those of its replacement."""


class FieldChange(NamedTuple):
    """A field of an entry and of its replacement, as JSON has it; None where it is left out."""

    field: str
    before: Any
    after: Any


class Replacement(NamedTuple):
    """An entry recorded in the place of another, and the fields that differ."""

    id: str
    recorded: EventRef
    verified: EventRef | None
    changes: tuple[FieldChange, ...]


class Correction(NamedTuple):
    """The reversal of one entry, with what was recorded in its place."""

    entry: Entry
    """What was taken back."""
    unit: str | None
    """First id of the unit that it is of."""
    dated: date | None
    reversal: str
    reversed: EventRef
    reason: str
    verified: EventRef | None
    """The verification of the reversal, by which it takes effect."""
    replacements: tuple[Replacement, ...]
    published_in: tuple[str, ...]
    """The editions in force by then that counted the entry: 2016Q2#1."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of what corrects: the reversal and the replacements."""
        return (self.reversal, *(one.id for one in self.replacements))

    @property
    def in_effect_at(self) -> int | None:
        """Return the position of the last verification of its parts; None before the reversal's."""
        if self.verified is None:
            return None
        refs = (self.verified, *(one.verified for one in self.replacements))
        return max(ref.position for ref in refs if ref is not None)

    @property
    def counts_twice(self) -> bool:
        """Return whether a replacement is verified and the reversal not: both may count."""
        return self.verified is None and any(one.verified for one in self.replacements)

    def as_json(self) -> dict[str, Any]:
        """Return the contract's `corrections` of one, without what it moved."""
        return {
            "entry": self.entry.id,
            "kind": self.entry.KIND,
            "unit": self.unit,
            "dated": None if self.dated is None else self.dated.isoformat(),
            "reversal": self.reversal,
            "reversed": ref_json(self.reversed),
            "reason": self.reason,
            "verified": None if self.verified is None else ref_json(self.verified),
            "replacements": [
                {
                    "id": one.id,
                    "recorded": ref_json(one.recorded),
                    "verified": None if one.verified is None else ref_json(one.verified),
                    "changes": [
                        {"field": change.field, "from": change.before, "to": change.after}
                        for change in one.changes
                    ],
                }
                for one in self.replacements
            ],
            "published_in": list(self.published_in),
        }


def corrections(
    state: LedgerState, measures: Measures, year: int, unit: str | None = None
) -> list[Correction]:
    """Return the corrections of entries of a year, and of those of no year, in recorded order.

    Args:
        state: what is known.
        measures: the measures of all years.
        year: the assessment year.
        unit: the id of the one unit whose entries alone are asked for.
    """
    effective = Effective(state, provisional=True)
    root = None if unit is None else state.root(unit)
    in_place = _in_place(state)
    found = []
    for known in state.entries.values():
        if known.reversed is None:
            continue
        of_year = year_of_entry(known.entry, state, effective, measures)
        if of_year in {None, year} and root in {None, unit_of(known.entry, state)}:
            found.append(_correction(known, in_place, state, effective, measures))
    return sorted(found, key=lambda one: one.reversed.position)


def _in_place(state: LedgerState) -> dict[str, list[str]]:
    """Return by entry taken back what was recorded in its place; each belongs to one alone.

    What replaces an entry once more, after its replacement was taken back too, is in the place of
    the latter, so that what the corrections moved adds up.
    """
    found: dict[str, list[str]] = {}
    for replaced, names in state.replacements.items():
        place = replaced
        for name in names:
            found.setdefault(place, []).append(name)
            after: str | None = name
            while after is not None and state.entries[after].reversed is not None:
                place, after = after, next(reversed(state.replacements.get(after, [])), None)
    return found


def _correction(
    known: EntryState,
    in_place: dict[str, list[str]],
    state: LedgerState,
    effective: Effective,
    measures: Measures,
) -> Correction:
    assert known.reversed is not None
    entry, (ref, by_entry, reason) = known.entry, known.reversed
    reversal = state.get(by_entry)
    return Correction(
        entry,
        unit_of(entry, state),
        day_of(entry, state, effective),
        by_entry,
        ref,
        reason,
        None if reversal is None else reversal.verified,
        tuple(_replacement(entry, state.entries[name]) for name in in_place.get(entry.id, ())),
        _published_in(known, state, effective, measures),
    )


def _replacement(entry: Entry, known: EntryState) -> Replacement:
    was, now = entry.content(), known.entry.content()
    changes = tuple(
        FieldChange(name, was.get(name), now.get(name))
        for name in {**was, **now}
        if name not in _NO_FACTS and was.get(name) != now.get(name)
    )
    return Replacement(known.entry.id, known.recorded, known.verified, changes)


def _published_in(
    known: EntryState, state: LedgerState, effective: Effective, measures: Measures
) -> tuple[str, ...]:
    """Return the editions that counted an entry and were in force when it was taken back."""
    if known.verified is None or not state.editions:
        return ()
    if isinstance(known.entry, Unit):
        root, periods = state.root(known.entry.id), set(state.editions)
    else:
        root, periods = None, periods_of_entry(known.entry, state, effective, measures)
    return tuple(
        f"{period}#{edition.number}"
        for period in sorted(periods & state.editions.keys())
        for edition in state.editions[period]
        if _covers(edition, known)
        and (root is None or any(state.root(one["unit"]) == root for one in edition.event.figures))
    )


def _covers(edition: Edition, known: EntryState) -> bool:
    """Return whether an edition counted an entry, and was in force when it was taken back."""
    assert known.verified is not None
    assert known.reversed is not None
    since = edition.ref if not edition.event.to_verify else edition.verified
    until = None if edition.withdrawn is None else edition.withdrawn.ref
    taken_back = known.reversed.ref.position
    return (
        known.verified.position <= edition.event.position
        and since is not None
        and since.position < taken_back
        and (until is None or until.position > taken_back)
    )
