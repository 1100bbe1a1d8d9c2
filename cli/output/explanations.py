"""Write explanations as text, JSON and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language import default_language, render
from cli.language.translating import translator
from cli.output.lines import print_line
from cli.output.measure_words import MeasureWords
from cli.output.scores import print_open
from cli.output.tables import Column, print_paragraph, print_table
from cli.output.workings import beside_points
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
    print_line(
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
    print_line(render("\nopening {opening} {unit}", opening=opening, unit=unit))
    _print_lines(explanation.postings)
    print_line(render("closing {closing} {unit}", closing=closing, unit=unit))
    if explanation.band is not None:
        words = MeasureWords.of(measure, translator(default_language()))
        band = words.band(explanation.band, closed=explanation.closed)
        print_line(render("result by total: {band}", band=band))
    if explanation.beside:
        print_line(render("\nBeside the period, added once to the year's total:"))
        _print_lines(explanation.beside)
    for flag, line in explanation.flags:
        print_line(
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
        print_line("")
        print_line(f"{group[0].citation} {group[0].title} ({clause})")
        print_paragraph(group[0].text)
        rows = [
            (
                plain(line.points),
                beside_points(line.working, line.points, render),
                " ".join(line.entries),
            )
            for line in group
        ]
        print_table(
            [
                Column(render("points"), right=True),
                Column(render("working"), prose=24),
                Column(render("entries"), prose=16),
            ],
            rows,
            titled=False,
        )


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
