"""The assessment years of a ledger, and the latest one that it has come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.codec import UNREADABLE, damaged, decode
from ledger.entries import BY_KIND
from ledger.read_model import WITNESSES
from ledger.state_filters import dating_field, own_year, topics_of
from ledger.stores import RowFilter
from projections.effective import Effective
from projections.occurrence import year_of_entry
from projections.year_loader import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from ledger.read_model.lookup import Lookup
    from ledger.state import LedgerState
    from ledger.stores import Store


def years_of(state: LedgerState, *, provisional: bool) -> set[int]:
    """Return the assessment years of the entries that count."""
    effective = Effective(state, provisional=provisional)
    found = {year_of_entry(entry, state, effective) for _, entry in effective.entries()}
    return {year for year in found if year is not None}


def latest_year(state: LedgerState, among: Collection[int]) -> int:
    """Return the latest year that has an entry which counts, else any entry; else the latest.

    Args:
        state: the whole ledger.
        among: the years to choose from, at least one.
    """
    for provisional in (False, True):
        # A mistyped year that nobody has verified does not count while another does.
        found = years_of(state, provisional=provisional) & set(among)
        if found:
            return max(found)
    return max(among)


def latest_year_by_read_model(lookup: Lookup, store: Store, to: int, among: Collection[int]) -> int:
    """Return the same from some entries of each year, however large the ledger is."""
    witnesses = lookup.witnesses(max(among))

    def has(year: int, *, provisional: bool) -> bool:
        positions = [position for position in witnesses[year] if position <= to]
        state = lookup.state(to, ids=store.ids_at(positions), all_referring=True)
        if year in years_of(state, provisional=provisional):
            return True
        if len(witnesses[year]) < WITNESSES:
            return False
        whole_year = load_year(store, year, to, idle=True)
        return year in years_of(whole_year, provisional=provisional)

    return _first(witnesses, among, has)


def latest_year_by_rows(store: Store, to: int, among: Collection[int]) -> int:
    """Return the same by loading the latest years, without a read model."""
    loaded: dict[int, LedgerState] = {}

    def has(year: int, *, provisional: bool) -> bool:
        if year not in loaded:
            loaded[year] = load_year(store, year, to, idle=True)
        return year in years_of(loaded[year], provisional=provisional)

    return _first(named_years(store, to, max(among)), among, has)


def named_years(store: Store, to: int, until: int) -> set[int]:
    """Return every assessment year that an entry names or is dated in, up to one."""
    dated = [kind for kind in BY_KIND if dating_field(kind) is not None]
    found = set[int]()
    for position, name, _, topic, state in store.rows_matching([RowFilter(topics_of(dated))], to):
        try:
            entry = decode(topic, state).entry  # type: ignore[attr-defined]
        except UNREADABLE as error:
            raise damaged(position, topic, name, error) from error
        year = own_year(entry)
        if year is not None and year <= until:
            found.add(year)
    return found


def _first(years: Iterable[int], among: Collection[int], has: Callable[..., bool]) -> int:
    """Return the latest year that has an entry which counts, else any entry; else the latest."""
    candidates = sorted(set(years) & set(among), reverse=True)
    for provisional in (False, True):
        for year in candidates:
            if has(year, provisional=provisional):
                return year
    return max(among)
