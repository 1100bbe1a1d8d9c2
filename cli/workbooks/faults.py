"""The tables of a refused import with what is wrong with their cells, without personal data."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cli.importing import WORKBOOK_SUFFIXES
from cli.workbooks.opening import open_tables
from cli.workbooks.personal_data import names_personal_data
from cli.workbooks.tables import FileError, column_index
from ledger.identifiers import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cli.workbooks.tables import Cell, Table
    from ledger.errors import Refusal
    from ledger.kinds import Kinds


class FaultyTable:
    """A table of a file, and the refusals of its entries."""

    def __init__(self, file: str, table: Table, refusals: Sequence[Refusal]) -> None:
        """Take a table and what was refused of it."""
        self.file, self.table, self.refusals = file, table, refusals

    def by_cell(
        self, tell: Callable[[str], str], prefix: Callable[[str], str]
    ) -> dict[Cell, list[str]]:
        """Return what is wrong with each cell; of a whole row, at its first filled cell.

        Args:
            tell: returns a message in words.
            prefix: returns what comes before a message of a field whose column is not known.
        """
        found: dict[Cell, list[str]] = {}
        for refusal in self.refusals:
            row = 0 if refusal.line is None else refusal.line - 1
            cells = self.table.rows[row] if row < len(self.table.rows) else ()
            first = next((at for at, cell in enumerate(cells) if cell not in ("", None)), 0)
            column = first if refusal.column is None else column_index(refusal.column)
            before = "" if refusal.column or not refusal.field else prefix(refusal.field)
            message = redact(f"{before}{tell(refusal.message)}")
            found.setdefault((row, column), []).append(message)
        return found

    @cached_property
    def _hidden(self) -> dict[int, int]:
        """Return by column for personal data the first row, from 0, of which nothing is shown."""
        return {
            column_index(one.column): one.line or 0
            for one in self.refusals
            if one.column and one.header and not one.id and names_personal_data(one.header)
        }

    def row(self, number: int) -> Iterator[Any]:
        """Yield the values of a row, identifiers of persons masked; None for an empty cell."""
        hidden = self._hidden
        for column, cell in enumerate(self.table.rows[number]):
            is_hidden = column in hidden and number >= hidden[column]
            yield None if is_hidden else _masked(cell)


def faulty_tables(
    files: Mapping[str, Path], refusals: Iterable[Refusal], kinds: Kinds
) -> Iterator[FaultyTable]:
    """Yield every table of the files that are tables and can be read.

    Args:
        files: the files of the import, by the names that refusals give them.
        refusals: of their entries.
        kinds: the kinds of the ledger.
    """
    by_table: dict[tuple[str | None, str | None], list[Refusal]] = {}
    for one in refusals:
        by_table.setdefault((one.file, one.sheet), []).append(one)
    for name, path in files.items():
        if path.suffix.lower() not in WORKBOOK_SUFFIXES:
            continue
        try:
            tables = open_tables(path, kinds)
        except (OSError, FileError):
            continue
        for table in tables:
            yield FaultyTable(name, table, by_table.get((name, table.sheet), ()))


def _masked(cell: Any) -> Any:
    """Return a cell's value without identifiers of persons; None for an empty cell."""
    if isinstance(cell, str):
        return redact(cell) if cell else None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        text = format(cell, ".0f")
        return redact(text) if redact(text) != text else cell
    return str(cell) if isinstance(cell, timedelta) else cell
