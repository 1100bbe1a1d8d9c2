"""`verify`: 核定, by another name than the one that recorded the entry."""

from __future__ import annotations

import click

from cli.commands.receipts import print_receipt, refusals
from cli.language import render
from cli.options import by_option, format_option, ledger_option


@click.command(
    epilog="\b\nExample:\n  tally verify B-2016-900 --by head\n  tally verify --all --by head"
)
@click.argument("ids", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="All entries that NAME may verify.")
@by_option
@ledger_option
@format_option
def verify(ids: tuple[str, ...], by: str, url: str, form: str, *, all_: bool) -> None:
    """Verify entries (核定) by their IDS; from then on they count.

    All of them are verified or none. An entry is never verified under the name that recorded
    it. Entries that are verified already are counted as skipped.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help

    if bool(ids) == all_:
        raise click.UsageError(render("name the entries to verify, or give --all, not both"))
    with session(url) as opened, refusals(form):
        receipt = opened.ledger.verify(None if all_ else ids, by)
    print_receipt(receipt, form)
