"""Authenticated rows of the index: where which key occurs, and that it occurs nowhere else.

A *segment* has the rows of the events from one position to another; segments follow one another
from the first event on. A row is a hash of a key and a position, and the rows of one table are cut
by hash into *blocks*. The code of a block covers its segment's header, its number and its whole
content, and the header says how many blocks there are: so a block proves which rows of its range
exist, and that there are no others. The header has what the ledger's history was at both ends, so
that segments of another ledger, or of one that was restored and continued otherwise, do not fit.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING
from zlib import crc32

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, encode

from ledger.message import Message
from ledger.read_model import WITNESSES, ForgedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from eventsourcing.sqlite import SQLiteCursor

    from ledger.read_model.sealing import Seal

TABLES = ("unit", "town", "kin", "refers", "matter", "stands", "alike", "objection", "year")
"""Names of the index tables (`Index`), in an order that block numbers depend on."""

MOST_EVENTS = 400_000
"""Events of a segment at most."""

_ROWS = 400
"""Rows of a block, on average: with its code it fits into a page of SQLite."""

_GROWTH = 4
"""A new segment takes in the one before it unless that has more than this many times its events."""

_MAC_SIZE = 32
_WIDTH = 32
_POSITION = (1 << _WIDTH) - 1

Rows = dict[str, list[int]]
"""By table, rows in order: `crc32(key) << 32 | position`."""


class Anchor(Struct, frozen=True):
    """Position and hashes that identify a prefix of the ledger; see `anchor_at`."""

    position: int = 0
    rows: bytes = b""
    """Hash of some rows, the last ones among them."""
    leaf: bytes = b""
    """Hash of the leaf of the row at the position."""
    left_out: tuple[int, ...] = ()
    """Positions of rows that were set aside, however late."""


START = Anchor()
"""Before the first event."""


class Segment(Struct, frozen=True):
    """The header of a segment."""

    start: Anchor
    """Before its first event."""
    end: Anchor
    """At its last event."""
    blocks: dict[str, int]
    """By table, the number of blocks; tables without rows are left out."""

    @property
    def events(self) -> int:
        """The number of events."""
        return self.end.position - self.start.position

    def block_id(self, table: str, number: int) -> int:
        """Return the row id of a block."""
        return self.end.position << 28 | TABLES.index(table) << 24 | number

    def parts(self, content: bytes, block_id: int) -> tuple[bytes, ...]:
        """Return what the code of a block covers."""
        return b"block", encode(self), b"%d" % block_id, content


_decode = Decoder(Segment).decode


def row_of(key: str, position: int) -> int:
    """Return the row of a key at a position."""
    return crc32(key.encode()) << _WIDTH | position


class Segments:
    """The segments in a read model's file, within one transaction."""

    def __init__(self, cursor: SQLiteCursor, seal: Seal) -> None:
        """Read and authenticate their headers.

        Raises:
            ForgedError: one was changed, or one before another is missing.
        """
        self._cursor, self._seal = cursor, seal
        cursor.execute("SELECT header, mac FROM segments ORDER BY last")
        self.all: list[Segment] = []
        for header, mac in cursor.fetchall():
            if not (isinstance(header, bytes) and isinstance(mac, bytes)):
                raise _forged()
            if not seal.fits(mac, (b"segment", header)):
                raise _forged()
            try:
                segment = _decode(header)
            except MsgspecError as error:  # under this key only a fault of this program
                raise _forged() from error
            if segment.start != self.end:
                raise _forged()
            self.all.append(segment)

    @property
    def end(self) -> Anchor:
        """Return the anchor of the last position that is indexed."""
        return self.all[-1].end if self.all else START

    def positions(self, table: str, keys: Collection[str]) -> dict[str, list[int]]:
        """Return the positions of keys in a table, in order; keys without any are left out.

        Rarely, a position is of another key of the same hash.

        Raises:
            ForgedError: what was read was changed, or a part of it is missing.
        """
        hashes = [(crc32(key.encode()), key) for key in keys]
        found: dict[str, list[int]] = defaultdict(list)
        for segment in self.all:
            count = segment.blocks.get(table)
            if not count:
                continue
            by_block: dict[int, list[tuple[int, str]]] = defaultdict(list)
            for one in hashes:
                by_block[one[0] * count >> _WIDTH].append(one)
            for number, rows in self._read(segment, table, by_block).items():
                for hashed, key in by_block[number]:
                    at, end = bisect_left(rows, hashed << _WIDTH), len(rows)
                    while at < end and rows[at] >> _WIDTH == hashed:
                        found[key].append(rows[at] & _POSITION)
                        at += 1
        return found

    def rows(self, segments: Iterable[Segment], table: str) -> list[int]:
        """Return all rows of a table in some segments, in order.

        Raises:
            ForgedError: as `positions`.
        """
        found: list[int] = []
        for segment in segments:
            numbers = range(segment.blocks.get(table, 0))
            for rows in self._read(segment, table, numbers).values():
                found += rows
        found.sort()
        return _witnesses(found) if table == "year" else found

    def append(self, end: Anchor, rows: Rows) -> None:
        """Write a segment of the rows of the events that follow, up to an anchor.

        It takes in smaller ones before it.

        Args:
            end: the anchor at its last event.
            rows: the rows by table, in any order.

        Raises:
            ForgedError: what it takes in was changed.
        """
        kept = list(self.all)
        taken: list[Segment] = []
        start = self.end
        while kept and _takes_in(end.position - start.position, kept[-1].events):
            taken.insert(0, kept.pop())
            start = taken[0].start
        merged = {}
        for table in TABLES:
            there = sorted(self.rows(taken, table) + rows.get(table, []))
            merged[table] = _witnesses(there) if table == "year" else there
        blocks = {name: -(-len(there) // _ROWS) for name, there in merged.items() if there}
        segment = Segment(start, end, blocks)
        for one in taken:
            self._delete(one)
        self._write(segment, merged)
        self.all = [*kept, segment]

    def _write(self, segment: Segment, rows: Mapping[str, Sequence[int]]) -> None:
        header = encode(segment)
        row = segment.end.position, header, self._seal.mac((b"segment", header))
        self._cursor.execute("INSERT INTO segments VALUES (?, ?, ?)", row)
        blocks = []
        for table, count in segment.blocks.items():
            there, at = rows[table], 0
            for number in range(count):
                # The first hash that does not belong to the block, whose number is hash*count>>32.
                until = -(-((number + 1) << _WIDTH) // count)
                end = bisect_left(there, until << _WIDTH, at)
                content, at = array("Q", there[at:end]).tobytes(), end
                block_id = segment.block_id(table, number)
                mac = self._seal.mac(segment.parts(content, block_id))
                blocks.append((block_id, mac + content))
        self._cursor.executemany("INSERT INTO blocks VALUES (?, ?)", blocks)

    def _delete(self, segment: Segment) -> None:
        last = segment.end.position
        self._cursor.execute("DELETE FROM segments WHERE last = ?", (last,))
        bounds = last << 28, (last + 1) << 28
        self._cursor.execute("DELETE FROM blocks WHERE id >= ? AND id < ?", bounds)

    def _read(
        self, segment: Segment, table: str, numbers: Collection[int]
    ) -> dict[int, Sequence[int]]:
        """Return the rows of blocks of a table by their numbers.

        Raises:
            ForgedError: one was changed or is missing.
        """
        base = segment.block_id(table, 0)
        asked = json.dumps([base + number for number in numbers])
        self._cursor.execute(
            "SELECT id, content FROM blocks WHERE id IN (SELECT value FROM json_each(?))", (asked,)
        )
        found: dict[int, Sequence[int]] = {}
        for block_id, stored in self._cursor.fetchall():
            if not isinstance(stored, bytes):
                raise _forged()
            mac, content = stored[:_MAC_SIZE], stored[_MAC_SIZE:]
            if not self._seal.fits(mac, segment.parts(content, block_id)):
                raise _forged()
            found[block_id - base] = memoryview(content).cast("Q")
        if len(found) != len(numbers):
            raise _forged()
        return found


def _takes_in(events: int, before: int) -> bool:
    return before <= events * _GROWTH and before + events <= MOST_EVENTS


def _witnesses(rows: list[int]) -> list[int]:
    """Return of sorted rows the first `WITNESSES` of each key."""
    kept: list[int] = []
    for row in rows:
        if len(kept) < WITNESSES or kept[-WITNESSES] >> _WIDTH != row >> _WIDTH:
            kept.append(row)
    return kept


def _forged() -> ForgedError:
    return ForgedError(
        Message("something else than this program has changed it, or taken rows from it")
    )
