"""Write scores as a table and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.language import tell
from ledger.bounds import plain
from ledger.saying import Said
from projections.calendar import QUARTERS, quarter_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from projections.postings import OpenPoint
    from projections.scores import UnitScore, YearScores

    Beside = Mapping[tuple[str, str], Any]

_QUARTERS = (Said("Q1"), Said("Q2"), Said("Q3"), Said("Q4"))
_SUMS = (Said("inspection"), Said("rewards"), Said("penalties"), Said("total"))
_RANK, _OPEN = Said("rank"), Said("open")
_COLUMNS = (_RANK, Said("unit"), Said("name"), *_QUARTERS, *_SUMS, Said("flags"), _OPEN)
_NUMBERS = (_RANK, *_QUARTERS, *_SUMS, _OPEN)


def flags(score: UnitScore) -> str:
    """Return the year's flags in one cell."""
    named = ((Said("vetoed"), score.vetoed), (Said("disqualified"), score.disqualified))
    return " ".join(tell(name) for name, raised in named if raised)


def _quarters(score: UnitScore) -> list[str]:
    told = {quarter.quarter: plain(quarter.score) for quarter in score.quarters}
    return [told.get(quarter, "") for quarter in QUARTERS]


def _with_published(score: UnitScore, scores: YearScores, beside: Beside) -> list[str]:
    """Return the quarters, each followed by the published score where that differs."""
    told = _quarters(score)
    for place, quarter in enumerate(QUARTERS):
        published = beside.get((score.unit, quarter_name(scores.town.year, quarter)))
        if published is not None:
            told[place] += f" ({published.get('score', '*')})"
    return told


def standing(scores: YearScores, *, provisional: bool) -> str:
    """Return what a table shows: the year, the day, the position, which entries count."""
    counted = Said("unverified entries too") if provisional else Said("verified entries only")
    return Said(
        "{year} through {through}, as of position {position}, {counted}",
        year=scores.town.year,
        through=scores.town.through,
        position=scores.position,
        counted=counted,
    )


def print_scores(
    scores: YearScores, units: Sequence[UnitScore], beside: Beside, *, provisional: bool
) -> None:
    """Print the annual table: a row a unit, in rank order."""
    from cli.output.tables import console, table  # noqa: PLC0415 - slow to import, not for CSV

    made = table(*map(tell, _COLUMNS), right=tuple(map(tell, _NUMBERS)))
    for score in units:
        made.add_row(
            str(score.rank),
            score.unit,
            score.name,
            *_with_published(score, scores, beside),
            plain(score.inspection),
            plain(score.rewards),
            plain(score.penalties),
            plain(score.total),
            flags(score),
            str(len(score.open) or ""),
        )
    click.echo(tell("Scores of {standing}", standing=standing(scores, provisional=provisional)))
    console().print(made)
    shown = {score.unit for score in units}
    if any(unit in shown for unit, _ in beside):
        click.echo(tell("(…): as published; * where only flags, rewards or penalties differ"))


def print_open(score: UnitScore) -> None:
    """Print the open points of a unit, one a line."""
    for point in score.open:
        print_open_point(point)


def print_open_point(point: OpenPoint) -> None:
    """Print an open point: its kind, entry and clause."""
    entry, clause = point.entry or "", point.clause or ""
    told = tell("open: {kind} {entry} {clause}", kind=point.kind, entry=entry, clause=clause)
    click.echo(told.rstrip())


def score_rows(units: Iterable[UnitScore]) -> tuple[list[str], list[list[Any]]]:
    """Return the header and the rows of the CSV of scores."""
    header = ["rank", "unit", "name", "Q1", "Q2", "Q3", "Q4", "inspection", "rewards"]
    header += ["penalties", "total", "disqualified", "vetoed", "eligible", "open"]
    rows = [
        [
            score.rank,
            score.unit,
            score.name,
            *_quarters(score),
            plain(score.inspection),
            plain(score.rewards),
            plain(score.penalties),
            plain(score.total),
            *(str(flag).lower() for flag in (score.disqualified, score.vetoed, score.eligible)),
            len(score.open),
        ]
        for score in units
    ]
    return header, rows
