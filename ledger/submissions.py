"""Reading what the office hands in, line by line: JSON objects into entries, or refusals."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import IO, TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from ledger import entries
from ledger.bounds import ID_LENGTH
from ledger.errors import Refusal
from ledger.identifiers import redact
from ledger.message import Message
from ledger.messages import refusals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ledger.entries import AnyEntry

LONGEST_LINE = 65_536
"""Bytes of one entry; the largest honest one (a notice to 2,000 units) has some 20,000."""

_KEY = re.compile(rb'"([^"\\]*)"\s*:')
_BOM = b"\xef\xbb\xbf"
_WORKBOOKS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How an .xlsx and an .xls begin."""


@cache
def entry_validator() -> Callable[[bytes], AnyEntry]:
    """Return what validates the JSON object of an entry of any kind; made when first needed."""
    adapter: TypeAdapter[AnyEntry] = TypeAdapter(
        Annotated[entries.AnyEntry, Field(discriminator="kind")]
    )
    return adapter.validate_json


class SheetPosition(NamedTuple):
    """Where in a workbook an entry stood: its sheet, and the columns of its fields."""

    sheet: str | None
    columns: Mapping[str, int]
    """By field, from 0."""
    headers: Sequence[str]

    def of(self, field: str | None, column: int | None = None) -> dict[str, Any]:
        """What a refusal says of the place of a field: sheet, column's letter and header."""
        at = self.columns.get(field or "", column)
        if at is None:
            return {"sheet": self.sheet}
        return {"sheet": self.sheet, "column": letter(at), "header": self.headers[at]}


class Submission(NamedTuple):
    """An entry as handed in, and where it stood."""

    entry: AnyEntry
    file: str | None = None
    line: int | None = None
    place: SheetPosition | None = None

    def refusal(self, message: str, field: str | None = None) -> Refusal:
        """A refusal of this very entry."""
        where = {} if self.place is None else self.place.of(field)
        return Refusal(message, field, self.entry.id, self.file, self.line, **where)


def letter(column: int) -> str:
    """A column as Excel names it: 0 → A, 26 → AA."""
    name = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        name, column = chr(ord("A") + rest) + name, column - 1
    return name


def _id_of(raw: bytes) -> str | None:
    """The id of a line that is not right, as far as one can be made out."""
    try:
        parsed = from_json(raw, allow_partial=True)
    except ValueError:
        return None
    found = parsed.get("id") if isinstance(parsed, dict) else None
    return redact(found)[:ID_LENGTH] if isinstance(found, str) else None


def _repeated_key(raw: bytes) -> str | None:
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
    raw: bytes, file: str | None = None, line: int | None = None
) -> Submission | list[Refusal]:
    """One line as a submission, or all that is wrong with it."""
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
    try:
        entry = entry_validator()(raw)
    except ValidationError as error:
        return list(refusals(error, _id_of(raw), file, line))
    keys = _KEY.findall(raw)
    if len(keys) != len(set(keys)) or b"\\" in raw:
        repeated = _repeated_key(raw)
        if repeated is not None:
            return [Refusal(Message("is given twice"), repeated, entry.id, file, line)]
    return Submission(entry, file, line)


def _lines(stream: IO[bytes], name: str) -> Iterator[tuple[int, bytes | Refusal]]:
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
    stream: IO[bytes], name: str, progress: Callable[[int], None] | None = None
) -> Iterator[Submission | Refusal]:
    """The entries of a JSONL stream in their order, and a refusal for each thing wrong.

    Args:
        stream: the bytes, one JSON object a line; blank lines are passed over.
        name: the file's name, for messages.
        progress: called now and then with the number of bytes taken in since.
    """
    taken, found_any = 0, False
    for number, raw in _lines(stream, name):
        found_any = True
        if isinstance(raw, Refusal):
            yield raw
            continue
        taken += len(raw)
        if progress is not None and number % 500 == 0:
            progress(taken)
            taken = 0
        outcome = parse(raw, name, number)
        if isinstance(outcome, Submission):
            yield outcome
        else:
            yield from outcome
    if not found_any:
        yield Refusal(Message("is empty: there is no entry in it"), file=name)


def read_file(
    path: Path, progress: Callable[[int], None] | None = None
) -> Iterator[Submission | Refusal]:
    """The entries of a JSONL file, as `read_jsonl`; a file that cannot be read is a refusal."""
    try:
        with path.open("rb") as stream:
            if stream.peek(4).startswith(_WORKBOOKS):
                told = Message("is no JSONL but a workbook; save it as .xlsx, .xls or .csv")
                yield Refusal(told, file=str(path))
                return
            yield from read_jsonl(stream, str(path), progress)
    except OSError as error:
        yield Refusal(Message("cannot be read: {why}", why=error.strerror), file=str(path))
