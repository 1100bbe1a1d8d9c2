"""Load what a query needs, in the cheapest way.

A small ledger is replayed whole; of a large one the year's part is loaded, the unit's by the read
model's index, or cached scores. Points are computed by the clauses in each case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ledger import read_model as settings
from ledger.errors import TallyError
from ledger.events import PUBLICATION
from ledger.message import Message
from ledger.read_model import ReadModelError
from ledger.state import adopted
from ledger.state_filters import topics_of
from ledger.stores import RowFilter
from projections.calendar import QUARTERS, last_day, quarter_name, year_of
from projections.gathering import gather
from projections.latest_year import (
    NamedYears,
    counted_years,
    latest_year,
    years_by_read_model,
    years_by_rows,
)
from projections.measures import Measures
from projections.parallel import score_in_parallel
from projections.query import YearQuery
from projections.score_cache import ScoreCache
from projections.scores import Scored, YearScores, score_year
from projections.year_loader import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import date, datetime

    from ledger.application import Ledger
    from ledger.read_model.read_model import ReadModel
    from ledger.state import LedgerState
    from projections.facts import TownYear
    from projections.measures import MeasureInForce
    from projections.query import ScoreQuery

Loaded = TypeVar("Loaded")


class Years(NamedTuple):
    """The assessment years of a ledger, never none."""

    listed: tuple[int, ...]
    """The earliest first; the present one alone where nothing counts in any."""
    latest: int
    """The one that `ScoreQuery` means unless it names another."""


class BeyondTheEndError(TallyError):
    """A position lies beyond the ledger's end."""

    def __init__(self, head: int) -> None:
        super().__init__(Message("the ledger ends at position {head}", head=head))


class Loader:
    """Answers queries about an open ledger."""

    def __init__(
        self,
        ledger: Ledger,
        today: date,
        read_model: Callable[[], ReadModel | None] = lambda: None,
    ) -> None:
        """Load from an open ledger.

        Args:
            ledger: the ledger.
            today: the office's calendar day.
            read_model: opens the read model of a large ledger; returns None where there is none, or
                it was given up.
        """
        self._ledger, self._store = ledger, ledger.store
        self._today = today
        self._open_read_model = read_model

    def without_read_model(self) -> Loader:
        """Return a loader that reads events alone."""
        return Loader(self._ledger, self._today)

    def position(self, as_of: int | datetime | None) -> int | None:
        """Return the position that a position or a recorded time means; None for now.

        Raises:
            BeyondTheEndError: the position lies beyond the ledger's end.
        """
        if isinstance(as_of, int):
            head = self._ledger.position()
            if as_of > head:
                raise BeyondTheEndError(head)
            return as_of
        return None if as_of is None else self._ledger.position_at(as_of)

    def default_day(self, year: int) -> date:
        """Return the last day of a year, or today in a year that has not ended."""
        return min(self._today, last_day(year))

    def measure(
        self, state: LedgerState, year: int, *, provisional: bool = False
    ) -> MeasureInForce:
        """Return the measure of a year in a state, which may be a part of the ledger's.

        Raises:
            NoMeasureError: the year has none in force.
        """
        return Measures(state.adoptions).of(year, provisional=provisional)

    def scores(
        self, query: ScoreQuery, *, postings: bool = False, since: int | None = None
    ) -> Scored:
        """Return the scores that a query asks for.

        With a unit and postings, the unit comes alone and unranked.

        Args:
            query: the year, day, position and unit.
            postings: whether postings are needed, and not only their sums.
            since: a position; where, when and by whom was verified after it is needed too.

        Raises:
            BeyondTheEndError: the position lies beyond the ledger's end.
            NoMeasureError: the year has no measure in force.
        """
        to = self.position(query.as_of)
        if self._is_small():
            state = self._whole(to)
            return self._score(state, self._year_query(query, state, None, whole=True))
        return self._by_read_model(
            lambda model: self._scores(query, to, model, postings=postings, since=since)
        )

    def year_state(self, year: int, known: LedgerState) -> LedgerState:
        """Return the newest state's part that a year depends on, with a known part."""
        if self._is_small():
            return self._ledger.state()
        state = load_year(self._store, year, known.position)
        for name, entry_state in known.entries.items():
            state.entries.setdefault(name, entry_state)
        return state

    def town(self, query: ScoreQuery) -> tuple[TownYear, LedgerState]:
        """Return the readings in force in a year, and the part of the state that they are from."""
        to = self.position(query.as_of)
        if self._is_small():
            rulings = self._whole(to)
            resolved = self._year_query(query, rulings, None, whole=True)
        else:
            rulings = self.of_kinds(("ruling",), to)
            resolved = self._by_read_model(lambda model: self._year_query(query, rulings, model))
        rulebook, _ = self.measure(rulings, resolved.year, provisional=resolved.provisional)
        town, _ = gather(rulings, rulebook, *resolved[:2], provisional=resolved.provisional)
        return town, rulings

    def of_kinds(self, kinds: Iterable[str], to: int | None = None) -> LedgerState:
        """Return the state of all entries of kinds without references, with reversals."""
        if self._is_small():
            return self._whole(to)
        head = self._ledger.position() if to is None else to
        topics = topics_of((*kinds, "reversal"))
        ids = {row[1] for row in self._store.rows_matching([RowFilter(topics)], head)}
        state = adopted(self._store, head).fold(self._store.rows_of(ids, head), partial=True)
        state.position = head
        return state

    def history(self, subject: str, as_of: int | datetime | None = None) -> LedgerState:
        """Return the part of the state that the history of a subject needs.

        Args:
            subject: the id of an entry or an objection, or a published quarter.
            as_of: a position or a recorded time; None for now.
        """
        to = self.position(as_of)

        def load(model: ReadModel | None) -> LedgerState:
            if model is None:
                return self._whole(to)
            return model.lookup.history(subject, model.position if to is None else to)

        return self._by_read_model(load)

    def years(self, to: int | None = None) -> Years:
        """Return the years that have a measure, begun by now, in which an entry counts."""
        head = self._ledger.position() if to is None else to
        known = self._whole(to) if self._is_small() else adopted(self._store, head)
        among, in_force = (self._measured(known, provisional=one) for one in (True, False))
        if self._is_small():
            found, latest = counted_years(known), latest_year(known, in_force)
        else:

            def load(model: ReadModel | None) -> tuple[set[int], int]:
                named = self._named_years(head, among, model)
                return named.counted(), named.latest(in_force)

            found, latest = self._by_read_model(load)
        return Years(tuple(sorted(found & set(among))) or among[-1:], latest)

    def _measured(self, state: LedgerState, *, provisional: bool) -> tuple[int, ...]:
        """Return the years that have a measure, those begun by now if there are any."""
        years = Measures(state.adoptions).years(provisional=provisional)
        now = year_of(self._today)
        return tuple(year for year in years if year <= now) or years or (now,)

    def _is_small(self) -> bool:
        return self._ledger.position() <= settings.SMALL

    def _whole(self, to: int | None) -> LedgerState:
        return self._ledger.state() if to is None else self._ledger.state_at(to)

    def _by_read_model(self, load: Callable[[ReadModel | None], Loaded]) -> Loaded:
        """Load by the read model where there is one that works, else without."""
        model = self._open_read_model()
        if model is None:
            return load(None)
        try:
            model.follow()
            return load(model)
        except ReadModelError as error:
            model.give_up(error)
            return load(None)

    def _year_query(
        self,
        query: ScoreQuery,
        state: LedgerState,
        model: ReadModel | None,
        *,
        whole: bool = False,
    ) -> YearQuery:
        """Return the query with its year and day.

        Args:
            query: the query.
            state: the ledger's state at a position, or its adoptions at least.
            model: the read model, if there is one.
            whole: whether the state is whole.
        """
        year, among = query.year, self._measured(state, provisional=query.provisional)
        if year is None and whole:
            year = latest_year(state, among)
        elif year is None:
            year = self._named_years(state.position, among, model).latest(among)
        return YearQuery(year, query.through or self.default_day(year), query.provisional)

    def _named_years(self, to: int, among: Collection[int], model: ReadModel | None) -> NamedYears:
        if model is None:
            return years_by_rows(self._store, to, among)
        return years_by_read_model(model.lookup, self._store, to, among)

    def _scores(
        self,
        query: ScoreQuery,
        to: int | None,
        model: ReadModel | None,
        *,
        postings: bool,
        since: int | None,
    ) -> Scored:
        newest = self._ledger.position() if model is None else model.position
        head = newest if to is None else to
        known = adopted(self._store, head)
        resolved = self._year_query(query, known, model)
        if model is None and not postings:
            rulebook, _ = self.measure(known, resolved.year, provisional=resolved.provisional)
            parallel = score_in_parallel(self._store, rulebook, resolved, head)
            if parallel is not None:
                return parallel
        if model is None or (postings and query.unit is None):
            # What changed since may be that an entry without effect was verified.
            idle = since is not None
            state = load_year(self._store, resolved.year, head, idle=idle, since=since)
            return self._score(state, resolved)
        if postings and query.unit is not None:
            return self._unit_scores(query.unit, resolved, head, model)
        scores = ScoreCache(model, self._store).scores(resolved, head)
        ids = [f"{PUBLICATION}{quarter_name(resolved.year, quarter)}" for quarter in QUARTERS]
        ids += model.lookup.corrected_units()
        ids += [] if query.unit is None else [query.unit]
        return Scored(model.lookup.state(head, ids=ids), scores)

    def _unit_scores(self, unit: str, query: YearQuery, to: int, model: ReadModel) -> Scored:
        scored = self._score(model.lookup.state(to, units=[unit], town=True), query)
        # Of the other units only what concerns this one was loaded.
        family = model.lookup.family([unit])
        own = tuple(one for one in scored.scores.units if one.unit in family)
        for one in own:
            one.rank = 0
        return Scored(scored.state, YearScores(scored.scores.town, to, own))

    def _score(self, state: LedgerState, query: YearQuery) -> Scored:
        year, through, provisional = query
        rulebook, _ = self.measure(state, year, provisional=provisional)
        return Scored(state, score_year(state, rulebook, year, through, provisional=provisional))
