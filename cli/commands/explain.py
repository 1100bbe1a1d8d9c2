"""`explain`: show every point of a unit, to clause, text and entry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cli.options import ledger_option, query_options, workbook_option
from cli.parameters.times import PERIOD

if TYPE_CHECKING:
    from pathlib import Path

    from cli.options import ScoreOptions
    from cli.parameters.times import Period


@click.command(
    epilog="\b\nExample:\n  tally explain V001 2016Q2\n  tally explain V001 2016 --json\n"
    "  tally explain V001 2016 --format xlsx -o V001.xlsx"
)
@click.argument("unit")
@click.argument("period", required=False, type=PERIOD)
@query_options("through", "as_of", "provisional", "cached")
@ledger_option
@workbook_option
def explain(
    unit: str,
    period: Period | None,
    query: ScoreOptions,
    url: str,
    form: str,
    output: Path | None,
) -> None:
    """Explain every point of a UNIT's quarter (2016Q2) or year (2016).

    Events that cost nothing are listed too, each with the reason.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.output.explanations import (  # noqa: PLC0415
        explanation_json,
        explanation_rows,
        print_explanation,
    )
    from cli.output.scores import scope_of  # noqa: PLC0415
    from cli.parameters.times import Quarter  # noqa: PLC0415
    from cli.session import check_begun, session  # noqa: PLC0415
    from projections.explanation import explain_quarter, explain_year  # noqa: PLC0415

    year, quarter = (None, None) if period is None else period
    provisional = query.provisional
    with session(url) as opened:
        unit = opened.unit_id(unit)
        wanted = replace(query, unit=unit, year=year)
        state, scores = opened.scores(wanted, postings=True)
        score = opened.unit(scores, state, unit, provisional=provisional)
        if quarter is None:
            found = explain_year(score, scores, opened.rulebook)
        else:
            check_begun(Quarter(scores.town.year, quarter), scores, "PERIOD")
            found = explain_quarter(score, scores, quarter, opened.rulebook)
    if output is not None:
        from cli.output.workbooks.explanations import explanation_workbook  # noqa: PLC0415
        from cli.output.workbooks.saving import save  # noqa: PLC0415

        quarters = () if quarter is not None else score.quarters
        parts = [explain_quarter(score, scores, one.quarter, opened.rulebook) for one in quarters]
        title = scope_of(scores, provisional=provisional)
        save(output, explanation_workbook([found, *parts], title))
        return
    write(
        form,
        value=lambda: explanation_json(
            found,
            through=scores.town.through.isoformat(),
            position=scores.position,
            provisional=provisional,
        ),
        table=lambda: print_explanation(found, scope_of(scores, provisional=provisional)),
        rows=lambda: explanation_rows(found),
    )
