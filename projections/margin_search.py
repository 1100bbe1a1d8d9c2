"""Search of margins: each near value of each fact is put in its place, and units scored again."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from ledger.entries import InformationReport, PetitionBatch
from ledger.kinds import Kinds
from ledger.message import Message
from ledger.progress import with_progress
from projections.changed_entry import ChangedScores, ClauseSum, UnitResult
from projections.effective import Effective
from projections.known import Known
from projections.margins import TOTAL, Margin, Margins, UnitMargins
from projections.near_values import STEP, FieldValue, Reach, field_values, fields_of, with_value
from projections.postings import ZERO
from projections.scores import placed, rank, ranked_within
from projections.sensitivity import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from ledger.entries import Entry
    from projections.measure import Measure
    from projections.scores import PeriodScore, Scored, UnitScore


_FEW = 2
"""Units that an entry concerns if it does not concern all: of a batch the liable and the host."""


class _Change(NamedTuple):
    """Another value of one field of one entry."""

    entry: str
    field: FieldValue
    by: int
    """Steps from the present value."""


class MarginSearch:
    """Finds the margins of the units of a year, one unit or one entry at a time."""

    def __init__(
        self, scored: Scored, *, provisional: bool = False, reach: Reach | None = None
    ) -> None:
        """Take the scores of all units of a year.

        Args:
            scored: the scores, and the state or the part of it that the year depends on.
            provisional: whether unverified entries count too.
            reach: how far from an edge is near.
        """
        self.scores, self._provisional = scored.scores, provisional
        self._reach, self._state = reach or Reach(), scored.state
        self._measure: Measure = self.scores.town.measure
        self._kinds = Kinds.of(self._measure)
        self._changed = ChangedScores(scored, provisional=provisional)
        self._by_unit = {one.unit: one for one in self.scores.units}
        self._unplaced = self._by_unit
        if self._measure.places:
            # Those of the year have the points by place already.
            self._unplaced = {unit: self._changed.before(unit).score for unit in self._by_unit}
        self._present = _standings(self.scores.units)
        self._found = Known(self._of_unit)
        self._made = Known(self._with_change)
        self._after = Known[tuple[str, _Change], UnitResult | None](lambda key: self._result(*key))
        self._standings_after = Known(self._standings_under)
        self._ranked = Known(self._with_totals)

    def of_unit(self, unit: str) -> UnitMargins:
        """Return the margins of a unit, by its first id."""
        return self._found[unit]

    def _of_unit(self, unit: str) -> UnitMargins:
        score = self._by_unit[unit]
        found = [*self._of_entries(unit), *self._of_total(score)]
        found.sort(key=Margin.weight, reverse=True)
        # What was tried of entries that concern few other units is not needed for those.
        few = {
            one
            for one in self._changed.part(unit).entries
            if len(self._changed.units_of(one)) <= _FEW
        }
        for key in [key for key in list(self._after) if key[1].entry in few]:
            self._after.pop(key, None)
        for change in [one for one in list(self._made) if one.entry in few]:
            self._made.pop(change, None)
            self._standings_after.pop(change, None)
        return UnitMargins(unit, score.name, tuple(found))

    def of_entry(self, entry_id: str, only: str | None = None) -> list[UnitMargins]:
        """Return the margins of the units that one entry moves, in rank order.

        Args:
            entry_id: the entry.
            only: those of this unit alone, by its first id.
        """
        units = [one for one in self._changed.units_of(entry_id) if only in (None, one)]
        found = []
        for unit in with_progress(units, Message("comparing"), lambda: len(units)):
            if unit in self._found:
                margins = [one for one in self._found[unit].margins if one.entry == entry_id]
            else:
                margins = [*self._of_entries(unit, entry_id)]
                margins.sort(key=Margin.weight, reverse=True)
            if margins:
                found.append(UnitMargins(unit, self._by_unit[unit].name, tuple(margins)))
        return found

    def _of_entries(self, unit: str, only: str | None = None) -> Iterator[Margin]:
        """Yield the margins of a unit's entries, or of one of them."""
        effective = Effective(self._changed.part(unit), provisional=self._provisional)
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
            if only not in (None, entry.id):
                continue
            # A report has an effect on a batch on its matter alone, within some days of it.
            is_report, matters = isinstance(entry, InformationReport), _matters(entry)
            across = {one for name in matters for one in (batches if is_report else reports)[name]}
            beside = {one for name in matters for one in reports[name]} if is_report else others
            for field in fields:
                steps = field.steps(self._reach, beside, across)
                for sign in (-1, 1):
                    tried = (_Change(entry.id, field, sign * step) for step in steps)
                    told = (self._margin(unit, entry, change) for change in tried)
                    margin = next((one for one in told if one is not None), None)
                    if margin is not None:
                        yield margin

    def _margin(self, unit: str, entry: Entry, change: _Change) -> Margin | None:
        """Return what a change moves for a unit; None if nothing, or it would be refused."""
        field, after = change.field, self._after[unit, change]
        if after is None:
            return None
        before = self._changed.before(unit)
        standing, now = self._standings_after[change][unit], self._present[unit]
        assert standing.total is not None
        assert now.total is not None
        points, distance = standing.total - now.total, field.distance(change.by)
        if field.measured_in == "points" and standing[1:] == now[1:] and abs(points) <= distance:
            return None
        return Margin(
            entry.id,
            entry.KIND,
            field.name,
            field.measured_in,
            field.value,
            field.moved(change.by),
            distance,
            _clause(before.clauses, after.clauses),
            points,
            after.score.total - before.score.total,
            now,
            standing,
            _periods(before.score, after.score, self._measure),
        )

    def _with_change(self, change: _Change) -> Entry | None:
        """Return an entry with another value; None where it would be refused."""
        value, entry = change.field.moved(change.by), self._state.entries[change.entry].entry
        if value is None:
            return None
        return with_value(entry, change.field.name, value, self._kinds, self._measure)

    def _result(self, unit: str, change: _Change) -> UnitResult | None:
        made = self._made[change]
        return None if made is None else self._changed.after(unit, made)

    def _standings_under(self, change: _Change) -> Mapping[str, Standing]:
        """Return what the units that a change moves have after it, ranked among all."""
        results = {one: self._after[one, change] for one in self._changed.units_of(change.entry)}
        moved = {unit: one.score for unit, one in results.items() if one is not None}
        if self._measure.places:
            return self._placed(moved)
        # Ranks come of totals and flags alone, and many changes lead to the same ones.
        return self._ranked[frozenset((one.unit, one.total, one.flags) for one in moved.values())]

    def _with_totals(
        self, moved: frozenset[tuple[str, Decimal, tuple[str, ...]]]
    ) -> Mapping[str, Standing]:
        scores = {
            unit: replace(self._unplaced[unit], total=total, flags=flags)
            for unit, total, flags in moved
        }
        return self._placed(scores)

    def _placed(self, moved: Mapping[str, UnitScore]) -> Mapping[str, Standing]:
        """Return what units with another score have, without points by place, among all."""
        scores = [moved.get(unit, one) for unit, one in self._unplaced.items()]
        copies = [replace(one, sections=dict(one.sections), results=[]) for one in scores]
        found = placed(copies, self.scores.town)
        return _standings(one for one in found if one.unit in moved)

    def _of_total(self, score: UnitScore) -> Iterator[Margin]:
        """Yield, down and up, the nearest total under which the unit's rank would be another.

        Two totals are near if they differ by no more than the reach, itself included; to fall
        behind a unit takes one step more.
        """
        within, now = ranked_within(score, self._measure), self._present[score.unit]
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
                after = _standings(rank(copies, self.scores.town))[score.unit]
                if after.rank != now.rank:
                    gap = total - score.total
                    yield Margin(
                        None, None, TOTAL, "points", score.total, total, abs(gap), None, gap,
                        gap, now, after, {},
                    )  # fmt: skip
                    break


def _matters(entry: Any) -> tuple[str, ...]:
    """Return the matters that an entry is on."""
    if isinstance(entry, PetitionBatch):
        return (entry.matter,)
    return entry.matters if isinstance(entry, InformationReport) else ()


def _standings(units: Iterable[UnitScore]) -> dict[str, Standing]:
    return {one.unit: Standing(one.total, one.rank, one.flags) for one in units}


def _clause(before: Mapping[str, ClauseSum], after: Mapping[str, ClauseSum]) -> str | None:
    """Return the clause that differs most: by flags, then by points, then the first of them."""
    nothing = ClauseSum({}, frozenset())
    found: list[tuple[bool, Decimal, str]] = []
    for slug in dict.fromkeys([*before, *after]):
        one, other = before.get(slug, nothing), after.get(slug, nothing)
        if one != other:
            periods = {*one.points, *other.points}
            gaps = [abs(other.points.get(of, ZERO) - one.points.get(of, ZERO)) for of in periods]
            found.append((one.flags != other.flags, max(gaps, default=ZERO), slug))
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


def margins(search: MarginSearch, unit: str | None = None) -> Margins:
    """Return the margins of a year.

    Args:
        search: of the year.
        unit: this unit alone, by its first id.
    """
    units = [one.unit for one in search.scores.units if unit in (None, one.unit)]
    found = with_progress(units, Message("comparing"), lambda: len(units))
    return Margins(search.scores, tuple(search.of_unit(one) for one in found))
