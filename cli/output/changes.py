"""Changes of scores as text: fields before and after, postings lost and gained, causes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from cli.language import render
from ledger.decimals import plain
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.differences import UnitChange


def _flat(fields: dict[str, Any]) -> dict[str, str]:
    """Fields in words, one a line: quarters by their parts, open points by their names."""
    told: dict[str, str] = {}
    for name, value in fields.items():
        if name == "quarters":
            for quarter in value:
                parts = {key: part for key, part in quarter.items() if key != "quarter"}
                told |= {f"{quarter['quarter']} {key}": str(part) for key, part in parts.items()}
        elif name == "open":
            points = (f"{point['kind']} {point['entry'] or point['clause']}" for point in value)
            told[name] = ", ".join(points) or "none"
        else:
            told[name] = value if isinstance(value, str) else json.dumps(value)
    return told


def field_changes(change: UnitChange) -> Iterator[tuple[str, str, str]]:
    """(field, before, after) of every changed field."""
    before, after = _flat(change.before), _flat(change.after)
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield name, before.get(name, "—"), after.get(name, "—")


_FIELDS = (
    *(Message("name"), Message("rank"), Message("total"), Message("score"), Message("basic_work")),
    *(
        Message("abnormal_petitions"),
        Message("rewards"),
        Message("penalties"),
        Message("inspection"),
    ),
    *(
        Message("unit"),
        Message("open"),
        Message("disqualified"),
        Message("vetoed"),
        Message("eligible"),
    ),
)
_VALUES = (Message("true"), Message("false"), Message("none"))
_KINDS = (
    *(Message("undetermined"), Message("incomplete"), Message("not_inspected")),
    *(Message("unverified"), Message("objection")),
)


def _named(field: str) -> str:
    """A field of a score, or of a quarter of it: `2016Q2 score`."""
    quarter, _, name = field.rpartition(" ")
    return f"{quarter} {render(name) if name in _FIELDS else name}".lstrip()


def _worded(value: str) -> str:
    """A value, by the person's words where it is a flag or a list of open points."""
    if value in _VALUES:
        return render(value)
    points = [one.partition(" ") for one in value.split(", ")]
    if not all(kind in _KINDS for kind, *_ in points):
        return value
    return ", ".join(f"{render(kind)} {what}".rstrip() for kind, _, what in points)


def print_changes(changes: Iterable[UnitChange], *, err: bool = False) -> None:
    """Unit by unit."""
    for change in changes:
        click.echo(f"\n{change.unit} {change.name}", err=err)
        if not change.before and not change.after:
            click.echo(render("  score, rank and flags stay as they are"), err=err)
        for name, before, after in field_changes(change):
            click.echo(f"  {_named(name)}: {_worded(before)} → {_worded(after)}", err=err)
        for sign, postings in (("−", change.lost), ("+", change.gained)):
            for posting in postings:
                entries = f" [{' '.join(posting.entries)}]" if posting.entries else ""
                points = plain(posting.points)
                told = f"{posting.clause} {points}: {render(posting.working)}{entries}"
                click.echo(f"    {sign} {told}", err=err)
        if change.entries:
            click.echo(render("  because of {entries}", entries=Series(change.entries)), err=err)


def change_rows(changes: Iterable[UnitChange]) -> tuple[list[str], list[list[str]]]:
    """CSV: a row a changed field."""
    rows = [
        [change.unit, name, before, after, " ".join(change.entries)]
        for change in changes
        for name, before, after in field_changes(change)
    ]
    return ["unit", "field", "before", "after", "entries"], rows
