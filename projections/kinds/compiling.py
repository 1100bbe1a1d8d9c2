"""Compilation of a clause under the readings in force, and the judge that it results in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from msgspec import field

from projections.measure.amounts import Amounts
from projections.measure.model import Condition, MeasureData, Words, is_imposed, resolved
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from projections.facts import Occurrence, Span, TownYear, UnitYear
    from projections.measure.measure import Measure
    from projections.measure.model import ByReading, Clause
    from projections.postings import ClauseResult


Coverage = dict[str, dict[str, tuple[str, ...]]]
"""By `of` of the amounts that must be stated for every case: by name, the values of the cases."""


class Judge(Protocol):
    """Compiled clause: a pure function of the facts of one unit and year."""

    def __call__(self, unit: UnitYear, town: TownYear, /) -> Iterable[ClauseResult]:
        """Yield the postings (points), open points and flags of the unit under this clause."""


class Where(MeasureData, frozen=True, kw_only=True):
    """A condition on the entries that a clause counts."""

    when: dict[str, Condition]
    condition: dict[str, str | list[str]] = field(name="if", default={})
    """Readings, by name, under whose value the condition is imposed."""
    words: Words | None = None
    """Why an entry that does not fulfil it does not count."""


def imposed(where: Sequence[Where], readings: Mapping[str, str]) -> list[Where]:
    """Return the conditions that are imposed under the readings in force."""
    return [one for one in where if is_imposed(one.condition, readings)]


class TracedReadings(Mapping[str, str]):
    """The value of every reading, with the names of those that were asked for."""

    def __init__(self, readings: Mapping[str, str]) -> None:
        """Trace from now on."""
        self._readings = readings
        self.read = set[str]()

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return self._readings[name]

    def __iter__(self) -> Iterator[str]:
        self.read.update(self._readings)
        return iter(self._readings)

    def __len__(self) -> int:
        return len(self._readings)


class Compilation(NamedTuple):
    """A clause with the readings in force and the measure that it belongs to."""

    clause: Clause
    readings: Mapping[str, str]
    measure: Measure

    @property
    def slug(self) -> str:
        """The clause's slug."""
        return self.clause.slug

    @property
    def of_year(self) -> bool:
        """Whether the clause's points belong to the year and to no period."""
        return self._section_is("year")

    @property
    def of_period(self) -> bool:
        """Whether the clause's points are part of the score of a period, and count there alone."""
        return self._section_is("period")

    def _section_is(self, of: str) -> bool:
        section = self.measure.sections.get(self.clause.section)
        return section is not None and section.of == of

    def amounts(self, of: str) -> Amounts:
        """Return the amounts of one `of`."""
        return Amounts(self.clause.slug, of, self.clause.amount, self.readings)

    def resolved(self, value: Any | ByReading) -> Any:
        """Return a parameter that may be decided by a reading."""
        return resolved(value, self.readings)


def of_no_period(what: object) -> Working:
    """Return the words for what belongs to no period, in a section of periods."""
    return Working("{}: in no period of the year: does not count", (what,))


def between_periods(given: Compilation, occurrences: Iterable[Occurrence]) -> Iterator[Posting]:
    """Yield a posting of 0 points for each entry that a section of periods has no period for."""
    for one in occurrences if given.of_period else ():
        if one.period is None:
            yield Posting(given.slug, None, ZERO, (one.entry.id,), of_no_period(one.day))


def closed_spans(unit: UnitYear, town: TownYear, *, of_year: bool) -> list[Span]:
    """Return what is over and the unit is assessed for: the year (None), or its periods."""
    first, last = unit.first, unit.last
    return [one for one in town.spans[of_year] if first <= one[2] <= last]
