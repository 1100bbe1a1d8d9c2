"""`measure diff`: in what two measures differ."""

from __future__ import annotations

from typing import Any

import click

from cli.commands.measure.naming import content_of
from cli.language import render
from cli.options import format_option, ledger_option
from cli.output.lines import print_line
from ledger.message import Message

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
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
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
    found = {
        "from": one.measure.id,
        "to": other.measure.id,
        "differences": [
            {
                "of": found.of,
                "clause": found.clause,
                "name": found.name,
                "from": found.before,
                "to": found.after,
            }
            for found in differences(one, other)
        ],
    }
    write(
        form,
        value=lambda: found,
        table=lambda: _print(found, before, after),
        rows=lambda: _rows(found),
    )


def _print(found: dict[str, Any], before: str, after: str) -> None:
    """Print the differences; `before` and `after` name the measures as they were asked for."""
    from cli.output.measure_keys import key_words, value_words  # noqa: PLC0415 - not for --help

    # Two editions of one measure have the same id: what was asked for tells them apart.
    asked_for = [
        asked if asked == known else f"{asked} ({known})"
        for asked, known in ((before, found["from"]), (after, found["to"]))
    ]
    if not found["differences"]:
        print_line(render("{one} and {other} do not differ", one=asked_for[0], other=asked_for[1]))
        return
    print_line(render("{one} → {other}", one=asked_for[0], other=asked_for[1]))
    for one in found["differences"]:
        *names, key = (one["name"] or "").rsplit(": ", 1)
        if names or one["of"] == "clause":
            key = key_words(key)
        if one["of"] == "measure":
            names = [" ".join(map(key_words, name.split())) for name in names if name != "measure"]
            key = " ".join(map(key_words, key.split()))
        where = [one["clause"], *names, key]
        line = render(
            "{of} {where}: {before} → {after}",
            of=_OF[one["of"]],
            where=" ".join(filter(None, where)),
            before=value_words(one["from"]),
            after=value_words(one["to"]),
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
