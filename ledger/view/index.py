"""The index: which entries name which units, take whose place and refer to whom.

It says where to look and nothing of what stands there: content always comes from the ledger. An
entry that is never corrected has one row, under its unit.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from eventsourcing.persistence import Tracking
from msgspec.json import decode

from ledger.entries import BY_KIND
from ledger.errors import DamagedLedgerError
from ledger.marks import MONTH, REPLACES, dating_mark, mark_of, text_of, year_in
from ledger.replay import UNREADABLE, damaged, event_of
from ledger.saying import Said
from ledger.topics import KIND_OF, RAISED, RECORDED, prefix_of
from ledger.view import WITNESSES
from ledger.view.recorder import INDEX, ViewRecorder
from ledger.watching import watched

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventsourcing.sqlite import SQLiteCursor

    from ledger.stores import Row, Store

LAST = 1_000
"""Rows at the end of what is indexed that a view remembers."""

PAGE = 50_000
"""Events indexed in one transaction."""


class _Kind(NamedTuple):
    """Where the state of an entry of a kind tells what the index holds of it."""

    kind: str
    prefix: bytes
    units: tuple[bytes, ...]
    target: bytes | None
    dated: bytes | None
    """What stands before its month, or before its year."""
    stands_for: tuple[str, ...]


def _kind(kind: str) -> _Kind:
    fields = BY_KIND[kind].FIELDS
    named = [name for name in ("unit", "host_unit") if name in fields]
    targets = [name for name in ("batch", "case", "notice", "of") if name in fields]
    target = mark_of(targets[0]) if targets else None
    return _Kind(
        kind,
        prefix_of(RECORDED[kind]),
        tuple(map(mark_of, named)),
        target,
        dating_mark(kind),
        BY_KIND[kind].STANDS_FOR,
    )


_KINDS = {topic: _kind(kind) for topic, kind in KIND_OF.items()}
_TOWN = frozenset({"special_period", "notice", "ruling"})


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
        for _ in watched(range(pages), Said("indexing"), lambda: pages):
            with self._recorder.datastore.transaction(commit=True) as cursor:
                # Another process may have come first.
                position = self._recorder._max_tracking_id(INDEX, cursor) or 0  # noqa: SLF001 - the library's own way into its transaction
                if position < head:
                    self._take_in(cursor, position, min(position + PAGE, head))

    def _take_in(self, cursor: SQLiteCursor, after: int, to: int) -> None:
        page = _Page(cursor)
        for expected, row in enumerate(self._store.rows(after, to), after + 1):
            if row[0] != expected:
                raise DamagedLedgerError(expected, Said("there is no such event"))
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
        self._bears = list[tuple[bytes | str, int]]()
        self._rows: dict[str, list[tuple[object, ...]]] = {
            table: [] for table in ("town", "kin", "refers", "stands", "objections", "years")
        }

    def add(self, row: Row) -> None:
        """Takes in one event; what happens to an entry later is found with the entry itself."""
        position, name, _, topic, state = row
        known = _KINDS.get(topic)
        if known is not None:
            if not state.startswith(known.prefix):
                state = _today(row)
            self._add_entry(position, name, known, state)
        elif topic == RAISED:
            event: Any = event_of(*row[1:])
            self._rows["objections"].append((name, event.unit, event.entry))

    def _add_entry(self, position: int, name: str, known: _Kind, state: bytes) -> None:
        for mark in known.units:
            unit = text_of(state, mark)
            if unit:
                self._bears.append((unit.decode(), position))
        if known.kind in _TOWN:
            self._rows["town"].append((position,))
        if REPLACES in state:
            replaced = text_of(state, REPLACES).decode()
            self._rows["kin"].append((name, replaced, known.kind))
        if known.target is not None and (target := text_of(state, known.target)):
            self._rows["refers"].append((target.decode(), position))
        if known.stands_for:
            entry = decode(state)["entry"]
            key = stands_key(known.kind, [entry[field] for field in known.stands_for])
            self._rows["stands"].append((key, position))
        if known.dated is not None:
            self._witness(position, known.dated, state)

    def _witness(self, position: int, mark: bytes, state: bytes) -> None:
        at = state.find(mark)
        if at < 0:
            return
        year = year_in(state[at + len(mark) : at + len(mark) + MONTH])
        known = self._witnesses.get(year, 0)
        if known < WITNESSES:
            self._witnesses[year] = known + 1
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


def _today(row: Row) -> bytes:
    """The state of an earlier class version in today's."""
    from ledger.mapper import EventMapper  # noqa: PLC0415 - there is none yet

    return EventMapper().to_stored_event(event_of(*row[1:])).state
