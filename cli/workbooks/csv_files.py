"""Read a CSV file in UTF-8, GB 18030 or UTF-16, with any usual delimiter."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from cli.workbooks.headers import find_header, kind_of
from cli.workbooks.tables import EXCEL_ERROR, FileError, Table
from cli.workbooks.words import ERROR, FORMULA, ROUNDED, TOO_WIDE
from ledger.encodings import EncodingError, decoded
from ledger.kinds import BUILT_IN, Kinds
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cli.workbooks.tables import Cell

_LONGEST_CELL = 1_000_000
_SAMPLE = 5_000
"""Characters in which a header is looked for with each delimiter."""

_DELIMITERS = ",\t;|，"
_OTHER_DELIMITERS = "；、｜"
"""Delimiters that are refused: cells have them between the items of a list."""

_ROUNDED, _TOO_WIDE, _ERROR, _FORMULA = map(re.compile, (ROUNDED, TOO_WIDE, ERROR, FORMULA))


MOST_BYTES = 50_000_000
"""Of a CSV at most: all of it is held in memory, twenty times as large."""


def read_csv(path: Path, kinds: Kinds = BUILT_IN) -> Table:
    """Read a CSV file.

    Args:
        path: the file.
        kinds: the kinds of the ledger, by whose columns the header is found.

    Raises:
        FileError: it is not CSV, in another encoding, or too large.
    """
    if path.stat().st_size > MOST_BYTES:
        words = Message(
            "is larger than {most} MB: split it, or write JSONL, which is read line by line",
            most=MOST_BYTES // 10**6,
        )
        raise FileError(words)
    try:
        text = decoded(path.read_bytes())
    except EncodingError as error:
        raise FileError(*error.args) from None
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[list[str]] = []
    try:
        rows.extend(_reader(text, _delimiter(text, path.stem, kinds), strict=True))
    except csv.Error as error:
        raise FileError(
            Message("row {number}: is not valid CSV: {why}", number=len(rows) + 1, why=error)
        ) from None
    return Table(path.stem, None, rows, dict(_faults(rows)), {}, {}, hidden=False)


def _reader(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _delimiter(text: str, name: str, kinds: Kinds) -> str:
    """Return the delimiter with which the header has the most columns; a comma without one.

    Lists in cells, a title or Excel's own `sep=;` may have more of another one.

    Raises:
        FileError: only another delimiter would do.
    """
    kind = kind_of(name, kinds, prefix=True)

    def columns(delimiter: str) -> int:
        found = find_header([*_reader(text[:_SAMPLE], delimiter, strict=False)], kind, kinds)
        return 0 if found is None else len([*filter(None, found[1])])

    usual = max(_DELIMITERS, key=columns)
    other = "" if columns(usual) else next(filter(columns, _OTHER_DELIMITERS), "")
    if other:
        raise FileError(
            Message("has {delimiter} between its columns; save it with commas", delimiter=other)
        )
    return usual


def _faults(rows: Sequence[Sequence[str]]) -> Iterator[tuple[Cell, str]]:
    """Yield a message for each cell that has what Excel showed in place of what it held."""
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            text = cell.strip()
            if _FORMULA.match(text):
                yield (
                    (number, at),
                    Message("is a formula; write the value itself, without = and quotes"),
                )
            elif _ROUNDED.fullmatch(text):
                yield (
                    (number, at),
                    Message(
                        "is {text}: Excel has rounded a long number; in the workbook format the "
                        "column as text, write the numbers again and export the CSV anew",
                        text=text,
                    ),
                )
            elif _TOO_WIDE.fullmatch(text):
                yield (
                    (number, at),
                    Message(
                        "has {text} because the column was too narrow in Excel; widen the column "
                        "and export the CSV anew",
                        text=text,
                    ),
                )
            elif _ERROR.fullmatch(text):
                yield (number, at), EXCEL_ERROR
