"""`reform`: score the same entries under a draft, and show what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from cli.language import render
from cli.options import format_option, ledger_option, query_options
from cli.output.lines import print_line
from cli.parameters.values import MEASURE
from ledger.message import Message

if TYPE_CHECKING:
    from cli.options import ScoreOptions


@click.command(
    epilog="\b\nExample:\n  tally reform draft-2017 --year 2016\n"
    "  tally reform shengzhou-2010-62 --json"
)
@click.argument("draft", metavar="DIR", type=MEASURE)
@query_options("year", "through", "as_of", "provisional")
@ledger_option
@format_option
def reform(draft: str, query: ScoreOptions, url: str, form: str) -> None:
    """Show what would change if the measure in DIR were in force: scores, ranks, flags, clauses.

    The entries are those of the ledger, those of a year that another measure is in force for too.
    Nothing is recorded.
    """
    from cli.drafts import draft_of  # noqa: PLC0415 - not for --help
    from cli.output import write  # noqa: PLC0415
    from cli.output.changes import change_rows, print_changes  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from projections.adopted import MeasureInForce  # noqa: PLC0415
    from projections.differences import change_json  # noqa: PLC0415
    from projections.reform import reform as compared  # noqa: PLC0415

    with session(url) as opened, waiting(Message("comparing")):
        measure = draft_of(draft)
        known = replace(query, as_of=opened.at(query.as_of))
        present = opened.loader.scores(known, postings=True)
        town = present.scores.town
        asked = replace(known, year=town.year)
        under_draft = opened.loader.scores_under(measure, asked)
        in_force = opened.loader.measure(
            present.state, town.year, provisional=query.provisional
        ).as_json()
        changes = compared(present, under_draft)
    position = present.state.position
    head: dict[str, Any] = {
        "from": position,
        "to": position,
        "year": town.year,
        "through": town.through.isoformat(),
        "measure": {"before": in_force, "after": MeasureInForce(measure, None).as_json()},
    }

    def table() -> None:
        print_line(
            render(
                "{year} as of position {position}: {draft} instead of {present}, "
                "{count} {count:unit differs|units differ}",
                year=town.year,
                position=position,
                draft=measure.id,
                present=in_force["id"],
                count=len(changes),
            )
        )
        print_changes(changes)

    write(
        form,
        value=lambda: {**head, "units": [change_json(change) for change in changes]},
        table=table,
        rows=lambda: change_rows(changes),
    )
