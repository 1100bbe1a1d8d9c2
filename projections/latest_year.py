"""The assessment years of a ledger, and the latest one that it has come to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ledger.codec import REVERSED, UNREADABLE, damaged, decode
from ledger.entries import STORED, MeasureEntry
from ledger.read_model import WITNESSES
from ledger.state_filters import dating_field, own_years, topics_of, year_key
from ledger.stores import RowFilter
from projections.effective import Effective
from projections.occurrence import year_of_entry
from projections.year_loader import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ledger.entries import Entry
    from ledger.read_model.lookup import Lookup
    from ledger.state import LedgerState
    from ledger.stores import Store
    from projections.adopted import Measures
    from projections.measure.calendar import YearSpan


def years_of(state: LedgerState, measures: Measures, *, provisional: bool) -> set[int]:
    """Return the years with a measure that have an entry which counts, and which a clause reads."""
    effective = Effective(state, provisional=provisional)
    found = set[int]()
    for _, entry in effective.entries():
        year = year_of_entry(entry, state, effective, measures)
        if year is not None and year not in measures.years_without(entry.KIND):
            found.add(year)
    return found


class CandidateYears(NamedTuple):
    """The years with a measure, and whether an entry counts in one."""

    years: tuple[int, ...]
    """The latest first; at least one."""
    has: Callable[..., bool]
    """`has(year, provisional=…)` returns whether an entry counts in a year."""

    def latest(self) -> int:
        """Return the latest year that has an entry which counts, else any entry; else the latest.

        A mistyped year that nobody has verified does not count while another does.
        """
        for provisional in (False, True) if len(self.years) > 1 else ():
            for year in self.years:
                if self.has(year, provisional=provisional):
                    return year
        return self.years[0]


def years_of_whole(
    state: LedgerState, measures: Measures, years: tuple[int, ...]
) -> CandidateYears:
    """Return the candidates of a ledger whose whole state is at hand."""

    @cache
    def found(*, provisional: bool) -> set[int]:
        return years_of(state, measures, provisional=provisional)

    return CandidateYears(
        years, lambda year, *, provisional: year in found(provisional=provisional)
    )


def years_by_read_model(
    lookup: Lookup, store: Store, to: int, measures: Measures, spans: Sequence[YearSpan]
) -> CandidateYears:
    """Return the candidates from some entries of each year, however large the ledger is."""
    span_of = {span.year: span for span in spans}
    witnesses = lookup.witnesses({key for span in spans for key in _keys(span, after=1)})

    def has(year: int, *, provisional: bool) -> bool:
        # A report of a measure's own kind may have come in after the year that it is for.
        keys = _keys(span_of[year], after=1)
        found = [position for key in keys for position in witnesses.get(key, ()) if position <= to]
        state = lookup.state(to, ids=store.ids_at(found), all_referring=True)
        if year in years_of(state, measures, provisional=provisional):
            return True
        if all(len(witnesses.get(key, ())) < WITNESSES for key in keys):
            return False
        whole_year = load_year(store, span_of[year], to, idle=True)
        return year in years_of(whole_year, measures, provisional=provisional)

    return CandidateYears(tuple(span_of), has)


def years_by_rows(
    store: Store, to: int, measures: Measures, spans: Sequence[YearSpan]
) -> CandidateYears:
    """Return the candidates from the rows, without a read model; load years that are in doubt."""
    span_of = {span.year: span for span in spans}
    loaded: dict[int, LedgerState] = {}
    reversed_ids = {row[1] for row in store.rows_matching([RowFilter((REVERSED,))], to)}
    keys = dict[int, set[str]]()
    """By `year_key`, the kinds of the entries dated in it that were never taken back."""
    dated = [kind for kind in STORED if dating_field(kind) is not None]
    for position, name, _, topic, state in store.rows_matching([RowFilter(topics_of(dated))], to):
        try:
            entry = decode(topic, state).entry  # type: ignore[attr-defined]
        except UNREADABLE as error:
            raise damaged(position, topic, name, error) from error
        own_keys = {*own_years(entry), *_key_of_report(entry, measures)}
        sure = len(own_keys) == 1 and name not in reversed_ids
        for key in own_keys:
            keys.setdefault(key, set()).update([entry.KIND] if sure else [])

    def has(year: int, *, provisional: bool) -> bool:
        span = span_of[year]
        own = _keys(span)
        if not any(key in keys for key in own):
            return False
        if provisional and len(own) == 1:
            kinds = keys[own[0]]
            if any(year not in measures.years_without(kind) for kind in kinds):
                return True
        if year not in loaded:
            loaded[year] = load_year(store, span, to, idle=True)
        return year in years_of(loaded[year], measures, provisional=provisional)

    return CandidateYears(tuple(span_of), has)


def _keys(span: YearSpan, after: int = 0) -> range:
    """Return the keys of the entries that may belong to a year, and of some years after it."""
    return range(year_key(span.first), year_key(span.last) + 1 + after)


def _key_of_report(entry: Entry, measures: Measures) -> tuple[int, ...]:
    """Return the key of the day on which a report of a measure's own kind was due."""
    day = measures.assessed_day(entry) if isinstance(entry, MeasureEntry) else None
    return () if day is None else (year_key(day),)
