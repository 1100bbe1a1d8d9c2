"""Changes of scores as text: fields before and after, postings lost and gained, causes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ledger.fields import plain

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


def print_changes(changes: Iterable[UnitChange], *, err: bool = False) -> None:
    """Unit by unit."""
    for change in changes:
        click.echo(f"\n{change.unit} {change.name}", err=err)
        if not change.before and not change.after:
            click.echo("  score, rank and flags stay as they are", err=err)
        for name, before, after in field_changes(change):
            click.echo(f"  {name}: {before} → {after}", err=err)
        for sign, postings in (("−", change.lost), ("+", change.gained)):
            for posting in postings:
                entries = " ".join(posting.entries)
                points = plain(posting.points)
                told = f"{posting.clause} {points}: {posting.working} [{entries}]"
                click.echo(f"    {sign} {told}", err=err)
        if change.entries:
            click.echo(f"  because of {', '.join(change.entries)}", err=err)


def change_rows(changes: Iterable[UnitChange]) -> tuple[list[str], list[list[str]]]:
    """CSV: a row a changed field."""
    rows = [
        [change.unit, name, before, after, " ".join(change.entries)]
        for change in changes
        for name, before, after in field_changes(change)
    ]
    return ["unit", "field", "before", "after", "entries"], rows
