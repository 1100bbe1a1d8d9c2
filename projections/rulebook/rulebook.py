"""The measure: clauses by slug, amounts by case, readings in force."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ledger.entries import CarriedQuarter, InspectionFinding, Ruling, Unit
from ledger.fields import MOST_MISSING
from ledger.message import Alternatives, Message, Series
from ledger.vocabulary import UNIT_TYPES
from projections.calendar import year_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from ledger.entries.own import OwnKind
    from projections.rulebook.model import Adding, Amount, Clause, Reading, Section, Source, Total


_ONLY_COUNTED = {"1.2": 4}
"""By item that is counted and never graded, the most that can be missing: one each quarter."""

_CARRIED = frozenset({"basic_work", "abnormal_petitions", "rewards", "penalties"})
"""The sections of a quarter."""

_QUARTER = re.compile(r"\d{4}Q[1-4]", re.ASCII)


class Rulebook:
    """Clauses, amounts and readings of one measure, loaded and checked."""

    def __init__(
        self, source: Source, totals: Sequence[Total], adding: Adding, clauses: Sequence[Clause]
    ) -> None:
        """Index the parts of a measure; use `projections.rulebook.load_rulebook`."""
        self.source = source
        self.totals = tuple(totals)
        self.adding = adding
        self.clauses = {clause.slug: clause for clause in clauses}
        self.sections: dict[str, Section] = {clause.slug: clause.section for clause in clauses}
        self.readings: dict[str, Reading] = {
            reading.name: reading for clause in clauses for reading in clause.reading
        }
        self.openings: dict[str, Decimal] = {total.section: total.opening for total in totals}

    def amount(self, slug: str, of: str, **case: str | int) -> Amount:
        """Return the one amount of a clause for a case; see `Clause.amount_for`."""
        return self.clauses[slug].amount_for(of, **case)

    def in_force(self, rulings: Mapping[str, object]) -> dict[str, str]:
        """Return the value in force of every reading, given a year's rulings."""
        chosen = {name: reading.default for name, reading in self.readings.items()}
        for name, value in rulings.items():
            reading = self.readings.get(name)
            canonical = None if reading is None else reading.canonical(value)
            if canonical is not None:
                chosen[name] = canonical
        return chosen

    def kinds(self) -> dict[str, OwnKind]:
        """Return the kinds of entries that the measure declares itself: none."""
        return {}

    def year_of(self, day: date) -> int:
        """Return the assessment year of a day; the measure holds for every year."""
        return year_of(day)

    def unit_types(self) -> tuple[str, ...]:
        """Return the types of the units that the measure assesses (二、考核对象)."""
        return UNIT_TYPES

    def objections(
        self, entry: Unit | Ruling | InspectionFinding | CarriedQuarter
    ) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with an entry whose values the measure provides for."""
        if isinstance(entry, Unit):
            if entry.group is not None:
                yield "group", Message("the measure has no groups of units; leave it out")
        elif isinstance(entry, CarriedQuarter):
            yield from self._carried(entry)
        elif isinstance(entry, InspectionFinding):
            yield from self._finding(entry)
        else:
            reading = self.readings.get(entry.reading)
            if reading is None:
                yield (
                    "reading",
                    Message(
                        "is not a reading of the measure; choose one of {readings}",
                        readings=Series(self.readings),
                    ),
                )
            elif reading.canonical(entry.value) is None:
                yield (
                    "value",
                    Message(
                        "{reading} may be {choices}",
                        reading=entry.reading,
                        choices=reading.choices(),
                    ),
                )

    def _finding(self, entry: InspectionFinding) -> Iterator[tuple[str, str]]:
        clause, item = self.clauses.get(f"inspection-{entry.item}"), entry.item
        if clause is None:
            items = [one.item for one in self.clauses.values() if one.item is not None]
            yield "item", Message("must be one of {expected}", expected=Alternatives(items))
        elif entry.points is not None:
            most = clause.amount_for("inspection item", item=item).value
            if item in _ONLY_COUNTED:
                message = Message("item {item} is counted: give missing, not points", item=item)
                yield "missing", message
            elif entry.points > most:
                yield "points", Message("at item {item} must be 0 to {most}", item=item, most=most)
        elif not clause.states("inspection item, each missing", item=item):
            yield "points", Message("item {item} is graded: give points, not missing", item=item)
        elif (entry.missing or 0) > _ONLY_COUNTED.get(item, MOST_MISSING):
            most_missing = _ONLY_COUNTED[item]
            message = Message("at item {item} must be 0 to {most}", item=item, most=most_missing)
            yield "missing", message

    def _carried(self, entry: CarriedQuarter) -> Iterator[tuple[str, str]]:
        if not _QUARTER.fullmatch(entry.period):
            yield "period", Message("must be a quarter, as 2016Q1")
        known = [name for name in self.openings if name in _CARRIED]
        unknown = [name for name in entry.sections if name not in known]
        if unknown:
            message = Message(
                "{unknown} is not a section of a quarter; its sections are {known}",
                unknown=Series(unknown),
                known=Series(known),
            )
            yield "sections", message
