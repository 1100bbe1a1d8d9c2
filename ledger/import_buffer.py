"""The submissions of an import, kept as bytes until they are decided."""

from __future__ import annotations

import struct
import tempfile
from array import array
from functools import lru_cache
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from ledger.codec import encode_entry, entry_decoder
from ledger.errors import StoreError
from ledger.message import Message
from ledger.submissions import SheetPosition, Submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.entries import AnyEntry

IN_MEMORY = 16 << 20
"""Bytes that are kept in memory; beyond them a temporary file is used."""

_DECODED = 4_096
"""Decoded submissions that are kept: those that many others refer to."""

_RECORD = struct.Struct(">iiiI")
"""File, line, place (−1 for none) and the length of the content."""

_NONE = -1


class ImportBuffer:
    """Submissions in the order in which they came; read as often as need be.

    Memory grows by 8 bytes a submission beyond `IN_MEMORY`.
    """

    def __init__(self, source: Iterable[Submission]) -> None:
        """Keep a source that is read once, while the buffer is iterated for the first time."""
        self._source: Iterator[Submission] | None = iter(source)
        self._offsets = array("q")
        self.unnumbered = array("q")
        """The numbers of the submissions that came without an id."""
        self._file: IO[bytes] = BytesIO()
        self._files: list[Any] = []
        self._places: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._end = 0
        self._decoded = lru_cache(_DECODED)(self._decode)

    def __len__(self) -> int:
        return len(self._offsets)

    def __iter__(self) -> Iterator[Submission]:
        if self._source is None:
            yield from map(self._decode, range(len(self)))
            return
        source, self._source = self._source, None
        for submission in source:
            self._keep(submission)
            yield submission

    def __getitem__(self, number: int) -> Submission:
        return self._decoded(number)

    def content(self, number: int) -> bytes:
        """Return the entry's own JSON, as events hold it."""
        return self._record(number)[1]

    def replace(self, number: int, entry: AnyEntry) -> None:
        """Put an entry in the place of a submission's own: with ids of units, or with an id."""
        (file, line, place, _), _ = self._record(number)
        self._offsets[number] = self._end
        self._write(file, line, place, encode_entry(entry))
        self._decoded.cache_clear()

    def close(self) -> None:
        """Give the temporary file back."""
        self._file.close()

    def _keep(self, submission: Submission) -> None:
        entry, file, line, place = submission
        if not entry.id:
            self.unnumbered.append(len(self))
        self._offsets.append(self._end)
        self._write(
            self._number(self._files, file),
            _NONE if line is None else line,
            self._number(self._places, place),
            encode_entry(entry),
        )

    def _write(self, file: int, line: int, place: int, content: bytes) -> None:
        record = _RECORD.pack(file, line, place, len(content))
        try:
            if self._end > IN_MEMORY and isinstance(self._file, BytesIO):
                kept = self._file
                self._file = tempfile.TemporaryFile(prefix="tally-")  # noqa: SIM115 - by `close`
                self._file.write(kept.getbuffer())
            self._file.seek(self._end)
            self._end += self._file.write(record + content)
        except OSError as error:
            raise _failed(error) from error

    def _number(self, kept: list[Any], one: str | SheetPosition | None) -> int:
        """Return the number of a file's name or a sheet's place, which many submissions share."""
        if one is None:
            return _NONE
        number = self._numbers.get(id(one))
        if number is None:
            number = self._numbers[id(one)] = len(kept)
            kept.append(one)  # so that the id stays its own
        return number

    def _record(self, number: int) -> tuple[tuple[int, ...], bytes]:
        try:
            self._file.seek(self._offsets[number])
            record = _RECORD.unpack(self._file.read(_RECORD.size))
            return record, self._file.read(record[-1])
        except OSError as error:
            raise _failed(error) from error

    def _decode(self, number: int) -> Submission:
        (file, line, place, _), content = self._record(number)
        return Submission(
            entry_decoder()(content),
            None if file == _NONE else self._files[file],
            None if line == _NONE else line,
            None if place == _NONE else self._places[place],
        )


def _failed(error: OSError) -> StoreError:
    return StoreError(
        Message(
            "{folder}, where a long import is kept meanwhile, cannot be used: {why}; make "
            "room there, or name another folder by TMPDIR. Nothing was written.",
            folder=tempfile.gettempdir(),
            why=error.strerror,
        )
    )
