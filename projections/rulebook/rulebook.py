"""The measure: clauses by slug, amounts by case, readings in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import InspectionFinding, Ruling
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from projections.rulebook.model import Adding, Amount, Clause, Reading, Section, Source, Total


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

    def objections(self, entry: Ruling | InspectionFinding) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a ruling or a finding, as (field, message)."""
        if isinstance(entry, Ruling):
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
        elif entry.points is not None:
            most = self.amount(f"inspection-{entry.item}", "inspection item", item=entry.item)
            if entry.points > most.value:
                yield (
                    "points",
                    Message(
                        "at item {item} must be 0 to {value}", item=entry.item, value=most.value
                    ),
                )
