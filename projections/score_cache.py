"""Cached scores in the read model: a sheet a year and day, a page a unit.

A sheet is updated from the newest one at or before the position that is wanted: only the units
that the events in between affect are scored again, each from its own entries. Sheet, pages and
position are written in one transaction, under one code that covers them all: a page that was
changed, taken out or put in from another sheet is noticed. An older sheet in place of a newer one
is right for its own position, and is updated from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, NoReturn, overload

from msgspec.json import decode, encode

from ledger.errors import StoreError
from ledger.message import Message
from ledger.read_model import ForgedError
from ledger.state import adopted
from projections.adopted import Measures
from projections.affected_units import affected_units
from projections.facts import TownYear
from projections.postings import OpenPoint
from projections.query import YearQuery
from projections.scores import UnitScore, YearScores, period_score, rank, score_year
from projections.year_loader import load_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventsourcing.sqlite import SQLiteCursor

    from ledger.read_model.read_model import ReadModel
    from ledger.state import LedgerState
    from ledger.stores import Store
    from projections.measure import Measure
    from projections.postings import ClauseResult

MOST_SHEETS = 24
"""Sheets that one read model keeps; the one that was written first is dropped."""

_LAST = 2**63 - 1


class _Sheet(NamedTuple):
    """A cached sheet: name, position, facts of the town, pages by unit."""

    name: str
    position: int
    town: bytes
    pages: dict[str, bytes]


class ScoreCache:
    """The cached scores of one read model."""

    def __init__(self, read_model: ReadModel, store: Store) -> None:
        """Use a read model that has caught up."""
        self._read_model, self._store = read_model, store
        self._database, self._index = read_model.database, read_model.index

    def scores(self, query: YearQuery, to: int) -> YearScores:
        """Return the scores of all units as known at a position, without their postings.

        Raises:
            NoMeasureError: the year has no measure in force at that position.
        """
        sheet = self._newest(query, to)
        measure = self._measure(query, to)
        cached, units = None, None
        # A sheet of another measure can neither be read under this one nor brought forward.
        if sheet is not None and (
            sheet.position == to or self._measure(query, sheet.position).sha256 == measure.sha256
        ):
            cached = _ranked(query, sheet.position, measure, sheet.town, sheet.pages.values())
            if sheet.position == to:
                return cached
            span = sheet.position, to, query.year
            if not measure.places:
                units = affected_units(self._read_model.lookup, self._store, *span)
        fresh = self._score(query, to, units, measure)
        if cached is None or units is None:
            scored = list(fresh.units)
        else:
            scored = [one for one in fresh.units if one.unit in units]
            scored += [one for one in cached.units if one.unit not in units]
        town, pages = _encode_town(fresh.town), {one.unit: encode_page(one) for one in scored}
        self._keep(query, to, town, pages)
        return _ranked(query, to, measure, town, pages.values())

    def _measure(self, query: YearQuery, to: int) -> Measure:
        measures = Measures(adopted(self._store, to).adoptions)
        return measures.of(query.year, provisional=query.provisional).measure

    def departures(self, state: LedgerState) -> Iterator[tuple[str, list[str]]]:
        """Yield each sheet with the units whose pages differ from a full replay.

        Args:
            state: the whole ledger up to that position; sheets of others are passed over.
        """
        measures = Measures(state.adoptions)
        for name, position in self.kept():
            if position == state.position:
                sheet, query = self._sheet(name), _query_of(name)
                measure, _ = measures.of(query.year, provisional=query.provisional)
                right = score_year(state, measure, *query[:2], provisional=query.provisional)
                made = {one.unit: encode_page(one) for one in right.units}
                there = {} if sheet is None else sheet.pages
                wrong = [unit for unit in {*there, *made} if there.get(unit) != made.get(unit)]
                if wrong:
                    yield name, sorted(wrong)

    def kept(self) -> list[tuple[str, int]]:
        """Return every sheet's name and position."""
        with self._database.transaction() as cursor:
            cursor.execute("SELECT name, CAST(position AS INTEGER) FROM sheets")
            return [(str(name), position) for name, position in cursor.fetchall()]

    def _score(
        self, query: YearQuery, to: int, units: set[str] | None, measure: Measure
    ) -> YearScores:
        state = (
            load_year(self._store, measure.calendar.span(query.year), to)
            if units is None
            else self._read_model.lookup.state(to, units=units, town=True)
        )
        return score_year(state, measure, *query[:2], provisional=query.provisional)

    def _newest(self, query: YearQuery, to: int) -> _Sheet | None:
        """Return the newest sheet at or before a position, with its pages."""
        name = _name_of(query)
        return self._sheet(name, f"{name} @*", to)

    def _sheet(self, name: str, others: str = "", to: int = _LAST) -> _Sheet | None:
        # In one transaction: another process may bring the sheet forward in between.
        with self._database.transaction() as cursor:
            cursor.execute(
                "SELECT name, position, town, mac FROM sheets "
                "WHERE (name = ? OR name GLOB ?) AND position <= ? ORDER BY position DESC LIMIT 1",
                (name, others, to),
            )
            row = cursor.fetchone()
            if row is None:
                return None
            sheet = _Sheet(row[0], row[1], row[2], _pages(cursor, row[0]))
        if not (isinstance(row[3], bytes) and self._mac(sheet) == row[3]):
            raise ForgedError(
                Message(
                    "something else than this program has changed the scores {name} in it",
                    name=str(row[0]),
                )
            )
        return sheet

    def _mac(self, sheet: _Sheet) -> bytes | None:
        """Return the code of a sheet and of the event at its position; None if it has none."""
        name, position, town, pages = sheet
        texts, contents = [name, *pages], [town, *pages.values()]
        if not (isinstance(position, int) and all(isinstance(one, str) for one in texts)):
            return None
        if not all(isinstance(one, bytes) for one in contents):
            return None
        ordered = [part for unit in sorted(pages) for part in (unit.encode(), pages[unit])]
        left_out = repr(self._store.omitted_at(position)).encode()
        of_event = b"%d" % position, self._index.leaf_at(position), left_out
        return self._database.seal.mac([b"sheet", name.encode(), *of_event, town, *ordered])

    def _keep(self, query: YearQuery, to: int, town: bytes, pages: dict[str, bytes]) -> None:
        newest = to == self._read_model.position
        name = _name_of(query) if newest else f"{_name_of(query)} @{to}"
        mac = self._mac(_Sheet(name, to, town, pages))
        try:
            with self._database.transaction(write=True) as cursor:
                cursor.execute("SELECT position FROM sheets WHERE name = ?", (name,))
                if any(position > to for (position,) in cursor.fetchall()):
                    return  # another process has taken it further
                there = _pages(cursor, name)
                # Replaced, not updated, so that the sheet written last is dropped last.
                cursor.execute(
                    "INSERT OR REPLACE INTO sheets VALUES (?, ?, ?, ?)", (name, to, town, mac)
                )
                gone = [(name, unit) for unit in there if unit not in pages]
                cursor.executemany("DELETE FROM pages WHERE sheet = ? AND unit = ?", gone)
                changed = [
                    (name, unit, one) for unit, one in pages.items() if there.get(unit) != one
                ]
                cursor.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", changed)
                _drop_oldest(cursor)
        except StoreError:
            # The sheet is only a cache: if it cannot be written, the scores are still right.
            return


def _name_of(query: YearQuery) -> str:
    counted = "provisional" if query.provisional else "verified"
    return f"{query.year} {query.through} {counted}"


def _query_of(name: str) -> YearQuery:
    year, through, counted = name.split()[:3]
    return YearQuery(int(year), date.fromisoformat(through), counted == "provisional")


def _pages(cursor: SQLiteCursor, sheet: str) -> dict[str, bytes]:
    cursor.execute("SELECT unit, page FROM pages WHERE sheet = ?", (sheet,))
    return {row[0]: row[1] for row in cursor.fetchall()}


def _drop_oldest(cursor: SQLiteCursor) -> None:
    cursor.execute("SELECT name FROM sheets ORDER BY rowid DESC LIMIT -1 OFFSET ?", (MOST_SHEETS,))
    for (name,) in cursor.fetchall():
        cursor.execute("DELETE FROM pages WHERE sheet = ?", (name,))
        cursor.execute("DELETE FROM sheets WHERE name = ?", (name,))


def _ranked(
    query: YearQuery, to: int, measure: Measure, town: bytes, pages: Iterable[bytes]
) -> YearScores:
    readings, rulings = decode(town)
    # Special periods, notices and resolutions have gone into the pages.
    town_year = TownYear(query.year, query.through, readings, measure, rulings)
    return YearScores(town_year, to, rank(map(decode_page, pages), town_year))


def _encode_town(town: TownYear) -> bytes:
    """Return the town's part of a sheet: the readings in force and their rulings."""
    return encode([town.readings, town.rulings])


class NoPostings(Sequence["ClauseResult"]):
    """Stand-in for the results of a cached score: pages have no postings."""

    _REASON = "a cached page keeps no postings; score the unit's own entries"

    def __len__(self) -> NoReturn:
        raise AssertionError(self._REASON)

    @overload
    def __getitem__(self, index: int) -> NoReturn: ...
    @overload
    def __getitem__(self, index: slice) -> NoReturn: ...
    def __getitem__(self, index: int | slice) -> NoReturn:
        raise AssertionError(self._REASON)


def encode_page(score: UnitScore) -> bytes:
    """Return the page of a score, without the rank, which depends on the others."""
    periods = [
        [one.number, one.name, _texts(one.sections), _texts(one.beside)] for one in score.periods
    ]
    figures = [periods, _texts(score.sections), score.flags, score.eligible, str(score.total)]
    assessed = [score.first, score.last, score.carried, score.flagged_from]
    return encode(
        [score.unit, score.name, score.type, score.group, *figures, score.open, *assessed]
    )


def _texts(points: dict[str, Decimal]) -> dict[str, str]:
    return {slug: str(value) for slug, value in points.items()}


def _decimals(texts: dict[str, str]) -> dict[str, Decimal]:
    return {slug: Decimal(text) for slug, text in texts.items()}


def decode_page(page: bytes) -> UnitScore:
    """Return the score of a page."""
    unit, name, type_, group, periods, sections, flags, eligible, total, open_points, *assessed = (
        decode(page)
    )
    first, last, carried, flagged_from = assessed
    return UnitScore(
        unit,
        name,
        type_,
        group,
        tuple(
            period_score(number, period, _decimals(own), _decimals(beside))
            for number, period, own, beside in periods
        ),
        _decimals(sections),
        tuple(flags),
        eligible,
        Decimal(total),
        NoPostings(),
        [OpenPoint(*point) for point in open_points],
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        carried=tuple(carried),
        flagged_from=flagged_from,
    )
