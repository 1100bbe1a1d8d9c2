"""Find the results of a unit that only one of two states has."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from typing import TYPE_CHECKING

from projections.postings import Flag, OpenPoint, Posting
from projections.raised import raised_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.postings import ClauseResult
    from projections.scores import Scored, UnitScore

    ByContent = dict[tuple[object, ...], ClauseResult]
    """Results of a unit by everything of them that is shown to people."""
    Unmatched = tuple[list[ClauseResult], list[ClauseResult]]
    """Results that only the earlier side has, and those that only the later side has."""


def by_content(score: UnitScore | None, period: int | None, of: Scored) -> ByContent:
    """Return the results of a unit, or of one period of it, by their content."""
    if score is None:
        return {}
    if period is None:
        return {_content(result): result for result in [*score.results, *score.open]}
    postings = [posting for posting in score.postings() if posting.period == period]
    results: list[ClauseResult] = [*postings, *raised_by(score, period, of.scores.town.measure)]
    return {_content(result): result for result in results}


def _content(result: ClauseResult) -> tuple[object, ...]:
    """Return everything of a result that is shown to people, as a key."""
    if isinstance(result, OpenPoint):
        return tuple(result)
    parts = (result.clause, result.period, result.entries, str(result.working))
    return (*parts, result.flag if isinstance(result, Flag) else result.points)


def unmatched(before: ByContent, after: ByContent, days: Sequence[str]) -> Unmatched:
    """Return the results that only one side has.

    Left out are two that differ only in the day up to which they were scored ("not in by
    2016-05-31"), and a posting of no points and no entry, which says that there was nothing.

    Args:
        before: the earlier results.
        after: the later ones.
        days: those up to which the two sides were scored.
    """

    def undated(content: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(
            reduce(lambda text, day: text.replace(day, ""), days, part)
            if isinstance(part, str)
            else part
            for part in content
        )

    sides = [
        [(undated(content), one) for content, one in mine.items() if content not in other]
        for mine, other in ((before, after), (after, before))
    ]
    counts = [Counter(content for content, _ in side) for side in sides]
    found: list[list[ClauseResult]] = []
    for side in sides:
        paired = counts[0] & counts[1]
        kept = []
        for content, one in side:
            if paired[content]:
                paired[content] -= 1
            elif not isinstance(one, Posting) or one.points or one.entries:
                kept.append(one)
        found.append(kept)
    return found[0], found[1]


def without_flags(results: list[ClauseResult]) -> list[ClauseResult]:
    """Return the results that are not flags."""
    return [one for one in results if not isinstance(one, Flag)]
