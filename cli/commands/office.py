"""`office`: set what the office's papers say of it, and show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from cli.language import render
from cli.options import format_option, ledger_option
from cli.suggesting import HelpedGroup
from ledger.message import Message

if TYPE_CHECKING:
    from cli.office import Office


_LABELS = {
    "name": Message("office"),
    "mark": Message("mark over the red line"),
    "signature": Message("name under the text"),
    "signer": Message("signer"),
    "addressees": Message("main recipients"),
    "copies_to": Message("copies to"),
    "printed_by": Message("printed by"),
    "contact": Message("where units object"),
    "objection_days": Message("days to object"),
    "notes_of_law": Message("notes of law"),
}


@click.group(
    cls=HelpedGroup,
    epilog="\b\nExample:\n  tally office set --name 某镇信访工作领导小组办公室 --copies-to 镇党委\n"
    "  tally office show",
)
def office() -> None:
    """Say what bulletins and slips tell of the office: its name, whom copies go to.

    It is kept in tally.db.office.json beside the ledger, not in it. What is not set is left open in
    the papers, to be written by hand.
    """


@office.command(
    "set",
    epilog="\b\nExample:\n  tally office set --name 某镇信访工作领导小组办公室 "
    "--contact 镇政府一楼信访接待室 --objection-days 5",
)
@click.option("--name", metavar="TEXT", help="The office that issues the papers (发文机关).")
@click.option(
    "--mark", metavar="TEXT", help="Its mark in red (发文机关标志; default: its name and 文件)."
)
@click.option("--signature", metavar="TEXT", help="The name under the text (署名; default: name).")
@click.option("--signer", metavar="TEXT", help="Who signs (签发人).")
@click.option("--addressees", metavar="TEXT", help="Main recipients (主送机关).")
@click.option("--copies-to", metavar="TEXT", help="Whom copies go to (抄送).")
@click.option(
    "--printed-by", metavar="TEXT", help="Who prints and sends (印发机关; default: name)."
)
@click.option("--contact", metavar="TEXT", help="Where units object: room, telephone.")
@click.option(
    "--objection-days",
    metavar="N",
    type=click.IntRange(1, 365),
    help="Days from a slip's day on within which a unit may object.",
)
@click.option(
    "--notes-of-law/--no-notes-of-law",
    default=None,
    help="Whether bulletins have the measure's notes of law.",
)
@ledger_option
@format_option
def set_(url: str, form: str, **given: Any) -> None:
    """Set what the papers say of the office; what is not named stays. An empty TEXT removes it."""
    from cli.commands.receipts import refusals  # noqa: PLC0415 - not for --help
    from cli.office import set_office  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415

    changed = {name: value for name, value in given.items() if value is not None}
    if not changed:
        raise click.UsageError(render("name at least one option, as --name TEXT"))
    with session(url), refusals(form):
        found = set_office(url, changed)
    _print(found, url, form)


@office.command(epilog="\b\nExample:\n  tally office show")
@ledger_option
@format_option
def show(url: str, form: str) -> None:
    """Show what the papers say of the office."""
    from cli.office import office_of  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415

    with session(url):
        found = office_of(url)
    _print(found, url, form)


def _print(office: Office, url: str, form: str) -> None:
    from cli.office import office_path  # noqa: PLC0415 - not for --help
    from cli.output import write  # noqa: PLC0415
    from cli.output.lines import print_line  # noqa: PLC0415

    values = asdict(office)
    rows = [[name, value] for name, value in values.items() if value not in {"", None, False}]

    def table() -> None:
        if not rows:
            print_line(render("nothing is set"))
        for name, value in rows:
            text = Message("yes") if value is True else str(value)
            print_line(render(Message("{title}: {text}", title=_LABELS[name], text=text)))

    write(
        form,
        value=lambda: {"office": values, "file": str(office_path(url))},
        table=table,
        rows=lambda: (["field", "value"], rows),
    )
