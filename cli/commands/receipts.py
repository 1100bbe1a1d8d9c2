"""What an append came to, printed; and refusals of an import, every one at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.language import tell
from cli.output import remark, write, write_json
from ledger.saying import Said

if TYPE_CHECKING:
    from ledger.errors import EntriesRefusedError
    from ledger.receipts import Receipt


def print_receipt(receipt: Receipt, form: str, *, as_json: bool, dry_run: bool = False) -> None:
    """The contract's receipt; remarks go to standard error."""
    for words in receipt.remarks:
        remark(words)
    value = receipt.as_json()
    write(
        form,
        as_json=as_json,
        value=lambda: {**value, "dry_run": True} if dry_run else value,
        table=lambda: click.echo(
            tell(
                "{dry_run}recorded {recorded}, verified {verified}, skipped {skipped}; the "
                "ledger is at position {position}",
                dry_run=Said("dry run, nothing written: ") if dry_run else "",
                recorded=receipt.recorded,
                verified=receipt.verified,
                skipped=receipt.skipped,
                position=receipt.position,
            )
        ),
        rows=lambda: (list(value), [list(value.values())]),
    )


def refuse(error: EntriesRefusedError, form: str, *, as_json: bool) -> None:
    """The contract's `errors` where JSON is asked for; always ends with status 1."""
    if as_json or form == "json":
        write_json({"errors": [refusal.as_json() for refusal in error.refusals]})
    for refusal in error.refusals:
        remark(refusal.said())
    remark("{count} refused; nothing was written", count=len(error.refusals))
    raise SystemExit(1)
