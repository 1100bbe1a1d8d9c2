"""Parse JSONL into validated entries and refusals, line by line."""

from __future__ import annotations

import json
import re
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from ledger.checks import ID_LENGTH
from ledger.errors import Refusal
from ledger.file_kinds import other_than_jsonl
from ledger.identifiers import redact
from ledger.kinds import BUILT_IN, Kinds
from ledger.message import Message
from ledger.messages import refusals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ledger.entries import AnyEntry

LONGEST_LINE = 65_536
"""Bytes of one line. The largest realistic entry (a notice to 2,000 units) has some 20,000."""

_KEY = re.compile(rb'"([^"\\]*)"\s*:')
_BOM = b"\xef\xbb\xbf"
_WORKBOOKS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""First bytes of an .xlsx and an .xls file."""


class SheetPosition(NamedTuple):
    """Where in a workbook an entry was found: its sheet, and the columns of its fields."""

    sheet: str | None
    columns: Mapping[str, int]
    """Index of the column by field, from 0."""
    headers: Sequence[str]

    def of(self, field: str | None, column: int | None = None) -> dict[str, Any]:
        """Return a field's place as `Refusal` takes it: sheet, letter of the column, header."""
        at = self.columns.get(field or "", column)
        if at is None:
            return {"sheet": self.sheet}
        return {"sheet": self.sheet, "column": letter(at), "header": self.headers[at]}


class Submission(NamedTuple):
    """A validated entry, and its place in the input."""

    entry: AnyEntry
    file: str | None = None
    line: int | None = None
    place: SheetPosition | None = None

    def refusal(self, message: str, field: str | None, code: str) -> Refusal:
        """Return a refusal of this entry."""
        where = {} if self.place is None else self.place.of(field)
        entry_id = self.entry.id or None
        return Refusal(message, field, entry_id, self.file, self.line, code=code, **where)


def letter(column: int) -> str:
    """Return the name of a column in a spreadsheet: 0 → A, 26 → AA."""
    name = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        name, column = chr(ord("A") + rest) + name, column - 1
    return name


def _id_of(raw: bytes) -> str | None:
    """Return the id in an invalid line if it can be read, masked and cut to the length of an id."""
    try:
        parsed = from_json(raw, allow_partial=True)
    except ValueError:
        return None
    found = parsed.get("id") if isinstance(parsed, dict) else None
    return redact(found)[:ID_LENGTH] if isinstance(found, str) else None


def _repeated_key(raw: bytes) -> str | None:
    """Return the first key that an object in a JSON line has twice, or None."""
    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key, value in items:
            if key in seen:
                repeated.append(key)
            seen[key] = value
        return seen

    json.loads(raw, object_pairs_hook=pairs)
    return repeated[0] if repeated else None


def parse(
    raw: bytes, file: str | None = None, line: int | None = None, kinds: Kinds = BUILT_IN
) -> Submission | list[Refusal]:
    """Return a line as a submission of one of some kinds, or a refusal for each fault in it."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return [
            Refusal(
                Message(
                    "is not UTF-8 (byte {start} of the line); save the file as UTF-8",
                    start=error.start + 1,
                ),
                file=file,
                line=line,
            )
        ]
    outcome = _validated(raw, file, line, kinds)
    keys = _KEY.findall(raw)
    if isinstance(outcome, Submission) and (len(keys) != len(set(keys)) or b"\\" in raw):
        repeated = _repeated_key(raw)
        if repeated is not None:
            entry_id = outcome.entry.id or None
            return [Refusal(Message("is given twice"), repeated, entry_id, file, line)]
    return outcome


def parse_content(
    content: Mapping[str, Any], file: str | None, line: int | None, kinds: Kinds
) -> Submission | list[Refusal]:
    """Return the content of a row as `parse` does a line: no field of it is there twice."""
    return _validated(to_json(content), file, line, kinds)


def _validated(
    raw: bytes, file: str | None, line: int | None, kinds: Kinds
) -> Submission | list[Refusal]:
    """Return the submission that a JSON object is, or a refusal for each fault in it."""
    kinds = kinds.of_line(raw)
    try:
        return Submission(kinds.validate(raw), file, line)
    except ValidationError as error:
        return list(refusals(error, _id_of(raw), file, line, kinds))


def _lines(stream: IO[bytes], name: str) -> Iterator[tuple[int, bytes | Refusal]]:
    """Yield the number and bytes of each line that is not blank; a refusal if it is too long.

    After a read error, a refusal of the file comes last.
    """
    try:
        yield from _read_lines(stream, name)
    except OSError as error:
        yield 0, unreadable(error, name)


def _read_lines(stream: IO[bytes], name: str) -> Iterator[tuple[int, bytes | Refusal]]:
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield (
                number,
                Refusal(
                    Message(
                        "is longer than the {most:,} bytes that an entry may have",
                        most=LONGEST_LINE,
                    ),
                    file=name,
                    line=number,
                ),
            )
            continue
        if number == 1:
            raw = raw.removeprefix(_BOM)
        if raw.strip():
            yield number, raw.strip()


def read_jsonl(
    stream: IO[bytes],
    name: str,
    progress: Callable[[int], None] | None = None,
    kinds: Kinds = BUILT_IN,
) -> Iterator[Submission | Refusal]:
    """Yield the entries of a JSONL stream in their order, and a refusal for each fault.

    Args:
        stream: the bytes, one JSON object a line; blank lines are skipped.
        name: the file's name, for messages.
        progress: called every 500 lines with the number of bytes read since the last call.
        kinds: the kinds that an entry may be of.
    """
    taken, found_any = 0, False
    lines = _lines(stream, name)
    first = [*islice(lines, 3)]
    wrong_kind = other_than_jsonl([raw for _, raw in first if isinstance(raw, bytes)])
    if wrong_kind is not None:
        yield Refusal(wrong_kind, file=name)
        return
    for number, raw in chain(first, lines):
        found_any = True
        if isinstance(raw, Refusal):
            yield raw
            continue
        taken += len(raw)
        if progress is not None and number % 500 == 0:
            progress(taken)
            taken = 0
        outcome = parse(raw, name, number, kinds)
        if isinstance(outcome, Submission):
            yield outcome
        else:
            yield from outcome
    if not found_any:
        yield Refusal(Message("is empty: there is no entry in it"), file=name)


def read_file(
    path: Path, progress: Callable[[int], None] | None = None, kinds: Kinds = BUILT_IN
) -> Iterator[Submission | Refusal]:
    """Yield the entries of a JSONL file as `read_jsonl` does; an unreadable file is a refusal."""
    try:
        with path.open("rb") as stream:
            if stream.peek(4).startswith(_WORKBOOKS):
                message = Message("is a workbook, not JSONL; save it as .xlsx, .xls or .csv")
                yield Refusal(message, file=str(path))
                return
            yield from read_jsonl(stream, str(path), progress, kinds)
    except OSError as error:
        yield unreadable(error, str(path))


def unreadable(error: OSError, name: str) -> Refusal:
    """Return the refusal of a file for a read error."""
    return Refusal(Message("cannot be read: {why}", why=error.strerror or error), file=name)
