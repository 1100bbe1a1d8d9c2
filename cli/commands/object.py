"""`object` and `decide`: record a unit's objection and the decision on it."""

from __future__ import annotations

from typing import Literal

import click

from cli.commands.receipts import print_result, refusals
from cli.options import by_option, format_option, ledger_option, reason_option
from cli.parameters.values import ENTRY, UNIT, Word
from ledger.message import Message


@click.command(
    "object",
    epilog="\b\nExample:\n  tally object B-2016-900 --unit V025 --reason '人数不符' --by clerk\n"
    "  tally object 2016Q2:screening --unit V025 --reason '已按时报送' --by clerk",
)
@click.argument("subject", metavar="ID|POSTING", type=ENTRY)
@click.option("--unit", type=UNIT, required=True, metavar="U", help="The unit that objects.")
@reason_option("What the unit objects.")
@by_option
@ledger_option
@format_option
def object_(subject: str, unit: str, reason: str, by: str, url: str, form: str) -> None:
    """Record a unit's objection to an entry (ID) or to a posting, named PERIOD:CLAUSE.

    It is one of the unit's open points until `tally decide`.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help

    with session(url) as opened, refusals(form):
        subject = opened.subject(subject)
        unit = opened.unit_id(unit)
        receipt = opened.ledger.object(subject, unit, reason, by)
    name = receipt.entries[0]
    words = Message("{unit} objects to {subject}: {name}", unit=unit, subject=subject, name=name)
    _print(form, {"objection": name, "position": receipt.position}, words)


@click.command(
    epilog="\b\nExample:\n  tally decide B-2016-900.O upheld --reason '核实为4人' --by head"
)
@click.argument("objection", type=ENTRY)
@click.argument("outcome", type=Word(["upheld", "dismissed"]))
@reason_option("Why.")
@by_option
@ledger_option
@format_option
def decide(
    objection: str,
    outcome: Literal["upheld", "dismissed"],
    reason: str,
    by: str,
    url: str,
    form: str,
) -> None:
    """Record the office's decision on an OBJECTION: upheld (成立) or dismissed (不成立).

    An upheld objection changes nothing by itself: correct or reverse the entry.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help

    with session(url) as opened, refusals(form):
        receipt = opened.ledger.decide(objection, outcome, reason, by)
    result = {"objection": objection, "outcome": outcome, "position": receipt.position}
    _print(form, result, Message("{objection} is {outcome}", objection=objection, outcome=outcome))


def _print(form: str, result: dict[str, object], words: str) -> None:
    at = Message(
        "{words}; the ledger is at position {position}", words=words, position=result["position"]
    )
    print_result(form, result, at)
