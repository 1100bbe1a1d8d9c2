"""A room a clause: the code that judges it and, beside it, its text, amounts and readings."""

from __future__ import annotations

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
    from collections.abc import Container, Iterable

    from projections.facts import TownYear, UnitYear
    from projections.postings import Finding
    from projections.rulebook import Rulebook


class Judge(Protocol):
    """Takes a unit's facts and yields what one clause makes of them."""

    def __call__(
        self, unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str
    ) -> Iterable[Finding]:
        """The findings of the clause of that slug, for one unit and year."""


JUDGES: dict[str, Judge] = {
    "screening": screening.judge,
    "case_reports": case_reports.judge,
    "information": information.judge,
    "abnormal_petitions": abnormal_petitions.judge,
    "disqualification": disqualification.judge,
    "inspection": inspection.judge,
    "special_period": special_period.judge,
    "commendation": commendation.judge,
    "research_site": research_site.judge,
    "supervised_cases": supervised_cases.judge,
    "no_collective": no_collective.judge,
    "criticism": criticism.judge,
    "yellow_card": yellow_card.judge,
}
"""The code of a clause, by the `judge` that its data names."""


CALENDAR = frozenset({"screening", "case_reports"})
"""Judges of what is owed by the calendar: they look at monthly reports and notices alone."""


def findings(
    unit: UnitYear, town: TownYear, rulebook: Rulebook, judges: Container[str] = JUDGES
) -> list[Finding]:
    """All that the measure makes of one unit's year, clause by clause in its own order.

    Args:
        unit: the facts of the unit.
        town: what holds for every unit.
        rulebook: the measure.
        judges: the judges to ask; all of them unless told otherwise.
    """
    return [
        finding
        for clause in rulebook.clauses.values()
        if clause.judge in judges
        for finding in JUDGES[clause.judge](unit, town, rulebook, clause.slug)
    ]
