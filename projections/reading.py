"""Scores by the cheapest way that gives them: the whole ledger, a part of it, or kept pages.

Whichever way it is, points come from the clauses alone; the ways differ in what they read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ledger import view as views
from ledger.events import PUBLICATION
from ledger.view import ViewError
from projections.calendar import QUARTERS, quarter_name
from projections.latest import latest_year, latest_year_by_rows, latest_year_by_view
from projections.scores import YearScores, score_year
from projections.sheets import Asked, Sheets, score_town
from projections.year_loader import load_year

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ledger.application import Ledger
    from ledger.state import LedgerState
    from ledger.view.view import View
    from projections.rulebook import Rulebook


Read = TypeVar("Read")


class Wish(NamedTuple):
    """What scores are wished for."""

    year: int | None
    """None for the latest one of the ledger."""
    day: Callable[[int], date]
    """The day at whose close a year is seen."""
    provisional: bool = False
    unit: str | None = None
    """The one unit that is looked at, under any id that it ever had."""
    findings: bool = False
    """Whether postings are looked at, and not only what they come to."""


class Scored(NamedTuple):
    """Scores, with as much of the state as tells their units, publications and the unit's."""

    state: LedgerState
    scores: YearScores


class Reading:
    """A ledger to read scores from."""

    def __init__(
        self,
        ledger: Ledger,
        rulebook: Rulebook,
        this_year: int,
        view: Callable[[], View | None] | None = None,
    ) -> None:
        """On an open ledger.

        Args:
            ledger: the ledger.
            rulebook: the measure.
            this_year: the assessment year of today; later ones have not begun.
            view: opens the ledger's view; None to do without one, whatever the ledger's size.
        """
        self._ledger, self._rulebook, self._until = ledger, rulebook, this_year
        self._view = view

    def scored(self, wish: Wish, to: int | None = None) -> Scored:
        """Scores as known at a position, or now; with a unit and findings, that unit's alone.

        The units of the scores are in rank order, except where one unit's findings are wished
        for: it then comes alone, unranked, if it is there at all.
        """
        small = self._ledger.position() <= views.SMALL
        if self._view is not None and small:
            return self._whole(wish, to)
        return self._by_view(lambda view: self._scored(wish, to, view))

    def _scored(self, wish: Wish, to: int | None, view: View | None) -> Scored:
        newest = self._ledger.position() if view is None else view.position
        head = newest if to is None else to
        year = self._latest_year(head, view) if wish.year is None else wish.year
        if view is None or (wish.findings and wish.unit is None):
            return self._part(wish, year, head)
        if wish.findings and wish.unit is not None:
            return self._of_unit(wish, wish.unit, year, head, view)
        return self._pages(wish, year, head, view)

    def _latest_year(self, to: int, view: View | None) -> int:
        if view is None:
            return latest_year_by_rows(self._ledger.store, to, self._until)
        return latest_year_by_view(view.lookup, self._ledger.store, to, self._until)

    def _by_view(self, read: Callable[[View | None], Read]) -> Read:
        """What is read by the view where there is one that holds; else without."""
        view = None if self._view is None else self._view()
        if view is None:
            return read(None)
        try:
            return read(view)
        except ViewError as error:
            view.give_up(error)
            self._view = None
            return read(None)

    def life(self, subject: str, to: int | None = None) -> LedgerState:
        """As much of the state as tells the history of an entry, objection or quarter."""

        def read(view: View | None) -> LedgerState:
            if view is not None:
                return view.lookup.life(subject, view.position if to is None else to)
            return self._ledger.state() if to is None else self._ledger.state_at(to)

        return self._by_view(read)

    def _whole(self, wish: Wish, to: int | None) -> Scored:
        state = self._ledger.state() if to is None else self._ledger.state_at(to)
        year = latest_year(state, self._until) if wish.year is None else wish.year
        return self._score(state, wish, year)

    def _part(self, wish: Wish, year: int, to: int) -> Scored:
        if not wish.findings:
            asked = Asked(year, wish.day(year), wish.provisional)
            return Scored(*score_town(self._ledger.store, self._rulebook, asked, to))
        return self._score(load_year(self._ledger.store, year, to), wish, year)

    def _of_unit(self, wish: Wish, unit: str, year: int, to: int, view: View) -> Scored:
        state = view.lookup.state(to, units=[unit], town=True)
        scored = self._score(state, wish, year)
        # Of the others only what concerns this one was read.
        family = view.lookup.family([unit])
        own = tuple(one for one in scored.scores.units if one.unit in family)
        for one in own:
            one.rank = 0
        return Scored(state, YearScores(scored.scores.town, to, own))

    def _pages(self, wish: Wish, year: int, to: int, view: View) -> Scored:
        sheets = Sheets(view, self._ledger.store, self._rulebook)
        scores = sheets.scores(Asked(year, wish.day(year), wish.provisional), to)
        ids = [f"{PUBLICATION}{quarter_name(year, quarter)}" for quarter in QUARTERS]
        ids += view.lookup.corrected_units()
        ids += [] if wish.unit is None else [wish.unit]
        return Scored(view.lookup.state(to, ids=ids), scores)

    def _score(self, state: LedgerState, wish: Wish, year: int) -> Scored:
        scores = score_year(
            state, self._rulebook, year, wish.day(year), provisional=wish.provisional
        )
        return Scored(state, scores)
