"""`score`: show the scores, ranks and flags of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from cli.options import ledger_option, query_options, workbook_option
from cli.parameters.values import MEASURE

if TYPE_CHECKING:
    from pathlib import Path

    from cli.options import ScoreOptions


@click.command(
    epilog="\b\nExample:\n  tally score --year 2016 --through 2016-06-30\n"
    "  tally score --unit V001 --json\n"
    "  tally score --measure draft-2017 --year 2016\n"
    "  tally score --format xlsx -o scores.xlsx"
)
@query_options("year", "unit", "through", "as_of", "provisional", "cached")
@click.option(
    "--measure",
    "draft",
    type=MEASURE,
    metavar="ID|DIR",
    help="Score the same entries under this measure instead, adopted or not.",
)
@ledger_option
@workbook_option
def score(query: ScoreOptions, draft: str | None, url: str, form: str, output: Path | None) -> None:
    """Show the scores of a year: its periods and sections, total, rank and flags."""
    from cli.output import remark, write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from projections.adopted import MeasureInForce  # noqa: PLC0415
    from projections.publication import published_beside  # noqa: PLC0415

    provisional = query.provisional
    with session(url) as opened:
        query = opened.resolved(query)
        unit = query.unit
        # A workbook holds the postings of every unit.
        wanted = query if output is None else replace(query, unit=None)
        if draft is not None:
            from cli.drafts import draft_of  # noqa: PLC0415 - only under a draft

            state, scores = opened.loader.scores_under(draft_of(draft), wanted)
            measure = MeasureInForce(scores.town.measure, None)
            remark("under {measure}, which need not be in force", measure=measure.measure.id)
        else:
            loader = opened.loader_of(query)
            state, scores = loader.scores(wanted, postings=output is not None)
            year = scores.town.year
            measure = opened.loader.measure(state, year, provisional=provisional)
        units = scores.units
        if unit is not None:
            units = (opened.unit(scores, state, unit),)
        left_out = opened.remark_not_assessed(scores, state)
        set_aside = opened.remark_set_aside(scores.position)

    beside = {} if draft is not None else published_beside(scores, state)
    if output is not None:
        from cli.output.workbooks.saving import save  # noqa: PLC0415
        from cli.output.workbooks.scores import scores_workbook  # noqa: PLC0415

        book = scores_workbook(scores, units, beside, provisional=provisional)
        save(output, book)
        return

    if draft is None and (words := measure.remark()) is not None:
        remark(words)

    def value() -> object:
        from ledger.instants import instant_text  # noqa: PLC0415
        from projections.presentation import scores_json  # noqa: PLC0415

        known_at = None if state.last_at is None else instant_text(state.last_at)
        found = scores_json(
            scores,
            units,
            measure=measure.as_json(),
            provisional=provisional,
            known_at=known_at,
            beside=beside,
        )
        return {**found, **set_aside}

    def table() -> None:
        from cli.output.scores import print_open, print_scores  # noqa: PLC0415

        print_scores(scores, units, beside, provisional=provisional)
        # Position 1 is the founding adoption.
        if not (units or left_out or provisional) and state.position > 1:
            remark("no unit counts yet: `tally verify` what was recorded, or add --provisional")
        if unit is not None:
            print_open(units[0].open, scores.town.measure)

    def rows() -> tuple[list[str], list[list[Any]]]:
        from cli.output.scores import score_rows  # noqa: PLC0415

        return score_rows(scores, units)

    write(form, value=value, table=table, rows=rows)
