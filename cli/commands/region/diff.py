"""`region diff`: show which units of all towns changed since a time or an edition."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cli.commands.region.options import TIME_OR_EDITION, engine_option, region_option, rows_option
from cli.options import OptionError, format_option, query_options
from cli.parameters.times import MOMENT
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from cli.options import ScoreOptions
    from projections.region.editions import RegionEdition
    from projections.region.engines.engine import Engine
    from projections.region.running import Outcome
    from projections.region.towns import Region

    Found = tuple[dict[str, Any], Message, Callable[[Region, Engine], Outcome]]
    """The head of the JSON, that of the table, and what asks the towns."""


@click.command(
    epilog="\b\nExample:\n  tally region diff --region region.toml --from 2016-06-30\n"
    "  tally region diff --region region.toml --from 3 --json"
)
@region_option
@click.option(
    "--from",
    "start",
    type=TIME_OR_EDITION,
    required=True,
    metavar="TIME|EDITION",
    help="As recorded by then, or as published in this edition of the region (1, 2, 3).",
)
@click.option(
    "--to", "end", type=MOMENT, metavar="TIME", help="As recorded by then (default: now)."
)
@query_options("year", "through", "provisional")
@rows_option
@engine_option
@format_option
def diff(
    file: Path,
    start: datetime | int,
    end: datetime | int | None,
    query: ScoreOptions,
    digits: int | None,
    make_engine: Callable[[], Engine],
    form: str,
) -> None:
    """Show what changed in all towns since a time or an edition.

    Shown are units whose score, rank, flags or eligibility differ; `tally diff` of a town's own
    ledger shows the entries that caused it. Since an edition: what it counted up to its own day is
    compared with the present, if each ledger still holds the events that were published. Exits
    with 1 if a town did not answer; the others are shown.
    """
    from cli.commands.region.asking import answered, opened_region  # noqa: PLC0415 - not for --help
    from cli.output import write  # noqa: PLC0415
    from cli.output.region.moves import move_rows, moves_json, print_moves  # noqa: PLC0415

    region, query = opened_region(file), replace(query, as_of=end)
    head, heading, find = (
        _since_time(start, query)
        if isinstance(start, datetime)
        else _since_edition(region, start, query)
    )
    with answered(region, find, make_engine, form) as outcome:
        write(
            form,
            value=lambda: moves_json(outcome, head),
            table=lambda: print_moves(outcome, heading, digits),
            rows=lambda: move_rows(outcome, digits),
        )


def _since_time(start: datetime, query: ScoreOptions) -> Found:
    from cli.region_question import year_question  # noqa: PLC0415 - not for --help
    from ledger.instants import instant_text  # noqa: PLC0415
    from projections.region.messages import DiffQuestion  # noqa: PLC0415
    from projections.region.running import ask  # noqa: PLC0415

    question = year_question(DiffQuestion, query, as_of="--to", since=start)
    _check_order(start, question.as_of)
    head = {"from": instant_text(start), "to": _to(question.as_of)}
    heading = Message("changes since {time}", time=_minute(start))
    heading = _up_to(heading, question.as_of)
    return head, heading, lambda towns, engine: ask(towns, question, engine)


def _since_edition(region: Region, number: int, query: ScoreOptions) -> Found:
    from cli.region_question import year_question  # noqa: PLC0415 - not for --help
    from ledger.instants import instant_of  # noqa: PLC0415
    from projections.region.editions import edition_of  # noqa: PLC0415
    from projections.region.messages import DiffQuestion  # noqa: PLC0415
    from projections.region.publishing import moved_since  # noqa: PLC0415

    if query.year is not None or query.provisional:
        words = Message("an edition has a year of its own, and verified entries alone")
        raise OptionError("--from", words)
    edition: RegionEdition = edition_of(region, number)
    question = year_question(
        DiffQuestion,
        replace(query, year=edition.year),
        as_of="--to",
        edition=edition.root,
        published_through=edition.through,
        published_on=edition.on,
    )
    _check_order(instant_of(edition.at), question.as_of)
    head = {"from": edition.at, "to": _to(question.as_of), "edition": number}
    heading = Message(
        "changes since edition {number}, published {time}",
        number=number,
        time=_minute(instant_of(edition.at)),
    )
    heading = _up_to(heading, question.as_of)
    return head, heading, lambda towns, engine: moved_since(towns, edition, question, engine)


def _check_order(start: datetime, end: datetime | None) -> None:
    if end is not None and end < start:
        words = Message("{start} is later than --to, {end}", start=_minute(start), end=_minute(end))
        raise OptionError("--from", words)


def _up_to(heading: Message, end: datetime | None) -> Message:
    if end is None:
        return heading
    return Message("{changes} up to {time}", changes=heading, time=_minute(end))


def _to(end: datetime | None) -> str | None:
    from ledger.instants import instant_text  # noqa: PLC0415 - not for --help

    return None if end is None else instant_text(end)


def _minute(time: datetime) -> str:
    from ledger.instants import office_minute  # noqa: PLC0415 - not for --help

    return office_minute(time)
