"""Read a workbook or CSV file into submissions, or refusals with their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.workbooks.cells import is_empty
from cli.workbooks.columns import columns_of
from cli.workbooks.headers import (
    find_header,
    has_kind_column,
    kind_of,
    personal_data_above,
    read_header,
    second_row,
)
from cli.workbooks.opening import open_tables
from cli.workbooks.rows import RowReader
from cli.workbooks.tables import FileError
from cli.workbooks.words import IGNORED_SHEETS
from ledger.errors import Refusal
from ledger.kinds import BUILT_IN, Kinds
from ledger.message import Message, Series, message_of
from ledger.submissions import letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from cli.workbooks.headers import HeaderFault
    from cli.workbooks.tables import Table
    from ledger.submissions import Submission

_STEP = 500
"""Entries between two calls of `progress`."""


def read_workbook(
    path: Path,
    progress: Callable[[int], None] | None = None,
    names: Callable[[], Mapping[str, str]] | None = None,
    kinds: Kinds = BUILT_IN,
    examples: Callable[[], frozenset[str]] = frozenset,
) -> Iterator[Submission | Refusal]:
    """Yield the entries of a workbook or CSV file, and a refusal for each fault.

    Args:
        path: the file; its suffix says what it is.
        progress: called at times with the number of bytes read since the last call.
        names: returns the units' names by id, to check cells with both (`V001 甲村`).
        kinds: the kinds that an entry may be of.
        examples: returns the hashes of the template's example rows, which are no entries.
    """
    file = str(path)
    try:
        tables = open_tables(path, kinds)
        size = path.stat().st_size
    except OSError as error:
        yield Refusal(Message("cannot be read: {why}", why=error.strerror or error), file=file)
        return
    except FileError as error:
        yield Refusal(message_of(error), file=file)
        return
    rows = sum(len(table.rows) for table in tables) or 1
    found = 0
    for table in tables:
        for outcome in _entries(table, file, names, kinds, examples):
            found += 1
            if progress is not None and found % _STEP == 0:
                progress(size * _STEP // rows)
            yield outcome
    if not found:
        yield Refusal(Message("is empty: there is no entry in it"), file=file)


def _entries(
    table: Table,
    file: str,
    names: Callable[[], Mapping[str, str]] | None,
    kinds: Kinds,
    examples: Callable[[], frozenset[str]],
) -> Iterator[Submission | Refusal]:
    """Yield the entries and refusals of one table in the order of its rows."""
    is_ignored = table.sheet is not None and table.name.strip() in IGNORED_SHEETS
    if is_ignored or all(is_empty(cell) for row in table.rows for cell in row):
        return
    kind = kind_of(table.name, kinds, prefix=table.sheet is None)
    found = find_header(table.rows, kind, kinds)
    has_entries = kind is not None or (found is not None and has_kind_column(found[1]))
    if table.hidden:
        # Excel and WPS keep hidden sheets of their own, which are ignored.
        if has_entries:
            message = Message(
                "is hidden; unhide it, so that you see what is imported, or delete it"
            )
            yield Refusal(message, file=file, sheet=table.sheet)
        return
    if not has_entries:
        yield Refusal(_unknown_kind(table), file=file, sheet=table.sheet)
        return
    if found is None:
        assert kind is not None, "a column of kinds is part of a header"
        message = Message(
            "has no header: one of the first rows must have the columns of {kind}: {titles}",
            kind=kind,
            titles=Series(one.title for one in columns_of(kind, kinds) if one.required),
        )
        yield Refusal(message, file=file, sheet=table.sheet)
        return
    own_kind = None if has_kind_column(found[1]) else kind
    other = second_row(table.rows, found[0], own_kind, kinds)
    if other is not None:
        message = Message(
            "has a header of two rows ({first} and {last}); write all titles into one row, and "
            "delete the other",
            first=min(found[0], other) + 1,
            last=max(found[0], other) + 1,
        )
        yield Refusal(message, file=file, line=found[0] + 1, sheet=table.sheet)
        return
    header, faults = read_header(*found, kind, kinds)
    for fault in (*personal_data_above(table.rows, header.row), *faults):
        yield _refusal(fault, table.sheet, file)
    reader = RowReader(table, header, kind, file, names, kinds, examples)
    for number in range(header.row + 1, len(table.rows)):
        yield from reader.read(number)


def _refusal(fault: HeaderFault, sheet: str | None, file: str) -> Refusal:
    column = None if fault.column is None else letter(fault.column)
    return Refusal(
        fault.message, fault.field, None, file, fault.row + 1, sheet, column, fault.header
    )


def _unknown_kind(table: Table) -> str:
    if table.sheet is None:
        return Message(
            "is not named after a kind of entry; name it as 单位.csv or unit.csv, or "
            "give it a column 种类 (kind)"
        )
    return Message(
        "is not named after a kind of entry; name it as 单位 or unit (see `tally "
        "template`), give it a column 种类 (kind), delete it, or name it 说明"
    )
