"""Read the list of a region's towns: a CSV file with Chinese or English headers."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from ledger.bounded import LARGE, read_bounded
from ledger.encodings import EncodingError, decoded
from ledger.errors import Refusal
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

HEADERS = {
    "code": "行政区划代码",
    "name": "名称",
    "server": "服务器",
    "schema": "模式",
    "path": "文件",
    "province": "省",
    "city": "市",
    "county": "县",
    "township": "乡镇",
    "remark": "备注",
}
"""By column: its Chinese header. The divisions' names and the remark may be missing."""

DIVISIONS = {"province": 2, "city": 4, "county": 6, "township": 9}
"""By column that names a division: how many digits of the code it has."""

_DELIMITERS = ",\t;，"


class TownRow(Struct, frozen=True, kw_only=True):
    """A row of the list, as it is written: texts without blanks around them."""

    line: int
    """The line of the file on which it ends, from 1."""
    code: str = ""
    name: str = ""
    server: str = ""
    schema: str = ""
    path: str = ""
    province: str = ""
    city: str = ""
    county: str = ""
    township: str = ""
    remark: str = ""

    def division_names(self) -> Iterator[tuple[str, str]]:
        """Yield the prefix of each division that is named, with its name."""
        named = asdict(self)
        for column, digits in DIVISIONS.items():
            if named[column] and len(self.code) >= digits:
                yield self.code[:digits], named[column]


class TownList:
    """The rows of a list of towns, and its faults."""

    def __init__(self, path: Path) -> None:
        """Take the file, which is read by `rows`."""
        self._path = path
        self.faults = list[Refusal]()

    def fault(self, message: str, line: int | None = None, column: str | None = None) -> None:
        """Add a fault of the file, at a line and a column by its name."""
        field = None if column is None else f"{column} ({HEADERS[column]})"
        self.faults.append(Refusal(message, field, file=str(self._path), line=line))

    def rows(self) -> list[TownRow]:
        """Return the rows in the order of the file; what is wrong is added to the faults."""
        text = self._text()
        if text is None:
            return []
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        rows, columns = list[TownRow](), None
        try:
            for cells in reader:
                texts = [cell.strip() for cell in cells]
                if not any(texts):
                    continue
                if columns is None:
                    columns = self._columns(texts, reader.line_num)
                    if columns is None:
                        return []
                else:
                    rows.append(self._row(texts, columns, reader.line_num))
        except csv.Error as error:
            words = Message("is not valid CSV: {why}", why=error)
            self.fault(words, reader.line_num)
            return rows
        if not rows:
            self.fault(
                Message(
                    "has no towns; write a header {headers} and a line for each town",
                    headers=",".join(list(HEADERS)[:4]),
                )
            )
        return rows

    def _text(self) -> str | None:
        try:
            return decoded(read_bounded(self._path, LARGE))
        except EncodingError as error:
            self.fault(error.args[0])
        except OSError as error:
            words = Message("cannot be read: {why}; name the list by `towns`", why=error.strerror)
            self.fault(words)
        return None

    def _columns(self, titles: Sequence[str], line: int) -> dict[int, str] | None:
        """Return the column of each place; None if the header cannot be used."""
        known = _known()
        found = {at: known.get(title.casefold(), "") for at, title in enumerate(titles) if title}
        for at, column in found.items():
            if not column:
                self.fault(
                    Message(
                        "the header {header!r} is not known; delete the column, or call it one of "
                        "{known}",
                        header=titles[at],
                        known=Series(f"{name} ({zh})" for name, zh in HEADERS.items()),
                    ),
                    line,
                )
            elif [*found.values()].count(column) > 1 and column not in list(found.values())[:at]:
                words = Message("two columns have this header; leave one of them")
                self.fault(words, line, column)
        for column in ("code", "name"):
            if column not in found.values():
                self.fault(Message("there is no such column; add it"), line, column)
        if not {"schema", "path"} & {*found.values()}:
            words = Message("there is neither this column nor path (文件); say where ledgers are")
            self.fault(words, line, "schema")
        return None if self.faults else found

    def _row(self, texts: Sequence[str], columns: Mapping[int, str], line: int) -> TownRow:
        beyond = [text for at, text in enumerate(texts) if text and at not in columns]
        if beyond:
            words = Message(
                "{text!r} is in no column of the header; is there a comma too many?",
                text=beyond[0],
            )
            self.fault(words, line)
        values = {columns[at]: text for at, text in enumerate(texts) if at in columns}
        return TownRow(line=line, **values)


def _known() -> dict[str, str]:
    return {title: name for name, zh in HEADERS.items() for title in (name, zh)}


def _delimiter(text: str) -> str:
    """Return the delimiter with which the first line has the most known headers."""
    first, known = next(filter(None, map(str.strip, text.splitlines())), ""), _known()

    def columns(delimiter: str) -> int:
        return sum(part.strip(' "').casefold() in known for part in first.split(delimiter))

    return max(_DELIMITERS, key=columns)
