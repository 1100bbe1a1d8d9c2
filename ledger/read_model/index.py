"""The index: which entries name which units, replace which entries and refer to which.

It says where to look and not what is there: content is always read from the ledger. An entry
that is never corrected has one row, under its unit.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ledger.codec import KIND_OF, RAISED, UNREADABLE, damaged, decode
from ledger.entries import InformationReport, PetitionBatch, Unit
from ledger.entries.base import units_of
from ledger.errors import DamagedLedgerError
from ledger.events import EntryRecorded, ObjectionRaised
from ledger.lookalikes import unit_key
from ledger.message import Message
from ledger.progress import with_progress
from ledger.read_model import WITNESSES
from ledger.read_model.database import INDEX, INDEX_TABLES, ReadModelDatabase
from ledger.state_filters import own_years
from ledger.stores.store import LAST as END

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventsourcing.sqlite import SQLiteCursor

    from ledger.entries.base import Entry
    from ledger.stores import Row, Store

LAST = 1_000
"""Rows at the end of what is indexed that are hashed into the anchor."""

PAGE = 50_000
"""Events indexed in one transaction."""

_OF_THE_TOWN = frozenset({"special_period", "notice", "ruling"})


def anchor_at(store: Store, position: int) -> bytes:
    """Return a hash of rows of the ledger: the last ones, and those at half, a quarter and so on.

    It differs for another ledger, and for this one if it was restored and continued otherwise.
    That no row in between was changed is proved by `tally check`.
    """
    found = hashlib.sha256()
    spans = [(max(0, position - LAST), position)]
    half = spans[0][0] // 2
    while half:
        spans.append((half - 1, half))
        half //= 2
    for after, to in spans:
        for _, name, version, topic, state in store.rows(after, to, as_of=END):
            found.update(f"{name}\0{version}\0{topic}\0".encode() + bytes(state))
    left_out = sorted(one for one in store.omitted if one <= position)
    if left_out:
        found.update(repr(left_out).encode())
    return found.digest()


def matters_of(entry: Entry) -> list[str]:
    """Return the keys of the matters of a batch or an information report, under `refers`."""
    if isinstance(entry, PetitionBatch):
        return [f"matter:{entry.matter}"]
    if isinstance(entry, InformationReport):
        return [f"matter:{matter}" for matter in dict.fromkeys(entry.matters)]
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

    @property
    def position(self) -> int:
        """The last position that is indexed."""
        with self._database.transaction() as cursor:
            return self._database.position_of(cursor, INDEX)

    def is_of_the_ledger(self) -> bool:
        """Return whether the ledger is the one that was indexed, perhaps continued."""
        with self._database.transaction() as cursor:
            return self._fits(cursor)

    def forget_another(self) -> None:
        """Empty the read model if another ledger was indexed; the file stays for its readers."""
        if not self.is_of_the_ledger():
            with self._database.transaction(write=True) as cursor:
                if not self._fits(cursor):
                    self._database.empty(cursor)

    def _fits(self, cursor: SQLiteCursor) -> bool:
        position = self._database.position_of(cursor, INDEX)
        cursor.execute("SELECT digest FROM anchors WHERE name = ?", (INDEX,))
        found = cursor.fetchone()
        if not position:
            return True
        # Asked for after the transaction began: others may append and index meanwhile.
        if found is None or position > self._store.position():
            return False
        return anchor_at(self._store, position) == bytes(found[0])

    def catch_up(self, head: int) -> None:
        """Index the events up to a position, page by page, each with its position."""
        indexed = self.position
        if any(one <= indexed < since for one, since in self._store.omitted.items()):
            # What was set aside meanwhile has been indexed, since it could be decoded.
            with self._database.transaction(write=True) as cursor:
                self._database.empty(cursor)
        pages = -(-(head - self.position) // PAGE)
        for _ in with_progress(range(pages), Message("indexing"), lambda: pages):
            with self._database.transaction(write=True) as cursor:
                # Another process may have come first.
                position = self._database.position_of(cursor, INDEX)
                if position < head:
                    self._add_events(cursor, position, min(position + PAGE, head))

    def _add_events(self, cursor: SQLiteCursor, after: int, to: int) -> None:
        page = _Page(cursor)
        expected, omitted = after, self._store.omitted
        for row in self._store.rows(after, to, as_of=END):
            expected += 1
            while expected in omitted:
                expected += 1
            if row[0] != expected:
                raise DamagedLedgerError(expected, Message("there is no such event"))
            try:
                page.add(row)
            except UNREADABLE as error:
                raise damaged(row[0], row[3], row[1], error) from error
        page.write()
        statement = "INSERT OR REPLACE INTO anchors VALUES (?, ?)"
        cursor.execute(statement, (INDEX, anchor_at(self._store, to)))
        self._database.set_position(cursor, INDEX, to)


class _Page:
    """The rows that some events add to the index."""

    def __init__(self, cursor: SQLiteCursor) -> None:
        self._cursor = cursor
        cursor.execute("SELECT year, count(*) FROM years GROUP BY year")
        self._witnesses = {row[0]: row[1] for row in cursor.fetchall()}
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in INDEX_TABLES}

    def add(self, row: Row) -> None:
        """Add one event; what happens to an entry later is found with the entry itself."""
        position, name, _, topic, state = row
        if topic in KIND_OF or topic == RAISED:
            event = decode(topic, state)
            if isinstance(event, EntryRecorded):
                self._add_entry(position, event.entry)
            elif isinstance(event, ObjectionRaised):
                self._rows["objections"].append((name, event.unit, event.entry))

    def _add_entry(self, position: int, entry: Entry) -> None:
        rows = self._rows
        for unit in units_of(entry):
            rows["bears"].append((unit, position))
        if entry.KIND in _OF_THE_TOWN:
            rows["town"].append((position,))
        if entry.replaces is not None:
            rows["kin"].append((entry.id, entry.replaces, entry.KIND))
        for target in (*entry.subjects(), *matters_of(entry)):
            rows["refers"].append((target, position))
        if entry.STANDS_FOR:
            key = stands_key(entry.KIND, [entry.keyed(field) for field in entry.STANDS_FOR])
            rows["stands"].append((key, position))
        if entry.ALIKE:
            key = stands_key(entry.KIND, [entry.keyed(field) for field in entry.ALIKE])
            rows["alike"].append((key, position))
        if isinstance(entry, Unit):
            rows["alike"].append((stands_key("unit", [unit_key(entry.id)]), position))
        for year in own_years(entry):
            if self._witnesses.get(year, 0) < WITNESSES:
                self._witnesses[year] = self._witnesses.get(year, 0) + 1
                rows["years"].append((year, position))

    def write(self) -> None:
        """Insert the rows."""
        # In the order of the table, which SQLite fills sooner so.
        self._rows["bears"].sort()
        for table, rows in self._rows.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                statement = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"  # noqa: S608 - constants
                self._cursor.executemany(statement, rows)
