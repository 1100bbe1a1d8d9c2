"""`return`: send unverified entries back to who recorded them (退回)."""

from __future__ import annotations

import click

from cli.commands.receipts import print_result, refusals
from cli.options import by_option, dry_run_option, format_option, ledger_option, reason_option
from ledger.message import Message, Series


@click.command(
    "return",
    epilog="\b\nExample:\n  tally return B-2016-900 --reason 人数与登记表不符 --by head\n"
    "  tally list --returned",
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@reason_option("What is to be put right; it stays on the record.")
@by_option
@dry_run_option
@ledger_option
@format_option
def return_(
    ids: tuple[str, ...], reason: str, by: str, url: str, form: str, *, dry_run: bool
) -> None:
    """Send entries that await verification back (退回) by their IDS, with a reason.

    Who recorded an entry then corrects it (`tally correct`) or takes it back (`tally reverse`).
    Until then `tally verify --all` and `--import` leave it out; `tally verify ID` verifies it
    after all. `tally list --returned` shows what was sent back.

    All of them are sent back or none, never under the name that recorded one.
    JSON: {"returned": ["B-7"], "position": 131}; of a dry run with "dry_run": true.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help

    with session(url) as opened, refusals(form):
        receipt = opened.ledger.send_back(ids, reason, by, dry_run=dry_run)
    found = {"returned": receipt.entries, "position": receipt.position}
    words = Message(
        "{dry_run}sent back {ids}; the ledger is at position {position}",
        dry_run=Message("dry run, nothing written: ") if dry_run else "",
        ids=Series(receipt.entries),
        position=receipt.position,
    )
    if form == "csv":
        found["returned"] = " ".join(receipt.entries)
    if dry_run and form == "json":
        found["dry_run"] = True
    print_result(form, found, words, done=not dry_run)
