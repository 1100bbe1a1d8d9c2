"""Sheets of scores kept in the view: a page a unit, a sheet a year, day and state of knowledge.

A sheet is brought forward from the newest one kept at or before the position asked for: only
units that the events in between bear on are scored anew, each from its own entries. Sheet,
pages and position are written in one transaction.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import StoreError
from projections.paging import page_of, score_of, town_of, town_page
from projections.scores import YearScores, rank, score_year
from projections.touched import touched
from projections.year_loader import load_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventsourcing.sqlite import SQLiteCursor

    from ledger.state import LedgerState
    from ledger.stores import Store
    from ledger.view.view import View
    from projections.rulebook import Rulebook

KEPT = 24
"""Sheets that one view keeps; the one that was written first gives way."""

_LAST = 2**63 - 1


class Asked(NamedTuple):
    """What scores are asked for."""

    year: int
    through: date
    provisional: bool

    @property
    def name(self) -> str:
        """The sheet's name."""
        counted = "provisional" if self.provisional else "verified"
        return f"{self.year} {self.through} {counted}"

    @classmethod
    def of_name(cls, name: str) -> Asked:
        """What a sheet of a name shows."""
        year, through, counted = name.split()[:3]
        return cls(int(year), date.fromisoformat(through), counted == "provisional")


class _Base(NamedTuple):
    """A sheet that is kept."""

    name: str
    position: int
    town: bytes
    pages: dict[str, bytes]
    """By unit."""


class Sheets:
    """The sheets of one view."""

    def __init__(self, view: View, store: Store, rulebook: Rulebook) -> None:
        """On a view that has caught up, under the rulebook that made it."""
        self._view, self._store, self._rulebook = view, store, rulebook

    def scores(self, asked: Asked, to: int) -> YearScores:
        """The scores of all units as known at a position, without their findings."""
        base = self._base(asked, to)
        there = None if base is None else _shown(asked, base)
        units: set[str] | None = None
        if base is not None and there is not None:
            if base.position == to:
                return there
            units = touched(self._view.lookup, self._store, base.position, to)
        fresh = self._score(asked, to, units)
        if there is None or units is None:
            scored = list(fresh.units)
        else:
            scored = [one for one in fresh.units if one.unit in units]
            scored += [one for one in there.units if one.unit not in units]
        town, pages = town_page(fresh.town), {one.unit: page_of(one) for one in scored}
        self._keep(asked, to, town, pages)
        return _together(asked, to, town, pages.values())

    def departures(self, state: LedgerState) -> Iterator[tuple[str, list[str]]]:
        """Of each sheet kept for a position, the units whose pages are not those of a replay.

        Args:
            state: the whole ledger up to that position; of other sheets nothing is said.
        """
        for name, position in self.kept():
            if position == state.position:
                base, asked = self._sheet(name), Asked.of_name(name)
                right = score_year(
                    state,
                    self._rulebook,
                    asked.year,
                    asked.through,
                    provisional=asked.provisional,
                )
                made = {one.unit: page_of(one) for one in right.units}
                there = {} if base is None else base.pages
                wrong = [unit for unit in {*there, *made} if there.get(unit) != made.get(unit)]
                if wrong:
                    yield name, sorted(wrong)

    def kept(self) -> list[tuple[str, int]]:
        """Every sheet by name, with its position."""
        with self._view.recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute(
                "SELECT name, notification_id FROM sheets JOIN tracking ON application_name = name"
            )
            return [(row[0], row[1]) for row in cursor.fetchall()]

    def _score(self, asked: Asked, to: int, units: set[str] | None) -> YearScores:
        if units is None:
            return score_town(self._store, self._rulebook, asked, to)[1]
        state = self._view.lookup.state(to, units=units, town=True)
        return score_year(
            state, self._rulebook, asked.year, asked.through, provisional=asked.provisional
        )

    def _base(self, asked: Asked, to: int) -> _Base | None:
        """The newest sheet kept at or before a position, with its pages as of the same moment."""
        return self._sheet(asked.name, f"{asked.name} @*", to)

    def _sheet(self, name: str, others: str = "", to: int = _LAST) -> _Base | None:
        # In one transaction: somebody may bring the sheet forward between two.
        with self._view.recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute(
                "SELECT name, notification_id, CAST(town AS BLOB) FROM sheets JOIN tracking "
                "ON application_name = name WHERE (name = ? OR name GLOB ?) "
                "AND notification_id <= ? ORDER BY notification_id DESC LIMIT 1",
                (name, others, to),
            )
            row = cursor.fetchone()
            if row is None:
                return None
            query = "SELECT unit, CAST(page AS BLOB) FROM pages WHERE sheet = ?"
            cursor.execute(query, (row[0],))
            pages = {unit: page for unit, page in cursor.fetchall()}  # noqa: C416 - rows are no pairs
            return _Base(row[0], row[1], row[2], pages)

    def _keep(self, asked: Asked, to: int, town: bytes, pages: dict[str, bytes]) -> None:
        from eventsourcing.persistence import PersistenceError  # noqa: PLC0415 - as in `_write`

        newest = to == self._view.position
        name = asked.name if newest else f"{asked.name} @{to}"
        try:
            with self._view.recorder.datastore.transaction(commit=True) as cursor:
                self._write(cursor, name, to, town, pages)
                self._forget(cursor)
        except (StoreError, PersistenceError):
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
        cursor.execute("SELECT unit, CAST(page AS BLOB) FROM pages WHERE sheet = ?", (name,))
        there = {row[0]: row[1] for row in cursor.fetchall()}
        from eventsourcing.persistence import Tracking  # noqa: PLC0415 - not without a view

        self._view.recorder._insert_tracking(cursor, Tracking(name, to))  # noqa: SLF001 - the library's own way into its transaction
        # Anew and not in place: the sheet that was written last is forgotten last.
        cursor.execute("INSERT OR REPLACE INTO sheets VALUES (?, ?)", (name, town))
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


def _shown(asked: Asked, base: _Base) -> YearScores | None:
    """A kept sheet; None where it is none that this program wrote."""
    try:
        return _together(asked, base.position, base.town, base.pages.values())
    except (ValueError, TypeError, KeyError, ArithmeticError):
        return None


def _together(asked: Asked, to: int, town: bytes, pages: Iterable[bytes]) -> YearScores:
    """Pages as the town's scores, ranked."""
    there = town_of(town, asked.year, asked.through)
    return YearScores(there, to, rank(map(score_of, pages), there))


def score_town(
    store: Store, rulebook: Rulebook, asked: Asked, to: int
) -> tuple[LedgerState, YearScores]:
    """The scores of all units from the events alone.

    With as much of the state as names units and publications.
    """
    year, through, provisional = asked
    state = load_year(store, year, to)
    return state, score_year(state, rulebook, year, through, provisional=provisional)
