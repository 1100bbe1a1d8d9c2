"""Load a few entries with all that belongs to them, however large the ledger is.

What belongs together: entries that replace one another, what they refer to, and what refers to
them: reversals, responses, resolutions. The index says where they are; they are read from the
ledger, into a part of its state.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from ledger.codec import UNREADABLE, damaged, decode
from ledger.entries import Notice, Unit
from ledger.events import ADOPTION_IDS, OBJECTION, PUBLICATION, EntryRecorded, ObjectionRaised
from ledger.lookalikes import unit_key
from ledger.read_model import WITNESSES
from ledger.read_model.index import CORRECTED_UNITS, TOWN, matters_of, stands_key
from ledger.state import adopted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from ledger.entries import Entry
    from ledger.events import Event
    from ledger.read_model.index import Index
    from ledger.state import LedgerState
    from ledger.stores import Store

_ID_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*[A-Za-z0-9]")


class Lookup:
    """Queries of an index that has caught up with its ledger."""

    def __init__(self, index: Index, store: Store) -> None:
        """Ask the index where entries are; read them from the store."""
        self._index = index
        self._store = store

    def family(self, ids: Collection[str]) -> set[str]:
        """Return the ids, and those of all entries that replace them or are replaced by them."""
        known, fresh = set(ids), set(ids)
        while fresh:
            related = self._replacing("kin", fresh)
            fresh = {one for pair in related if not known.isdisjoint(pair) for one in pair} - known
            known |= fresh
        return known

    def _replacing(self, table: str, keys: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield the id of each correction among the entries under some keys, and what it replaces.

        Of other keys too, rarely.
        """
        for event in self._events(table, keys):
            if isinstance(event, EntryRecorded) and event.entry.replaces is not None:
                yield event.entry.id, event.entry.replaces

    def _events(self, table: str, keys: Collection[str]) -> Iterator[Event]:
        """Yield the events under some keys, as the ledger has them."""
        positions = self._positions(table, keys)
        for position, name, _, topic, state in self._store.rows_at(positions) if positions else ():
            try:
                yield decode(topic, state)
            except UNREADABLE as error:
                raise damaged(position, topic, name, error) from error

    def _positions(self, table: str, keys: Collection[str]) -> list[int]:
        found = self._index.positions(table, keys)
        return sorted({one for positions in found.values() for one in positions})

    def state(
        self,
        to: int,
        *,
        ids: Collection[str] = (),
        positions: Collection[int] = (),
        units: Collection[str] = (),
        town: bool = False,
        all_referring: bool = False,
    ) -> LedgerState:
        """Return the state of some entries and of all that belongs to them, up to a position.

        Args:
            to: the position; the state says that it ends there.
            ids: entries (or objections, publications by their originator ids) to begin with.
            positions: positions of recordings to begin with.
            units: all that ever named one of these units, too.
            town: special periods, notices and rulings of all years, too.
            all_referring: reports that refer to a notice, too, of whatever unit.
        """
        closure = _Closure(self, self._store, to, all_referring=all_referring)
        closure.add_positions(positions)
        closure.add_positions(self._positions("unit", self.family(units)))
        closure.add_positions(self._positions("town", [TOWN] if town else ()))
        closure.add({*ids, *units})
        closure.add_objections(units)
        return closure.close()

    def for_validation(
        self, to: int, entries: Iterable[Entry], also: Collection[str] = ()
    ) -> LedgerState:
        """Return what validation needs to admit entries to the ledger that ends at a position.

        Their own ids, what they refer to, reverse or replace, and what stands for the same.

        Args:
            to: the position.
            entries: the entries.
            also: ids of further entries to load.
        """
        arriving = list(entries)
        ids = {entry.id for entry in arriving} | set(also)
        for entry in arriving:
            ids.update(named for _, named, _ in entry.references())
            ids.update(entry.subjects())
            ids.update([] if entry.replaces is None else [entry.replaces])
        # Where a unit's id is asked for, its name may stand.
        named = {one for entry in arriving for _, one, kind in entry.references() if kind == "unit"}
        units = self._units_named(named)
        ids.update(one for bearers in units.values() for one in bearers)
        # Of `V001甲村` and `甲村（V001）` the message names the unit.
        ids.update(part for one in named for part in _ID_PART.findall(one))
        families = self._families(ids)
        for name, bearers in units.items():
            known = [families.get(one, {one}) for one in bearers]
            families[name] = families.get(name, {name}).union(*known)
        _join(families, {entry.id: entry.replaces for entry in arriving})
        keys = {key for entry in arriving for key in _keys(entry, entry.STANDS_FOR, families)}
        same = {key for entry in arriving for key in _keys(entry, entry.ALIKE, families)}
        same |= {
            stands_key("unit", [unit_key(one)])
            for entry in arriving
            if isinstance(entry, Unit)
            for one in families.get(entry.id, {entry.id})
        }
        found = [*self._positions("stands", keys), *self._positions("alike", same)]
        return self.state(to, ids=ids, positions=found)

    def history(self, subject: str, to: int) -> LedgerState:
        """Return what the history of an entry, an objection or a published period needs.

        Args:
            subject: its id as a person gives it; there may be no such thing.
            to: the position.
        """
        ids = [subject, f"{OBJECTION}{subject}", f"{PUBLICATION}{subject}"]
        ids += self._ids("objection", [f"entry:{subject}"])
        state = self.state(to, ids=ids)
        objection = state.objections.get(subject)
        if objection is None:
            return state
        # What followed an objection to a posting may be any entry of the unit.
        return self.state(to, ids=ids, units=[objection.event.unit])

    def referring(self, ids: Collection[str], matters: Collection[str]) -> list[int]:
        """Return the positions of what refers to entries, and of what is about matters.

        Responses, resolutions, reports and reversals; batches and information reports.
        """
        return [*self._positions("refers", ids), *self._positions("matter", matters)]

    def objections(self, units: Collection[str]) -> list[str]:
        """Return the originator ids of the objections of some units, under whatever id."""
        return self._ids("objection", [f"unit:{one}" for one in self.family(units)])

    def objecting(self, ids: Collection[str]) -> set[str]:
        """Return the units that objected to some entries."""
        events = self._events("objection", [f"entry:{one}" for one in ids])
        return {one.unit for one in events if isinstance(one, ObjectionRaised) and one.entry in ids}

    def corrected_units(self) -> set[str]:
        """Return ids of units that replace another, with those that they replace."""
        return {one for pair in self._replacing("kin", [CORRECTED_UNITS]) for one in pair}

    def witnesses(self, years: Iterable[int]) -> dict[int, list[int]]:
        """Return positions of the first entries of each assessment year that has any."""
        found = self._index.positions("year", [str(year) for year in years])
        return {int(year): positions[:WITNESSES] for year, positions in found.items()}

    def _ids(self, table: str, keys: Collection[str]) -> list[str]:
        positions = self._positions(table, keys)
        return self._store.ids_at(positions) if positions else []

    def _units_named(self, names: Collection[str]) -> dict[str, list[str]]:
        """Return by name the ids of the units that ever had it as name or id, or one alike."""
        keys = {name: stands_key("unit", [unit_key(name)]) for name in names}
        found = self._index.positions("alike", {*keys.values()})
        return {name: self._store.ids_at(found[key]) for name, key in keys.items() if key in found}

    def _families(self, ids: Collection[str]) -> dict[str, set[str]]:
        """Return the families of those among the ids that were ever corrected, or correct."""
        return {one: self.family([one]) for one in self._index.positions("kin", ids)}


def _join(families: dict[str, set[str]], replacing: dict[str, str | None]) -> None:
    """Add the entries of an import that replace others to the families of these."""
    for entry_id, replaced in replacing.items():
        path, end = [entry_id], replaced
        while end is not None and end not in path:
            path.append(end)
            end = replacing.get(end)
        if len(path) > 1:
            joined = {*path, *families.get(path[-1], ())}
            for one in path:
                families[one] = families.get(one, set()) | joined


def _keys(entry: Entry, fields: Sequence[str], families: dict[str, set[str]]) -> Iterator[str]:
    """Yield the values of fields of an entry, under every id that what it refers to ever had."""
    if fields:
        values = [(name, entry.keyed(name)) for name in fields]
        choices = [
            families.get(value, {value}) if name in entry.REFERENCES else {value}
            for name, value in values
        ]
        yield from (stands_key(entry.KIND, chosen) for chosen in product(*choices))


class _Closure:
    """The entries read so far, and what they lead to."""

    def __init__(self, lookup: Lookup, store: Store, to: int, *, all_referring: bool) -> None:
        self._lookup, self._store, self._to = lookup, store, to
        self._all_referring = all_referring
        self._state = adopted(store, to)
        self._asked = set(ADOPTION_IDS)

    def add_positions(self, positions: Iterable[int]) -> None:
        """Add the entries recorded at positions."""
        wanted = sorted({position for position in positions if position <= self._to})
        if wanted:
            self.add(self._store.ids_at(wanted))

    def add(self, ids: Iterable[str]) -> None:
        """Add entries with all that belongs to them, as far as it was not read yet."""
        fresh = set(ids) - self._asked
        while fresh:
            fresh |= self._lookup.family(fresh) - self._asked
            self._asked |= fresh
            before = set(self._state.entries)
            self._state.fold(self._store.rows_of(fresh, self._to), partial=True)
            fresh = self._led_to(self._state.entries.keys() - before) - self._asked

    def add_objections(self, units: Collection[str]) -> None:
        """Add the objections of units, and the entries that they are to."""
        self.add(self._lookup.objections(units) if units else [])
        subjects = [one.event.entry for one in self._state.objections.values()]
        self.add(subject for subject in subjects if subject is not None)

    def _led_to(self, ids: Iterable[str]) -> set[str]:
        """Return ids that entries refer to, or that refer to them."""
        found: set[str] = set()
        targets: list[str] = []
        matters: list[str] = []
        for known in map(self._state.entries.__getitem__, ids):
            entry = known.entry
            if not isinstance(entry, Notice):
                # The units that a notice addresses, and their reports, are read with the unit.
                found.update(named for _, named, _ in entry.references())
            if self._all_referring or not isinstance(entry, Notice):
                targets.append(entry.id)
            if known.reversed is not None:
                found.add(known.reversed.by_entry)
            found.update(entry.subjects())
            # Whether a batch was reported before depends on other batches on its matter.
            matters.extend(matters_of(entry))
        positions = sorted(p for p in self._lookup.referring(targets, matters) if p <= self._to)
        return found | (set(self._store.ids_at(positions)) if positions else set())

    def close(self) -> LedgerState:
        """Return the state, in the order of the ledger."""
        state = self._state
        entries = state.entries
        for replaced in state.replacements.values():
            replaced.sort(key=lambda name: entries[name].recorded.position)
        state.entries = dict(sorted(entries.items(), key=lambda item: item[1].recorded.position))
        raised = sorted(state.objections.items(), key=lambda item: item[1].raised.position)
        state.objections = dict(raised)
        if self._to:
            (newest,) = self._store.rows(self._to - 1, self._to)
            state.end_at(newest)
        return state
