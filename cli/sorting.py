"""Sort the rows of a table by one of its columns, for commands and pages."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

from cli.options import OptionError
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Row = TypeVar("Row", bound="Mapping[str, Any]")


def sorted_rows(
    rows: Sequence[Row], columns: Collection[str], sort: str, option: str = "--sort"
) -> list[Row]:
    """Return rows in the order of a column; those without a value come last.

    Args:
        rows: JSON values by column; decimals are text.
        columns: those that may be named.
        sort: the column; with a hyphen before it the largest comes first. Empty: as they are.
        option: what names it, for messages.

    Raises:
        OptionError: there is no such column.
    """
    if not sort:
        return [*rows]
    column = sort.removeprefix("-")
    if column not in columns:
        words = Message(
            "no column {column!r}; one of {columns}", column=column, columns=Series(columns)
        )
        raise OptionError(option, words)
    filled = [row for row in rows if row[column] is not None]
    keys = [row[column] for row in filled]
    numbers = [_number(key) for key in keys]
    if None not in numbers:
        keys = numbers
    order = sorted(range(len(filled)), key=keys.__getitem__, reverse=sort.startswith("-"))
    return [filled[at] for at in order] + [row for row in rows if row[column] is None]


def _number(value: Any) -> Decimal | None:
    """Return a number, or the finite decimal that a text is; None of any other text."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None  # nan cannot be compared
