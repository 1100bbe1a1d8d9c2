"""What an import hands in, kept until it is decided: few in memory, many in a temporary file."""

from __future__ import annotations

import os
import struct
import tempfile
from array import array
from functools import lru_cache
from typing import IO, TYPE_CHECKING

from ledger.entries import BY_KIND
from ledger.entries.checking import json_of
from ledger.errors import StoreError
from ledger.replay import entry_of
from ledger.saying import Said
from ledger.submissions import Place, Submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FEW = 20_000
"""Submissions that are kept as they are; of more, memory holds 8 bytes each."""

_HOT = 4_096
"""Submissions read back that are kept: what many others refer to."""

_RECORD = struct.Struct(">BiiiI")
"""Kind, file, line, place (−1 for none) and the length of the content."""

_KINDS = tuple(BY_KIND)
_NONE = -1


class Spool:
    """Submissions in the order in which they came; read as often as need be."""

    def __init__(self, source: Iterable[Submission]) -> None:
        """Of a source that is read once, while the first reader reads."""
        self._source: Iterator[Submission] | None = iter(source)
        self._kept: list[Submission] = []
        self._offsets = array("q")
        self._end, self._elsewhere = 0, False
        self._file: IO[bytes] | None = None
        self._named: dict[str, int] = {}
        self._places: dict[int, tuple[int, Place]] = {}
        self._by_number: list[Place] = []
        self._files: list[str] = []
        self._read = lru_cache(_HOT)(self._read_back)

    def __len__(self) -> int:
        return len(self._kept) or len(self._offsets)

    def __iter__(self) -> Iterator[Submission]:
        try:
            yield from self._all()
        except OSError as error:
            raise StoreError(
                Said(
                    "{folder}, where a long import is kept meanwhile, cannot be used: {why}; make "
                    "room there, or name another folder by TMPDIR. Nothing was written.",
                    folder=tempfile.gettempdir(),
                    why=error.strerror,
                )
            ) from error

    def _all(self) -> Iterator[Submission]:
        if self._source is not None:
            source, self._source = self._source, None
            for submission in source:
                self._keep(submission)
                yield submission
        elif self._file is None:
            yield from self._kept
        else:
            for number in range(len(self._offsets)):
                yield self._read_back(number)

    def __getitem__(self, number: int) -> Submission:
        return self._kept[number] if self._file is None else self._read(number)

    def content(self, number: int) -> bytes:
        """The entry's own JSON, as events hold it."""
        if self._file is None:
            return content_of(self._kept[number])
        return self._parts(number)[1]

    def close(self) -> None:
        """Gives the temporary file back."""
        if self._file is not None:
            self._file.close()

    def _keep(self, submission: Submission) -> None:
        if self._file is None:
            self._kept.append(submission)
            if len(self._kept) > FEW:
                self._file = tempfile.TemporaryFile(prefix="tally-")  # noqa: SIM115 - closed by `close`
                kept, self._kept = self._kept, []
                for one in kept:
                    self._write(one)
        else:
            self._write(submission)

    def _write(self, submission: Submission) -> None:
        assert self._file is not None
        entry, file, line, place = submission
        content = content_of(submission)
        kind = _KINDS.index(entry.kind)
        numbers = (self._file_number(file), _NONE if line is None else line, self._place(place))
        if self._elsewhere:
            self._file.seek(0, os.SEEK_END)
            self._elsewhere = False
        self._offsets.append(self._end)
        self._end += self._file.write(_RECORD.pack(kind, *numbers, len(content)) + content)

    def _file_number(self, file: str | None) -> int:
        if file is None:
            return _NONE
        number = self._named.get(file)
        if number is None:
            number = self._named[file] = len(self._files)
            self._files.append(file)
        return number

    def _place(self, place: Place | None) -> int:
        """The number of a place, which all rows of a sheet share; it is kept, and so is its id."""
        if place is None:
            return _NONE
        known = self._places.get(id(place))
        if known is None:
            known = self._places[id(place)] = (len(self._by_number), place)
            self._by_number.append(place)
        return known[0]

    def _parts(self, number: int) -> tuple[tuple[int, ...], bytes]:
        assert self._file is not None
        self._file.seek(self._offsets[number])
        self._elsewhere = True
        record = _RECORD.unpack(self._file.read(_RECORD.size))
        return record, self._file.read(record[-1])

    def _read_back(self, number: int) -> Submission:
        (kind, file, line, place, _), content = self._parts(number)
        return Submission(
            entry_of(_KINDS[kind], content),
            None if file == _NONE else self._files[file],
            None if line == _NONE else line,
            None if place == _NONE else self._by_number[place],
        )


def content_of(submission: Submission) -> bytes:
    """The entry's JSON, as events hold it."""
    return json_of(submission.entry)
