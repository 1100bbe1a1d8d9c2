"""Load what a query needs, in the cheapest way.

A small ledger is replayed whole; of a large one the year's part is loaded, the unit's by the read
model's index, or cached scores. Points are computed by the clauses in each case.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from ledger import read_model as settings
from ledger.errors import TallyError
from ledger.events import PUBLICATION
from ledger.message import Message
from ledger.positions import position_at
from ledger.read_model import ReadModelError
from ledger.reader import FEW
from ledger.state import adopted
from ledger.vocabulary import FIRST_YEAR, LAST_YEAR
from projections.adopted import Measures
from projections.gathering import gather
from projections.kept_year import KeptYear
from projections.latest_year import (
    CandidateYears,
    years_by_read_model,
    years_by_rows,
    years_of_whole,
)
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
    from projections.adopted import MeasureInForce
    from projections.facts import TownYear
    from projections.measure import Measure
    from projections.measure.calendar import MeasureCalendar
    from projections.obligations import Obligation
    from projections.query import ScoreQuery

Loaded = TypeVar("Loaded")


class BeyondTheEndError(TallyError):
    """A position lies beyond the ledger's end."""

    def __init__(self, head: int, asked: int) -> None:
        words = Message("the ledger ends at position {head}", head=head)
        if FIRST_YEAR <= asked <= LAST_YEAR:
            words = Message(
                "the ledger ends at position {head}, and a year is not a time; write a day, as "
                "{year}-12-31",
                head=head,
                year=asked,
            )
        super().__init__(words)


class Loader:
    """Answers queries about an open ledger."""

    def __init__(
        self,
        ledger: Ledger,
        today: Callable[[], date],
        read_model: Callable[[], ReadModel | None] = lambda: None,
    ) -> None:
        """Load from an open ledger.

        Args:
            ledger: the ledger.
            today: returns the office's calendar day, which changes while a server runs.
            read_model: opens the read model of a large ledger; returns None where there is none, or
                it was given up.
        """
        self._ledger, self._store = ledger, ledger.store
        self.today = today
        self._open_read_model = read_model
        self._kept = KeptYear(self._store)

    def without_read_model(self) -> Loader:
        """Return a loader that reads events alone."""
        return Loader(self._ledger, self.today)

    def position(self, as_of: int | datetime | None) -> int | None:
        """Return the position that a position or a recorded time means; None for now.

        Raises:
            BeyondTheEndError: the position lies beyond the ledger's end.
        """
        if isinstance(as_of, int):
            head = self._ledger.position()
            if as_of > head:
                raise BeyondTheEndError(head, as_of)
            return as_of
        return None if as_of is None else position_at(self._store, as_of)

    def default_day(self, year: int, calendar: MeasureCalendar) -> date:
        """Return the last day of a year, or today in a year that has not ended."""
        return min(self.today(), calendar.last_day(year))

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

        With a unit and postings, the unit may come alone and unranked.

        Args:
            query: the year, day, position and unit.
            postings: whether postings are needed, and not only their sums.
            since: a position; where, when and by whom was verified after it is needed too.

        Raises:
            BeyondTheEndError: the position lies beyond the ledger's end.
            NoMeasureError: the year has no measure in force.
        """
        to = self.position(query.as_of)
        if self.is_small():
            state = self._whole(to)
            return self._score(state, self._year_query(query, state, None))
        return self._by_read_model(
            lambda model: self._scores(query, to, model, postings=postings, since=since)
        )

    def scores_under(self, measure: Measure, query: ScoreQuery) -> Scored:
        """Return the scores that a query asks for under a draft, with their postings.

        Args:
            measure: the draft.
            query: the year, day, position, and which entries count.

        Raises:
            BeyondTheEndError: the position lies beyond the ledger's end.
        """
        to = self.position(query.as_of)
        head = self._ledger.position() if to is None else to
        year = query.year or _year_of(query, adopted(self._store, head)) or self.latest_year(to)
        if self.is_small():
            state = self._whole(to)
        else:
            state = load_year(self._store, measure.calendar.span(year), head)
        through = query.through or self.default_day(year, measure.calendar)
        scores = score_year(state, measure, year, through, provisional=query.provisional)
        return Scored(state, scores)

    def obligations(
        self, query: ScoreQuery, *, of_year: bool = False
    ) -> tuple[TownYear, list[Obligation]]:
        """Return what the units owe in the year that a query asks for.

        Args:
            query: the year, day, position, and which entries count.
            of_year: up to the last day of the year, else up to a month after the query's day.

        Raises:
            BeyondTheEndError, NoMeasureError: as `year`.
        """
        from projections.obligations import SOON, obligations  # noqa: PLC0415 - not for scores

        known, measure, resolved = self.year(query)
        left = max(measure.calendar.last_day(resolved.year) - resolved.through, timedelta())
        return obligations(known, measure, resolved, left if of_year else SOON)

    def year(self, query: ScoreQuery) -> tuple[LedgerState, Measure, YearQuery]:
        """Return the state's part that a year depends on, unscored, its measure, year and day.

        Raises:
            BeyondTheEndError: the position lies beyond the ledger's end.
            NoMeasureError: the year has no measure in force.
        """
        to = self.position(query.as_of)
        head = self._ledger.position() if to is None else to
        known = self._whole(to) if self.is_small() else adopted(self._store, head)
        resolved = self._by_read_model(lambda model: self._year_query(query, known, model))
        measure, _ = self.measure(known, resolved.year, provisional=query.provisional)
        if not self.is_small():
            known = load_year(self._store, measure.calendar.span(resolved.year), head)
        return known, measure, resolved

    def year_state(self, year: int, known: LedgerState, measure: Measure) -> LedgerState:
        """Return the newest state's part that a year depends on, with a known part."""
        if self.is_small():
            return self._ledger.state()
        state = load_year(self._store, measure.calendar.span(year), known.position)
        for name, entry_state in known.entries.items():
            state.entries.setdefault(name, entry_state)
        return state

    def town(self, query: ScoreQuery) -> tuple[TownYear, LedgerState]:
        """Return the readings in force in a year, and the rulings that they come from.

        Raises:
            NoMeasureError: the year has no measure in force.
        """
        to = self.position(query.as_of)
        rulings = self.of_kinds(("ruling",), to)
        resolved = self._by_read_model(lambda model: self._year_query(query, rulings, model))
        year, through, provisional = resolved
        measure, _ = self.measure(rulings, year, provisional=provisional)
        town, _ = gather(rulings, measure, year, through, provisional=provisional)
        return town, rulings

    def of_kinds(self, kinds: Iterable[str], to: int | None = None) -> LedgerState:
        """Return the state of all entries of kinds without references, with reversals."""
        if self.is_small():
            return self._whole(to)
        head = self._ledger.position() if to is None else to
        return self._ledger.state_of_kinds(kinds, head)

    def entries(
        self, *, units: Collection[str] = (), ids: Collection[str] = (), to: int | None = None
    ) -> LedgerState:
        """Return the state of entries, at least of those asked for; of all by default.

        Args:
            units: all that ever named one of these units.
            ids: these entries.
            to: a position; None for now.
        """

        def load(model: ReadModel | None) -> LedgerState:
            if model is None or not (units or ids) or len(ids) > FEW:
                return self._whole(to)
            head = model.position if to is None else to
            # Of the town: the notices that name a unit.
            return model.lookup.state(head, ids=ids, units=units, town=bool(units))

        return self._by_read_model(load)

    def history(self, subject: str, as_of: int | datetime | None = None) -> LedgerState:
        """Return the part of the state that the history of a subject needs.

        Args:
            subject: the id of an entry or an objection, or a published period.
            as_of: a position or a recorded time; None for now.
        """
        to = self.position(as_of)

        def load(model: ReadModel | None) -> LedgerState:
            if model is None:
                return self._whole(to)
            return model.lookup.history(subject, model.position if to is None else to)

        return self._by_read_model(load)

    def latest_year(self, to: int | None = None) -> int:
        """Return the latest year with a measure in which an entry counts; else the latest one."""
        if self.is_small():
            return self._candidates(self._whole(to), None).latest()
        known = adopted(self._store, self._ledger.position() if to is None else to)
        return self._by_read_model(lambda model: self._candidates(known, model).latest())

    def is_small(self) -> bool:
        """Return whether the ledger is replayed whole, whatever is asked."""
        return self._ledger.position() <= settings.SMALL

    def _candidates(
        self, state: LedgerState, model: ReadModel | None, *, provisional: bool = False
    ) -> CandidateYears:
        """Return the years that have a measure, those begun by now if there are any.

        Args:
            state: the whole state of a small ledger, else its adoptions.
            model: the read model of a large one, if there is one.
            provisional: whether a measure that awaits verification counts beside verified ones.
        """
        measures = Measures(state.adoptions, provisional=provisional)
        years = measures.years(provisional=provisional) or measures.years(provisional=True)
        spans = [
            measures.of(year, provisional=True).measure.calendar.span(year)
            for year in reversed(years)
        ]
        today = self.today()
        spans = [span for span in spans if span.first <= today] or spans
        if self.is_small():
            return years_of_whole(state, measures, tuple(span.year for span in spans))
        if model is None:
            return years_by_rows(self._store, state.position, measures, spans)
        return years_by_read_model(model.lookup, self._store, state.position, measures, spans)

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
        self, query: ScoreQuery, state: LedgerState, model: ReadModel | None
    ) -> YearQuery:
        """Return the query with its year and day.

        Args:
            query: the query.
            state: the whole state of a small ledger, else its adoptions at least.
            model: the read model of a large one, if there is one.

        Raises:
            NoMeasureError: the year has no measure in force.
        """
        year = _year_of(query, state)
        if year is None:
            year = self._candidates(state, model, provisional=query.provisional).latest()
        measure, _ = self.measure(state, year, provisional=query.provisional)
        through = query.through or self.default_day(year, measure.calendar)
        return YearQuery(year, through, query.provisional)

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
        measure, _ = self.measure(known, resolved.year, provisional=resolved.provisional)
        if model is None and not postings:
            from projections.parallel import score_in_parallel  # noqa: PLC0415 - a cold replay

            parallel = score_in_parallel(self._store, measure, resolved, head)
            if parallel is not None:
                return parallel
        if model is None or (postings and (query.unit is None or measure.places)):
            span = measure.calendar.span(resolved.year)
            if since == 0:
                return self._score(self._kept.at(span, head, newest), resolved)
            # What changed since may be that an entry without effect was verified.
            state = load_year(self._store, span, head, idle=since is not None, since=since)
            return self._score(state, resolved)
        if postings and query.unit is not None:
            return self._unit_scores(query.unit, resolved, head, model)
        scores = ScoreCache(model, self._store).scores(resolved, head)
        periods = measure.calendar.periods(resolved.year)
        names = [*(period.name for period in periods), resolved.year]
        ids = [f"{PUBLICATION}{name}" for name in names]
        ids += model.lookup.corrected_units()
        ids += [] if query.unit is None else [query.unit]
        return Scored(model.lookup.state(head, ids=ids), scores)

    def _unit_scores(self, unit: str, query: YearQuery, to: int, model: ReadModel) -> Scored:
        scored = self._score(model.lookup.state(to, units=[unit], town=True), query)
        # Of the other units only what concerns this one was loaded.
        family = model.lookup.family([unit])
        own = tuple(one for one in scored.scores.units if one.unit in family)
        for one in own:
            one.rank = None
        return Scored(scored.state, YearScores(scored.scores.town, to, own))

    def _score(self, state: LedgerState, query: YearQuery) -> Scored:
        year, through, provisional = query
        measure, _ = self.measure(state, year, provisional=provisional)
        return Scored(state, score_year(state, measure, year, through, provisional=provisional))


def _year_of(query: ScoreQuery, state: LedgerState) -> int | None:
    """Return the year of a query, or the one with a measure in which its day lies.

    Args:
        query: the query.
        state: the ledger's adoptions at least.
    """
    if query.year is not None or query.through is None:
        return query.year
    measures = Measures(state.adoptions)
    year = measures.year_of(query.through)
    return year if year in measures.years(provisional=query.provisional) else None
