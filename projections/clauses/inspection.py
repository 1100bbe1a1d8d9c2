"""The year-end inspection (年终检查考核), 三（二）: graded items and counted ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.postings import ZERO, Finding, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Finding]:
    """The item's points as inspected, once the year is over; not inspected is 0 and open."""
    if not town.closed:
        return
    item = rulebook.clauses[clause].item or ""
    finding = unit.findings.get(item)
    if finding is None:
        yield OpenPoint("not_inspected", None, clause)
        yield Posting(clause, None, ZERO, (), Working("item {}: not inspected", (item,)))
        return
    full = rulebook.amount(clause, "inspection item", item=item)
    if finding.points is not None:
        words = Working("item {}: graded {} of {}", (item, finding.points, full.value))
        yield Posting(clause, None, finding.points, (finding.id,), words, (full,))
        return
    assert finding.missing is not None
    each = rulebook.amount(clause, "inspection item, each missing", item=item)
    words = Working(
        "{} - {} × {}: item {}, {} missing",
        (full.value, finding.missing, -each.value, item, finding.missing),
    )
    points = full.value + finding.missing * each.value
    yield Posting(clause, None, points, (finding.id,), words, (full, each))
