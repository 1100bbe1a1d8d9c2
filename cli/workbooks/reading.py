"""Workbooks and CSV files as submissions, or refusals that name sheet, row and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.workbooks.cells import is_empty
from cli.workbooks.headers import find_header, has_kinds, kind_of, persons_above, read_header
from cli.workbooks.rows import RowReader
from cli.workbooks.tables import FileError, open_tables
from cli.workbooks.words import ASIDE
from ledger.errors import Refusal
from ledger.message import Message, message_of
from ledger.submissions import letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from cli.workbooks.headers import HeaderFault
    from cli.workbooks.tables import Table
    from ledger.submissions import Submission

_STEP = 500
_HIDDEN = Message("is hidden: unhide it, so that what is imported is seen, or delete it")


def read_workbook(
    path: Path,
    progress: Callable[[int], None] | None = None,
    names: Callable[[], Mapping[str, str]] | None = None,
) -> Iterator[Submission | Refusal]:
    """The entries of a workbook or CSV file in their order, and a refusal for each thing wrong.

    Args:
        path: the file, whose ending says what it is.
        progress: called now and then with the number of bytes taken in since.
        names: gives the units' names by id, for cells that say both (`V001 甲村`).
    """
    file = str(path)
    try:
        tables = open_tables(path)
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
        for outcome in _entries(table, file, names):
            found += 1
            if progress is not None and found % _STEP == 0:
                progress(size * _STEP // rows)
            yield outcome
    if not found:
        yield Refusal(Message("is empty: there is no entry in it"), file=file)


def _entries(
    table: Table, file: str, names: Callable[[], Mapping[str, str]] | None
) -> Iterator[Submission | Refusal]:
    """All of one table, in the order of its rows."""
    aside = table.sheet is not None and table.name.strip() in ASIDE
    if aside or all(is_empty(cell) for row in table.rows for cell in row):
        return
    found = find_header(table.rows)
    kind = kind_of(table.name, prefix=table.sheet is None)
    if table.hidden:
        # What is no sheet of entries has nothing to say: WPS and Excel keep such of their own.
        if kind is not None or (found is not None and has_kinds(found[1])):
            yield Refusal(_HIDDEN, file=file, sheet=table.sheet)
        return
    if found is None:
        yield Refusal(_no_header(table, kind), file=file, sheet=table.sheet)
        return
    header, faults = read_header(*found, kind)
    if kind is None and header.kind_column is None:
        yield Refusal(_no_kind(table), file=file, sheet=table.sheet)
        return
    for fault in (*persons_above(table.rows, header.row), *faults):
        yield _refusal(fault, table.sheet, file)
    reader = RowReader(table, header, kind, file, names)
    for number in range(header.row + 1, len(table.rows)):
        yield from reader.read(number)


def _refusal(fault: HeaderFault, sheet: str | None, file: str) -> Refusal:
    line = None if fault.row is None else fault.row + 1
    column = None if fault.column is None else letter(fault.column)
    return Refusal(fault.message, fault.field, None, file, line, sheet, column, fault.header)


def _no_header(table: Table, kind: str | None) -> str:
    if kind is None:
        return _no_kind(table)
    return Message(
        "has no header: one of the first rows must have 编号 (id) and the columns of {kind}",
        kind=kind,
    )


def _no_kind(table: Table) -> str:
    if table.sheet is None:
        return Message(
            "is of no known kind: name the file after it (上访批次.csv, "
            "petition_batch.csv), or give it a column `kind`"
        )
    return Message(
        "is no sheet of a kind of entry: name it after one (上访批次 or "
        "petition_batch; see `tally template`), give it a column `kind`, delete "
        "it, or name it 说明"
    )
