"""`audit`: show how the office works, as tables of numbers that can be sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.language import render
from cli.options import format_option, ledger_option, query_options
from cli.parameters.values import Word
from projections.audit import COLUMNS, DAYS, SECONDS

if TYPE_CHECKING:
    from cli.options import ScoreOptions


@click.command(
    epilog="\b\nExample:\n  tally audit --year 2016\n"
    "  tally audit --list late --days 60 --sort -days\n"
    "  tally audit --list pairs --format csv"
)
@query_options("year", "as_of")
@click.option(
    "--list",
    "table",
    type=Word(tuple(COLUMNS)),
    metavar="NAME",
    help=f"One table alone: {', '.join(COLUMNS)}.",
)
@click.option(
    "--sort",
    metavar="COLUMN",
    help="With --list: order its rows by a column; -COLUMN: the largest first.",
)
@click.option(
    "--seconds",
    type=click.IntRange(min=0),
    default=SECONDS,
    show_default=True,
    help="Verified quickly: within so many seconds of recording.",
)
@click.option(
    "--days",
    type=click.IntRange(min=0),
    default=DAYS,
    show_default=True,
    help="Recorded late: so many days or more after the entry's own day.",
)
@ledger_option
@format_option
def audit(
    query: ScoreOptions,
    table: str | None,
    sort: str | None,
    seconds: int,
    days: int,
    url: str,
    form: str,
) -> None:
    """Show who recorded and who verified how much, how fast, and what was put right.

    Counted are the entries of the assessment year, and those of no year, as units. Numbers alone:
    what they mean is for the reader to say. --format csv writes one table, by default
    months_by_name.
    """
    from cli.options import OptionError  # noqa: PLC0415 - not for --help
    from cli.output import write  # noqa: PLC0415
    from cli.output.audit import audit_rows, names_remark, print_audit  # noqa: PLC0415
    from cli.output.lines import print_line  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from cli.sorting import sorted_rows  # noqa: PLC0415
    from ledger.message import Message, message_of  # noqa: PLC0415
    from projections.audit import office_work  # noqa: PLC0415

    if sort and table is None:
        raise click.UsageError(render("--sort goes with --list; it names a column of that table"))
    if table is not None:
        try:
            sorted_rows((), COLUMNS[table], sort or "")
        except OptionError as error:
            raise click.UsageError(render(message_of(error))) from None
    with session(url) as opened, waiting(Message("counting")):
        to = opened.at(query.as_of)
        state = opened.loader.entries(to=to)
        year = query.year or opened.loader.latest_year(to)
        work = office_work(opened.ledger.store, state, year, seconds=seconds, days=days)
        aside = opened.remark_set_aside(state.position)
        kinds = opened.ledger.kinds
    if table is not None:
        work.tables[table] = sorted_rows(work.tables[table], COLUMNS[table], sort or "")

    def shown() -> None:
        scope = Message(
            "How the office worked: {year}, as of position {position}: {entries} "
            "{entries:entry|entries}, {verified} verified; {names}",
            year=year,
            position=state.position,
            entries=work.entries,
            verified=work.verified,
            names=names_remark(work.accounts_from),
        )
        print_line(render(scope))
        print_audit(work, table, kinds)

    write(
        form,
        value=lambda: {
            "year": year,
            "position": state.position,
            "accounts_from": work.accounts_from,
            "seconds": seconds,
            "days": days,
            "entries": work.entries,
            "verified": work.verified,
            **work.tables,
            **aside,
        },
        table=shown,
        rows=lambda: audit_rows(work, table or "months_by_name"),
    )
