"""Say for which of the days on which a report is owed each report of a unit is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from projections.kinds.cases import field_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.facts import UnitYear
    from projections.kinds.compiling import Compilation
    from projections.kinds.due import Due, Parameters


def reports_by_day(
    given: Compilation, parameters: Parameters, unit: UnitYear, dues: Sequence[Due], before: date
) -> dict[str, list[Any]]:
    """Return the reports of a unit by what they are for, the earliest first.

    Args:
        given: the clause.
        parameters: its parameters.
        unit: the unit.
        dues: the days on which it owes one.
        before: the last day before these on which one was due.
    """
    if parameters.entry not in given.measure.kinds():
        return unit.reports[parameters.entry]
    reports = unit.submitted[parameters.entry]
    found: dict[str, list[Any]] = {}
    if parameters.owed_for is not None:
        read = field_reader(given.measure, parameters.entry, parameters.owed_for)
        assert read is not None
        for report in reports:
            found.setdefault(str(read(report)), []).append(report)
        return found
    # One that was in by the day before is for that day, or an earlier one.
    waiting = [one for one in reports if one.day() > before]
    begins = date.min
    arrived = given.resolved(parameters.late_until) == "arrived"
    for due in dues:
        until = None if arrived else due.late_until
        # What is handed in after a report is missing is for a later day.
        in_reach = waiting and (until is None or waiting[0].day() <= max(until, due.on))
        if in_reach and waiting[0].day() > begins:
            found[due.name] = [waiting.pop(0)]
        # A report before the due date of the one before it is a second one for the same day.
        begins = due.on
        while waiting and waiting[0].day() <= begins:
            waiting.pop(0)
    return found
