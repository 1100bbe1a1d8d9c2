"""Scores of one year under other values of its readings, judging again only what they bear upon."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from projections.gathering import gather
from projections.judging import bounded_together, clause_results, compile_clause, judged
from projections.kinds.compiling import TracedReadings
from projections.measure.amounts import NoAmountError
from projections.scores import Sums, YearScores, added, placed, score_of_sums, summed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import date

    from ledger.state import LedgerState
    from projections.facts import TownYear, UnitYear
    from projections.measure import Measure
    from projections.query import YearQuery
    from projections.scores import UnitScore

Changed = frozenset[tuple[str, str]]
"""Readings with a value other than the one in force: (name, value) pairs."""

_NONE: Changed = frozenset()
_EMPTY = Sums({}, {}, [])


class _Part(NamedTuple):
    """What one clause yields for all units, and the readings that this depends on."""

    read: AbstractSet[str]
    sums: dict[str, Sums]
    """By unit."""


class Rescoring:
    """The scores of a year under any values of its readings.

    A clause is compiled and judged under changed readings only if it asks for each of them while
    the others have their changed values. Compiling and judging ask for readings by name alone: a
    clause that does not ask for a reading gives the same whatever its value, so what it gave
    without that change holds. The sums of the clauses are added as `score_year` adds them.
    """

    def __init__(self, state: LedgerState, measure: Measure, query: YearQuery) -> None:
        """Gather and judge a year under the readings in force.

        Args:
            state: the ledger up to a position, or the part that the year depends on.
            measure: the measure of the year.
            query: the year, the day, and which entries count.

        Raises:
            NoAmountError: the measure states no amount, or several, for a case among the facts.
        """
        self._state, self._measure, self._query = state, measure, query
        self._parts: dict[tuple[str, Changed], _Part] = {}
        self.judged = 0
        """How often a clause was judged for all units."""
        town, units = gather(state, measure, *query[:2], provisional=query.provisional)
        self.town = town
        self._facts: dict[date, tuple[TownYear, list[UnitYear]]] = {town.first: (town, units)}
        parts = {slug: self._part(slug, _NONE) for slug in measure.clauses}
        self._asking = [slug for slug, one in parts.items() if one.read]
        """The clauses that ask for a reading; what the others yield is added up once."""
        fixed = [one.sums for one in parts.values() if not one.read]
        self._fixed = {unit.id: self._total(one[unit.id] for one in fixed) for unit in units}
        self._unplaced: dict[str, UnitScore] = {}
        self._unplaced = {one.unit: one for one in self._scores(_NONE, town, units)}
        self.present = self.under({})

    def under(self, changed: Mapping[str, str]) -> YearScores:
        """Return the scores under other values of some readings, without postings and open points.

        Args:
            changed: the other values, by reading.

        Raises:
            NoAmountError: the measure states no amount, or several, for a case under them.
        """
        town, units = self._gathered({**self.town.readings, **changed})
        scores = self._scores(frozenset(changed.items()), town, units)
        return YearScores(town, self._state.position, placed(scores, town))

    def _scores(self, changed: Changed, town: TownYear, units: list[UnitYear]) -> list[UnitScore]:
        parts = [(self._part(slug, changed), self._part(slug, _NONE)) for slug in self._asking]
        moved = [(one.sums, was.sums) for one, was in parts if one is not was]
        # What is adjusted or placed after the clauses may depend on readings itself.
        whole = town.first != self.town.first or bool(self._measure.scales or self._measure.places)
        found = []
        for unit in units:
            known = None if whole else self._unplaced.get(unit.id)
            if known is None or any(one[unit.id] != was[unit.id] for one, was in moved):
                of_asking = (one.sums[unit.id] for one, _ in parts)
                sums = self._total(of_asking, self._fixed.get(unit.id))
                known = score_of_sums(unit, town, sums)
            found.append(replace(known))
        return found

    def _total(self, sums: Iterable[Sums], start: Sums | None = None) -> Sums:
        """Add the sums of clauses up."""
        measure = self._measure
        return reduce(lambda one, other: added(one, other, measure), sums, start or _EMPTY)

    def _part(self, slug: str, changed: Changed) -> _Part:
        """Return what a clause yields under changed readings, by way of what it is known to do."""
        key = slug, changed
        if key not in self._parts:
            for one in sorted(changed):
                without = self._part(slug, changed - {one})
                if one[0] not in without.read:
                    self._parts[key] = without
                    break
            else:
                self._parts[key] = self._judge(slug, dict(changed))
        return self._parts[key]

    def _judge(self, slug: str, changed: Mapping[str, str]) -> _Part:
        measure = self._measure
        readings = TracedReadings({**self.town.readings, **changed})
        # From which day on entries count is asked for by every clause.
        measure.counts_from(self._query.year, readings)
        town, units = self._gathered({**self.town.readings, **changed})
        names = bounded_together(slug, measure)
        clauses = {name: compile_clause(measure, name, town.readings) for name in names}
        self.judged += 1
        sums = {}
        try:
            for unit in units:
                if len(names) == 1:
                    results = judged(clauses[slug], unit, town)
                else:
                    results = clause_results(unit, town, names)
                    results = [one for one in results if one.clause == slug]
                sums[unit.id] = summed(results, unit, measure)
        except NoAmountError as error:
            from projections.without_amount import named  # noqa: PLC0415 - only for a fault

            raise named(error, units, town) from error
        return _Part(readings.read.union(*(one.read for one in clauses.values())), sums)

    def _gathered(self, readings: dict[str, str]) -> tuple[TownYear, list[UnitYear]]:
        """Return the facts; readings decide of them only from which day on they count."""
        year, through, provisional = self._query
        first = self._measure.counts_from(year, readings)
        if first not in self._facts:
            given = self._state, self._measure, year, through
            self._facts[first] = gather(*given, provisional=provisional, readings=readings)
        town, units = self._facts[first]
        return replace(town, readings=readings), units
