"""The columns of a kind's sheet, made from its model: title, meaning, type, choices."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from cli.workbooks.words import folded
from ledger.entries import BY_KIND
from ledger.entries.checking import types_of
from ledger.fields import Month, Name, Note, Text

ColumnType = Literal[
    "code", "prose", "choice", "flag", "whole", "decimal", "day", "moment", "month", "list", "value"
]
"""How a cell is read: `code` is an id or a case number, `value` a ruling's (of any type)."""

_BY_TYPE: dict[Any, ColumnType] = {
    bool: "flag",
    int: "whole",
    Decimal: "decimal",
    date: "day",
    datetime: "moment",
}
_PROSE = (Name, Text, Note)


class Column(NamedTuple):
    """One field of a kind, as a column of its sheet."""

    field: str
    title: str
    """The Chinese header."""
    description: str
    type: ColumnType
    required: bool
    choices: tuple[str, ...] = ()
    refers_to: str | None = None
    """The kind of entry that a cell names."""


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in {Union, UnionType}:
        parts = [part for part in get_args(hint) if part is not type(None)]
        return parts[0] if len(parts) == 1 else hint
    return hint


def _type(hint: Any) -> tuple[ColumnType, tuple[str, ...]]:
    hint = _without_none(hint)
    if hint in _PROSE:
        return "prose", ()
    if hint == Month:
        return "month", ()
    bare = _without_none(get_args(hint)[0] if get_origin(hint) is Annotated else hint)
    if get_origin(bare) is Literal:
        return "choice", get_args(bare)
    if get_origin(bare) is tuple:
        return "list", ()
    if get_origin(bare) in {Union, UnionType}:
        return "value", ()
    return _BY_TYPE.get(bare, "code"), ()


@cache
def columns_of(kind: str) -> tuple[Column, ...]:
    """The columns of a kind: its number first, what every kind may have last."""
    entry_type = BY_KIND[kind]
    hints = types_of(kind)
    found = []
    for name, field in entry_type.FIELDS.items():
        if name == "kind":
            continue
        column_type, choices = _type(hints[name])
        required, refers_to = field.required, entry_type.REFERENCES.get(name)
        title, meaning = field.title or name, field.description or ""
        found.append(Column(name, title, meaning, column_type, required, choices, refers_to))
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
