"""Write a finished file atomically."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from ledger.errors import TallyError
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""Media type of a workbook."""


class NotSavedError(TallyError):
    """A file cannot be written."""

    def __init__(self, path: Path, why: str) -> None:
        message = Message(
            "{path} cannot be written: {why}; is it open in Excel or Word?", path=path, why=why
        )
        if not path.parent.exists():
            message = Message(
                "{path} cannot be written: the folder {parent} does not exist; make it first",
                path=path,
                parent=path.parent,
            )
        super().__init__(message)


class MissingLibraryError(TallyError):
    """A library of the extra `office` is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__(
            Message(
                "this needs {library}; run `pip install '.[office]'` in tally's source folder",
                library=library,
            )
        )


def save(path: Path, data: bytes) -> None:
    """Write a file by way of a temporary one beside it, replacing an existing file.

    Raises:
        NotSavedError: it cannot be written; an existing file is unchanged.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.is_dir():
            raise NotSavedError(path, Message("it is a folder"))
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise NotSavedError(path, error.strerror or str(error)) from None
    finally:
        with suppress(OSError):
            part.unlink()
