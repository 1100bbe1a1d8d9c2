"""Return the full points that a posting of a clause may have, and what it has of them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cli.output.documents.figures import full_of, may_add
from projections.kinds.compiling import Compilation
from projections.known import Known
from projections.measure.model import number_of
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from projections.explanation import Line
    from projections.facts import TownYear
    from projections.measure import Clause, Measure
    from projections.measure.head import Section

_COMPARED = {
    "graded": (
        "item {}: graded {} of {}",
        "{} - {} × {}: item {}, {} missing",
        "item {}: the lower of {} findings",
        "item {}: the higher of {} findings",
        "item {}: the mean of {} findings",
        "item {}: the sum of {} findings",
    ),
    "rate": (
        "no cases",
        "{} / {} × {}",
        "{} of {}: more than all, counted as all: {}",
        "{} of {}, {} % owed",
    ),
    "quota": (
        "{} had {}, {} owed",
        "{} had {} cases, {} owed",
        "{}: {} had {} of {}",
        "{}: {} had {} of {} cases",
    ),
    "milestone": ("done on {}, due {}", "not done by {}"),
    "due": (
        "{}: in on {}, due {}",
        "{}: late, in on {}, due {}",
        "{}: missing, due {}, not in by {}",
        "{}: not in yet, due {}, still owed on {}",
    ),
    "all_done": (
        "not done in time: {}",
        "nothing fell due",
        "all {} that fell due were done in time",
    ),
    "clean": ("{} in the way from {} to {}", "none from {} to {}"),
}
"""By kind of clause, the templates of postings that are compared with the clause's full points."""

_ALWAYS = {"graded", "rate"}
"""Kinds whose full points are those of an item, also where those of its section are not stated.

Beside the periods they are rewards."""


class Told(NamedTuple):
    """A posting as a slip tells it."""

    line: Line
    full: Decimal | None = None
    """The full points that it is compared with; None where it gives or takes points by itself."""

    @property
    def points(self) -> Decimal:
        """Return what it has more (or less: negative) than its full points."""
        return self.line.points - (self.full or ZERO)


class Remark(NamedTuple):
    """A section whose full points are more than those of its items."""

    title: str
    stated: Decimal
    of_items: Decimal


def full_points_of(town: TownYear) -> FullPoints:
    """Return the full points under the measure and the readings of a year."""
    return _full_points(town.measure, tuple(town.readings.items()), town.last)


class FullPoints:
    """The full points of clauses and sections under the readings of a year."""

    def __init__(self, measure: Measure, readings: Mapping[str, str], day: date) -> None:
        """Take the measure, the value in force of every reading, and the last day of the year."""
        self.measure, self._readings, self._day = measure, readings, day
        self._of_section = Known[str, Decimal | None](
            lambda slug: full_of(measure.sections[slug], measure)
        )
        self._of_clause = Known[str, Decimal | None](lambda slug: self._most(measure.clauses[slug]))

    def of_section(self, section: Section) -> Decimal | None:
        """Return the full points of a section; None where they are not known."""
        return self._of_section[section.slug]

    def of_clause(self, clause: Clause) -> Decimal | None:
        """Return the most points of one posting; None where each case has its own."""
        return self._of_clause[clause.slug]

    def remark(self, section: Section) -> Remark | None:
        """Return the full points of a section if its items have fewer; None if they add up.

        None too where the points of some item have no bound.
        """
        stated, total = section.points, section.opening
        clauses = [one for one in self.measure.clauses.values() if one.section == section.slug]
        for clause in clauses:
            most = self.of_clause(clause)
            opening = number_of(clause.opening, self._readings) or ZERO
            if most is None and may_add(clause) and opening <= 0:
                return None
            total += opening + (most or ZERO)
        if stated is None or not total < stated:
            return None
        return Remark(section.title.zh, stated, total)

    def told(self, line: Line) -> Told:
        """Return a posting, compared with its full points where the measure has such."""
        clause = self.measure.clauses.get(line.clause)
        if clause is None or line.working.innermost.template not in _COMPARED.get(clause.kind, ()):
            return Told(line)
        section = self.measure.sections[clause.section]
        is_item = clause.kind in _ALWAYS and section.of != "beside"
        is_compared = is_item or self.of_section(section) is not None
        return Told(line, self.of_clause(clause) if is_compared else None)

    def _most(self, clause: Clause) -> Decimal | None:
        readings = self._readings
        given = Compilation(clause, readings, self.measure)

        def points(of: str, **case: str) -> Decimal:
            found, _ = given.amounts(of).find({"day": self._day, **case})
            return ZERO if found is None else found.points

        most: Decimal | None = None
        match clause.kind:
            case "graded":
                is_sum = given.resolved(clause.parameters.several) == "sum"
                most = number_of(clause.cap, readings) if is_sum else points("full")
            case "rate":
                most = points("full")
            case "milestone":
                most = points("done")
            case "due":
                most = max(points("report", state="in"), ZERO)
            case "quota":
                found, _ = given.amounts("owed").find({"day": self._day})
                owed = 0 if found is None else found.amount.count or 0
                most = points("each") * owed + points("reached")
            case "all_done" if clause.parameters.award == "once":
                most = points("done")
            case "clean" if clause.parameters.within != "special_period":
                most = points("clean")
        return most


@lru_cache(maxsize=8)
def _full_points(measure: Measure, readings: tuple[tuple[str, str], ...], day: date) -> FullPoints:
    return FullPoints(measure, dict(readings), day)
