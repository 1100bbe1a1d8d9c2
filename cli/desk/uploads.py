"""Keep uploaded files between two steps of work: few, for an hour, in private folders."""

from __future__ import annotations

import time
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final
from weakref import finalize
from zipfile import BadZipFile, ZipFile

from msgspec import Struct, field

from cli.desk.sessions import new_token
from ledger.errors import TallyError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.datastructures import UploadFile

LARGEST: Final = 10_000_000
"""Bytes of the files of one upload; a year's workbook has less than a hundredth."""

MOST_UNPACKED: Final = 40_000_000
"""Bytes to which a workbook may unpack: some 30,000 rows. One reader serves all of an office."""

MOST_OF_A_SESSION: Final = 2
MOST: Final = 20
"""Uploads that are kept at a time; the oldest one goes for another."""

SECONDS: Final = 60 * 60
"""For how long an upload is kept."""

_LONGEST_NAME: Final = 120
_BLOCK: Final = 1 << 20


class UploadError(TallyError):
    """An upload is not taken, or not kept any more."""


class Upload(Struct, eq=False, weakref=True):
    """Files that were uploaded together, in a folder that only the server may read."""

    session: str
    """Id of the session that sent them; no other one may use them."""
    folder: Path
    at: float
    token: str = field(default_factory=new_token)
    files: dict[str, Path] = field(default_factory=dict)
    """By the name that they were sent under."""
    sha256: str = ""
    """Over the names and contents of all files."""

    def is_unchanged(self) -> bool:
        """Return whether the files are still as they were uploaded."""
        try:
            return _digest(self.files) == self.sha256
        except OSError:
            return False


class Uploads:
    """The uploads of all sessions."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin without any.

        Args:
            clock: returns seconds that never run backwards.
        """
        self._clock = clock
        self._kept: OrderedDict[str, Upload] = OrderedDict()

    def add(self, session: str, sent: Sequence[UploadFile], suffixes: frozenset[str]) -> Upload:
        """Keep files.

        Args:
            session: id of the session.
            sent: the files.
            suffixes: what their names may end in, in lower case.

        Raises:
            UploadError: there is none, they are too large, or a name is not of a file to take.
        """
        named = [(sent_name(one), one) for one in sent if one.filename]
        if not named:
            raise UploadError(Message("choose a file first"))
        made = Upload(session, Path(mkdtemp(prefix="tally-")), self._clock())
        # However the upload or the server ends, but for a kill.
        finalize(made, rmtree, made.folder, ignore_errors=True)
        try:
            _take(made, named, suffixes)
        except BaseException:
            rmtree(made.folder, ignore_errors=True)
            raise
        self._expire()
        own = [one for one in self._kept.values() if one.session == session]
        for old in own[: len(own) + 1 - MOST_OF_A_SESSION]:
            self.drop(old)
        while len(self._kept) >= MOST:
            self.drop(next(iter(self._kept.values())))
        self._kept[made.token] = made
        return made

    def find(self, session: str, token: str) -> Upload:
        """Return an upload of a session.

        Raises:
            UploadError: it is not kept any more, or is not as it was sent.
        """
        self._expire()
        found = self._kept.get(token)
        if found is None or found.session != session or not found.is_unchanged():
            raise UploadError(Message("the files are not kept any more; upload them again"))
        return found

    def drop(self, upload: Upload) -> None:
        """Delete the files of an upload."""
        self._kept.pop(upload.token, None)
        rmtree(upload.folder, ignore_errors=True)

    def _expire(self) -> None:
        now = self._clock()
        for one in [*self._kept.values()]:
            if now - one.at > SECONDS:
                self.drop(one)


def sent_name(sent: UploadFile) -> str:
    """Return the last part of the name of a file, whatever system it comes from."""
    name = PurePosixPath(PureWindowsPath(sent.filename or "").name).name
    return "".join(one for one in name if one.isprintable())


def _take(made: Upload, named: Sequence[tuple[str, UploadFile]], suffixes: frozenset[str]) -> None:
    left = LARGEST
    for number, (name, sent) in enumerate(named):
        suffix = Path(name).suffix.lower()
        if suffix not in suffixes:
            known = ", ".join(sorted(suffixes))
            raise UploadError(
                Message("{name}: is not a file of these kinds: {known}", name=name, known=known)
            )
        if name in made.files:
            raise UploadError(Message("{name} is sent twice; rename one of them", name=name))
        # A folder for each: the name of a CSV file says what its rows are.
        folder = made.folder / str(number)
        folder.mkdir()
        stem = Path(name).stem
        while len(stem.encode()) > _LONGEST_NAME:
            stem = stem[:-1]
        path = made.files[name] = folder / f"{stem}{suffix}"
        with path.open("wb") as file:
            while block := sent.file.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    words = Message(
                        "the files have more than {most} MB; split them, or import them with "
                        "`tally import` on the server",
                        most=LARGEST // 10**6,
                    )
                    raise UploadError(words)
                file.write(block)
        _refuse_bomb(name, path)
    made.sha256 = _digest(made.files)


def _refuse_bomb(name: str, path: Path) -> None:
    """Refuse a workbook that would fill the memory; what is no ZIP file is left to its reader."""
    try:
        with ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (BadZipFile, OSError, ValueError):
        return
    if size > MOST_UNPACKED:
        words = Message(
            "{name} unpacks to more than {most} MB; split it, or import it with `tally import` on "
            "the server",
            name=name,
            most=MOST_UNPACKED // 10**6,
        )
        raise UploadError(words)


def _digest(files: dict[str, Path]) -> str:
    digest = sha256()
    for name, path in files.items():
        digest.update(f"{len(name)}:{name}\n".encode(errors="replace"))
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(sha256(block).digest())
    return digest.hexdigest()
