"""Find the header of a table, and match its columns with fields."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.workbooks.cells import is_empty
from cli.workbooks.columns import by_header, columns_of, kinds_by_title
from cli.workbooks.personal_data import names_personal_data
from cli.workbooks.words import folded
from ledger.kinds import BUILT_IN, Kinds
from ledger.message import Message, Series
from ledger.submissions import letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cli.workbooks.columns import Column

    ColumnsByKind = Mapping[str, Mapping[int, Column]]

_KIND_HEADERS = frozenset({"kind", "种类"})
_ID_HEADERS = frozenset({"编号", "id"})
_SEARCHED = 20
"""Rows that are not empty and may precede the header, such as titles."""

_FEWEST = 2
"""Titles that a header without a column of ids has at least."""

_LONGEST_HEADER = 8
"""Characters of a header; longer text above a header is a title."""

_COPY = re.compile(r"[(（]?\d+[)）]?$")
_PERSONAL = Message(
    "is a column for personal data; the ledger keeps no particulars of persons: delete the column"
)


class HeaderFault(NamedTuple):
    """A fault in a cell of a header, or without a column in the whole header."""

    row: int
    column: int | None
    header: str | None
    message: str
    field: str | None = None


class Header(NamedTuple):
    """A table's header; rows and columns are numbered from 0."""

    row: int
    cells: tuple[str, ...]
    kind_column: int | None
    refused: frozenset[int]
    """Columns with a fault; their cells are not read."""
    columns: ColumnsByKind
    missing: Mapping[str, frozenset[str]]
    """By kind, the required fields without a column."""


def kind_of(name: str, kinds: Kinds = BUILT_IN, *, prefix: bool = False) -> str | None:
    """Return the kind that the name of a sheet or file means, in Chinese or English.

    Args:
        name: as it is; a number of a copy, as in `上访批次 (2)`, is ignored.
        kinds: the kinds of the ledger.
        prefix: whether more may follow, as in `petition_batch-2016Q2`.
    """
    known = kinds_by_title(kinds)
    text = folded(name)
    kind = known.get(text) or known.get(_COPY.sub("", text))
    if kind is None and prefix:
        kind = known.get(max(filter(text.startswith, known), key=len, default=""))
    return kind


def _texts(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple("" if is_empty(cell) else str(cell).strip() for cell in row)


def has_kind_column(cells: Sequence[str]) -> bool:
    """Return whether a header has a column of kinds."""
    return any(folded(cell) in _KIND_HEADERS for cell in cells)


def find_header(
    rows: Sequence[Sequence[Any]], kind: str | None, kinds: Kinds
) -> tuple[int, tuple[str, ...]] | None:
    """Return number and cells of the first row with a column of ids, or None.

    Without one it is the row with the most titles of the kind's columns, two at least, or one of
    kinds: ids may be left out.

    Args:
        rows: the table.
        kind: of all rows, if the table's name says it.
        kinds: the kinds of the ledger.
    """
    filled = ((number, texts) for number, row in enumerate(rows) if any(texts := _texts(row)))
    first = list(islice(filled, _SEARCHED))
    for found in first:
        if any(folded(text) in _ID_HEADERS for text in found[1]):
            return found
    known = _titles(kind, kinds)

    def titles(found: tuple[int, tuple[str, ...]]) -> int:
        cells = [*filter(None, found[1])]
        of_kinds = has_kind_column(cells)
        if kind is None and not of_kinds:
            return 0
        beside = of_kinds and len(cells) >= _FEWEST
        return sum(folded(one) in known for one in cells) + beside

    best = max(first, key=titles, default=None)
    return best if best is not None and titles(best) >= _FEWEST else None


def _titles(kind: str | None, kinds: Kinds) -> set[str]:
    """Return the folded titles of a kind's columns; of None those of all kinds, and of kinds."""
    if kind is not None:
        return {*by_header(kind, kinds), *_KIND_HEADERS}
    return set(_KIND_HEADERS).union(*(by_header(one, kinds) for one in kinds))


def second_row(
    rows: Sequence[Sequence[Any]], row: int, kind: str | None, kinds: Kinds
) -> int | None:
    """Return the row beside that of the header which has the titles of more columns, or None.

    Args:
        rows: the table.
        row: the number of the header.
        kind: of all rows; None if there is a column of kinds.
        kinds: the kinds of the ledger.
    """
    known = _titles(kind, kinds) - _KIND_HEADERS
    texts = _texts(rows[row])
    for other in (row + 1, row - 1):
        beside = _texts(rows[other]) if 0 <= other < len(rows) else ()
        filled = [(at, text) for at, text in enumerate(beside) if text]
        titles = [at for at, text in filled if folded(text) in known]
        is_empty_above = all(at >= len(texts) or folded(texts[at]) not in known for at in titles)
        all_titles = len(titles) == len(filled) or len(titles) > 1
        if titles and is_empty_above and (other < row or all_titles):
            return other
    return None


def read_header(
    row: int, cells: tuple[str, ...], kind: str | None, kinds: Kinds = BUILT_IN
) -> tuple[Header, list[HeaderFault]]:
    """Return a header and its faults.

    Args:
        row: its number.
        cells: its cells.
        kind: of all rows; ignored if there is a column of kinds.
        kinds: the kinds of the ledger.
    """
    folds = [folded(cell) for cell in cells]
    kind_column = next((at for at, text in enumerate(folds) if text in _KIND_HEADERS), None)
    if kind_column is not None:
        kind = None
    columns: dict[str, dict[int, Column]] = {}
    for one in kinds if kind is None else (kind,):
        known = by_header(one, kinds)
        columns[one] = {at: known[text] for at, text in enumerate(folds) if text in known}
    faults = list(_column_faults(row, cells, columns, kind_column, kinds))
    refused = frozenset(fault.column for fault in faults if fault.column is not None)
    missing = {one: _missing(one, columns[one], kinds) for one in columns}
    if kind is not None:
        for column in missing[kind]:
            message = Message(
                "has no column {title} ({field}), which {kind} needs",
                title=column.title,
                field=column.field,
                kind=kind,
            )
            faults.append(HeaderFault(row, None, None, message, column.field))
    fields = {one: frozenset(column.field for column in missing[one]) for one in missing}
    return Header(row, cells, kind_column, refused, columns, fields), faults


def _missing(kind: str, columns: Mapping[int, Column], kinds: Kinds) -> list[Column]:
    fields = {column.field for column in columns.values()}
    return [one for one in columns_of(kind, kinds) if one.required and one.field not in fields]


def _column_faults(
    row: int,
    cells: tuple[str, ...],
    columns: ColumnsByKind,
    kind_column: int | None,
    kinds: Kinds,
) -> Iterator[HeaderFault]:
    """Yield a fault for each unknown or repeated column."""
    seen: dict[str, int] = {}
    known = {at for of_kind in columns.values() for at in of_kind} | {kind_column}
    for at, cell in enumerate(cells):
        if not cell:
            continue
        if at not in known:
            yield HeaderFault(row, at, cell, _unknown(cell, columns, kinds))
            continue
        fields = {of_kind[at].field for of_kind in columns.values() if at in of_kind} or {"kind"}
        for field in fields:
            if field in seen:
                message = Message(
                    "is there twice: in column {seen} and here; keep one", seen=letter(seen[field])
                )
                yield HeaderFault(row, at, cell, message, field)
                break
            seen[field] = at


def _unknown(cell: str, columns: ColumnsByKind, kinds: Kinds) -> str:
    if names_personal_data(cell):
        return _PERSONAL
    if len(columns) > 1:
        return Message(
            "is not a column of any kind of entry; delete it, or write it into 备注 (note)"
        )
    (kind,) = columns
    titles = Series(column.title for column in columns_of(kind, kinds))
    return Message("is not a column of {kind}; its columns are {titles}", kind=kind, titles=titles)


def personal_data_above(rows: Sequence[Sequence[Any]], header: int) -> Iterator[HeaderFault]:
    """Yield a fault for each header of personal data above the header."""
    for number, row in enumerate(rows[:header]):
        for at, text in enumerate(_texts(row)):
            if 0 < len(text) <= _LONGEST_HEADER and names_personal_data(text):
                yield HeaderFault(number, at, text, _PERSONAL)
