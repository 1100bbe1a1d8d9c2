"""`publish`: record a quarter's figures as its bulletin shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cli.commands.receipts import print_result
from cli.options import (
    OptionError,
    by_option,
    format_option,
    ledger_option,
    query_options,
    reason_option,
)
from cli.parameters.times import QUARTER
from ledger.message import Message

if TYPE_CHECKING:
    from cli.options import ScoreOptions
    from cli.parameters.times import Quarter
    from ledger.events import FiguresPublished
    from ledger.state import LedgerState


@click.command(
    epilog="\b\nExample:\n  tally publish 2016Q2 --by office\n"
    "  tally publish 2016Q2 --by office --reason '更正二季度通报'"
)
@click.argument("quarter", type=QUARTER)
@by_option
@reason_option("Why this edition replaces the one before it.", required=False)
@query_options("through")
@ledger_option
@format_option
def publish(
    quarter: Quarter, by: str, reason: str | None, query: ScoreOptions, url: str, form: str
) -> None:
    """Record the bulletin of a QUARTER (季度通报): position, day, scores and flags of every unit.

    From then on `tally score` shows the published figure beside the present one where they
    differ, and `tally diff --from QUARTER` explains why.
    """
    from cli.session import check_begun, session  # noqa: PLC0415 - not for --help
    from ledger.objections import reason_text  # noqa: PLC0415
    from projections.publication import publication  # noqa: PLC0415

    name = str(quarter)
    why = None if reason is None else reason_text(reason)
    with session(url) as opened:

        def figures(state: LedgerState) -> FiguresPublished:
            if state.editions.get(name) and why is None:
                raise OptionError(
                    "--reason",
                    Message(
                        "{quarter} is published already (edition {count}); say why it is published "
                        "again",
                        quarter=quarter,
                        count=len(state.editions[name]),
                    ),
                )
            asked = opened.quarter_query(quarter, replace(query, as_of=state.position))
            scores = opened.loader.scores(asked).scores
            if not scores.units:
                words = Message("no unit counts as of position {position}", position=state.position)
                raise OptionError("QUARTER", words)
            check_begun(quarter, scores)
            return publication(state, scores, quarter.number, why, opened.checkpoint())

        receipt = opened.ledger.publish(name, figures, by)
        edition = opened.loader.history(name).editions[name][-1]
    event = edition.event
    print_result(
        form,
        {
            "quarter": name,
            "edition": edition.number,
            "replaces": edition.number - 1 or None,
            "through": event.through.isoformat(),
            "shows_position": event.position,
            "units": len(event.figures),
            "position": receipt.position,
        },
        Message(
            "{quarter} published, edition {number}: {count} units through {through}, "
            "as of position {position}; the ledger is at position {head}",
            quarter=quarter,
            number=edition.number,
            count=len(event.figures),
            through=event.through,
            position=event.position,
            head=receipt.position,
        ),
    )
