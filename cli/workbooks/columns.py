"""The columns of a kind's sheet, made from the fields of its class."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cli.workbooks.words import folded
from ledger.entries import BY_KIND

if TYPE_CHECKING:
    from ledger.fields import FormName

_LAST = ("replaces", "note")
"""Fields of every kind whose columns come last."""


class Column(NamedTuple):
    """One field of a kind, as a column of its sheet."""

    field: str
    title: str
    """The Chinese header."""
    description: str
    type: FormName
    required: bool
    choices: tuple[str, ...] = ()
    refers_to: str | None = None
    """The kind of entry whose id a cell holds."""


@cache
def columns_of(kind: str) -> tuple[Column, ...]:
    """Return the columns of a kind, the id first."""
    columns = []
    for name, field in BY_KIND[kind].FIELDS.items():
        title, meaning, form, choices, refers_to, _ = field
        columns.append(Column(name, title, meaning, form, field.required, choices, refers_to))
    columns.sort(key=lambda column: _LAST.index(column.field) + 1 if column.field in _LAST else 0)
    return tuple(columns)


@cache
def by_header(kind: str) -> dict[str, Column]:
    """Return the columns of a kind by their folded headers, Chinese and English."""
    found = {}
    for column in columns_of(kind):
        found[folded(column.title)] = found[folded(column.field)] = column
    return found


@cache
def kinds_by_title() -> dict[str, str]:
    """Return every kind by its folded title and by its folded name."""
    titles = {folded(entry_type.TITLE): kind for kind, entry_type in BY_KIND.items()}
    return titles | {folded(kind): kind for kind in BY_KIND}
