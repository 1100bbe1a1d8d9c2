"""`init`: make an empty ledger."""

from __future__ import annotations

import click

from cli.language import tell
from cli.options import format_option, ledger_option
from cli.output import remark, write
from ledger.errors import NotALedgerError
from ledger.integrity.keys import clear_key_place, make_key
from ledger.stores import create_store, grant, open_store, shown
from ledger.view.view import drop_view


@click.command(epilog="\b\nExample:\n  tally init --ledger sqlite:///tally.db")
@click.option(
    "--grant",
    "role",
    metavar="ROLE",
    help="Let a PostgreSQL role append to a ledger that is there, and no more.",
)
@ledger_option
@format_option
def init(url: str, form: str, role: str | None, *, as_json: bool) -> None:
    """Make an empty ledger, and the key that signs its checkpoints beside it."""
    if role is not None:
        _grant(url, role, form, as_json=as_json)
        return
    make_ledger(url)
    write(
        form,
        as_json=as_json,
        value=lambda: {"ledger": shown(url), "position": 0},
        table=lambda: click.echo(tell("{url} is a ledger now, at position 0.", url=shown(url))),
        rows=lambda: (["ledger", "position"], [[shown(url), 0]]),
    )


def make_ledger(url: str) -> None:
    """An empty ledger with its key; what a ledger that is gone left there is set aside."""
    try:
        open_store(url).close()
    except NotALedgerError:
        for path in clear_key_place(url):
            remark("a ledger that is gone had its key here; set aside as {path}", path=path)
    create_store(url).close()
    drop_view(url)
    make_key(url)


def _grant(url: str, role: str, form: str, *, as_json: bool) -> None:
    grant(url, role)
    value = {"ledger": shown(url), "granted": role}
    write(
        form,
        as_json=as_json,
        value=lambda: value,
        table=lambda: click.echo(
            tell("{role} may append to {url} and read it, nothing else.", role=role, url=shown(url))
        ),
        rows=lambda: (list(value), [list(value.values())]),
    )
