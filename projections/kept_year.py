"""Keep the newest part of a year, and make from it what was known at earlier positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.earlier import earlier
from ledger.errors import DamagedLedgerError
from ledger.state import LedgerState
from projections.year_loader import load_year

if TYPE_CHECKING:
    from ledger.stores import Store
    from projections.measure.calendar import YearSpan


class KeptYear:
    """The newest part of the year that was asked for last; pages ask for it at many positions."""

    def __init__(self, store: Store) -> None:
        """Keep nothing yet."""
        self._store = store
        self._kept: tuple[YearSpan, int, LedgerState] | None = None
        """The year, and the position and state of its part."""

    def at(self, span: YearSpan, to: int, head: int) -> LedgerState:
        """Return the part that a year depends on, with the position of all that happened.

        Args:
            span: the year.
            to: the position as of which it is known.
            head: the position of the ledger's last event.

        Raises:
            DamagedLedgerError: something stored by then cannot be what this program wrote.
        """
        store = self._store
        set_aside_later = {*store.omitted}.difference(store.omitted_at(to))
        if any(position <= to for position in set_aside_later):
            return load_year(store, span, to, idle=True, since=0)
        if self._kept is None or self._kept[:2] != (span, head):
            try:
                newest = load_year(store, span, head, idle=True, since=0)
            except DamagedLedgerError:  # perhaps of a row after `to`
                return load_year(store, span, to, idle=True, since=0)
            self._kept = span, head, newest
        newest = self._kept[-1]
        if to in {0, head}:
            return newest if to else LedgerState()
        (row,) = store.rows(to - 1, to)
        return earlier(newest, to).end_at(row)
