"""Write explanations as text, JSON and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.language import default_language, render
from cli.language.translating import translator
from cli.output.measure_words import MeasureWords
from cli.output.scores import print_open
from cli.output.tables import console, print_paragraph, table
from ledger.decimals import plain
from projections.presentation import open_json
from projections.ruling import amount_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from projections.explanation import Explanation, Line
    from projections.measure import Measure


def _line_json(line: Line, measure: Measure) -> dict[str, Any]:
    """Return the contract's JSON of a posting, with the amounts that were applied."""
    return {
        "clause": line.clause,
        "citation": line.citation,
        "points": plain(line.points),
        "entries": list(line.entries),
        "working": str(line.working),
        "text": line.text,
        "read": [amount_json(amount, measure) for amount in line.read],
    }


def explanation_json(
    explanation: Explanation,
    *,
    through: str,
    position: int,
    provisional: bool,
    measure: dict[str, Any],
) -> dict[str, Any]:
    """Return the contract's JSON of `explain`."""

    def lines(found: Iterable[Line]) -> list[dict[str, Any]]:
        return [_line_json(line, explanation.measure) for line in found]

    band = {} if explanation.band is None else {"band": explanation.band}
    return {
        "unit": explanation.unit,
        "name": explanation.name,
        "period": explanation.period,
        "measure": measure,
        "through": through,
        "position": position,
        "provisional": provisional,
        "opening": plain(explanation.opening),
        "closing": plain(explanation.closing),
        "postings": lines(explanation.postings),
        "beside": lines(explanation.beside),
        "flags": [
            {"flag": flag, **_line_json(line, explanation.measure)}
            for flag, line in explanation.flags
        ],
        "open": [open_json(point) for point in explanation.open],
        **band,
    }


def print_explanation(explanation: Explanation, scope: str) -> None:
    """Print each clause with its sentence, and each posting with working and entries.

    Args:
        explanation: of a unit's period or year.
        scope: what it shows: day, position, which entries count.
    """
    click.echo(
        render(
            "{unit} {name}, {period} ({scope})",
            unit=explanation.unit,
            name=explanation.name,
            period=explanation.period,
            scope=scope,
        )
    )
    unit, measure = explanation.measure.source.counted_in.text, explanation.measure
    opening, closing = plain(explanation.opening), plain(explanation.closing)
    click.echo(render("\nopening {opening} {unit}", opening=opening, unit=unit))
    _print_lines(explanation.postings)
    click.echo(render("closing {closing} {unit}", closing=closing, unit=unit))
    if explanation.band is not None:
        band = MeasureWords.of(measure, translator(default_language())).band(explanation.band)
        click.echo(render("result by total: {band}", band=band))
    if explanation.beside:
        click.echo(render("\nBeside the period, added once to the year's total:"))
        _print_lines(explanation.beside)
    for flag, line in explanation.flags:
        click.echo(
            render(
                "\n{flag} ({citation}): {working} [{entries}]",
                flag=measure.flags[flag].title.text,
                citation=line.citation,
                working=line.working,
                entries=", ".join(line.entries),
            )
        )
        print_paragraph(line.text)
    print_open(explanation.open, measure)


def _print_lines(lines: Sequence[Line]) -> None:
    by_clause: dict[str, list[Line]] = {}
    for line in lines:
        by_clause.setdefault(line.clause, []).append(line)
    for clause, group in by_clause.items():
        click.echo(f"\n{group[0].citation} {group[0].title} ({clause})")
        print_paragraph(group[0].text)
        printed = table("points", "working", "entries", right=("points",))
        printed.show_header = False
        for line in group:
            printed.add_row(plain(line.points), render(line.working), " ".join(line.entries))
        console().print(printed)


def explanation_rows(explanation: Explanation) -> tuple[list[str], list[list[str]]]:
    """Return CSV header and rows: a row for each posting."""
    rows = [
        [
            part,
            line.clause,
            line.citation,
            plain(line.points),
            " ".join(line.entries),
            str(line.working),
            line.text,
        ]
        for part, lines in (("posting", explanation.postings), ("beside", explanation.beside))
        for line in lines
    ]
    return ["part", "clause", "citation", "points", "entries", "working", "text"], rows
