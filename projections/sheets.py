"""Sheets of scores kept in the view: a page a unit, a sheet a year, day and state of knowledge.

A sheet is brought forward from the newest one kept at or before the position asked for: only
units that the events in between bear on are scored anew, each from its own entries. Sheet,
pages and position are written in one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from eventsourcing.persistence import Tracking

from ledger.errors import StoreError
from projections.paging import page_of, score_of, town_of, town_page
from projections.scores import YearScores, rank, score_year
from projections.slices.year import year_register
from projections.touched import touched

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from eventsourcing.sqlite import SQLiteCursor

    from ledger.stores import Store
    from ledger.view.view import View
    from projections.rulebook import Rulebook
    from projections.scores import UnitScore

KEPT = 24
"""Sheets that one view keeps; the oldest gives way."""


class Asked(NamedTuple):
    """What scores are asked for."""

    year: int
    through: date
    provisional: bool

    @property
    def name(self) -> str:
        """The sheet's name."""
        counted = "provisional" if self.provisional else "verified"
        return f"{self.year} through {self.through} {counted}"


class _Base(NamedTuple):
    """A sheet that is kept."""

    name: str
    position: int
    town: bytes


class Sheets:
    """The sheets of one view."""

    def __init__(self, view: View, store: Store, rulebook: Rulebook) -> None:
        """On a view that has caught up, under the rulebook that made it."""
        self._view, self._store, self._rulebook = view, store, rulebook

    def scores(self, asked: Asked, to: int) -> YearScores:
        """The scores of all units as known at a position, without their findings."""
        base = self._base(asked, to)
        if base is not None and base.position == to:
            return self._read(asked, base)
        units = None
        if base is not None:
            units = touched(self._view.lookup, self._store, base.position, to)
        if base is None or units is None:
            fresh = self._score(asked, to, None)
            kept: Iterable[UnitScore] = ()
        else:
            fresh = self._score(asked, to, units)
            kept = (one for one in self._read(asked, base).units if one.unit not in units)
        scored = [one for one in fresh.units if units is None or one.unit in units]
        pages = {one.unit: page_of(one) for one in (*scored, *kept)}
        self._keep(asked, to, town_page(fresh.town), pages)
        return _together(asked, to, town_page(fresh.town), pages.values())

    def compare(self, asked: Asked, to: int, right: YearScores) -> list[str]:
        """The units whose kept pages are not those of scores known to be right."""
        base = self._base(asked, to)
        if base is None or base.position != to:
            return []
        kept = {one.unit: page_of(one) for one in self._read(asked, base).units}
        made = {one.unit: page_of(one) for one in right.units}
        return sorted(unit for unit in {*kept, *made} if kept.get(unit) != made.get(unit))

    def kept(self) -> list[tuple[str, int]]:
        """Every sheet by name, with its position."""
        with self._view.recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute(
                "SELECT name, notification_id FROM sheets JOIN tracking ON application_name = name"
            )
            return [(row[0], row[1]) for row in cursor.fetchall()]

    def _score(self, asked: Asked, to: int, units: set[str] | None) -> YearScores:
        if units is None:
            register = year_register(self._store, asked.year, to)
        else:
            register = self._view.lookup.register(to, units=units, town=True)
        return score_year(
            register,
            self._rulebook,
            asked.year,
            asked.through,
            provisional=asked.provisional,
        )

    def _base(self, asked: Asked, to: int) -> _Base | None:
        """The newest sheet kept at or before a position."""
        with self._view.recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute(
                "SELECT name, notification_id, town FROM sheets JOIN tracking "
                "ON application_name = name WHERE (name = ? OR name GLOB ?) "
                "AND notification_id <= ? ORDER BY notification_id DESC LIMIT 1",
                (asked.name, f"{asked.name} @*", to),
            )
            row = cursor.fetchone()
        return None if row is None else _Base(row[0], row[1], bytes(row[2]))

    def _read(self, asked: Asked, base: _Base) -> YearScores:
        with self._view.recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute("SELECT page FROM pages WHERE sheet = ?", (base.name,))
            pages = [row[0] for row in cursor.fetchall()]
        return _together(asked, base.position, base.town, pages)

    def _keep(self, asked: Asked, to: int, town: bytes, pages: dict[str, bytes]) -> None:
        newest = to == self._view.position
        name = asked.name if newest else f"{asked.name} @{to}"
        try:
            with self._view.recorder.datastore.transaction(commit=True) as cursor:
                self._write(cursor, name, to, town, pages)
                self._forget(cursor)
        except StoreError:
            # Another process keeps it, or nobody can: what was asked for is known all the same.
            return

    def _write(
        self,
        cursor: SQLiteCursor,
        name: str,
        to: int,
        town: bytes,
        pages: dict[str, bytes],
    ) -> None:
        """A sheet that is brought forward in place keeps the pages that are as they were."""
        cursor.execute("SELECT unit, page FROM pages WHERE sheet = ?", (name,))
        there = {row[0]: bytes(row[1]) for row in cursor.fetchall()}
        self._view.recorder._insert_tracking(cursor, Tracking(name, to))  # noqa: SLF001 - the library's own way into its transaction
        cursor.execute(
            "INSERT INTO sheets VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET town = ?",
            (name, town, town),
        )
        gone = [(name, unit) for unit in there if unit not in pages]
        cursor.executemany("DELETE FROM pages WHERE sheet = ? AND unit = ?", gone)
        changed = [(name, unit, page) for unit, page in pages.items() if there.get(unit) != page]
        cursor.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", changed)

    def _forget(self, cursor: SQLiteCursor) -> None:
        cursor.execute("SELECT name FROM sheets ORDER BY rowid DESC LIMIT -1 OFFSET ?", (KEPT,))
        for (name,) in cursor.fetchall():
            cursor.execute("DELETE FROM pages WHERE sheet = ?", (name,))
            cursor.execute("DELETE FROM sheets WHERE name = ?", (name,))
            cursor.execute("DELETE FROM tracking WHERE application_name = ?", (name,))


def _together(asked: Asked, to: int, town: bytes, pages: Iterable[bytes]) -> YearScores:
    """Pages as the town's scores, ranked."""
    there = town_of(town, asked.year, asked.through)
    return YearScores(there, to, rank(map(score_of, pages), there))
