"""The assessment years of a ledger, and the latest one that it has come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.codec import REVERSED, UNREADABLE, damaged, decode
from ledger.entries import STORED
from ledger.read_model import WITNESSES
from ledger.state_filters import dating_field, own_year, topics_of
from ledger.stores import RowFilter
from projections.effective import Effective
from projections.occurrence import year_of_entry
from projections.year_loader import load_year

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.read_model.lookup import Lookup
    from ledger.state import LedgerState
    from ledger.stores import Store


def years_of(state: LedgerState, *, provisional: bool) -> set[int]:
    """Return the assessment years of the entries that count."""
    effective = Effective(state, provisional=provisional)
    found = {year_of_entry(entry, state, effective) for _, entry in effective.entries()}
    return {year for year in found if year is not None}


def counted_years(state: LedgerState) -> set[int]:
    """Return the assessment years in which an entry counts, verified or provisionally."""
    return years_of(state, provisional=True) | years_of(state, provisional=False)


def latest_year(state: LedgerState, until: int) -> int:
    """Return the latest year that has an entry which counts, else any; else `until`.

    Args:
        state: the whole ledger.
        until: the assessment year of today.
    """
    for provisional in (False, True):
        # A mistyped year that nobody has verified does not count while another does.
        begun = [year for year in years_of(state, provisional=provisional) if year <= until]
        if begun:
            return max(begun)
    return until


class NamedYears(NamedTuple):
    """The years that entries of a large ledger name, and whether an entry counts in one."""

    years: tuple[int, ...]
    """The latest first, up to the year of today."""
    has: Callable[..., bool]
    """`has(year, provisional=…)` returns whether an entry counts in a year."""

    def counted(self) -> set[int]:
        """Return the same as `counted_years`."""
        has = self.has
        return {
            one for one in self.years if has(one, provisional=True) or has(one, provisional=False)
        }

    def latest(self, until: int) -> int:
        """Return the same as `latest_year`."""
        for provisional in (False, True):
            for year in self.years:
                if self.has(year, provisional=provisional):
                    return year
        return until


def years_by_read_model(lookup: Lookup, store: Store, to: int, until: int) -> NamedYears:
    """Return the years from some entries of each, however large the ledger is."""
    witnesses = lookup.witnesses(until)

    def has(year: int, *, provisional: bool) -> bool:
        positions = [position for position in witnesses[year] if position <= to]
        state = lookup.state(to, ids=store.ids_at(positions), all_referring=True)
        if year in years_of(state, provisional=provisional):
            return True
        if len(witnesses[year]) < WITNESSES:
            return False
        whole_year = load_year(store, year, to, idle=True)
        return year in years_of(whole_year, provisional=provisional)

    return NamedYears(tuple(witnesses), has)


def years_by_rows(store: Store, to: int, until: int) -> NamedYears:
    """Return the years from the rows, without a read model; load those that are in doubt."""
    loaded: dict[int, LedgerState] = {}
    reversed_ids = {row[1] for row in store.rows_matching([RowFilter((REVERSED,))], to)}
    years = dict[int, bool]()
    """By year, whether an entry dated in it was never taken back."""
    dated = [kind for kind in STORED if dating_field(kind) is not None]
    for position, name, _, topic, state in store.rows_matching([RowFilter(topics_of(dated))], to):
        try:
            entry = decode(topic, state).entry  # type: ignore[attr-defined]
        except UNREADABLE as error:
            raise damaged(position, topic, name, error) from error
        year = own_year(entry)
        if year is not None and year <= until:
            years[year] = name not in reversed_ids or years.get(year, False)

    def has(year: int, *, provisional: bool) -> bool:
        if provisional and years[year]:
            return True
        if year not in loaded:
            loaded[year] = load_year(store, year, to, idle=True)
        return year in years_of(loaded[year], provisional=provisional)

    return NamedYears(tuple(sorted(years, reverse=True)), has)
