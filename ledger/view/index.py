"""The index: which entries name which units, take whose place and refer to whom.

It says where to look and nothing of what stands there: content always comes from the ledger. An
entry that is never corrected has one row, under its unit.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from eventsourcing.persistence import Tracking

from ledger.codec import KIND_OF, RAISED, UNREADABLE, damaged, decode
from ledger.entries.base import units_of
from ledger.errors import DamagedLedgerError
from ledger.events import EntryRecorded, ObjectionRaised
from ledger.message import Message
from ledger.progress import with_progress
from ledger.state_filters import own_year
from ledger.view import WITNESSES
from ledger.view.recorder import INDEX, ViewRecorder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventsourcing.sqlite import SQLiteCursor

    from ledger.entries.base import Entry
    from ledger.stores import Row, Store

LAST = 1_000
"""Rows at the end of what is indexed that a view remembers."""

PAGE = 50_000
"""Events indexed in one transaction."""


_TOWN = frozenset({"special_period", "notice", "ruling"})
_TARGETS = ("batch", "case", "notice", "of")
"""The fields by which entries refer to others than units."""


def anchor_at(store: Store, position: int) -> bytes:
    """What a view remembers of its ledger: the last rows, and those at half, a quarter and so on.

    Another ledger shows itself by any of them, and this one if it was restored and went on in
    another way; that no row in between was changed, `tally check` proves.
    """
    found = hashlib.sha256()
    places = [(max(0, position - LAST), position)]
    half = places[0][0] // 2
    while half:
        places.append((half - 1, half))
        half //= 2
    for after, to in places:
        for _, name, version, topic, state in store.rows(after, to):
            found.update(f"{name}\0{version}\0{topic}\0".encode() + bytes(state))
    return found.digest()


def stands_key(kind: str, values: Iterable[object]) -> str:
    """What an entry stands for, as the index has it: the ids as the entry names them."""
    return "|".join((kind, *map(str, values)))


class Index:
    """The index of a ledger in the view's file, as far as it has followed the ledger."""

    def __init__(self, recorder: ViewRecorder, store: Store) -> None:
        """Of an open store, in the view's file."""
        self._recorder = recorder
        self._store = store

    @property
    def position(self) -> int:
        """The last position that is indexed."""
        return self._recorder.max_tracking_id(INDEX) or 0

    def is_of_the_ledger(self) -> bool:
        """Whether the ledger is the one that was indexed, or that one gone on."""
        with self._recorder.datastore.transaction(commit=False) as cursor:
            return self._fits(cursor)

    def forget_another(self) -> None:
        """Empties the view where another ledger was indexed: nobody's file is taken away."""
        if not self.is_of_the_ledger():
            with self._recorder.datastore.transaction(commit=True) as cursor:
                if not self._fits(cursor):
                    self._recorder.empty(cursor)

    def _fits(self, cursor: SQLiteCursor) -> bool:
        position = self._recorder._max_tracking_id(INDEX, cursor) or 0  # noqa: SLF001 - the library's own way into its transaction
        cursor.execute("SELECT digest FROM anchors WHERE name = ?", (INDEX,))
        found = cursor.fetchone()
        if not position:
            return True
        # The head behind the view's own moment: somebody may append, and index, meanwhile.
        head = self._store.recorder.max_notification_id() or 0
        if found is None or position > head:
            return False
        return anchor_at(self._store, position) == bytes(found[0])

    def catch_up(self, head: int) -> None:
        """Takes in what was appended up to a position, page by page, each with its tracking."""
        pages = -(-(head - self.position) // PAGE)
        for _ in with_progress(range(pages), Message("indexing"), lambda: pages):
            with self._recorder.datastore.transaction(commit=True) as cursor:
                # Another process may have come first.
                position = self._recorder._max_tracking_id(INDEX, cursor) or 0  # noqa: SLF001 - the library's own way into its transaction
                if position < head:
                    self._take_in(cursor, position, min(position + PAGE, head))

    def _take_in(self, cursor: SQLiteCursor, after: int, to: int) -> None:
        page = _Page(cursor)
        for expected, row in enumerate(self._store.rows(after, to), after + 1):
            if row[0] != expected:
                raise DamagedLedgerError(expected, Message("there is no such event"))
            try:
                page.add(row)
            except UNREADABLE as error:
                raise damaged(row[0], row[3], row[1], error) from error
        page.write()
        statement = "INSERT OR REPLACE INTO anchors VALUES (?, ?)"
        cursor.execute(statement, (INDEX, anchor_at(self._store, to)))
        self._recorder._insert_tracking(cursor, Tracking(INDEX, to))  # noqa: SLF001 - likewise


class _Page:
    """The rows that some events put into the index."""

    def __init__(self, cursor: SQLiteCursor) -> None:
        self._cursor = cursor
        cursor.execute("SELECT year, count(*) FROM years GROUP BY year")
        self._witnesses = {row[0]: row[1] for row in cursor.fetchall()}
        self._bears = list[tuple[str, int]]()
        self._rows: dict[str, list[tuple[object, ...]]] = {
            table: [] for table in ("town", "kin", "refers", "stands", "objections", "years")
        }

    def add(self, row: Row) -> None:
        """Take in one event; what happens to an entry later is found with the entry itself."""
        position, name, _, topic, state = row
        if topic in KIND_OF or topic == RAISED:
            event = decode(topic, state)
            if isinstance(event, EntryRecorded):
                self._add_entry(position, event.entry)
            elif isinstance(event, ObjectionRaised):
                self._rows["objections"].append((name, event.unit, event.entry))

    def _add_entry(self, position: int, entry: Entry) -> None:
        for unit in units_of(entry):
            self._bears.append((unit, position))
        if entry.KIND in _TOWN:
            self._rows["town"].append((position,))
        if entry.replaces is not None:
            self._rows["kin"].append((entry.id, entry.replaces, entry.KIND))
        for field in _TARGETS:
            target = getattr(entry, field, None)
            if target is not None:
                self._rows["refers"].append((target, position))
        if entry.STANDS_FOR:
            key = stands_key(entry.KIND, [getattr(entry, field) for field in entry.STANDS_FOR])
            self._rows["stands"].append((key, position))
        year = own_year(entry)
        if year is not None and self._witnesses.get(year, 0) < WITNESSES:
            self._witnesses[year] = self._witnesses.get(year, 0) + 1
            self._rows["years"].append((year, position))

    def write(self) -> None:
        """Puts the rows into the file."""
        # In the order of the table, which SQLite fills sooner so.
        self._bears.sort()
        self._cursor.executemany("INSERT OR IGNORE INTO bears VALUES (?, ?)", self._bears)
        for table, rows in self._rows.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                statement = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"  # noqa: S608 - constants
                self._cursor.executemany(statement, rows)
