"""`diff`: show which scores, ranks and flags changed between two states, and why."""

from __future__ import annotations

from datetime import MAXYEAR
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from cli.language import render
from cli.options import OptionError, format_option, ledger_option, query_options
from cli.output.lines import print_line
from cli.parameters.times import MOMENT, MOMENT_OR_EDITION, EditionName
from ledger.message import Message, Series
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from datetime import datetime

    from cli.options import ScoreOptions
    from cli.session import Session
    from projections.differences import UnitChange

_HEAD = {
    "from": Message("from {value}"),
    "to": Message("to {value}"),
    "year": Message("year {value}"),
    "period": Message("period {value}"),
    "edition": Message("edition {value}"),
    "through": Message("through {value}"),
    "published_through": Message("published through {value}"),
}
"""By key of the JSON: its words in the first line of the table."""


@click.command(
    epilog="\b\nExample:\n  tally diff --from 90 --to 128\n"
    "  tally diff --from 2016-06-30T17:00+08:00\n  tally diff --from 2016Q2"
)
@click.option(
    "--from",
    "start",
    type=MOMENT_OR_EDITION,
    required=True,
    metavar="POSITION|TIME|PERIOD",
    help="As known then, or as published (2016Q2; an earlier edition: 2016Q2#1; of a year: "
    "2018#1, or 2018 if the ledger is shorter than this position).",
)
@click.option(
    "--to",
    "--as-of",
    "end",
    type=MOMENT,
    metavar="POSITION|TIME",
    help="As known then (default: now).",
)
@query_options("year", "through", "provisional")
@ledger_option
@format_option
def diff(
    start: int | datetime | EditionName,
    end: int | datetime | None,
    query: ScoreOptions,
    url: str,
    form: str,
) -> None:
    """Show the fields of each changed unit before and after, and the entries that caused it.

    From a published period: compare that period's figures and flags as published with the
    present ones.
    """
    from cli.editions import side  # noqa: PLC0415 - not for --help
    from cli.output import remark, write  # noqa: PLC0415
    from cli.output.changes import change_rows, print_changes  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from projections.differences import change_json  # noqa: PLC0415

    with session(url) as opened, waiting(Message("comparing")):
        to = opened.at(end, "--to")
        start = side(opened, start, to)
        if (
            isinstance(start, int)
            and start <= MAXYEAR
            and opened.loader.history(str(start), to).editions.get(str(start))
        ):
            remark(
                "{number} is read as a position; for the published year write {number}#1",
                number=start,
            )
        if isinstance(start, EditionName):
            head, changes = _since_publication(opened, start, to, query)
        else:
            head, changes = _between(opened, start, to, query)

    def table() -> None:
        states = Series(
            Message(_HEAD[name], value=value)
            for name, value in head.items()
            if name != "period" or value != str(head["year"])
        )
        print_line(render("Changes: {states}", states=states))
        print_changes(changes)
        if not changes:
            print_line(render("nothing changed"))

    write(
        form,
        value=lambda: {**head, "units": [change_json(change) for change in changes]},
        table=table,
        rows=lambda: change_rows(changes),
    )


def _between(
    opened: Session, start: int | datetime, to: int | None, query: ScoreOptions
) -> tuple[dict[str, Any], list[UnitChange]]:
    from projections.differences import differences  # noqa: PLC0415 - not for --help

    since = opened.at(start, "--from")
    after = opened.loader.scores(replace(query, as_of=to), postings=True, since=since)
    end, town = after.state.position, after.scores.town
    if since is not None and since > end:
        raise OptionError(
            "--from",
            Message("position {position} is later than --to, {end}", position=since, end=end),
        )
    asked = replace(query, as_of=since, year=town.year, through=town.through)
    before = opened.loader.scores(asked, postings=True)
    head = {
        "from": before.state.position,
        "to": end,
        "year": town.year,
        "through": town.through.isoformat(),
    }
    return head, differences(before, after, provisional=query.provisional)


def _since_publication(
    opened: Session, named: EditionName, to: int | None, query: ScoreOptions
) -> tuple[dict[str, Any], list[UnitChange]]:
    from cli.editions import named_edition  # noqa: PLC0415 - not for --help
    from cli.session import number_of  # noqa: PLC0415
    from projections.differences import differences  # noqa: PLC0415

    year = named.period.year
    measure = opened.loader.measure(opened.adopted(to), year).measure
    number = number_of(named.period, measure, "--from")
    name = measure.calendar.name_of(year, number)
    known = opened.loader.history(name, to)
    edition = named_edition(known.editions.get(name, []), named, known.position, "--from")
    event, since = edition.event, edition.event.position
    asked = ScoreQuery(year, event.through, since)
    before = opened.loader.scores(asked, postings=True)
    # A bulletin may be of a day after its year; what it counted is not to be missing here.
    now = max(opened.loader.default_day(year, before.scores.town.calendar), event.through)
    wanted = replace(asked, through=query.through or now, as_of=to)
    after = opened.loader.scores(wanted, postings=True, since=since)
    changes = differences(before, after, period=number, published=event.figures)
    head = {
        "from": since,
        "to": after.state.position,
        "year": year,
        "period": event.period,
        "edition": edition.number,
        "through": after.scores.town.through.isoformat(),
        "published_through": event.through.isoformat(),
    }
    return head, changes
