"""`accept-copy`: go on from an earlier copy of the ledger, on the record."""

from __future__ import annotations

import click

from cli.commands.receipts import print_result, refusals
from cli.options import by_option, format_option, ledger_option, reason_option
from ledger.message import Message


@click.command(
    epilog="\b\nExample:\n  tally accept-copy --reason 磁盘损坏，恢复至6月30日备份 --by 办公室"
)
@by_option
@reason_option("Why later events are lost.")
@ledger_option
@format_option
def accept_copy(reason: str, by: str, url: str, form: str) -> None:
    """Go on from an earlier copy of the ledger, after events that were acknowledged are lost.

    Each append keeps its last event beside the ledger's key. To a ledger that lacks it nothing is
    written until the newest files are back in place, or somebody says here, on the record, that
    they are lost. `tally check` shows it from then on. Record again what is missing.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from ledger.integrity.accepting import accept_loss  # noqa: PLC0415

    with refusals(form), session(url) as opened:
        receipt, aside = accept_loss(url, opened.ledger, reason, by)
    for path in aside:
        remark("it was signed after this copy; set aside as {path}", path=path)
    words = Message(
        "the ledger goes on from this copy, at position {position}", position=receipt.position
    )
    print_result(form, {"position": receipt.position}, words)
