"""Scores as a table and as CSV."""

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

    Beside = Mapping[tuple[str, str], Any]

_QUARTERS = (Message("Q1"), Message("Q2"), Message("Q3"), Message("Q4"))
_SUMS = (Message("inspection"), Message("rewards"), Message("penalties"), Message("total"))
_RANK, _OPEN = Message("rank"), Message("open")
_COLUMNS = (_RANK, Message("unit"), Message("name"), *_QUARTERS, *_SUMS, Message("flags"), _OPEN)
_NUMBERS = (_RANK, *_QUARTERS, *_SUMS, _OPEN)


def flags(score: UnitScore) -> str:
    """The year's flags in one cell."""
    named = ((Message("vetoed"), score.vetoed), (Message("disqualified"), score.disqualified))
    return " ".join(render(name) for name, raised in named if raised)


def _quarters(score: UnitScore) -> list[str]:
    told = {quarter.quarter: plain(quarter.score) for quarter in score.quarters}
    return [told.get(quarter, "") for quarter in QUARTERS]


def _with_published(score: UnitScore, scores: YearScores, beside: Beside) -> list[str]:
    """The quarters, each with what was published behind it where that differs."""
    told = _quarters(score)
    for place, quarter in enumerate(QUARTERS):
        published = beside.get((score.unit, quarter_name(scores.town.year, quarter)))
        if published is not None:
            told[place] += f" ({published.get('score', '*')})"
    return told


def standing(scores: YearScores, *, provisional: bool) -> str:
    """What a printed page shows: the year, the day, the position, what counts."""
    counted = Message("unverified entries too") if provisional else Message("verified entries only")
    return Message(
        "{year} through {through}, as of position {position}, {counted}",
        year=scores.town.year,
        through=scores.town.through,
        position=scores.position,
        counted=counted,
    )


def print_scores(
    scores: YearScores, units: Sequence[UnitScore], beside: Beside, *, provisional: bool
) -> None:
    """The annual table: a row a unit, in rank order."""
    from cli.output.tables import console, table  # noqa: PLC0415 - slow to import, not for CSV

    made = table(*map(render, _COLUMNS), right=tuple(map(render, _NUMBERS)))
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
    click.echo(render("Scores of {standing}", standing=standing(scores, provisional=provisional)))
    console().print(made)
    shown = {score.unit for score in units}
    if any(unit in shown for unit, _ in beside):
        click.echo(render("(…): as published; * where only flags, rewards or penalties differ"))


def print_open(score: UnitScore) -> None:
    """The open points of a unit, one a line."""
    for point in score.open:
        print_open_point(point)


def print_open_point(point: OpenPoint) -> None:
    """An open point: its kind, entry and clause."""
    entry, clause = point.entry or "", point.clause or ""
    told = render("open: {kind} {entry} {clause}", kind=point.kind, entry=entry, clause=clause)
    click.echo(told.rstrip())


def score_rows(units: Iterable[UnitScore]) -> tuple[list[str], list[list[Any]]]:
    """CSV of the same."""
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
