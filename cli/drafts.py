"""Read a draft measure to try it, with a remark if its worked cases fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.measure import read_measure

if TYPE_CHECKING:
    from projections.measure import Measure


def draft_of(named: str) -> Measure:
    """Return the measure of a folder, or one that ships with the program, to try it.

    Remarks on standard error if its worked cases fail.

    Raises:
        TallyError: there is no such measure, or it is unsound.
    """
    from cli.output import remark  # noqa: PLC0415 - only for drafts
    from projections.measure.cases import failed_cases, failures  # noqa: PLC0415
    from projections.measure.checking import checked  # noqa: PLC0415

    measure = checked(read_measure(named))
    failed = failures(measure)
    if failed:
        remark(
            "{count} worked {count:case|cases} of {measure} {count:fails|fail}; "
            "`tally measure check` shows which",
            count=failed_cases(failed),
            measure=measure.id,
        )
    return measure
