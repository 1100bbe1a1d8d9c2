"""`object` and `decide`: a unit objects to an entry or a posting, the office decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from cli.commands.receipts import refuse
from cli.language import tell
from cli.options import format_option, ledger_option
from ledger.errors import EntriesRefusedError
from ledger.saying import Said

if TYPE_CHECKING:
    from ledger.receipts import Receipt


@click.command(
    "object",
    epilog="\b\nExample:\n  tally object B-2016-900 --unit V025 --reason '人数不符' --by clerk\n"
    "  tally object 2016Q2:screening --unit V025 --reason '已按时报送' --by clerk",
)
@click.argument("subject", metavar="ID|POSTING")
@click.option("--unit", required=True, metavar="U", help="The unit that objects.")
@click.option("--reason", required=True, metavar="TEXT", help="What it says.")
@click.option("--by", required=True, metavar="NAME", help="Who records it.")
@ledger_option
@format_option
def object_(
    subject: str, unit: str, reason: str, by: str, url: str, form: str, *, as_json: bool
) -> None:
    """Record a unit's objection to an entry (ID) or to a posting, named PERIOD:CLAUSE.

    It stands among the unit's open points until `tally decide`.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help

    with session(url) as opened:
        try:
            opened.check_clause(subject)
            receipt = opened.ledger.object(subject, unit, reason, by)
        except EntriesRefusedError as error:
            refuse(error, form, as_json=as_json)
            return
    name = receipt.entries[0]
    _print(
        receipt,
        {"objection": name},
        Said("{unit} objects to {subject}: {name}", unit=unit, subject=subject, name=name),
        form,
        as_json,
    )


@click.command(
    epilog="\b\nExample:\n  tally decide B-2016-900.O upheld --reason '核实为4人' --by head"
)
@click.argument("objection")
@click.argument("outcome", type=click.Choice(["upheld", "dismissed"]))
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--by", required=True, metavar="NAME", help="Who decides.")
@ledger_option
@format_option
def decide(
    objection: str,
    outcome: Literal["upheld", "dismissed"],
    reason: str,
    by: str,
    url: str,
    form: str,
    *,
    as_json: bool,
) -> None:
    """Record the office's decision on an OBJECTION: upheld or dismissed.

    An upheld objection changes nothing by itself: correct or reverse the entry.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help

    with session(url) as opened:
        try:
            receipt = opened.ledger.decide(objection, outcome, reason, by)
        except EntriesRefusedError as error:
            refuse(error, form, as_json=as_json)
            return
    value = {"objection": objection, "outcome": outcome}
    _print(
        receipt,
        value,
        Said("{objection} is {outcome}", objection=objection, outcome=outcome),
        form,
        as_json,
    )


def _print(receipt: Receipt, value: dict[str, str], words: str, form: str, as_json: bool) -> None:
    from cli.output import write  # noqa: PLC0415 - not for --help

    whole = {**value, "position": receipt.position}
    write(
        form,
        as_json=as_json,
        value=lambda: whole,
        table=lambda: click.echo(
            tell(
                "{words}; the ledger is at position {position}",
                words=words,
                position=receipt.position,
            )
        ),
        rows=lambda: (list(whole), [list(whole.values())]),
    )
