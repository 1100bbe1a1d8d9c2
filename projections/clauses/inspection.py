"""The year-end inspection (年终检查考核), 三（二）: points by item.

Graded items get the points of the finding; counted ones lose points for each missing piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.postings import ZERO, ClauseResult, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge of one item, which yields one posting (points) once the year is over.

    An item without a finding gets 0 points and an open point `not_inspected`.
    """
    slug, item = clause.slug, clause.item or ""
    open_point = OpenPoint("not_inspected", None, slug)
    no_points = Posting(slug, None, ZERO, (), Working("item {}: not inspected", (item,)))
    full = clause.amount_for("inspection item", item=item)
    counted = clause.states("inspection item, each missing", item=item)
    each = clause.amount_for("inspection item, each missing", item=item) if counted else None

    def judge(unit: UnitYear, town: TownYear) -> Iterator[ClauseResult]:
        if not town.closed:
            return
        finding = unit.findings.get(item)
        if finding is None:
            yield open_point
            yield no_points
        elif finding.points is not None:
            words = Working("item {}: graded {} of {}", (item, finding.points, full.value))
            yield Posting(slug, None, finding.points, (finding.id,), words, (full,))
        else:
            assert finding.missing is not None
            assert each is not None
            words = Working(
                "{} - {} × {}: item {}, {} missing",
                (full.value, finding.missing, -each.value, item, finding.missing),
            )
            points = full.value + finding.missing * each.value
            yield Posting(slug, None, points, (finding.id,), words, (full, each))

    return judge
