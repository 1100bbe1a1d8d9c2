"""`measure diff`: in what two measures differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.commands.measure.naming import content_of
from cli.language import render
from cli.options import format_option, ledger_option
from cli.output.lines import print_line
from cli.parameters.values import MEASURE
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.measure.comparing import Difference

_OF = {
    "clause": Message("clause"),
    "amount": Message("amount"),
    "reading": Message("reading (◆)"),
    "section": Message("section"),
    "measure": Message("measure"),
}


@click.command(
    epilog="\b\nExample:\n  tally measure diff qianlianghu-2016 measures/ours-2017\n"
    "  tally measure diff 2016 2017"
)
@click.argument("before", metavar="A", type=MEASURE)
@click.argument("after", metavar="B", type=MEASURE)
@ledger_option
@format_option
def diff(before: str, after: str, url: str, form: str) -> None:
    """Show in what two measures differ: clauses, amounts, readings, sections, and the rest.

    A and B are ids, folders, or years for which the ledger has adopted a measure. JSON: {"from":
    id, "to": id, "differences": [{"of": "amount", "clause": slug, "name": "…", "from": …, "to":
    …}]}; `of` is clause, amount, reading, section or measure; null stands for what is not there.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from projections.measure.comparing import differences  # noqa: PLC0415
    from projections.measure.files import parse  # noqa: PLC0415

    one, other = (parse(content_of(named, url)) for named in (before, after))
    found = list(differences(one, other))
    shown = {
        "from": one.measure.id,
        "to": other.measure.id,
        "differences": [
            {
                "of": each.of,
                "clause": each.clause,
                "name": each.name,
                "from": each.before,
                "to": each.after,
            }
            for each in found
        ],
    }
    # Two editions of one measure have the same id: what was asked for tells them apart.
    asked_for = [
        asked if asked == known.measure.id else f"{asked} ({known.measure.id})"
        for asked, known in ((before, one), (after, other))
    ]
    write(
        form,
        value=lambda: shown,
        table=lambda: _print(found, *asked_for),
        rows=lambda: _rows(shown),
    )


def _print(found: Sequence[Difference], one: str, other: str) -> None:
    """Print the differences; `one` and `other` name the measures."""
    from cli.output.measure_keys import key_words, value_words  # noqa: PLC0415 - not for --help

    if not found:
        print_line(render("{one} and {other} do not differ", one=one, other=other))
        return
    print_line(render("{one} → {other}", one=one, other=other))
    for each in found:
        table = None if each.table in _OF else key_words(each.table)
        key = None if each.key is None else key_words(each.key, each.table)
        line = render(
            "{of} {where}: {before} → {after}",
            of=_OF[each.of],
            where=" ".join(filter(None, (each.clause, table, each.part, key))),
            before=value_words(each.before, each.key or each.table),
            after=value_words(each.after, each.key or each.table),
        )
        print_line(line)


def _text(value: Any) -> str:
    from msgspec.json import encode  # noqa: PLC0415 - not for --help

    return encode(value).decode()


def _rows(found: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    header = ["of", "clause", "name", "from", "to"]
    return header, [
        [one["of"], one["clause"], one["name"], _text(one["from"]), _text(one["to"])]
        for one in found["differences"]
    ]
