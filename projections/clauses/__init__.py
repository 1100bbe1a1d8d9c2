"""The clauses of the measure: the code of each and, beside it, its text, amounts and readings.

Each module compiles its clause into a judge, once for a rulebook and the readings in force: amounts
are looked up then, not for each entry. A judge is a pure function of a unit's facts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from projections.clauses import (
    abnormal_petitions,
    case_reports,
    commendation,
    criticism,
    disqualification,
    information,
    inspection,
    no_collective,
    research_site,
    screening,
    special_period,
    supervised_cases,
    yellow_card,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from projections.facts import TownYear, UnitYear
    from projections.postings import Finding
    from projections.rulebook import Clause, Rulebook


class Judge(Protocol):
    """A compiled clause: yields what it makes of the facts of one unit and year."""

    def __call__(self, unit: UnitYear, town: TownYear, /) -> Iterable[Finding]:
        """Yield postings, open points and flags."""


class Compiler(Protocol):
    """Compiles a clause under the readings in force."""

    def __call__(self, clause: Clause, readings: Mapping[str, str], /) -> Judge:
        """Look up what the judge needs, and return the judge."""


JUDGES: dict[str, Compiler] = {
    "screening": screening.compile_judge,
    "case_reports": case_reports.compile_judge,
    "information": information.compile_judge,
    "abnormal_petitions": abnormal_petitions.compile_judge,
    "disqualification": disqualification.compile_judge,
    "inspection": inspection.compile_judge,
    "special_period": special_period.compile_judge,
    "commendation": commendation.compile_judge,
    "research_site": research_site.compile_judge,
    "supervised_cases": supervised_cases.compile_judge,
    "no_collective": no_collective.compile_judge,
    "criticism": criticism.compile_judge,
    "yellow_card": yellow_card.compile_judge,
}
"""The code of a clause, by the `judge` that its data names."""


CALENDAR = frozenset({"screening", "case_reports"})
"""Judges of what is due by the calendar: they look at monthly reports and notices alone."""


def findings(
    unit: UnitYear, town: TownYear, rulebook: Rulebook, judges: Container[str] = JUDGES
) -> list[Finding]:
    """Return all that the measure makes of one unit's year, in the order of the clauses.

    Args:
        unit: the facts of the unit.
        town: what holds for every unit.
        rulebook: the measure.
        judges: the judges to ask; all of them by default.
    """
    found: list[Finding] = []
    for name, judge in compile_judges(rulebook, tuple(town.readings.items())):
        if name in judges:
            found += judge(unit, town)
    return found


@lru_cache(maxsize=16)
def compile_judges(
    rulebook: Rulebook, readings: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, Judge], ...]:
    """Compile every clause under readings; return each judge behind its name, in their order."""
    chosen = dict(readings)
    return tuple(
        (clause.judge, JUDGES[clause.judge](clause, chosen)) for clause in rulebook.clauses.values()
    )
