"""Scoring rules: one module per clause of the measure, with its TOML data beside it.

Each module has a `compile_judge` that turns a clause and the readings in force into a judge: a pure
function from the facts of one unit and year to postings, open points and flags. Compilation looks
up the amounts once for each rulebook and choice of readings, instead of once for each entry.
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
    from projections.postings import ClauseResult
    from projections.rulebook import Clause, Rulebook


class Judge(Protocol):
    """Compiled clause: a pure function of the facts of one unit and year."""

    def __call__(self, unit: UnitYear, town: TownYear, /) -> Iterable[ClauseResult]:
        """Yield the postings (points), open points and flags of the unit under this clause."""


class Compiler(Protocol):
    """Function that compiles a clause under the readings in force."""

    def __call__(self, clause: Clause, readings: Mapping[str, str], /) -> Judge:
        """Return the judge of a clause.

        Args:
            clause: the clause, with its amounts.
            readings: the value in force of every reading, by its name.

        Raises:
            NoAmountError: the clause lacks an amount that its judge needs.
        """


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
"""Compilers by the name that a clause's TOML data gives as `judge`."""

CALENDAR = frozenset({"screening", "case_reports"})
"""Judges of periodic duties, which need no facts but monthly reports and notices."""


def clause_results(
    unit: UnitYear, town: TownYear, rulebook: Rulebook, judges: Container[str] = JUDGES
) -> list[ClauseResult]:
    """Return the results of one unit and year, in the order of the clauses.

    Args:
        unit: the facts of the unit.
        town: the facts that all units share, with the readings in force.
        rulebook: the measure.
        judges: names of the judges to run; all by default.

    Raises:
        NoAmountError: the measure states no amount, or several, for a case among the facts.
    """
    results: list[ClauseResult] = []
    for name, judge in compile_judges(rulebook, tuple(town.readings.items())):
        if name in judges:
            results += judge(unit, town)
    return results


@lru_cache(maxsize=16)
def compile_judges(
    rulebook: Rulebook, readings: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, Judge], ...]:
    """Compile every clause; return (name, judge) pairs in the order of the rulebook.

    Args:
        rulebook: the measure.
        readings: (name, value in force) pairs, as a tuple so that they can be a cache key.
    """
    by_name = dict(readings)
    return tuple(
        (clause.judge, JUDGES[clause.judge](clause, by_name))
        for clause in rulebook.clauses.values()
    )
