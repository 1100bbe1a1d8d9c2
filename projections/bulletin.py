"""Compute the content of a quarter's bulletin (季度通报, 四.2).

It has ranks, changes, deductions, flags and restatements. It names units, clauses, points and
counts; never a case number, an entry or its working.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.bulletin_parts import (
    Bulletin,
    ClausePoints,
    OpenCount,
    Raised,
    Row,
    Share,
)
from projections.calendar import QUARTERS, quarter_end, quarter_name, quarter_start
from projections.postings import ZERO, Posting
from projections.restatement import restated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from ledger.state import LedgerState
    from projections.bulletin_parts import Restated
    from projections.rulebook import Rulebook
    from projections.scores import UnitScore, YearScores


def bulletin(
    scores: YearScores,
    number: int,
    state: LedgerState,
    rulebook: Rulebook,
    last_year: YearScores | None = None,
) -> Bulletin:
    """Return the bulletin of a quarter that has begun by the day of the scores.

    Args:
        scores: of its year.
        number: the quarter's, 1 to 4.
        state: the ledger as it is known.
        rulebook: the measure.
        last_year: the scores of the year before, where it was published.
    """
    year = scores.town.year
    starts = quarter_start(year, number)
    assert starts <= scores.town.through, f"{quarter_name(year, number)} has not begun"
    return Bulletin(
        quarter_name(year, number),
        year,
        number,
        starts,
        quarter_end(starts),
        scores.town.through,
        scores.position,
        _rows(scores, number),
        tuple(_clauses(scores, number, rulebook)),
        tuple(_flags(scores, number, rulebook)),
        tuple(_open(scores)),
        (*_restated_last_year(last_year, state), *restated(scores, number, state)),
    )


def _ranks(scores: YearScores, number: int) -> dict[str, int]:
    """Return each unit's rank by its score of a quarter; ties share one (1, 2, 2, 4)."""
    quarter_scores = [score.quarters[number - 1].score for score in scores.units]
    ordered = sorted(quarter_scores, reverse=True)
    place = {points: ordered.index(points) + 1 for points in set(ordered)}
    return {
        score.unit: place[points]
        for score, points in zip(scores.units, quarter_scores, strict=True)
    }


def _so_far(score: UnitScore, number: int) -> Decimal:
    """Return the points up to a quarter (四.2); the fourth includes the inspection."""
    if number == QUARTERS[-1]:
        return score.total
    quarters = score.quarters[:number]
    return sum((one.score + one.rewards - one.penalties for one in quarters), ZERO)


def _rows(scores: YearScores, number: int) -> tuple[Row, ...]:
    ranks = _ranks(scores, number)
    earlier = _ranks(scores, number - 1) if number > 1 else {}
    rows = [
        Row(
            ranks[score.unit],
            score.unit,
            score.name,
            score.quarters[number - 1],
            score.quarters[number - 2].score if number > 1 else None,
            earlier.get(score.unit),
            _so_far(score, number),
            tuple(dict.fromkeys(flag.flag for flag in score.flags() if flag.quarter <= number)),
        )
        for score in scores.units
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank, row.unit)))


def _clauses(scores: YearScores, number: int, rulebook: Rulebook) -> Iterator[ClausePoints]:
    found: dict[str, list[Share]] = {}
    for score in scores.units:
        own: dict[str, list[Posting]] = {}
        for posting in score.postings():
            if posting.quarter == number and posting.points:
                own.setdefault(posting.clause, []).append(posting)
        for slug, postings in own.items():
            points = sum((posting.points for posting in postings), ZERO)
            found.setdefault(slug, []).append(Share(score.name, points, len(postings)))
    for slug, clause in rulebook.clauses.items():
        if slug in found:
            shares = sorted(found[slug], key=lambda share: (-abs(share.points), share.name))
            heading = clause.section, clause.citation, clause.title.zh
            yield ClausePoints(slug, *heading, tuple(shares))


def _flags(scores: YearScores, number: int, rulebook: Rulebook) -> Iterator[Raised]:
    for score in sorted(scores.units, key=lambda score: score.unit):
        first: dict[str, Raised] = {}
        for flag in sorted(score.flags(), key=lambda flag: flag.quarter):
            if flag.quarter <= number:
                citation = rulebook.clauses[flag.clause].citation
                first.setdefault(flag.flag, Raised(score.name, flag.flag, flag.quarter, citation))
        yield from first.values()


def _open(scores: YearScores) -> Iterator[OpenCount]:
    """Count the open points; an entry open under two units is one."""
    entries: dict[str, set[tuple[str | None, str | None, str]]] = {}
    names: dict[str, dict[str, None]] = {}
    for score in sorted(scores.units, key=lambda score: score.unit):
        for point in score.open:
            where = score.unit if point.entry is None else ""
            entries.setdefault(point.kind, set()).add((point.entry, point.clause, where))
            names.setdefault(point.kind, {})[score.name] = None
    for kind, found in entries.items():
        yield OpenCount(
            kind,
            len({(entry or clause, unit) for entry, clause, unit in found}),
            tuple(names[kind]),
        )


def _restated_last_year(scores: YearScores | None, state: LedgerState) -> Iterator[Restated]:
    if scores is not None:
        yield from restated(scores, QUARTERS[-1], state)
