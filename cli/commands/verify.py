"""`verify`: 核定, never by the name that recorded the entry."""

from __future__ import annotations

import click

from cli.commands.receipts import print_receipt, refuse
from cli.language import tell
from cli.options import format_option, ledger_option
from ledger.errors import EntriesRefusedError


@click.command(
    epilog="\b\nExample:\n  tally verify B-2016-900 --by head\n  tally verify --all --by head"
)
@click.argument("ids", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Every entry that awaits it and NAME may verify.")
@click.option("--by", required=True, metavar="NAME", help="Who verifies.")
@ledger_option
@format_option
def verify(
    ids: tuple[str, ...], by: str, url: str, form: str, *, all_: bool, as_json: bool
) -> None:
    """Verify entries (核定) by their IDS; from then on they count.

    All of the named ones or none; never by the name that recorded them. What is verified
    already is counted as skipped.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help

    if bool(ids) == all_:
        raise click.UsageError(tell("name the entries to verify, or give --all"))
    with session(url) as opened:
        try:
            receipt = opened.ledger.verify(None if all_ else ids, by)
        except EntriesRefusedError as error:
            refuse(error, form, as_json=as_json)
            return
    print_receipt(receipt, form, as_json=as_json)
