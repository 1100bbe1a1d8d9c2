"""Write scores as a table and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.language import render
from ledger.decimals import plain
from ledger.message import Message
from projections.calendar import QUARTERS, quarter_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from projections.postings import OpenPoint
    from projections.scores import UnitScore, YearScores

    Published = Mapping[tuple[str, str], Any]

_FIGURES = ("Q1", "Q2", "Q3", "Q4", "inspection", "rewards", "penalties", "total")
RANKING = ("rank", "unit", "name", *_FIGURES, "flags", "open")
"""Columns of the annual table and of the workbook's ranking, as terms of the vocabulary."""


def raised_flags(score: UnitScore) -> list[str]:
    """Return the names of the flags that a unit has in the year."""
    raised = (("vetoed", score.vetoed), ("disqualified", score.disqualified))
    return [name for name, is_raised in raised if is_raised]


def _quarters(score: UnitScore) -> list[str]:
    """Return the scores of the four quarters, empty for one that has not begun."""
    scores = {quarter.quarter: plain(quarter.score) for quarter in score.quarters}
    return [scores.get(quarter, "") for quarter in QUARTERS]


def _sums(score: UnitScore) -> list[str]:
    sums = (score.inspection, score.rewards, score.penalties, score.total)
    return [plain(points) for points in sums]


def _with_published(score: UnitScore, year: int, published: Published) -> list[str]:
    """Return the scores of the quarters, with differing published ones in brackets."""
    texts = _quarters(score)
    for at, quarter in enumerate(QUARTERS):
        figures = published.get((score.unit, quarter_name(year, quarter)))
        if figures is not None:
            texts[at] += f" ({figures.get('score', '*')})"
    return texts


def scope_of(scores: YearScores, *, provisional: bool) -> str:
    """Return what scores show: year, day, position and which entries count."""
    counted = Message("unverified entries too") if provisional else Message("verified entries only")
    return Message(
        "{year} through {through}, as of position {position}, {counted}",
        year=scores.town.year,
        through=scores.town.through,
        position=scores.position,
        counted=counted,
    )


def print_scores(
    scores: YearScores, units: Sequence[UnitScore], published: Published, *, provisional: bool
) -> None:
    """Print the annual table, a row for each unit in rank order.

    Args:
        scores: of the whole town.
        units: those to print.
        published: by unit and quarter, the published figures that differ.
        provisional: whether unverified entries count too.
    """
    from cli.output.tables import console, table  # noqa: PLC0415 - slow to import, not for CSV

    numbers = map(render, ("rank", *_FIGURES, "open"))
    printed = table(*map(render, RANKING), right=tuple(numbers))
    for score in units:
        printed.add_row(
            str(score.rank),
            score.unit,
            score.name,
            *_with_published(score, scores.town.year, published),
            *_sums(score),
            " ".join(map(render, raised_flags(score))),
            str(len(score.open) or ""),
        )
    click.echo(render("Scores of {scope}", scope=scope_of(scores, provisional=provisional)))
    console().print(printed)
    shown = {score.unit for score in units}
    if any(unit in shown for unit, _ in published):
        click.echo(render("(…): as published; * where only flags, rewards or penalties differ"))


def print_open(score: UnitScore) -> None:
    """Print the open points of a unit, one a line."""
    for point in score.open:
        print_open_point(point)


def print_open_point(point: OpenPoint) -> None:
    """Print kind, entry and clause of an open point."""
    entry, clause = point.entry or "", point.clause or ""
    line = render("open: {kind} {entry} {clause}", kind=point.kind, entry=entry, clause=clause)
    click.echo(line.rstrip())


def score_rows(units: Iterable[UnitScore]) -> tuple[list[str], list[list[Any]]]:
    """Return CSV header and rows: a row for each unit."""
    header = ["rank", "unit", "name", *_FIGURES, "disqualified", "vetoed", "eligible", "open"]
    rows = [
        [
            score.rank,
            score.unit,
            score.name,
            *_quarters(score),
            *_sums(score),
            *(str(flag).lower() for flag in (score.disqualified, score.vetoed, score.eligible)),
            len(score.open),
        ]
        for score in units
    ]
    return header, rows
