"""Read a CSV file in UTF-8, GB 18030 or UTF-16, with any usual separator."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from cli.workbooks.tables import FileError, Table
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_CELL = 1_000_000
_SAMPLE = 5_000
"""Characters in which separators are counted."""


def read_csv(path: Path) -> Table:
    """Read a CSV file.

    Raises:
        FileError: it is not CSV, or in another encoding.
    """
    text = _decoded(path.read_bytes())
    # More than the first line: it may be a title, or Excel's own `sep=;`.
    delimiter = max(",\t;", key=text[:_SAMPLE].count)
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileError(
            Message("row {number}: is not valid CSV: {why}", number=len(rows) + 1, why=error)
        ) from None
    return Table(path.stem, None, rows, {}, {}, {}, hidden=False)


def _decoded(raw: bytes) -> str:
    has_mark = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if has_mark else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(Message("is neither UTF-8 nor GB 18030; save it as CSV UTF-8"))
