"""Explanations as text, JSON and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.language import render
from cli.output.scores import print_open_point
from cli.output.tables import console, print_paragraph, table
from ledger.decimals import plain
from projections.presentation import open_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.explanation import Explanation, Line
    from projections.rulebook import Amount


def _amount_json(amount: Amount) -> dict[str, Any]:
    stated = {name: str(getattr(amount, name)) for name in amount.stated()}
    return {
        "of": amount.of,
        "when": amount.when,
        **stated,
        "citation": amount.citation,
        "quote": amount.quote,
    }


def line_json(line: Line) -> dict[str, Any]:
    """One posting as the contract has it, with the amounts that went into it."""
    return {
        "clause": line.clause,
        "citation": line.citation,
        "points": plain(line.points),
        "entries": list(line.entries),
        "working": str(line.working),
        "text": line.text,
        "read": [_amount_json(amount) for amount in line.read],
    }


def explanation_json(
    explanation: Explanation, *, through: str, position: int, provisional: bool
) -> dict[str, Any]:
    """The contract's `explain`."""
    value: dict[str, Any] = {
        "unit": explanation.unit,
        "name": explanation.name,
        "period": explanation.period,
        "through": through,
        "position": position,
        "provisional": provisional,
        "opening": plain(explanation.opening),
        "closing": plain(explanation.closing),
        "postings": [line_json(line) for line in explanation.postings],
    }
    value["beside"] = [line_json(line) for line in explanation.beside]
    value["flags"] = [{"flag": flag, **line_json(line)} for flag, line in explanation.flags]
    value["open"] = [open_json(point) for point in explanation.open]
    return value


def print_explanation(explanation: Explanation, told: str) -> None:
    """Clause by clause: its sentence, and each posting with working and entries."""
    click.echo(
        render(
            "{unit} {name}, {period} ({told})",
            unit=explanation.unit,
            name=explanation.name,
            period=explanation.period,
            told=told,
        )
    )
    click.echo(render("\nopening {opening}", opening=plain(explanation.opening)))
    _print_lines(explanation.postings)
    click.echo(render("closing {closing}", closing=plain(explanation.closing)))
    if explanation.beside:
        click.echo(render("\nBeside the quarter, added once to the year:"))
        _print_lines(explanation.beside)
    for flag, line in explanation.flags:
        click.echo(
            render(
                "\n{flag} ({citation}): {working} [{entries}]",
                flag=flag,
                citation=line.citation,
                working=line.working,
                entries=", ".join(line.entries),
            )
        )
        print_paragraph(line.text)
    for point in explanation.open:
        print_open_point(point)


def _print_lines(lines: Sequence[Line]) -> None:
    by_clause: dict[str, list[Line]] = {}
    for line in lines:
        by_clause.setdefault(line.clause, []).append(line)
    for clause, group in by_clause.items():
        click.echo(f"\n{group[0].citation} {group[0].title} ({clause})")
        print_paragraph(group[0].text)
        made = table("points", "working", "entries", right=("points",))
        made.show_header = False
        for line in group:
            made.add_row(plain(line.points), render(line.working), " ".join(line.entries))
        console().print(made)


def explanation_rows(explanation: Explanation) -> tuple[list[str], list[list[str]]]:
    """CSV: a row a posting."""
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
