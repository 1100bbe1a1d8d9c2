"""`publish`: a quarter's figures, recorded as the bulletin showed them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from cli.language import tell
from cli.options import (
    OptionError,
    format_option,
    known_year,
    ledger_option,
    quarter_through_option,
)
from ledger.saying import Said

if TYPE_CHECKING:
    from ledger.events import FiguresPublished
    from ledger.register import Register

_QUARTER = re.compile(r"(\d{4})Q([1-4])", re.ASCII)


@click.command(
    epilog="\b\nExample:\n  tally publish 2016Q2 --by office\n"
    "  tally publish 2016Q2 --by office --reason '更正二季度通报'"
)
@click.argument("quarter")
@click.option("--by", required=True, metavar="NAME", help="Who publishes.")
@click.option("--reason", metavar="TEXT", help="Why this edition replaces the one before it.")
@quarter_through_option
@ledger_option
@format_option
def publish(
    quarter: str,
    by: str,
    reason: str | None,
    through: str | None,
    url: str,
    form: str,
    *,
    as_json: bool,
) -> None:
    """Record the bulletin of a QUARTER (季度通报): position, day, scores and flags of every unit.

    From then on `tally score` shows the published figure beside the present one where they
    differ, and `tally diff --from QUARTER` tells why. The day is the quarter's last, or today.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from ledger.objections import reason_text  # noqa: PLC0415
    from projections.calendar import quarter_end, quarter_start  # noqa: PLC0415
    from projections.publication import publication  # noqa: PLC0415

    named = _QUARTER.fullmatch(quarter)
    if named is None:
        raise OptionError(
            "QUARTER", Said("{quarter!r} is no quarter; write 2016Q2", quarter=quarter)
        )
    year, number = known_year("QUARTER", int(named[1])), int(named[2])
    why = None if reason is None else reason_text(reason)
    with session(url) as opened:
        end = min(quarter_end(quarter_start(year, number)), opened.default_day(year))

        def figures(register: Register) -> FiguresPublished:
            if register.position == 0:
                raise OptionError(
                    "QUARTER", Said("the ledger is empty; there is nothing to publish")
                )
            if register.editions.get(quarter) and why is None:
                raise OptionError(
                    "--reason",
                    Said(
                        "{quarter} is published already (edition {count}); say why it is published "
                        "again",
                        quarter=quarter,
                        count=len(register.editions[quarter]),
                    ),
                )
            scores = opened.scores(register, year, through or end.isoformat())
            if scores.units and len(scores.units[0].quarters) < number:
                raise OptionError(
                    "QUARTER",
                    Said(
                        "{quarter} has not begun on {through}",
                        quarter=quarter,
                        through=scores.town.through,
                    ),
                )
            return publication(register, scores, number, why, opened.checkpoint())

        receipt = opened.ledger.publish(figures, by)
        edition = opened.ledger.register().editions[quarter][-1]
    value = {
        "quarter": quarter,
        "edition": edition.number,
        "replaces": edition.number - 1 or None,
        "through": edition.event.through.isoformat(),
        "shows_position": edition.event.position,
        "units": len(edition.event.figures),
        "position": receipt.position,
    }
    write(
        form,
        as_json=as_json,
        value=lambda: value,
        table=lambda: click.echo(
            tell(
                "{quarter} published, edition {number}: {count} units through {through}, "
                "as of position {position}; the ledger is at position {head}",
                quarter=quarter,
                number=edition.number,
                count=len(edition.event.figures),
                through=edition.event.through,
                position=edition.event.position,
                head=receipt.position,
            )
        ),
        rows=lambda: (list(value), [list(value.values())]),
    )
