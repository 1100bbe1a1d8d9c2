"""Editions of a region: which events of each town's ledger were shown, and the scores they gave.

They are lines of JSON in a file beside the region's, each with the root of the one before it: an
edition that is changed, left out or put in between is found.
"""

from __future__ import annotations

import os
from contextlib import closing, suppress
from datetime import date  # noqa: TC003 - msgspec decodes by the types
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ledger.errors import TallyError
from ledger.integrity.merkle import hash_leaf, root_of
from ledger.integrity.note import to_base64
from ledger.message import Message
from projections.region.messages import Fault  # noqa: TC001 - as above

try:
    import fcntl
except ImportError:  # on Windows, where two may publish at once
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from projections.region.towns import Region

_SUFFIX = ".editions"

DOMAIN = b"tally.region/1\0"
"""Domain separator that starts every leaf of an edition's tree."""


class EditionTown(Struct, frozen=True):
    """A town in an edition."""

    town: str
    """Its code."""
    name: str
    position: int
    """Up to which its ledger was shown."""
    root: str
    """The Merkle root of the events up to it, as base64."""
    measure: str
    """SHA-256 of the measure."""
    scores: str
    """SHA-256 of the scores, as `scores_sha256`."""


class LeftOut(Struct, frozen=True):
    """A town that did not answer when the edition was made."""

    town: str
    name: str
    fault: Fault
    """Why."""


class RegionEdition(Struct, frozen=True):
    """What was published of a region."""

    number: int
    """From 1."""
    year: int
    through: date | None
    """The last day that counts; None for the year's last, or the day of the edition."""
    on: date
    """The office's day on which it was made."""
    by: str
    at: str
    """When, in UTC."""
    program: str
    """SHA-256 of the program's code, as `code_hash`."""
    measures: dict[str, str]
    """By SHA-256, the ids of the measures."""
    towns: tuple[EditionTown, ...]
    without: tuple[LeftOut, ...] = ()
    previous: str | None = None
    """The root of the edition before it."""
    root: str = ""
    """The Merkle root of the edition, as base64: of its head, then of each town."""

    def sealed(self) -> RegionEdition:
        """Return the edition with its root."""
        leaves = [_encode(replace(self, towns=(), root="")), *map(_encode, self.towns)]
        return replace(self, root=to_base64(root_of([hash_leaf(DOMAIN + one) for one in leaves])))


class NoEditionError(TallyError):
    """A region has no edition of that number."""

    def __init__(self, number: int, last: int) -> None:
        words = Message(
            "there is no edition {number}; the last one is {last}", number=number, last=last
        )
        if not last:
            words = Message("nothing was published of this region yet (`tally region publish`)")
        super().__init__(words)


class DamagedEditionsError(TallyError):
    """The file of editions is not as it was written."""

    def __init__(self, path: Path, line: int, what: Message) -> None:
        super().__init__(
            Message(
                "{path}:{line}: {what}. Put back a copy of the file from before",
                path=path,
                line=line,
                what=what,
            )
        )


class EditionsFileError(TallyError):
    """The file of editions cannot be read or written."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            Message("{path} cannot be read or written: {why}", path=path, why=error.strerror)
        )


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(RegionEdition).decode


def editions_path(region: Region) -> Path:
    """Return the path of a region's editions."""
    return Path(f"{region.file}{_SUFFIX}")


def read_editions(region: Region) -> list[RegionEdition]:
    """Return the editions of a region, the oldest first.

    Raises:
        DamagedEditionsError: one was changed, left out or cut short.
        EditionsFileError: the file cannot be read.
    """
    path = editions_path(region)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise EditionsFileError(path, error) from None
    return _parsed(path, content)


def edition_of(region: Region, number: int) -> RegionEdition:
    """Return an edition of a region.

    Raises:
        NoEditionError: there is none of that number.
        DamagedEditionsError, EditionsFileError: as `read_editions`.
    """
    editions = read_editions(region)
    if not 1 <= number <= len(editions):
        raise NoEditionError(number, len(editions))
    return editions[number - 1]


def append_edition(region: Region, edition: RegionEdition) -> RegionEdition:
    """Write an edition after those that are there; return it with its number and root.

    Raises:
        DamagedEditionsError: one that is there was changed.
        EditionsFileError: it cannot be written; nothing is left of it.
    """
    path = editions_path(region)
    try:
        with closing(path.open("a+b")) as file:
            if fcntl is not None:
                with suppress(OSError):  # some file systems have no locks
                    fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            earlier = _parsed(path, file.read())
            previous = earlier[-1].root if earlier else None
            edition = replace(edition, number=len(earlier) + 1, previous=previous).sealed()
            _write(file, _encode(edition) + b"\n")
    except OSError as error:
        raise EditionsFileError(path, error) from None
    return edition


def _write(file: BinaryIO, line: bytes) -> None:
    """Append a line whole, or not at all."""
    end = file.seek(0, os.SEEK_END)
    try:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            file.truncate(end)
        raise


def _parsed(path: Path, content: bytes) -> list[RegionEdition]:
    found = list[RegionEdition]()
    *lines, rest = content.split(b"\n")
    for number, line in enumerate(lines, 1):
        try:
            edition = _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise DamagedEditionsError(path, number, Message("this is no edition")) from None
        wrong = _wrong(edition, found)
        if wrong is not None:
            raise DamagedEditionsError(path, number, wrong)
        found.append(edition)
    if rest:
        words = Message("this edition is cut short; it was never published: remove the line")
        raise DamagedEditionsError(path, len(lines) + 1, words)
    return found


def _wrong(edition: RegionEdition, earlier: Sequence[RegionEdition]) -> Message | None:
    if edition.number != len(earlier) + 1:
        return Message(
            "edition {number} is in the place of edition {expected}",
            number=edition.number,
            expected=len(earlier) + 1,
        )
    if edition.previous != (earlier[-1].root if earlier else None):
        return Message("edition {number} does not follow the one before", number=edition.number)
    if edition.sealed().root != edition.root:
        return Message("edition {number} is not as it was published", number=edition.number)
    return None
