"""The columns of a kind's sheet, made from its model: title, meaning, type, choices."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cli.workbooks.words import folded
from ledger.entries import BY_KIND

if TYPE_CHECKING:
    from ledger.fields import FormName


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
    """The kind of entry that a cell names."""


@cache
def columns_of(kind: str) -> tuple[Column, ...]:
    """The columns of a kind: its number first, what every kind may have last."""
    entry_type = BY_KIND[kind]
    found = []
    for name, field in entry_type.FIELDS.items():
        title, meaning, form, choices, refers_to, _ = field
        found.append(Column(name, title, meaning, form, field.required, choices, refers_to))
    last = ("replaces", "note")
    return tuple(
        sorted(found, key=lambda one: last.index(one.field) + 1 if one.field in last else 0)
    )


@cache
def by_header(kind: str) -> dict[str, Column]:
    """The columns of a kind by folded header, Chinese or English."""
    found = {}
    for column in columns_of(kind):
        found[folded(column.title)] = found[folded(column.field)] = column
    return found


@cache
def kinds_by_title() -> dict[str, str]:
    """Every kind by its folded title and by its folded name."""
    titles = {folded(entry_type.TITLE): kind for kind, entry_type in BY_KIND.items()}
    return titles | {folded(kind): kind for kind in BY_KIND}
