"""`explain`: show every point of a unit, to clause, text and entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cli.options import OptionError, ledger_option, query_options, workbook_option
from cli.parameters.times import PERIOD
from cli.parameters.values import UNIT
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from cli.options import ScoreOptions
    from cli.parameters.times import Period


@click.command(
    epilog="\b\nExample:\n  tally explain V001 2016Q2\n  tally explain V001 2016 --json\n"
    "  tally explain V001 2016 --format xlsx -o V001.xlsx"
)
@click.argument("unit", type=UNIT)
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
    """Explain every point of a UNIT's period (2016Q2) or year (2016).

    Events that cost nothing are listed too, each with the reason.
    """
    explain_unit(url, unit, period, query, form, output)


def explain_unit(
    url: str,
    unit: str,
    period: Period | None,
    query: ScoreOptions,
    form: str,
    output: Path | None,
) -> None:
    """Write the points of a unit of the ledger at a URL; see `explain`."""
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.output.explanations import (  # noqa: PLC0415
        explanation_json,
        explanation_rows,
        print_explanation,
    )
    from cli.output.scores import scope_of  # noqa: PLC0415
    from cli.session import check_begun, number_of, session  # noqa: PLC0415
    from projections.explanation import explain_period, explain_year  # noqa: PLC0415

    with session(url) as opened:
        year = None if period is None else period.year
        wanted = opened.resolved(replace(query, unit=unit, year=year))
        state, scores = opened.loader_of(query).scores(wanted, postings=True)
        score = opened.unit(scores, state, wanted.unit or unit)
        number = None if period is None else number_of(period, scores.town.measure)
        if number is None:
            found = explain_year(score, scores)
        else:
            check_begun(number, scores)
            if score.period(number) is None:
                name = scores.town.calendar.name_of(scores.town.year, number)
                words = Message("{unit} is not assessed in {name}.", unit=score.unit, name=name)
                raise OptionError("PERIOD", words)
            found = explain_period(score, scores, number)
        year, provisional = scores.town.year, query.provisional
        measure = opened.loader.measure(state, year, provisional=provisional)
        set_aside = opened.remark_set_aside(scores.position)
    if output is not None:
        from cli.output.workbooks.explanations import explanation_workbook  # noqa: PLC0415
        from cli.output.workbooks.saving import save  # noqa: PLC0415

        periods = () if number is not None else score.periods
        parts = [explain_period(score, scores, one.number) for one in periods]
        title = scope_of(scores, provisional=provisional)
        save(output, explanation_workbook([found, *parts], title, score, scores))
        return
    write(
        form,
        value=lambda: {
            **explanation_json(
                found,
                through=scores.town.through.isoformat(),
                position=scores.position,
                provisional=provisional,
                measure=measure.as_json(),
            ),
            **set_aside,
        },
        table=lambda: print_explanation(found, scope_of(scores, provisional=provisional)),
        rows=lambda: explanation_rows(found),
    )
