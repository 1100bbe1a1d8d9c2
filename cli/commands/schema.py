"""`schema`: print the JSON Schema of a command's JSON output."""

from __future__ import annotations

import click

from cli.language import render
from cli.options import OptionError, format_option
from cli.output.lines import print_note
from ledger.message import Message, Series


@click.command(epilog="\b\nExample:\n  tally schema\n  tally schema score > score.schema.json")
@click.argument("name", nargs=-1, metavar="[COMMAND]")
@format_option
def schema(name: tuple[str, ...], form: str) -> None:
    """Print the JSON Schema (2020-12) of what a COMMAND prints with --json.

    `tally schema errors` is of what every command prints with --json when it refuses entries.
    Without a command: list the names.
    """
    from cli.output import write, write_json  # noqa: PLC0415 - not for --help
    from cli.schemas import NAMES, schema  # noqa: PLC0415

    named = " ".join(name)
    if not named:
        write(
            form,
            value=lambda: {"schemas": NAMES},
            table=lambda: print_note("\n".join(NAMES)),
            rows=lambda: (["schema"], [[one] for one in NAMES]),
        )
        return
    if form == "csv":
        raise click.UsageError(render("a schema is JSON; leave --format csv out"))
    if named not in NAMES:
        words = Message(
            "there is no schema {name!r}; one of {known}", name=named, known=Series(NAMES)
        )
        raise OptionError("COMMAND", words)
    write_json(schema(named))
