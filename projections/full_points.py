"""Full points: those of sections and of clauses, and what a posting has of them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from projections.kinds.compiling import Compilation
from projections.known import Known
from projections.measure.model import ByReading, number_of
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from projections.explanation import Line
    from projections.facts import TownYear
    from projections.measure import Clause, Measure
    from projections.measure.head import Section
    from projections.postings import Working

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


def full_of(section: Section, measure: Measure) -> Decimal | None:
    """Return the full points of a section: as stated, or what it opens at if nothing adds to it."""
    if section.weight != 1:
        return None
    if section.points is not None:
        return section.points
    clauses = (one for one in measure.clauses.values() if one.section == section.slug)
    return None if any(map(may_add, clauses)) else section.opening


def full_of_all(sections: Iterable[Section], measure: Measure) -> Decimal | None:
    """Return the full points of sections together; None unless each states its own."""
    found = [full_of(one, measure) for one in sections]
    known = [one for one in found if one is not None]
    return sum(known, ZERO) if len(known) == len(found) else None


def may_add(clause: Clause) -> bool:
    """Return whether points may be added under a clause."""
    given = [clause.opening, *(amount.points for amount in clause.amount)]
    given += [] if clause.applies_to is None else [clause.applies_to.otherwise]
    return any(_may_be_positive(one) for one in given if one is not None)


def _may_be_positive(points: Decimal | ByReading) -> bool:
    if not isinstance(points, ByReading):
        return points > 0
    if points.values is None:
        return True
    return any(not str(one).startswith("-") and str(one) != "0" for one in points.values.values())


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
        return Told(line, self.of_posting(line.clause, line.working))

    def of_item(self, slug: str) -> Decimal | None:
        """Return the full points that postings of a clause are compared with, or None."""
        clause = self.measure.clauses.get(slug)
        if clause is None or clause.kind not in _COMPARED:
            return None
        section = self.measure.sections[clause.section]
        is_item = clause.kind in _ALWAYS and section.of != "beside"
        return self.of_clause(clause) if is_item or self.of_section(section) is not None else None

    def of_posting(self, slug: str, working: Working) -> Decimal | None:
        """Return the full points that a posting is compared with; None if it is with none.

        Args:
            slug: of its clause.
            working: how its points were computed.
        """
        full = self.of_item(slug)
        if full is None:
            return None
        compared = _COMPARED[self.measure.clauses[slug].kind]
        return full if working.innermost.template in compared else None

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
