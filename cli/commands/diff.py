"""`diff`: which scores, ranks and flags changed between two states, and by which entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from cli.language import tell
from cli.options import (
    OptionError,
    day,
    format_option,
    known_year,
    ledger_option,
    provisional_option,
    through_option,
    year_option,
)
from ledger.saying import Said, Series

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.register import Edition, Register
    from projections.differences import UnitChange

_EDITION = re.compile(r"(\d{4})Q([1-4])(?:#(\d+))?", re.ASCII)

_HEAD = {
    "from": Said("from {value}"),
    "to": Said("to {value}"),
    "year": Said("year {value}"),
    "quarter": Said("quarter {value}"),
    "edition": Said("edition {value}"),
    "through": Said("through {value}"),
    "published_through": Said("published_through {value}"),
}
"""By key of the JSON: what the table says that is compared."""


@click.command(
    epilog="\b\nExample:\n  tally diff --from 90 --to 128\n"
    "  tally diff --from 2016-06-30T17:00+08:00\n  tally diff --from 2016Q2"
)
@click.option(
    "--from",
    "start",
    required=True,
    metavar="POSITION|TIME|QUARTER",
    help="As known then, or as published (2016Q2; an earlier edition: 2016Q2#1).",
)
@click.option(
    "--to", "--as-of", "end", metavar="POSITION|TIME", help="As known then (default: now)."
)
@year_option
@through_option
@provisional_option
@ledger_option
@format_option
def diff(
    start: str,
    end: str | None,
    year: int | None,
    through: str | None,
    url: str,
    form: str,
    *,
    provisional: bool,
    as_json: bool,
) -> None:
    """Show for each changed unit the fields before and after, and the entries that caused it.

    From a published quarter: that quarter's figures and flags as published, against the
    present ones.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.output.changes import change_rows, print_changes  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from projections.differences import change_json  # noqa: PLC0415

    with session(url) as opened, waiting(Said("comparing")):
        edition = _EDITION.fullmatch(start)
        if edition is None:
            head, changes = _between(opened, start, end, year, through, provisional=provisional)
        else:
            head, changes = _since_publication(opened, edition, end, through)

    def table() -> None:
        told = Series(
            Said(_HEAD[name], value=value) for name, value in head.items() if value is not None
        )
        click.echo(tell("Changes: {told}", told=told))
        print_changes(changes)
        if not changes:
            click.echo(tell("nothing changed"))

    write(
        form,
        as_json=as_json,
        value=lambda: {**head, "units": [change_json(change) for change in changes]},
        table=table,
        rows=lambda: change_rows(changes),
    )


def _between(
    opened: Session,
    start: str,
    end: str | None,
    year: int | None,
    through: str | None,
    *,
    provisional: bool,
) -> tuple[dict[str, Any], list[UnitChange]]:
    from projections.differences import State, differences  # noqa: PLC0415 - not for --help

    before, after = opened.register(start, "--from"), opened.register(end, "--to")
    _in_order(before, after)
    later = opened.scores(after, year, through, provisional=provisional)
    town = later.town
    earlier = opened.scores(before, town.year, town.through.isoformat(), provisional=provisional)
    head = {
        "from": before.position,
        "to": after.position,
        "year": town.year,
        "through": town.through.isoformat(),
    }
    return head, differences(State(before, earlier), State(after, later))


def _in_order(before: Register, after: Register) -> None:
    if before.position > after.position:
        raise OptionError(
            "--from",
            Said(
                "position {position} lies behind --to, {end}",
                position=before.position,
                end=after.position,
            ),
        )


def _since_publication(
    opened: Session, named: re.Match[str], end: str | None, through: str | None
) -> tuple[dict[str, Any], list[UnitChange]]:
    from projections.differences import State, differences  # noqa: PLC0415 - not for --help

    after = opened.register(end, "--to")
    year, quarter = known_year("--from", int(named[1])), int(named[2])
    edition = _edition(after, f"{year}Q{quarter}", int(named[3]) if named[3] else None)
    event = edition.event
    before = opened.register(str(event.position), "--from")
    then = opened.scores(before, year, event.through.isoformat())
    now = opened.scores(
        after, year, (day("--through", through) or opened.default_day(year)).isoformat()
    )
    changes = differences(
        State(before, then), State(after, now), quarter=quarter, published=event.figures
    )
    head = {
        "from": event.position,
        "to": after.position,
        "year": year,
        "quarter": event.quarter,
        "edition": edition.number,
        "through": now.town.through.isoformat(),
        "published_through": event.through.isoformat(),
    }
    return head, changes


def _edition(register: Register, quarter: str, number: int | None) -> Edition:
    editions = register.editions.get(quarter, [])
    if not editions:
        raise OptionError(
            "--from",
            Said(
                "{quarter} was not published as of position {position}",
                quarter=quarter,
                position=register.position,
            ),
        )
    if number is not None and not 1 <= number <= len(editions):
        raise OptionError(
            "--from",
            Said("{quarter} has the editions 1 to {count}", quarter=quarter, count=len(editions)),
        )
    return editions[number - 1] if number is not None else editions[-1]
