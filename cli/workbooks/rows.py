"""Read a row of a table into a submission, or a refusal for each wrong cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.workbooks.cells import CellError, is_empty, value_of
from cli.workbooks.columns import columns_of
from cli.workbooks.examples import content_hash, is_example, is_unchanged
from cli.workbooks.headers import kind_of
from cli.workbooks.number_formats import GENERAL
from cli.workbooks.words import NO, YES
from ledger.checks import ID_LENGTH
from ledger.errors import Refusal
from ledger.message import Message, Series, message_of
from ledger.submissions import SheetPosition, Submission, letter, parse_content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cli.workbooks.columns import Column
    from cli.workbooks.headers import Header
    from cli.workbooks.tables import Cell, Table
    from ledger.kinds import Kinds


_ABOUT_CHOICES = ("must be one of", "must be a word in lower case")
"""Beginnings of messages about a value that is none of the choices."""


_REPEATED = frozenset({"choice", "flag", "whole"})
"""Types of columns with few different cells, whose values are kept."""

_MOST_VALUES = 4_096

_DATES = frozenset({"day", "moment", "whole"})
"""Types of columns that may say which year an entry is of."""


class _CellFault(NamedTuple):
    """A cell without a value, and why."""

    column: int
    field: str | None
    message: str


class RowReader:
    """Reader of the rows of one table."""

    def __init__(
        self,
        table: Table,
        header: Header,
        kind: str | None,
        file: str,
        names: Callable[[], Mapping[str, str]] | None,
        kinds: Kinds,
        examples: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        """Read one table.

        Args:
            table: the table.
            header: its header.
            kind: of its rows, unless there is a column of kinds.
            file: the file's name, for messages.
            names: returns the units' names by id.
            kinds: the kinds of the ledger.
            examples: returns the hashes of the template's example rows.
        """
        self._examples = examples
        self._table, self._header, self._kind = table, header, kind
        self._file, self._names, self._kinds = file, names, kinds
        self._values: dict[tuple[Any, ...], dict[Any, Any]] = {}
        """By kind and column, the values of the cells of columns with few different ones."""
        self._faults, self._formats = _by_row(table.faults), _by_row(table.formats)
        self._positions = {
            one: SheetPosition(
                table.sheet, {column.field: at for at, column in columns.items()}, header.cells
            )
            for one, columns in header.columns.items()
        }

    def read(self, number: int) -> Iterator[Submission | Refusal]:
        """Yield the entry of a row (from 0), or its refusals; nothing for an example."""
        cells, header, faults = self._table.rows[number], self._header, self._faults.get(number, ())
        filled = [
            at
            for at, cell in enumerate(cells)
            if (not is_empty(cell) or at in faults) and at not in header.refused
        ]
        if not filled:
            return
        kind = self._kind
        if header.kind_column is not None and header.kind_column in filled:
            filled.remove(header.kind_column)
            named = str(cells[header.kind_column]).strip()
            kind = kind_of(named, self._kinds) or named
        columns = header.columns.get(kind or "", {})
        content: dict[str, Any] = {} if kind is None else {"kind": kind}
        wrong = list(self._fill(content, number, filled, kind))
        if is_example(content.get("id")):
            if not wrong and (is_unchanged(content) or content_hash(content) in self._examples()):
                return
            at = next(at for at, column in columns.items() if column.field == "id")
            message = Message(
                "is the id of the template's example, but the row was changed; give the entry an "
                "id of its own, or delete the row"
            )
            wrong.append(_CellFault(at, "id", message))
        elif (
            not wrong and self._is_at_example(number) and content_hash(content) in self._examples()
        ):
            message = Message(
                "is the row of the template's example, of which only the id was changed; write "
                "the entry, or delete the row. If it is right as it is, use `tally record`"
            )
            wrong.append(_CellFault(filled[0], None, message))
        outcome = parse_content(content, self._file, number + 1, self._kinds)
        if isinstance(outcome, Submission):
            if not wrong:
                yield outcome._replace(place=self._positions[outcome.entry.KIND])
                return
            outcome = []
        yield from self._cell_refusals(number, content, wrong)
        yield from self._located(outcome, content, wrong)

    def _is_at_example(self, number: int) -> bool:
        """Return whether a row is where the template has its example: an entry may be equal."""
        return self._table.sheet is not None and number == self._header.row + 1

    def _fill(
        self, content: dict[str, Any], number: int, filled: Sequence[int], kind: str | None
    ) -> Iterator[_CellFault]:
        """Fill in the content from a row; yield a fault for each cell without value."""
        columns = self._columns(content, number, filled, kind)
        cells, merged = self._table.rows[number], self._table.merged
        faults, formats = self._faults.get(number, {}), self._formats.get(number, {})
        for at in filled:
            column, cell, shown = columns.get(at), cells[at], formats.get(at, GENERAL)
            try:
                if at in faults:
                    raise CellError(faults[at])
                if column is None:
                    self._refuse_unexpected(at, kind)
                elif column.type not in _REPEATED and column.refers_to != "unit":
                    content[column.field] = self._value(cell, column, shown)
                else:
                    of = kind, column.field, column.type, column.words
                    values = self._values.setdefault(of, {})
                    # 1, 1.0 and True are equal as keys.
                    key = (
                        cell
                        if type(cell) is str and shown == GENERAL
                        else (type(cell), cell, shown)
                    )
                    if key not in values:
                        if len(values) >= _MOST_VALUES:
                            values.clear()
                        values[key] = self._value(cell, column, shown)
                    content[column.field] = values[key]
            except CellError as error:
                yield _CellFault(at, None if column is None else column.field, message_of(error))
        for at, column in columns.items() if merged else ():
            if (number, at) in merged and at not in self._header.refused:
                yield _CellFault(at, column.field, merged[number, at])

    def _columns(
        self, content: Mapping[str, Any], number: int, filled: Sequence[int], kind: str | None
    ) -> Mapping[int, Column]:
        """Return the columns of a row, each as the year of its own date defines the field."""
        columns = self._header.columns.get(kind or "", {})
        dates = {
            column.field: self._dated(number, at, column)
            for at, column in columns.items()
            if at in filled and column.type in _DATES
        }
        kinds = self._kinds.under({**content, **dates})
        if kinds is self._kinds or kind not in kinds:
            return columns
        known = {one.field: one for one in columns_of(kind, kinds)}
        return {at: known.get(one.field, one) for at, one in columns.items()}

    def _dated(self, number: int, at: int, column: Column) -> Any:
        try:
            return self._value(self._table.rows[number][at], column, GENERAL)
        except CellError:
            return None

    def _refuse_unexpected(self, at: int, kind: str | None) -> None:
        """Refuse a cell in a column that its kind does not have."""
        header = self._header
        if at >= len(header.cells) or not header.cells[at]:
            raise CellError(
                Message("is in a column without a header; write one, or empty the cell")
            )
        if kind in header.columns:
            raise CellError(
                Message("is in a column that {kind} does not have; empty the cell", kind=kind)
            )

    def _value(self, cell: Any, column: Column, number_format: str) -> Any:
        """Return a cell's value; of a unit with its name (`V001 甲村`) the id."""
        value = value_of(cell, column, number_format)
        if column.refers_to != "unit" or not isinstance(value, str):
            return value
        if self._names is not None and isinstance(cell, str) and not cell.isascii():
            written = cell.strip()
            if written in self._names().values():
                return written  # a name in full width is another one than in half width
        value = " ".join(value.split())
        if " " not in value:
            return value
        return _unit_of(value, {} if self._names is None else self._names())

    def _cell_refusals(
        self, number: int, content: Mapping[str, Any], wrong: Sequence[_CellFault]
    ) -> Iterator[Refusal]:
        """Yield a refusal for each cell without a value."""
        given = content.get("id")
        entry_id = given[:ID_LENGTH] if isinstance(given, str) else None
        headers = self._header.cells
        for at, field, message in wrong:
            header = (headers[at] or None) if at < len(headers) else None
            where = self._table.sheet, letter(at), header
            yield Refusal(message, field, entry_id, self._file, number + 1, *where)

    def _located(
        self, refusals: Sequence[Refusal], content: Mapping[str, Any], wrong: Sequence[_CellFault]
    ) -> Iterator[Refusal]:
        """Yield the refusals of validation with their cells, each field only once."""
        kind, header = str(content.get("kind")), self._header
        position = self._positions.get(kind, SheetPosition(self._table.sheet, {}, header.cells))
        columns = header.columns.get(kind, {})
        refused = {one.field for one in wrong} | header.missing.get(kind, frozenset())
        for refusal in refusals:
            if refusal.field in refused:
                continue
            at = position.columns.get(refusal.field or "")
            message = _with_words(refusal.message, None if at is None else columns[at])
            kind_column = header.kind_column if refusal.field == "kind" else None
            yield refusal._replace(message=message, **position.of(refusal.field, kind_column))


def _by_row(cells: Mapping[Cell, str]) -> dict[int, dict[int, str]]:
    """Return what is said of cells by row and column."""
    found: dict[int, dict[int, str]] = {}
    for (row, column), said in cells.items():
        found.setdefault(row, {})[column] = said
    return found


def _with_words(message: str, column: Column | None) -> str:
    """Return a message about choices with the words of a sheet added."""
    if column is not None and column.type == "flag" and message == "must be true or false":
        return Message("must be {yes} (true) or {no} (false)", yes=YES, no=NO)
    if column is None or not column.choices or not message.startswith(_ABOUT_CHOICES):
        return message
    return Message("must be one of {expected}", expected=Series(map(column.both, column.choices)))


def _unit_of(text: str, known: Mapping[str, str]) -> str:
    """Return the id of a unit from its id and name, in either order; else the text.

    Args:
        text: of at least two words.
        known: the names of the units that are recorded, by id.

    Raises:
        CellError: id and name are not of the same unit.
    """
    if text in known.values() or "".join(text.split()) in known.values():
        return text
    unit, name = text.split(" ", 1)
    if name in known:
        unit, name = name, unit
    if unit in known:
        if known[unit] != name:
            raise _mismatch(unit, known[unit], name)
        return unit
    for known_id, known_name in known.items():
        if name == known_name:
            # An unknown id beside a known name is a mistake, not a new unit.
            raise _mismatch(name, known_id, unit)
    return unit


def _mismatch(unit: str, known: str, name: str) -> CellError:
    return CellError(Message("{unit} is {known}, not {name}", unit=unit, known=known, name=name))
