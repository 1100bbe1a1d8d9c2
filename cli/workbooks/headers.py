"""The header of a table: where it stands, which column is which field, what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.workbooks.cells import is_empty
from cli.workbooks.columns import by_header, columns_of, kinds_by_title
from cli.workbooks.persons import carries_a_person
from cli.workbooks.words import folded
from ledger.message import Message, Series
from ledger.submissions import letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cli.workbooks.columns import Column

KIND_HEADERS = frozenset({"kind", "种类"})
_NUMBER_HEADERS = frozenset({"编号", "id"})
_SEARCHED = 20
"""Rows with something in them among which the header must be: titles may stand above it."""

_COPY = re.compile(r"[(（]?\d+[)）]?$")


class HeaderFault(NamedTuple):
    """What is wrong with a header's cell, or with the header as a whole."""

    row: int | None
    column: int | None
    header: str | None
    message: str
    field: str | None = None


class Header(NamedTuple):
    """A table's header: by kind the columns that were found, and the cells."""

    row: int
    """From 0."""
    cells: tuple[str, ...]
    kind_column: int | None
    ignored: frozenset[int]
    """Columns refused already."""
    columns: Mapping[str, Mapping[int, Column]]
    """By kind, by place (from 0)."""
    absent: Mapping[str, frozenset[str]]
    """By kind, the required fields that no column is there for."""


def kind_of(name: str, *, prefix: bool = False) -> str | None:
    """The kind that a sheet's or a file's name means: its title or its name, in any spelling.

    Args:
        name: as it is.
        prefix: whether more may follow, as in `petition_batch-2016Q2`.
    """
    known = kinds_by_title()
    text = folded(name)
    found = known.get(text) or known.get(_COPY.sub("", text))
    if found is None and prefix:
        starts = [title for title in known if text.startswith(title)]
        found = known[max(starts, key=len)] if starts else None
    return found


def _texts(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple("" if is_empty(cell) else str(cell).strip() for cell in row)


def has_kinds(cells: Sequence[str]) -> bool:
    """Whether a header has a column of kinds."""
    return any(folded(cell) in KIND_HEADERS for cell in cells)


def find_header(rows: Sequence[Sequence[Any]]) -> tuple[int, tuple[str, ...]] | None:
    """The first row with a column for the entry's number, among the first that are not empty."""
    seen = 0
    for number, row in enumerate(rows):
        texts = _texts(row)
        if not any(texts):
            continue
        if any(folded(text) in _NUMBER_HEADERS for text in texts):
            return number, texts
        seen += 1
        if seen >= _SEARCHED:
            return None
    return None


def read_header(
    row: int, cells: tuple[str, ...], kind: str | None
) -> tuple[Header, list[HeaderFault]]:
    """What the cells of a header mean for a kind, or (with a column of kinds) for every kind."""
    folds = [folded(cell) for cell in cells]
    kind_column = next((at for at, text in enumerate(folds) if text in KIND_HEADERS), None)
    kinds = [kind] if kind is not None and kind_column is None else list(kinds_by_title().values())
    kinds = list(dict.fromkeys(kinds))
    columns: dict[str, dict[int, Column]] = {}
    for one in kinds:
        known = by_header(one)
        columns[one] = {at: known[text] for at, text in enumerate(folds) if text in known}
    faults = list(_faults(row, cells, columns, kind_column))
    ignored = frozenset(fault.column for fault in faults if fault.column is not None)
    absent = {one: _absent(one, columns[one]) for one in kinds}
    if kind is not None and kind_column is None:
        for field in columns_of(kind):
            if field.field in absent[kind]:
                message = Message(
                    "has no column {title} ({field}), which {kind} needs",
                    title=field.title,
                    field=field.field,
                    kind=kind,
                )
                faults.append(HeaderFault(row, None, None, message, field.field))
    return Header(row, cells, kind_column, ignored, columns, absent), faults


def _absent(kind: str, columns: Mapping[int, Column]) -> frozenset[str]:
    there = {column.field for column in columns.values()}
    return frozenset(
        column.field for column in columns_of(kind) if column.required and column.field not in there
    )


def _faults(
    row: int,
    cells: tuple[str, ...],
    columns: Mapping[str, Mapping[int, Column]],
    kind_column: int | None,
) -> Iterator[HeaderFault]:
    seen: dict[str, int] = {}
    known = {at for of_kind in columns.values() for at in of_kind} | {kind_column}
    for at, cell in enumerate(cells):
        if not cell:
            continue
        if at not in known:
            yield HeaderFault(row, at, cell, _unknown(cell, columns))
            continue
        fields = {of_kind[at].field for of_kind in columns.values() if at in of_kind}
        for field in fields or {"kind"}:
            if field in seen:
                message = Message(
                    "stands twice: in column {seen} and here; keep one", seen=letter(seen[field])
                )
                yield HeaderFault(row, at, cell, message, field)
                break
            seen[field] = at


def _unknown(cell: str, columns: Mapping[str, Mapping[int, Column]]) -> str:
    if carries_a_person(cell):
        return Message(
            "is a column that carries a person: the ledger keeps headcounts and case "
            "numbers only; delete the column"
        )
    if len(columns) > 1:
        return Message("is no column of any kind of entry; delete it, or write it into 备注 (note)")
    (kind,) = columns
    titles = Series(column.title for column in columns_of(kind))
    return Message("is no column of {kind}, which takes {titles}", kind=kind, titles=titles)


def persons_above(rows: Sequence[Sequence[Any]], header: int) -> Iterator[HeaderFault]:
    """Cells above a header (of headers in two rows) that are columns of a person."""
    for number, row in enumerate(rows[:header]):
        for at, text in enumerate(_texts(row)):
            if text and len(text) <= 8 and carries_a_person(text):  # noqa: PLR2004 - a title is longer
                yield HeaderFault(number, at, text, _unknown(text, {}))
