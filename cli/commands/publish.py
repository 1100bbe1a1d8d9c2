"""`publish`: record a period's figures as its bulletin shows them."""

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
from cli.parameters.times import PERIOD
from ledger.message import Message

if TYPE_CHECKING:
    from cli.options import ScoreOptions
    from cli.parameters.times import Period
    from ledger.events import FiguresPublished
    from ledger.state import LedgerState


@click.command(
    epilog="\b\nExample:\n  tally publish 2016Q2 --by office\n"
    "  tally publish 2016Q2 --by office --reason '更正二季度通报'"
)
@click.argument("period", type=PERIOD)
@by_option
@reason_option("Why this edition replaces the one before it.", required=False)
@query_options("through")
@ledger_option
@format_option
def publish(
    period: Period, by: str, reason: str | None, query: ScoreOptions, url: str, form: str
) -> None:
    """Record the bulletin of a PERIOD (季度通报): position, day, scores and flags of every unit.

    It is made as of today unless told otherwise, without what later periods brought. A measure
    without periods has the bulletin of its year (`tally publish 2010`).

    From then on `tally score` shows the published figure beside the present one where they
    differ, and `tally diff --from PERIOD` explains why.
    """
    from cli.output import remark  # noqa: PLC0415
    from cli.session import check_begun, check_units, session, today  # noqa: PLC0415 - not for --help
    from ledger.integrity.keys import KeyPaths  # noqa: PLC0415
    from ledger.objections import reason_text  # noqa: PLC0415
    from projections.publication import publication  # noqa: PLC0415

    name = str(period)
    why = None if reason is None else reason_text(reason)
    with session(url) as opened:

        def figures(state: LedgerState) -> FiguresPublished:
            if state.editions.get(name) and why is None:
                raise OptionError(
                    "--reason",
                    Message(
                        "{period} is published already (edition {count}); say why it is published "
                        "again",
                        period=name,
                        count=len(state.editions[name]),
                    ),
                )
            made_on = query.through or today()
            known = replace(query, as_of=state.position, through=made_on)
            asked, number = opened.period_query(period, known)
            scores = opened.loader.scores(asked, postings=True).scores
            if number is None and scores.town.calendar.count:
                words = Message("{period} is a year; name a period of it", period=name)
                raise OptionError("PERIOD", words)
            check_units(scores)
            check_begun(number, scores)
            return publication(state, scores, number, why, opened.checkpoint())

        receipt = opened.ledger.publish(name, figures, by)
        edition = opened.loader.history(name).editions[name][-1]
    event = edition.event
    if event.checkpoint is None:
        remark(
            "{period} is published without a signed checkpoint: there is no key {path}; if it is "
            "elsewhere, name it with TALLY_KEY, and sign with `tally checkpoint`",
            period=name,
            path=KeyPaths(url).key,
        )
    print_result(
        form,
        {
            "period": name,
            "edition": edition.number,
            "replaces": edition.number - 1 or None,
            "through": event.through.isoformat(),
            "shows_position": event.position,
            "units": len(event.figures),
            "position": receipt.position,
        },
        Message(
            "{period} published, edition {number}: {count} units through {through}, "
            "as of position {position}; the ledger is at position {head}",
            period=name,
            number=edition.number,
            count=len(event.figures),
            through=event.through,
            position=event.position,
            head=receipt.position,
        ),
    )
