"""Write scores as a table and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from cli.language import default_language, render
from cli.language.translating import translator
from cli.output.lines import print_line
from cli.output.measure_words import MeasureWords
from ledger.decimals import plain
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from projections.measure import Measure
    from projections.postings import OpenPoint
    from projections.scores import UnitScore, YearScores

    Published = Mapping[tuple[str, str], Any]

_FLAGS, _OPEN, _PERIODS, _SECTIONS = 1, 2, 3, 1_000
"""In this order columns stay longest where there is no room for all."""


def columns_of(scores: YearScores) -> list[tuple[str, str]]:
    """Return the columns of a year's figures as (key, title): periods, sections, the total."""
    town, measure = scores.town, scores.town.measure
    periods = town.calendar.periods(town.year)
    return [
        *((period.name, period.title.text) for period in periods),
        *((section.slug, section.title.text) for section in measure.of_the_year),
        ("total", Message("total")),
    ]


def figures_of(score: UnitScore) -> dict[str, Decimal]:
    """Return a unit's figures by the key of their column; none of a period that has not begun."""
    periods = {period.name: period.score for period in score.periods}
    return {**periods, **score.sections, "total": score.total}


def _texts(score: UnitScore, columns: Iterable[tuple[str, str]]) -> list[str]:
    """Return a unit's figures by column, empty where there is none."""
    found = figures_of(score)
    return [plain(found[key]) if key in found else "" for key, _ in columns]


def _spare(scores: YearScores, key: str) -> int:
    """Return when a column gives way: sections first, then periods from the first on."""
    if key == "total":
        return 0
    names = [period.name for period in scores.town.calendar.periods(scores.town.year)]
    return _PERIODS + len(names) - names.index(key) if key in names else _SECTIONS


def flag_titles(score: UnitScore, measure: Measure) -> list[str]:
    """Return the titles of the flags that a unit has in the year."""
    return [measure.flags[flag].title.text for flag in score.flags]


def grouped_by(measure: Measure) -> Literal["group", "type"] | None:
    """Return by what a table of scores shows its units apart; None if they are all alike."""
    if measure.rank.within == "type" and not measure.rank.none:
        return "type"
    return "group" if measure.units.group else None


def _with_published(
    score: UnitScore, year: int, columns: Sequence[tuple[str, str]], published: Published
) -> list[str]:
    """Return the figures by column, with differing published scores in brackets.

    What was published of the year is beside the total.
    """
    texts = _texts(score, columns)
    for at, (key, _) in enumerate(columns):
        figures = published.get((score.unit, str(year) if key == "total" else key))
        if figures is not None:
            texts[at] += f" ({figures.get('score', '*')})"
    return texts


def scope_of(scores: YearScores, *, provisional: bool) -> str:
    """Return what scores show: year, day, position and which entries count."""
    counted = Message("unverified entries too") if provisional else Message("verified entries only")
    return Message(
        "{year} through {through}, as of position {position}, {counted}, in {unit}",
        year=scores.town.year,
        through=scores.town.through,
        position=scores.position,
        counted=counted,
        unit=scores.town.measure.source.counted_in.text,
    )


def print_scores(
    scores: YearScores, units: Sequence[UnitScore], published: Published, *, provisional: bool
) -> None:
    """Print the annual table, a row for each unit in rank order.

    Args:
        scores: of the whole town.
        units: those to print.
        published: by unit and period, the published figures that differ.
        provisional: whether unverified entries count too.
    """
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    measure, columns = scores.town.measure, columns_of(scores)
    rank = [] if measure.rank.none else [Column(render("rank"), right=True)]
    results = [Column(render("result"), spare=_FLAGS)] if measure.bands else []
    flags = [Column(render("flags"), spare=_FLAGS, prose=8)] if measure.flags else []
    grouped = grouped_by(measure)
    words = MeasureWords.of(measure, translator(default_language()))
    groups = [] if grouped is None else [Column(words.translate.term(grouped))]
    printed = [
        *(*rank, Column(render("unit")), Column(render("name")), *groups),
        *(Column(render(title), right=True, spare=_spare(scores, key)) for key, title in columns),
        *(*results, *flags, Column(render("open"), right=True, spare=_OPEN)),
    ]
    rows = [
        [
            *([str(score.rank or "")] if rank else []),
            score.unit,
            score.name,
            *([words.within(score, grouped)] if grouped else []),
            *_with_published(score, scores.town.year, columns, published),
            *([words.band(score.band, closed=scores.town.closed)] if measure.bands else []),
            *([" ".join(map(render, flag_titles(score, measure)))] if flags else []),
            str(len(score.open) or ""),
        ]
        for score in units
    ]
    print_line(render("Scores of {scope}", scope=scope_of(scores, provisional=provisional)))
    print_table(printed, rows)
    shown = {score.unit for score in units}
    if any(unit in shown for unit, _ in published):
        print_line(render("(…): as published; * where other figures than the score differ"))


def print_open(points: Iterable[OpenPoint], measure: Measure) -> None:
    """Print kind, entry and clause of open points, one a line."""
    for point in points:
        clause = measure.clauses.get(point.clause or "")
        title = "" if clause is None else f"{render(clause.title.text)} ({clause.slug})"
        what = " ".join(filter(None, (point.entry, title)))
        print_line(render("open: {kind} {what}", kind=point.kind, what=what).rstrip())


def score_rows(scores: YearScores, units: Iterable[UnitScore]) -> tuple[list[str], list[list[Any]]]:
    """Return CSV header and rows: a row for each unit."""
    columns = columns_of(scores)
    keys = [key for key, _ in columns]
    bands = ["band"] if scores.town.measure.bands else []
    header = ["rank", "unit", "name", "group", *keys, "flags", "eligible", "open", *bands]
    rows = [
        [
            score.rank or "",
            score.unit,
            score.name,
            score.group or "",
            *_texts(score, columns),
            " ".join(score.flags),
            str(score.eligible).lower(),
            len(score.open),
            *([score.band] if bands else []),
        ]
        for score in units
    ]
    return header, rows
