"""`list`: list the entries of a ledger, as people read them or as `import` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.language import render
from cli.options import (
    OptionError,
    entries_format_option,
    import_option,
    ledger_option,
    query_options,
)
from cli.parameters.times import DAY
from cli.parameters.values import ACCOUNT, KIND, UNIT, Word
from ledger.message import Message, Series
from projections.listing import STATUSES, EntryQuery, ShownWords, listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cli.options import ScoreOptions
    from ledger.entries import Entry
    from ledger.kinds import Kinds
    from projections.listing import ListedEntry, Status


@click.command(
    "list",
    epilog="\b\nExample:\n  tally list --unit V001 --from 2016-03-01 --to 2016-05-31\n"
    "  tally list petition_batch --status recorded --late-by 30\n"
    "  tally list --text XF-2016-900\n"
    "  tally list --import 128 --format jsonl > import-128.jsonl",
)
@click.argument("kind", required=False, type=KIND)
@click.option(
    "--unit", type=UNIT, metavar="U", help="All that names this unit, by its id or exact name."
)
@click.option("--from", "first", type=DAY, metavar="DAY", help="Dated this day or later.")
@click.option("--to", "last", type=DAY, metavar="DAY", help="Dated this day or earlier.")
@click.option("--by", type=ACCOUNT, metavar="NAME", help="Recorded or verified by NAME.")
@click.option("--status", type=Word(STATUSES), help="What has become of the entry.")
@click.option("--returned", is_flag=True, help="Sent back (退回), and not put right yet.")
@click.option("--ever-returned", is_flag=True, help="Sent back (退回) at any time.")
@import_option
@click.option(
    "--late-by",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Recorded at least so many days after the day that the entry bears.",
)
@click.option("--text", metavar="TEXT", help="With TEXT in a value, or in the Chinese of a word.")
@query_options("as_of", "cached")
@ledger_option
@entries_format_option
def list_(
    kind: str | None,
    unit: str | None,
    first: date | None,
    last: date | None,
    by: str | None,
    status: Status | None,
    import_number: int | None,
    late_by: int | None,
    text: str | None,
    query: ScoreOptions,
    url: str,
    form: str,
    *,
    returned: bool,
    ever_returned: bool,
) -> None:
    """List the entries, of a KIND (unit, 单位) or of all, the newest last.

    The day of an entry is the one that it bears: when it happened, was issued, submitted or due;
    of a response, the day of its batch. Entries without a day are left out by --from, --to and
    --late-by. An entry is reversed, or replaced, once its reversal is recorded; one that was
    sent back has the status recorded.

    --format jsonl writes the lines that `tally import` reads.
    """
    from cli.commands.receipts import refusals  # noqa: PLC0415 - not for --help
    from cli.output import write, write_lines  # noqa: PLC0415
    from cli.output.entry_rows import entry_rows  # noqa: PLC0415
    from cli.output.entry_words import words_with  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from ledger.positions import imported  # noqa: PLC0415

    with session(url) as opened, refusals(form):
        to = opened.at(query.as_of)
        ids = None if import_number is None else imported(opened.ledger.store, import_number)
        of_unit = None if unit is None else opened.unit_id(unit, to)
        state = opened.loader_of(query).entries(
            units=() if of_unit is None else (of_unit,), ids=ids or (), to=to
        )
        if of_unit is not None:
            known = state.get(of_unit)
            if known is None or known.entry.KIND != "unit":
                words = Message("{unit} is not a unit of this ledger", unit=of_unit)
                raise OptionError("--unit", words)
        kinds = opened.ledger.kinds
        asked = EntryQuery(
            kind=None if kind is None else _kind(kind, kinds),
            unit=of_unit,
            first=first,
            last=last,
            by=by,
            status=status,
            returned=returned,
            ever_returned=ever_returned,
            late_by=late_by,
            text=text,
            words=words_with(text, kinds) if text else ShownWords(),
            ids=None if ids is None else frozenset(ids),
        )
        found = listed(state, asked)
        set_aside = opened.remark_set_aside(to)
        if form == "table":
            names = opened.unit_names(to)
    if form == "jsonl":
        write_lines(one.state.entry.content() for one in found)
        return
    write(
        form,
        value=lambda: {"entries": [one.as_json() for one in found], **set_aside},
        table=lambda: _print(found, names, kinds),
        rows=lambda: entry_rows(found),
    )


def _kind(text: str, kinds: Kinds) -> str:
    """Return the kind that a name with underscores or hyphens, or a title, means.

    Raises:
        click.BadParameter: it means none.
    """
    from cli.workbooks.headers import kind_of  # noqa: PLC0415 - only to read a kind

    named = kind_of(text.replace("-", "_"), kinds)
    if named is not None:
        return named
    titles = {name: kinds.title(name) for name in kinds}
    english = {name: kind.TITLE_EN for name, kind in kinds.own.items()}
    try:
        return Word(tuple(kinds), titles, english).convert(text.replace("-", "_"), None, None)
    except click.BadParameter as error:
        error.param_hint = "KIND"
        raise


def _print(found: list[ListedEntry], names: dict[str, str], kinds: Kinds) -> None:
    from cli.output.entry_words import kind_word  # noqa: PLC0415 - for tables alone
    from cli.output.lines import print_line  # noqa: PLC0415
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - slow to import

    print_table(
        [
            *(Column(render(Message("id"))), Column(render(Message("kind")), spare=1)),
            *(Column(render(Message("unit")), spare=3), Column(render(Message("name")), spare=4)),
            *(Column(render(Message("dated"))), Column(render(Message("status")))),
            *(
                Column(render(Message("recorded by")), spare=5),
                Column(render(Message("verified by")), spare=6),
            ),
            Column(render(Message("content")), spare=2, prose=24),
        ],
        [
            (
                one.state.entry.id,
                render("{kind}", kind=kind_word(one.state.entry.KIND, kinds)),
                *(one.unit or "", names.get(one.unit or "", "")),
                "" if one.dated is None else one.dated.isoformat(),
                render(Message(one.status) if one.returned is None else Message("sent back")),
                one.state.recorded.by,
                "" if one.state.verified is None else one.state.verified.by,
                render("{fields}", fields=Series(_fields(one.state.entry, kinds))),
            )
            for one in found
        ],
    )
    print_line(render("{count} {count:entry|entries}", count=len(found)))


def _fields(entry: Entry, kinds: Kinds) -> Iterator[Message]:
    """Yield the fields that have no column of their own."""
    from cli.output.entry_words import field_words  # noqa: PLC0415 - for tables alone

    for name, value in field_words(entry.content(), kinds):
        if name not in {"id", "kind", "unit"}:
            yield Message("{name}: {value}", name=name, value=value)
