"""A row of a table as a submission, or as all that is wrong with it, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from cli.language.chinese import both
from cli.workbooks.cells import CellError, is_empty, value_of
from cli.workbooks.examples import is_example, is_untouched
from cli.workbooks.headers import kind_of
from cli.workbooks.words import NO, YES
from ledger.errors import Refusal
from ledger.message import Message, Series, message_of
from ledger.submissions import SheetPosition, Submission, letter, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cli.workbooks.columns import Column
    from cli.workbooks.headers import Header
    from cli.workbooks.tables import Table

_NOT_AN_EXAMPLE = Message(
    "is the number of the template's example, and the row is not it any more; give the entry its "
    "own number, or delete the row"
)


class _Wrong(NamedTuple):
    """A cell that nothing can be made of."""

    column: int
    field: str | None
    message: str


class RowReader:
    """Reads the rows of one table under its header."""

    def __init__(
        self,
        table: Table,
        header: Header,
        kind: str | None,
        file: str,
        names: Callable[[], Mapping[str, str]] | None,
    ) -> None:
        """For one table.

        Args:
            table: the table.
            header: what its columns are.
            kind: of its rows, unless a column of kinds says otherwise.
            file: its file's name, for messages.
            names: gives the units' names by id.
        """
        self._table, self._header, self._kind = table, header, kind
        self._file, self._names = file, names
        self._places = {
            one: SheetPosition(
                table.sheet, {column.field: at for at, column in of.items()}, header.cells
            )
            for one, of in header.columns.items()
        }
        self._nowhere = SheetPosition(table.sheet, {}, header.cells)

    def read(self, number: int) -> Iterator[Submission | Refusal]:
        """One row (from 0): nothing for an empty one and for a template's example as it was."""
        cells, header, faults = self._table.rows[number], self._header, self._table.faults
        filled = [
            at
            for at, cell in enumerate(cells)
            if not (is_empty(cell) and (number, at) not in faults) and at not in header.ignored
        ]
        if not filled:
            return
        kind = self._kind
        if header.kind_column is not None and header.kind_column in filled:
            filled.remove(header.kind_column)
            told = str(cells[header.kind_column]).strip()
            kind = kind_of(told) or told
        columns = header.columns.get(kind or "", {})
        content: dict[str, Any] = {} if kind is None else {"kind": kind}
        wrong = list(self._taken(number, filled, kind, content))
        if is_example(content.get("id")):
            if not wrong and is_untouched(content):
                return
            place = next(at for at, column in columns.items() if column.field == "id")
            wrong.append(_Wrong(place, "id", _NOT_AN_EXAMPLE))
        outcome = parse(to_json(content), self._file, number + 1)
        if isinstance(outcome, Submission) and not wrong:
            yield outcome._replace(place=self._places[outcome.entry.KIND])
            return
        yield from self._wrong(number, content, wrong)
        if not isinstance(outcome, Submission):
            yield from self._refused(outcome, content, wrong)

    def _taken(
        self, number: int, filled: Sequence[int], kind: str | None, content: dict[str, Any]
    ) -> Iterator[_Wrong]:
        """Takes the cells of a row into the content; gives those that nothing can be made of."""
        columns = self._header.columns.get(kind or "", {})
        cells, faults, merged = self._table.rows[number], self._table.faults, self._table.merged
        for at in filled:
            column = columns.get(at)
            try:
                if (number, at) in faults:
                    raise CellError(faults[number, at])
                if column is None:
                    self._homeless(at, kind)
                else:
                    content[column.field] = self._value(cells[at], column)
            except CellError as error:
                yield _Wrong(at, None if column is None else column.field, message_of(error))
        for at, column in columns.items() if merged else ():
            if (number, at) in merged and at not in self._header.ignored:
                yield _Wrong(at, column.field, merged[number, at])

    def _homeless(self, at: int, kind: str | None) -> None:
        """A cell in a column that its kind does not have."""
        header = self._header
        if at >= len(header.cells) or not header.cells[at]:
            raise CellError(
                Message("stands in a column without a header; write one, or empty the cell")
            )
        if kind in header.columns:
            raise CellError(Message("is no column of {kind}; empty the cell", kind=kind))

    def _value(self, cell: Any, column: Column) -> Any:
        value = value_of(cell, column)
        if column.refers_to == "unit" and isinstance(value, str) and " " in value:
            unit, _, told = value.partition(" ")
            known = {} if self._names is None else self._names()
            if unit in known and known[unit] != told.strip():
                raise CellError(
                    Message(
                        "{unit} is {known}, not {told}",
                        unit=unit,
                        known=known[unit],
                        told=told.strip(),
                    )
                )
            return unit
        return value

    def _wrong(
        self, number: int, content: Mapping[str, Any], wrong: Sequence[_Wrong]
    ) -> Iterator[Refusal]:
        named = content.get("id")
        entry_id = named[:64] if isinstance(named, str) else None
        headers = self._header.cells
        for at, field, message in wrong:
            header = (headers[at] or None) if at < len(headers) else None
            where = self._table.sheet, letter(at), header
            yield Refusal(message, field, entry_id, self._file, number + 1, *where)

    def _refused(
        self, refusals: Sequence[Refusal], content: Mapping[str, Any], wrong: Sequence[_Wrong]
    ) -> Iterator[Refusal]:
        """What the door's own check has against a row, beside what was told already."""
        kind = str(content.get("kind"))
        place = self._places.get(kind, self._nowhere)
        columns = self._header.columns.get(kind, {})
        told = {one.field for one in wrong} | self._header.absent.get(kind, frozenset())
        for refusal in refusals:
            if refusal.field in told:
                continue
            at = place.columns.get(refusal.field or "")
            message = _in_words(refusal.message, None if at is None else columns[at])
            at_kind = self._header.kind_column if refusal.field == "kind" else None
            yield replace(refusal, message=message, **place.of(refusal.field, at_kind))


def _in_words(message: str, column: Column | None) -> str:
    """Return a message about choices with the words that a sheet has for them."""
    if column is not None and column.type == "flag" and message == "must be true or false":
        return Message("must be {yes} (true) or {no} (false)", yes=YES, no=NO)
    if column is None or not column.choices or not message.startswith("must be one of"):
        return message
    return Message("must be one of {expected}", expected=Series(map(both, column.choices)))
