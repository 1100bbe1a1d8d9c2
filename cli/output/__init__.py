"""A writer for each form of output: tables for people, JSON and CSV for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.language import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def write_json(value: Any) -> None:
    """JSON, to standard output alone."""
    import json  # noqa: PLC0415 - only the writer in use

    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def write_csv(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """CSV (RFC 4180) with a header, to standard output."""
    import csv  # noqa: PLC0415 - only the writer in use
    import io  # noqa: PLC0415

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    click.echo(text.getvalue(), nl=False)


def write(
    form: str,
    *,
    value: Callable[[], Any],
    table: Callable[[], None],
    rows: Callable[[], tuple[Iterable[str], Iterable[Iterable[Any]]]],
) -> None:
    """Writes in the form asked for; the other forms are not even made."""
    if form == "json":
        write_json(value())
    elif form == "csv":
        write_csv(*rows())
    else:
        table()


def remark(text: str, /, **values: object) -> None:
    """A word to the person, on standard error: no identifier, nothing that moves a cursor.

    Args:
        text: what was said, or a template for the values.
        values: by their names in the template.
    """
    from ledger.identifiers import redact  # noqa: PLC0415

    told = redact(render(text, **values))
    shown = "".join(ch if ch.isprintable() else "\N{REPLACEMENT CHARACTER}" for ch in told)
    click.echo(f"tally: {shown}", err=True)
