"""`set-aside`: leave a damaged position out, on the record."""

from __future__ import annotations

import click

from cli.commands.receipts import print_result, refusals
from cli.options import by_option, format_option, ledger_option, reason_option
from cli.output import remark
from ledger.message import Message


@click.command(
    epilog="\b\nExample:\n  tally set-aside 10345 --reason 非本系统写入，已报信息中心 --by clerk\n"
    "  tally verify aside:10345 --by head"
)
@click.argument("positions", metavar="POSITION…", nargs=-1, required=True, type=click.IntRange(1))
@reason_option("Why; it stays on the record.")
@by_option
@ledger_option
@format_option
def set_aside(positions: tuple[int, ...], reason: str, by: str, url: str, form: str) -> None:
    """Set damaged POSITIONs aside, which no command can read, as `tally check` shows them.

    Once a second person has verified it (aside:POSITION), every command passes over them and
    names them. The rows stay as they are; as of an earlier position the ledger stays damaged.

    A sound entry is never set aside: take it back with `tally reverse`.
    JSON: {"set_aside": [10345], "verify": ["aside:10345"], "position": 10346}.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.omitting import found_wrong  # noqa: PLC0415

    with session(url) as opened, refusals(form):
        wrong = [(one, found_wrong(opened.ledger.store, one, positions)) for one in positions]
        receipt = opened.ledger.set_aside(positions, reason, by)
    for position, words in wrong:
        if words is not None:
            remark("position {position}: {wrong}", position=position, wrong=words)
    words = Message(
        "set aside at position {position}; commands pass over it once a second person has "
        "verified it: `tally verify {ids}`",
        position=receipt.position,
        ids=" ".join(receipt.entries),
    )
    found = {
        "set_aside": list(dict.fromkeys(positions)),
        "verify": receipt.entries,
        "position": receipt.position,
    }
    print_result(form, found, words)
