"""Scores of units with one entry changed: only the clauses that it bears upon are judged again."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from projections.adjusting import without_carried
from projections.gathering import gather
from projections.judging import bounded_together, clause_results
from projections.known import Known
from projections.measure.amounts import NoAmountError
from projections.postings import ZERO, Flag, OpenPoint, Posting
from projections.scores import added, score_of_sums, summed
from projections.unit_parts import UnitParts

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from decimal import Decimal

    from ledger.entries import Entry
    from ledger.state import LedgerState
    from projections.facts import UnitYear
    from projections.scores import Scored, Sums, UnitScore

_OF_EVERY_CLAUSE = frozenset({"unit", "carried_quarter", "reversal", "ruling"})
"""Kinds whose entries bear upon all clauses, and are among the facts of each."""


class ClauseSum(NamedTuple):
    """What a clause yields for a unit."""

    points: Mapping[int | None, Decimal]
    """By period; without those of no points."""
    flags: frozenset[str]


class UnitResult(NamedTuple):
    """A unit's score without points by place, ranks and postings; and what its clauses yield."""

    score: UnitScore
    clauses: Mapping[str, ClauseSum]
    """Of clauses that yield points or flags."""

    def moved(self) -> tuple[Any, ...]:
        """Return what must differ for the unit to be moved."""
        periods = [(one.name, one.score, one.beside) for one in self.score.periods]
        return self.score.total, self.score.flags, periods


class _Unit(NamedTuple):
    """A unit as it is."""

    facts: UnitYear
    results: Sequence[Posting | Flag]
    """Postings and flags that count."""
    result: UnitResult


class _Slice(NamedTuple):
    """What is read and judged again of a unit when an entry changes."""

    state: LedgerState
    judged: frozenset[str]
    """The clauses that may yield something else, and those that they are bounded together with."""
    before: Mapping[str, ClauseSum]
    """What these yield now."""
    others: Sums
    """What the other clauses yield."""


class ChangedScores:
    """The scores of a year's units, with any one entry changed.

    An entry bears upon the clauses that read its kind or the kind of what it is about, and on those
    that are bounded together with them. Of a unit's part of the ledger only what these clauses read
    is gathered, and only they are judged; what the others yield is added to it.
    """

    def __init__(self, scored: Scored, *, provisional: bool) -> None:
        """Take the scores of all units of a year.

        Args:
            scored: the scores, and the state or the part of it that the year depends on.
            provisional: whether unverified entries count too.
        """
        self._state, self.scores = scored
        self.town, self._provisional = self.scores.town, provisional
        self._measure = self.town.measure
        parts = UnitParts(self._state)
        self._parts = {one.unit: parts.part(one.unit) for one in self.scores.units}
        self._concerned = defaultdict[str, list[str]](list)
        for unit, part in self._parts.items():
            for name in part.entries:
                self._concerned[name].append(unit)
        self._bounded = [bounded_together(slug, self._measure) for slug in self._measure.clauses]
        self._units, self._judged = Known(self._unit), Known(self._judged_for)
        self._slices = Known[tuple[str, frozenset[str]], _Slice](lambda key: self._slice(*key))

    def part(self, unit: str) -> LedgerState:
        """Return the part of the state that the score of a unit depends on."""
        return self._parts[unit]

    def units_of(self, entry_id: str) -> list[str]:
        """Return the units in whose parts an entry is, in rank order."""
        return self._concerned.get(entry_id, [])

    def before(self, unit: str) -> UnitResult:
        """Return what a unit has as the entries are."""
        return self._units[unit].result

    def after(self, unit: str, changed: Entry) -> UnitResult | None:
        """Return what a unit has with an entry changed, if that moves it.

        None too if it is not assessed then, or the measure states no amount for the case.

        Args:
            unit: its first id.
            changed: the entry as it would be; it has the id of one in the unit's part.
        """
        judged = self._judged[changed.id]
        if not judged:
            return None
        of = self._slices[unit, judged]
        known = replace(of.state.entries[changed.id], entry=changed)
        state = replace(of.state, entries={**of.state.entries, changed.id: known})
        try:
            facts, results = self._judge(unit, state, of.judged)
        except NoAmountError:
            return None
        clauses = _by_clause(results)
        if facts is None or (clauses == of.before and changed.KIND not in _OF_EVERY_CLAUSE):
            return None
        sums = added(of.others, summed(results, facts, self._measure), self._measure)
        score, before = score_of_sums(facts, self.town, sums), self.before(unit)
        kept = {slug: one for slug, one in before.clauses.items() if slug not in of.judged}
        found = UnitResult(score, kept | clauses)
        return found if found.moved() != before.moved() else None

    def _unit(self, unit: str) -> _Unit:
        facts, results = self._judge(unit, self._parts[unit], self._measure.clauses)
        assert facts is not None
        score = score_of_sums(facts, self.town, summed(results, facts, self._measure))
        return _Unit(facts, results, UnitResult(score, _by_clause(results)))

    def _judge(
        self, unit: str, state: LedgerState, slugs: Container[str]
    ) -> tuple[UnitYear | None, list[Posting | Flag]]:
        """Return the facts of a unit in a state, None if it is not assessed, and what counts."""
        given = state, self._measure, self.town.year, self.town.through
        readings = self.town.readings
        town, units = gather(*given, provisional=self._provisional, readings=readings)
        facts = next((one for one in units if one.id == unit), None)
        if facts is None:
            return None, []
        results = without_carried(clause_results(facts, town, slugs), facts, self._measure)
        return facts, [one for one in results if not isinstance(one, OpenPoint)]

    def _judged_for(self, entry_id: str) -> frozenset[str]:
        """Return the clauses that an entry bears upon, and those they are bounded together with."""
        measure, entry = self._measure, self._state.entries[entry_id].entry
        if entry.KIND in _OF_EVERY_CLAUSE:
            return frozenset(measure.clauses)
        about = [self._state.get(name) for name in entry.subjects()]
        read = [entry, *(one.entry for one in about if one is not None)]
        readers = {slug for one in read for slug in measure.clauses_of(one)}
        return frozenset().union(*(one for one in self._bounded if not readers.isdisjoint(one)))

    def _slice(self, unit: str, judged: frozenset[str]) -> _Slice:
        measure, part, of = self._measure, self._parts[unit], self._units[unit]
        entries = {
            name: known
            for name, known in part.entries.items()
            if not judged.isdisjoint(self._judged[name])
        }
        return _Slice(
            replace(part, entries=entries),
            judged,
            {slug: one for slug, one in of.result.clauses.items() if slug in judged},
            summed([one for one in of.results if one.clause not in judged], of.facts, measure),
        )


def _by_clause(results: Iterable[Posting | Flag]) -> dict[str, ClauseSum]:
    """Add up what counts by clause; clauses without points and flags are left out."""
    points: dict[str, dict[int | None, Decimal]] = defaultdict(dict)
    flags: dict[str, set[str]] = defaultdict(set)
    for one in results:
        if isinstance(one, Flag):
            flags[one.clause].add(one.flag)
        elif one.points:
            of_clause = points[one.clause]
            of_clause[one.period] = of_clause.get(one.period, ZERO) + one.points
    slugs = dict.fromkeys([*points, *flags])
    return {slug: ClauseSum(points.get(slug, {}), frozenset(flags.get(slug, ()))) for slug in slugs}
