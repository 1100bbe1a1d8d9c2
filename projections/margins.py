"""Entries near an edge: the nearest change of one fact that moves a unit's points, rank or flags.

A fact is a number, a time or a day that one entry says which counts. Near is, unless another
reach is given: 2 people, cases or things; 5 minutes of a stay; 60 minutes of a time; 1 day;
0.05 points. Every value within the reach is put in the entry's place, the nearest first and in both
directions, and the units are scored again (`near_values` leaves out times that cannot differ in
effect): what is found is the nearest, whatever amounts and bounds the measure states. A value that
would be refused is none.

It moves a unit if the unit's total, flags, or a period's points move. Decimals are points
themselves: of them, a change is an edge only if it moves the rank, the flags, or more points than
it is itself.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from ledger.decimals import plain
from ledger.entries import InformationReport, PetitionBatch
from ledger.kinds import Kinds
from ledger.message import Message
from ledger.progress import with_progress
from projections.effective import Effective
from projections.gathering import gather
from projections.judging import clause_results
from projections.measure.amounts import NoAmountError
from projections.near_values import STEP, FieldValue, Reach, field_values, fields_of, with_value
from projections.postings import ZERO, Flag, Posting
from projections.scores import YearScores, placed, rank, ranked_within, score_of_sums, summed
from projections.sensitivity import Standing
from projections.unit_parts import UnitParts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.entries import Entry
    from ledger.state import LedgerState
    from projections.facts import TownYear
    from projections.measure import Measure
    from projections.query import YearQuery
    from projections.scores import PeriodScore, UnitScore

TOTAL = "total"
"""The field of a margin between two units' totals, which is no entry's."""


class Margin(NamedTuple):
    """What one nearby value of one fact would change for a unit."""

    entry: str | None
    """None: the unit's total itself."""
    kind: str | None
    """The kind of the entry."""
    field: str
    measured_in: str
    value: Any
    would_be: Any
    distance: int | Decimal
    """In minutes of a time, else in what it is measured in."""
    clause: str | None
    """The clause whose points or flags it moves most; None where it moves no clause's."""
    points: Decimal
    """What the total gains."""
    before: Standing
    after: Standing
    periods: Mapping[str, tuple[Decimal, Decimal]]
    """By period, its score with what is beside it, before and after, where they differ."""

    def weight(self) -> tuple[bool, bool, Decimal, Decimal]:
        """Return by what it is sorted, the heaviest first: flags, rank, points, nearness."""
        flags, ranks = self.before.flags != self.after.flags, self.before.rank != self.after.rank
        return flags, ranks, abs(self.points), -Decimal(self.distance)

    def as_json(self) -> dict[str, Any]:
        """Return it as the contract writes it."""
        before, after = self.before.as_json(), self.after.as_json()
        return {
            "entry": self.entry,
            "field": self.field,
            "value": told(self.value),
            "would_be": told(self.would_be),
            "distance": told(self.distance),
            "measured_in": self.measured_in,
            "clause": self.clause,
            "points": signed(self.points),
            **{name: {"from": before[name], "to": after[name]} for name in ("rank", "flags")},
            "periods": {
                name: {"from": plain(one), "to": plain(other)}
                for name, (one, other) in self.periods.items()
            },
        }


class UnitMargins(NamedTuple):
    """The margins of a unit, the heaviest first."""

    unit: str
    name: str
    margins: tuple[Margin, ...]

    def as_json(self) -> dict[str, Any]:
        """Return them as the contract writes them."""
        return {
            "unit": self.unit,
            "name": self.name,
            "margins": [one.as_json() for one in self.margins],
        }


class Margins(NamedTuple):
    """The margins of a year."""

    scores: YearScores
    """Those of the facts as they are, without postings and open points."""
    units: tuple[UnitMargins, ...]
    """In rank order."""


class _Scored(NamedTuple):
    """A unit scored by itself, with what each clause yields."""

    score: UnitScore
    clauses: Mapping[str, tuple[dict[int | None, Decimal], frozenset[str]]]
    """By clause, points by period, and flags."""

    def moved(self) -> tuple[Any, ...]:
        """Return what must differ for the unit to be moved."""
        periods = [(one.name, one.score, one.beside) for one in self.score.periods]
        return self.score.total, self.score.flags, periods


class _Change(NamedTuple):
    """A change of one fact."""

    entry: Entry
    field: FieldValue
    by: int


def margins(
    state: LedgerState,
    measure: Measure,
    query: YearQuery,
    *,
    unit: str | None = None,
    reach: Reach | None = None,
) -> Margins:
    """Return the margins of a year.

    Args:
        state: the ledger up to a position, or the part that the year depends on.
        measure: the measure of the year.
        query: the year, the day, and which entries count.
        unit: this unit alone, by its first id.
        reach: how far from an edge is near.

    Raises:
        NoAmountError: the measure states no amount, or several, for a case among the facts.
    """
    search = _Search(state, measure, query, reach or Reach())
    units = [one for one in search.scores.units if unit in (None, one.unit)]
    found = with_progress(units, Message("comparing"), lambda: len(units))
    return Margins(search.scores, tuple(search.of_unit(one) for one in found))


class _Search:
    """Scores units again with one fact changed."""

    def __init__(
        self, state: LedgerState, measure: Measure, query: YearQuery, reach: Reach
    ) -> None:
        self._measure, self._query, self._reach = measure, query, reach
        self._kinds = Kinds.of(measure)
        town, units = gather(state, measure, *query[:2], provisional=query.provisional)
        self._town: TownYear = town
        parts = UnitParts(state)
        self._parts = {one.id: parts.part(one.id) for one in units}
        self._before: dict[str, _Scored] = {}
        for one in units:
            scored = self._score(one.id, self._parts[one.id])
            assert scored is not None
            self._before[one.id] = scored
        self.scores = YearScores(town, state.position, self._placed({}))
        self._standings = _standings(self.scores.units)

    def of_unit(self, score: UnitScore) -> UnitMargins:
        """Return the margins of a unit."""
        found = [*self._of_entries(score.unit), *self._of_total(score)]
        found.sort(key=Margin.weight, reverse=True)
        return UnitMargins(score.unit, score.name, tuple(found))

    def _of_entries(self, unit: str) -> Iterator[Margin]:
        part = self._parts[unit]
        effective = Effective(part, provisional=self._query.provisional)
        facts = [
            (entry, list(field_values(entry, fields_of(entry, self._kinds))))
            for _, entry in effective.entries()
        ]
        batches, reports = (defaultdict[str, set[datetime]](set) for _ in range(2))
        others = set[datetime]()
        for entry, fields in facts:
            times = {one.value for one in fields if one.measured_in == "time"}
            of = batches if isinstance(entry, PetitionBatch) else reports
            for matter in _matters(entry):
                of[matter] |= times
            if not isinstance(entry, InformationReport):
                others |= times
        for entry, fields in facts:
            # A report has an effect on a batch on its matter alone, within some days of it.
            is_report, matters = isinstance(entry, InformationReport), _matters(entry)
            across = {one for name in matters for one in (batches if is_report else reports)[name]}
            beside = {one for name in matters for one in reports[name]} if is_report else others
            for field in fields:
                steps = field.steps(self._reach, beside, across)
                for sign in (-1, 1):
                    changes = (_Change(entry, field, sign * step) for step in steps)
                    told = (self._margin(unit, change) for change in changes)
                    margin = next((one for one in told if one is not None), None)
                    if margin is not None:
                        yield margin

    def _margin(self, unit: str, change: _Change) -> Margin | None:
        """Return what a change moves for a unit; None if nothing, or it would be refused."""
        entry, field, by = change
        would_be = field.moved(by)
        made = self._made(change)
        after = None if made is None else self._score(unit, self._parts[unit], made)
        before = self._before[unit]
        if made is None or after is None or after.moved() == before.moved():
            return None
        standing, now = self._standing(unit, made), self._standings[unit]
        assert standing.total is not None
        assert now.total is not None
        points, distance = standing.total - now.total, field.distance(by)
        if field.measured_in == "points" and standing[1:] == now[1:] and abs(points) <= distance:
            return None
        return Margin(
            entry.id,
            entry.KIND,
            field.name,
            field.measured_in,
            field.value,
            would_be,
            distance,
            _clause(before, after),
            points,
            now,
            standing,
            _periods(before.score, after.score, self._measure),
        )

    def _made(self, change: _Change) -> Entry | None:
        entry, field, by = change
        value = field.moved(by)
        if value is None:
            return None
        return with_value(entry, field.name, value, self._kinds, self._measure)

    def _score(self, unit: str, part: LedgerState, changed: Entry | None = None) -> _Scored | None:
        """Return the score of a unit; None if it is not assessed or there is no amount."""
        if changed is not None:
            known = replace(part.entries[changed.id], entry=changed)
            part = replace(part, entries={**part.entries, changed.id: known})
        given = (part, self._measure, *self._query[:2])
        town, units = gather(
            *given, provisional=self._query.provisional, readings=self._town.readings
        )
        found = next((one for one in units if one.id == unit), None)
        if found is None:
            return None
        try:
            results = clause_results(found, town)
        except NoAmountError:
            if changed is None:
                raise
            return None
        sums = summed(results, found, self._measure)
        score = score_of_sums(found, town, sums, results)
        score.results = []
        clauses: dict[str, tuple[dict[int | None, Decimal], set[str]]] = {}
        for one in results:
            if isinstance(one, Posting) and one.points:
                points, _ = clauses.setdefault(one.clause, ({}, set()))
                points[one.period] = points.get(one.period, ZERO) + one.points
            elif isinstance(one, Flag):
                clauses.setdefault(one.clause, ({}, set()))[1].add(one.flag)
        return _Scored(
            score, {slug: (one, frozenset(other)) for slug, (one, other) in clauses.items()}
        )

    def _standing(self, unit: str, changed: Entry) -> Standing:
        """Return what a unit has after a change, ranked among all others that it moves."""
        after = {}
        for other, part in self._parts.items():
            if changed.id in part.entries:
                scored = self._score(other, part, changed)
                if scored is not None:
                    after[other] = scored.score
        return _standings(self._placed(after))[unit]

    def _placed(self, changed: Mapping[str, UnitScore]) -> tuple[UnitScore, ...]:
        """Return all units in rank order, some with another score."""
        scores = [changed.get(unit, one.score) for unit, one in self._before.items()]
        copies = [replace(one, sections=dict(one.sections)) for one in scores]
        return placed(copies, self._town)

    def _of_total(self, score: UnitScore) -> Iterator[Margin]:
        """Yield, down and up, the nearest total under which the unit's rank would be another.

        Two totals are near if they differ by no more than the reach, itself included; to fall
        behind a unit takes one step more.
        """
        within, now = ranked_within(score, self._measure), self._standings[score.unit]
        units = self.scores.units
        others = [
            one.total
            for one in units
            if one is not score and ranked_within(one, self._measure) == within
        ]
        near = {one for one in others if abs(one - score.total) <= self._reach.points}
        for sign in (-1, 1):
            tried = {one + by * STEP for one in near for by in (0, sign)}
            ahead = {one for one in tried if (one - score.total) * sign > 0}
            for total in sorted(ahead, key=lambda one: abs(one - score.total)):
                copies = [replace(one, total=total if one is score else one.total) for one in units]
                after = _standings(rank(copies, self._town))[score.unit]
                if after.rank != now.rank:
                    gap = total - score.total
                    yield Margin(
                        None, None, TOTAL, "points", score.total, total, abs(gap), None, gap,
                        now, after, {},
                    )  # fmt: skip
                    break


def _matters(entry: Any) -> tuple[str, ...]:
    """Return the matters that an entry is on."""
    if isinstance(entry, PetitionBatch):
        return (entry.matter,)
    return entry.matters if isinstance(entry, InformationReport) else ()


def _standings(units: tuple[UnitScore, ...]) -> dict[str, Standing]:
    return {one.unit: Standing(one.total, one.rank, one.flags) for one in units}


def _clause(before: _Scored, after: _Scored) -> str | None:
    """Return the clause that differs most: by flags, then by points, then the first of them."""
    nothing: tuple[dict[int | None, Decimal], frozenset[str]] = ({}, frozenset())
    found: list[tuple[bool, Decimal, str]] = []
    for slug in dict.fromkeys([*before.clauses, *after.clauses]):
        one, other = before.clauses.get(slug, nothing), after.clauses.get(slug, nothing)
        if one != other:
            periods = {*one[0], *other[0]}
            gaps = [abs(other[0].get(key, ZERO) - one[0].get(key, ZERO)) for key in periods]
            found.append((one[1] != other[1], max(gaps, default=ZERO), slug))
    return max(found, key=lambda one: one[:2])[2] if found else None


def _periods(
    before: UnitScore, after: UnitScore, measure: Measure
) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the periods whose score with what is beside it differs."""
    sides = ({one.name: one for one in score.periods} for score in (before, after))
    one, other = (
        {name: _with_beside(score, measure) for name, score in of.items()} for of in sides
    )
    names = dict.fromkeys([*one, *other])
    pairs = {name: (one.get(name, ZERO), other.get(name, ZERO)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _with_beside(period: PeriodScore, measure: Measure) -> Decimal:
    """Return the score of a period with what is beside it; what deducts is a positive number."""
    beside = (measure.sections[slug].told(points) for slug, points in period.beside.items())
    return sum(beside, period.score)


def signed(points: Decimal) -> str:
    """Return points with their sign; "0" without one."""
    return f"{'+' if points > 0 else ''}{plain(points)}"


def told(value: Any) -> Any:
    """Return a value as the contract writes it."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int):
        return value
    assert hasattr(value, "isoformat")
    return value.isoformat()
