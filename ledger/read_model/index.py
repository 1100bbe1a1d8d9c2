"""The index: which entries name which units, replace which entries and refer to which.

It says where to look and not what is there: content is always read from the ledger. An entry
that is never corrected has few rows; its position is found under these keys, by table:

| table | key |
| --- | --- |
| `unit` | each unit that it names |
| `town` | `TOWN`, if it concerns every unit |
| `kin` | its own id and that of the entry it replaces; of a unit, `CORRECTED_UNITS` too |
| `refers` | each entry that it is about, such as the batch of a response |
| `matter` | each matter of a batch or an information report |
| `stands`, `alike` | what it stands for, and what it says (`stands_key`) |
| `objection` | `unit:` and `entry:` with the ids that an objection is of and to |
| `year` | the assessment year; only the first `WITNESSES` of each |
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ledger.codec import KIND_OF, RAISED, UNREADABLE, damaged, decode
from ledger.entries import InformationReport, PetitionBatch, Unit
from ledger.entries.base import units_of
from ledger.errors import DamagedLedgerError
from ledger.events import EntryRecorded, ObjectionRaised
from ledger.integrity.leaves import leaf_hash
from ledger.lookalikes import unit_key
from ledger.message import Message
from ledger.omitting import row_at
from ledger.progress import with_progress
from ledger.read_model import ReadModelError
from ledger.read_model.segments import START, TABLES, Anchor, Rows, Segments, row_of
from ledger.state_filters import own_years
from ledger.stores.store import LAST as END

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from eventsourcing.sqlite import SQLiteCursor

    from ledger.entries.base import Entry
    from ledger.read_model.database import ReadModelDatabase
    from ledger.stores import Row, Store

LAST = 1_000
"""Rows at the end of what is indexed that are hashed into the digest of its history."""

PAGE = 50_000
"""Events indexed in one transaction."""

_OF_THE_TOWN = frozenset({"special_period", "notice", "ruling"})

TOWN = "town"
"""The key of what concerns every unit, in the table `town`."""

CORRECTED_UNITS = ":units"
"""The key of all corrections of units, in the table `kin`; no id has a colon."""


def anchor_at(store: Store, position: int) -> Anchor:
    """Return an anchor: what the ledger's history is up to a position.

    Its rows are the last ones, and those at half, a quarter and so on. It differs for another
    ledger, and for this one if it was restored and continued otherwise, or if other rows are left
    out. That no row in between was changed is proved by `tally check`.

    Raises:
        DamagedLedgerError: there is no event at the position.
    """
    if not position:
        return START
    found = hashlib.sha256()
    spans = [(max(0, position - LAST), position)]
    half = spans[0][0] // 2
    while half:
        spans.append((half - 1, half))
        half //= 2
    for after, to in spans:
        for _, name, version, topic, state in store.rows(after, to, as_of=END):
            found.update(f"{name}\0{version}\0{topic}\0".encode() + bytes(state))
    left_out = tuple(sorted(one for one in store.omitted if one <= position))
    leaf = _leaf_at(store, position)
    if not leaf:
        raise DamagedLedgerError(position, Message("there is no such event"))
    return Anchor(position, found.digest(), leaf, left_out)


def _leaf_at(store: Store, position: int) -> bytes:
    row = row_at(store, position)
    return b"" if row is None else leaf_hash(row)


def matters_of(entry: Entry) -> list[str]:
    """Return the matters of a batch or an information report."""
    if isinstance(entry, PetitionBatch):
        return [entry.matter]
    if isinstance(entry, InformationReport):
        return list(dict.fromkeys(entry.matters))
    return []


def stands_key(kind: str, values: Iterable[object]) -> str:
    """Return the text under which the index finds what an entry stands for, or says."""
    return "|".join((kind, *map(str, values)))


class Index:
    """The index of a ledger, as far as it has followed it."""

    def __init__(self, database: ReadModelDatabase, store: Store) -> None:
        """Use the tables of a read model's file for an open store."""
        self._database = database
        self._store = store
        self._proved = START
        """The farthest anchor that was found to be of this ledger."""
        self._omitted: Mapping[int, int] = {}
        """Positions set aside at that anchor, each with the position of its verification."""

    @property
    def position(self) -> int:
        """The last position that is indexed.

        Raises:
            ForgedError: the index was changed.
        """
        return self.end().position

    def end(self) -> Anchor:
        """Return what the ledger's history was up to the last position that is indexed.

        Raises:
            ForgedError: the index was changed.
        """
        with self._database.transaction() as cursor:
            return self._segments(cursor).end

    def leaf_at(self, position: int) -> bytes:
        """Return the hash of the leaf of the ledger's row at a position; empty if there is none."""
        known = self._proved
        return known.leaf if position == known.position else _leaf_at(self._store, position)

    def is_of_the_ledger(self) -> bool:
        """Return whether the ledger is the one that was indexed, perhaps continued.

        Raises:
            ForgedError: the index was changed.
        """
        with self._database.transaction() as cursor:
            return self._fits(self._segments(cursor))

    def outdated(self, end: Anchor) -> bool:
        """Return whether an anchor is of this ledger as it was when other rows were left out."""
        if end.position > self._store.position():
            return False
        now = anchor_at(self._store, end.position)
        return end.leaf == now.leaf and end.left_out != now.left_out

    def forget_another(self) -> Anchor | None:
        """Empty the read model if another ledger was indexed; the file stays for its readers.

        So it is if other rows were left out then.

        Returns:
            What `end` said of the other one; None if it was of this ledger.
        """
        if self.is_of_the_ledger():
            return None
        with self._database.transaction(write=True) as cursor:
            segments = self._segments(cursor)
            if self._fits(segments):
                return None
            self._database.empty(cursor)
            return segments.end

    def positions(self, table: str, keys: Collection[str]) -> dict[str, list[int]]:
        """Return the positions of keys in a table, in order; keys without any are left out.

        Rarely, a position is of another key.

        Raises:
            ForgedError: what was read was changed, or a part of it is missing.
            ReadModelError: the index is of another ledger now.
        """
        if not keys:
            return {}
        with self._database.transaction() as cursor:
            segments = self._segments(cursor)
            if segments.end.position < self._proved.position or not self._fits(segments):
                raise ReadModelError(Message("it was emptied, or is of another ledger"))
            return segments.positions(table, keys)

    def rows(self, table: str) -> list[int]:
        """Return all rows of a table, in order.

        Raises:
            ForgedError: the index was changed.
        """
        with self._database.transaction() as cursor:
            segments = self._segments(cursor)
            return segments.rows(segments.all, table)

    def _segments(self, cursor: SQLiteCursor) -> Segments:
        return Segments(cursor, self._database.seal)

    def _fits(self, segments: Segments) -> bool:
        """Return whether segments end in the ledger's own history.

        To be asked after the transaction began: others may append and index meanwhile.
        """
        end = segments.end
        if end == START or (end == self._proved and self._omitted == self._store.omitted):
            return True
        if end.position > self._store.position() or end != anchor_at(self._store, end.position):
            return False
        self._prove(end)
        return True

    def _prove(self, end: Anchor) -> None:
        self._proved, self._omitted = end, self._store.omitted

    def catch_up(self, head: int) -> None:
        """Index the events up to a position, page by page."""
        if self._omitted != self._store.omitted:
            # What was set aside meanwhile has been indexed, if it could be decoded.
            self.forget_another()
            self._proved = START
        position, pages = self._proved.position, 0
        if position < head:
            position = self.position
            pages = -(-(head - position) // PAGE)
        for _ in with_progress(range(pages), Message("indexing"), lambda: pages):
            with self._database.transaction(write=True) as cursor:
                # Another process may have come first.
                segments = self._segments(cursor)
                position = segments.end.position
                if position < head:
                    self._add_events(segments, min(position + PAGE, head))
                    self._prove(segments.end)

    def _add_events(self, segments: Segments, to: int) -> None:
        page, omitted = _Page(), self._store.omitted
        expected = segments.end.position
        for row in self._store.rows(expected, to, as_of=END):
            expected += 1
            while expected in omitted:
                expected += 1
            if row[0] != expected:
                raise DamagedLedgerError(expected, Message("there is no such event"))
            try:
                page.add(row)
            except UNREADABLE as error:
                raise damaged(row[0], row[3], row[1], error) from error
        segments.append(anchor_at(self._store, to), page.rows)


class _Page:
    """The rows that some events add to the index."""

    def __init__(self) -> None:
        self.rows: Rows = {table: [] for table in TABLES}

    def add(self, row: Row) -> None:
        """Add one event; what happens to an entry later is found with the entry itself."""
        position, _, _, topic, state = row
        if topic in KIND_OF or topic == RAISED:
            event = decode(topic, state)
            if isinstance(event, EntryRecorded):
                self._add_entry(position, event.entry)
            elif isinstance(event, ObjectionRaised):
                self._add("objection", f"unit:{event.unit}", position)
                if event.entry is not None:
                    self._add("objection", f"entry:{event.entry}", position)

    def _add(self, table: str, key: str, position: int) -> None:
        self.rows[table].append(row_of(key, position))

    def _add_entry(self, position: int, entry: Entry) -> None:
        for unit in units_of(entry):
            self._add("unit", unit, position)
        if entry.KIND in _OF_THE_TOWN:
            self._add("town", TOWN, position)
        if entry.replaces is not None:
            self._add("kin", entry.id, position)
            self._add("kin", entry.replaces, position)
            if isinstance(entry, Unit):
                self._add("kin", CORRECTED_UNITS, position)
        for target in entry.subjects():
            self._add("refers", target, position)
        for matter in matters_of(entry):
            self._add("matter", matter, position)
        for year in own_years(entry):
            self._add("year", str(year), position)
        self._add_what_it_says(position, entry)

    def _add_what_it_says(self, position: int, entry: Entry) -> None:
        for table, fields in (("stands", entry.STANDS_FOR), ("alike", entry.ALIKE)):
            if fields:
                key = stands_key(entry.KIND, [entry.keyed(field) for field in fields])
                self._add(table, key, position)
        if isinstance(entry, Unit):
            self._add("alike", stands_key("unit", [unit_key(entry.id)]), position)
