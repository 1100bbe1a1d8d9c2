"""The assessment year that a ledger has come to: the latest with an entry that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.marks import MONTH, dating_marks, year_in
from ledger.stores import RowFilter
from ledger.view import WITNESSES
from projections.effective import Effective
from projections.occurrence import year_of_entry
from projections.slices.year import year_register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.register import Register
    from ledger.stores import Store
    from ledger.view.lookup import Lookup


def latest_year(register: Register, until: int) -> int:
    """The latest year, begun by now, of an entry that counts, or else of any; `until` for none.

    Args:
        register: the whole ledger.
        until: the assessment year of today.
    """
    for provisional in (False, True):
        # A mistyped year that nobody has verified is not to lead everybody astray.
        begun = [year for year in _years(register, provisional=provisional) if year <= until]
        if begun:
            return max(begun)
    return until


def _years(register: Register, *, provisional: bool) -> set[int]:
    effective = Effective(register, provisional=provisional)
    found = {year_of_entry(entry, register, effective) for _, entry in effective.entries()}
    return {year for year in found if year is not None}


def latest_year_by_view(lookup: Lookup, store: Store, to: int, until: int) -> int:
    """The same by some entries of each year, however large the ledger is."""
    witnesses = lookup.witnesses(until)

    def register_of(year: int) -> Register:
        positions = [position for position in witnesses[year] if position <= to]
        return lookup.register(to, ids=store.ids_at(positions), all_referring=True)

    def has(year: int, *, provisional: bool) -> bool:
        if year in _years(register_of(year), provisional=provisional):
            return True
        more = len(witnesses[year]) >= WITNESSES
        return more and year in _years(
            year_register(store, year, to, idle=True), provisional=provisional
        )

    return _first(witnesses, until, has)


def latest_year_by_rows(store: Store, to: int, until: int) -> int:
    """The same by reading the parts of the latest years, without a view."""
    kept: dict[int, Register] = {}

    def has(year: int, *, provisional: bool) -> bool:
        if year not in kept:
            kept[year] = year_register(store, year, to, idle=True)
        return year in _years(kept[year], provisional=provisional)

    return _first(_named_years(store, to, until), until, has)


def _first(years: Iterable[int], until: int, has: Callable[..., bool]) -> int:
    """The first of the years, latest first, that has an entry which counts, or else any."""
    candidates = sorted(years, reverse=True)
    for provisional in (False, True):
        for year in candidates:
            if has(year, provisional=provisional):
                return year
    return until


def _named_years(store: Store, to: int, until: int) -> set[int]:
    """Every assessment year that an entry names or is dated in, up to one."""
    marks = dating_marks()
    months = set[bytes]()
    for _, _, _, topic, state in store.rows_matching([RowFilter(tuple(marks))], to):
        mark = marks[topic]
        at = state.find(mark)
        if at >= 0:
            months.add(state[at + len(mark) : at + len(mark) + MONTH])
    return {year for month in months if (year := year_in(month)) <= until}
