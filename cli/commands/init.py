"""`init`: make an empty ledger."""

from __future__ import annotations

import click

from cli.commands.receipts import print_result
from cli.options import format_option, ledger_option
from cli.output import remark
from ledger.errors import NotALedgerError
from ledger.integrity.keys import make_key, set_key_aside
from ledger.message import Message
from ledger.read_model.read_model import drop_read_model
from ledger.stores import create_store, grant, mask_password, open_store


@click.command(epilog="\b\nExample:\n  tally init --ledger sqlite:///tally.db")
@click.option(
    "--grant",
    "role",
    metavar="ROLE",
    help="Let a PostgreSQL role read an existing ledger and append to it; make no ledger.",
)
@ledger_option
@format_option
def init(url: str, form: str, role: str | None) -> None:
    """Make an empty ledger, and the key that signs its checkpoints beside it."""
    if role is not None:
        grant(url, role)
        words = Message(
            "{role} may append to {url} and read it, nothing else.",
            role=role,
            url=mask_password(url),
        )
        print_result(form, {"ledger": mask_password(url), "granted": role}, words)
        return
    make_ledger(url)
    words = Message("{url} is a ledger now, at position 0.", url=mask_password(url))
    print_result(form, {"ledger": mask_password(url), "position": 0}, words)


def make_ledger(url: str) -> None:
    """Make an empty ledger with its key; set aside the key of a ledger that is gone."""
    try:
        open_store(url).close()
    except NotALedgerError:
        for path in set_key_aside(url):
            remark("a ledger that is gone had its key here; set aside as {path}", path=path)
    create_store(url).close()
    drop_read_model(url)
    make_key(url)
