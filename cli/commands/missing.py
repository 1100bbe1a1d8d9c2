"""`missing`: show what each unit owes, and whether it is in, late, missing or due soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.language import render
from cli.options import ledger_option, query_options, workbook_option
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from cli.options import ScoreOptions
    from projections.facts import TownYear
    from projections.obligations import Obligation

_STATES = ("late", "missing", "due")
"""Those that a table shows; what is in needs no attention."""


@click.command(
    epilog="\b\nExample:\n  tally missing --through 2016-06-30\n"
    "  tally missing --unit V001 --json\n"
    "  tally missing --format xlsx -o missing.xlsx"
)
@query_options("year", "unit", "through", "as_of", "provisional")
@ledger_option
@workbook_option
def missing(query: ScoreOptions, url: str, form: str, output: Path | None) -> None:
    """Show the reports that units owe: late, missing, or due within a month.

    JSON and CSV list those that are in too. A workbook shows units × months, a sheet for each
    clause.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415

    with session(url) as opened:
        known = opened.resolved(query)
        town, found = opened.loader.obligations(known)
        names = opened.unit_names(known.as_of)
    if known.unit is not None:
        found = [one for one in found if one.unit == known.unit]
    if output is not None:
        from cli.output.obligation_grid import grids  # noqa: PLC0415 - only for workbooks
        from cli.output.workbooks.obligations import obligations_workbook  # noqa: PLC0415
        from cli.output.workbooks.saving import save  # noqa: PLC0415

        scope = "含未核定" if query.provisional else "仅已核定"
        by_clause = grids(found, town)
        save(output, obligations_workbook(by_clause.values(), names, town, scope=scope))
        return
    through = town.through.isoformat()
    write(
        form,
        value=lambda: {
            "year": town.year,
            "through": through,
            "obligations": [one.as_json() for one in found],
        },
        table=lambda: _print(found, names, town),
        rows=lambda: _rows(found),
    )


def _print(found: list[Obligation], names: dict[str, str], town: TownYear) -> None:
    from cli.output.lines import print_line  # noqa: PLC0415 - not for --help
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - slow to import

    shown = [one for one in found if one.state in _STATES]
    counts = {state: sum(one.state == state for one in found) for state in ("in", *_STATES)}
    print_line(
        render(
            "on {through}: {yes} in, {late} late, {missing} missing, {due} due within a month",
            through=town.through,
            yes=counts["in"],
            late=counts["late"],
            missing=counts["missing"],
            due=counts["due"],
        )
    )
    points = render(town.measure.source.counted_in.text)
    print_table(
        [
            *(Column(render(Message("unit"))), Column(render(Message("name")), spare=1)),
            Column(render(Message("clause")), spare=3),
            Column(render(Message("owed for"))),
            *(Column(render(Message("due on"))), Column(render(Message("state")))),
            *(Column(render(Message("entry")), spare=4), Column(points, right=True, spare=2)),
        ],
        [
            (
                *(one.unit, names.get(one.unit, "")),
                render(town.measure.clauses[one.clause].title.text),
                *(one.what, row["due"], _state(one, row, town), row["entry"] or ""),
                row["points"] if one.points else "",
            )
            for one, row in ((one, one.as_json()) for one in shown)
        ],
    )


def _state(one: Obligation, row: dict[str, Any], town: TownYear) -> str:
    """Return the state of an obligation in words; of a quota with how many are in."""
    from cli.output.measure_words import STATES  # noqa: PLC0415 - not for --help

    words = STATES.get(town.measure.clauses[one.clause].kind, STATES["due"])
    state = render(words.get(one.state, Message("due within a month")))
    if one.owed is None:
        return state
    numbers = {"counted": row["counted"], "owed": row["owed"]}
    return render("{state}, {counted} of {owed}", state=state, **numbers)


def _rows(found: list[Obligation]) -> tuple[list[str], list[list[Any]]]:
    header = ["unit", "clause", "what", "due", "state", "entry", "points", "counted", "owed"]
    return header, [[row[name] for name in header] for row in (one.as_json() for one in found)]
