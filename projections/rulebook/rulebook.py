"""The measure in force: its clauses by slug, its amounts by case, its readings by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import InspectionFinding, Ruling
from ledger.errors import TallyError
from ledger.message import Message, Series
from projections.rulebook.model import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from projections.rulebook.model import Adding, Amount, Clause, Reading, Source, Total


class NoAmountError(TallyError):
    """A case for which the measure states no amount, or more than one."""

    def __init__(self, slug: str, of: str, case: Mapping[str, object], found: int) -> None:
        super().__init__(
            Message(
                "clause {slug}: {found} amounts for “{of}” with {case}; one was expected",
                slug=slug,
                found=found,
                of=of,
                case=dict(case),
            )
        )


class Rulebook:
    """Clauses, amounts and readings of one measure, as loaded and found sound."""

    def __init__(
        self, source: Source, totals: Sequence[Total], adding: Adding, clauses: Sequence[Clause]
    ) -> None:
        """Use `projections.rulebook.load_rulebook`."""
        self.source = source
        self.totals = tuple(totals)
        self.adding = adding
        self.clauses = {clause.slug: clause for clause in clauses}
        self.readings: dict[str, Reading] = {
            reading.name: reading for clause in clauses for reading in clause.reading
        }
        self.openings: dict[str, Decimal] = {total.section: total.opening for total in totals}
        self._found: dict[tuple[object, ...], Amount] = {}

    def amount(self, slug: str, of: str, **case: str | int) -> Amount:
        """The one amount of a clause for a case.

        Raises:
            NoAmountError: the clause has none for it, or several.
        """
        key = (slug, of, *case.items())
        found = self._found.get(key)
        if found is None:
            candidates = [
                amount
                for amount in self.clauses[slug].amount
                if amount.of == of and _applies(amount, case)
            ]
            if len(candidates) != 1:
                raise NoAmountError(slug, of, case, len(candidates))
            found = self._found[key] = candidates[0]
        return found

    def states(self, slug: str, of: str, **case: str | int) -> bool:
        """Whether a clause states an amount for a case at all."""
        return any(
            amount.of == of and _applies(amount, case) for amount in self.clauses[slug].amount
        )

    def in_force(self, rulings: Mapping[str, object]) -> dict[str, str]:
        """Every reading with the value that holds, given the year's rulings by reading."""
        chosen = {name: reading.default for name, reading in self.readings.items()}
        for name, value in rulings.items():
            reading = self.readings.get(name)
            canonical = None if reading is None else reading.canonical(value)
            if canonical is not None:
                chosen[name] = canonical
        return chosen

    def objections(self, entry: Ruling | InspectionFinding) -> Iterator[tuple[str, str]]:
        """What the measure has against a ruling or a finding, as (field, message)."""
        if isinstance(entry, Ruling):
            reading = self.readings.get(entry.reading)
            if reading is None:
                yield (
                    "reading",
                    Message(
                        "is no reading of the measure; one of {readings}",
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


def _applies(amount: Amount, case: Mapping[str, str | int]) -> bool:
    for name, allowed in amount.when.items():
        given = case.get(name)
        if isinstance(allowed, str):
            low, high = bounds(allowed)
            if not isinstance(given, int) or not low <= given <= high:
                return False
        elif given not in allowed:
            return False
    return True
