"""Keep a ledger in one SQLite file in WAL mode, append-only by its own triggers."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from ledger.errors import FolderMissingError, LedgerExistsError, NotALedgerError
from ledger.message import Message
from ledger.stores import busy
from ledger.stores.errors import BeingMadeError, NewerSchemaError, SeveralNamesError
from ledger.stores.parts import (
    is_free,
    others,
    part_of,
    put_in_place,
    remove_leftovers,
    remove_part,
)
from ledger.stores.sqlite_faults import retry_while_busy, translate_faults
from ledger.stores.sqlite_schema import APPLICATION_ID, SCHEMA, VERSION, add_guards, audit
from ledger.stores.sqlite_url import (
    copy_with_log,
    file_uri,
    named_path,
    needs_copy,
    path_of,
    uri_of,
)
from ledger.stores.store import PAGE, Dialect, Store, StoredRow, decode_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from tempfile import TemporaryDirectory

    from ledger.stores.checkpoints import Checkpoints
    from ledger.stores.connections import Connections
    from ledger.stores.sqlite_recorder import LedgerRecorder

_STATE = "IFNULL(CAST(state AS BLOB), x'')"
_SQL = Dialect(
    events="stored_events",
    columns=f"position, originator_id, originator_version, topic, {_STATE}",
    # As bytes: sqlite3 refuses text that is not UTF-8.
    raw=(
        "position, IFNULL(CAST(originator_id AS BLOB), x''), "
        "IFNULL(CAST(originator_version AS INTEGER), -1), "
        f"IFNULL(CAST(topic AS BLOB), x''), {_STATE}"
    ),
    member="{} IN (SELECT value FROM json_each(?))",
    contains="instr(state, ?)",
)


class SQLiteStore(Store):
    """A ledger in one SQLite file."""

    _sql = _SQL

    def __init__(self, url: str, path: Path) -> None:
        """Use an existing file; see `create` and `open`."""
        self.url = url
        self.path = path
        self._named = named_path(url)
        self._recorder: LedgerRecorder | None = None
        self._creating = Lock()
        self._copy: TemporaryDirectory[str] | None = None

    @classmethod
    def create(cls, url: str) -> SQLiteStore:
        """Create the file with its tables and triggers in one transaction."""
        path = path_of(url)
        with translate_faults(url):
            _check_free(url, path)
        return cls._create(url, path)

    @classmethod
    @contextmanager
    def new(cls, url: str) -> Iterator[SQLiteStore]:
        """Create a ledger beside its place, and put it there once the block has filled it.

        If the block fails, or the process is killed in it, there is no ledger.
        """
        path = path_of(url)
        with translate_faults(url):
            _check_free(url, path)
            remove_leftovers(path)
        try:
            store = cls._create(url, part_of(path))
            try:
                with translate_faults(url):
                    being_made = others(path)
                if being_made:
                    raise BeingMadeError(url, being_made[0])
                yield store
            finally:
                store.close()
            with translate_faults(url):
                try:
                    put_in_place(path)
                except FileExistsError:
                    _check_free(url, path)
                    raise
        finally:
            remove_part(path)

    @classmethod
    def _create(cls, url: str, path: Path) -> SQLiteStore:
        with translate_faults(url), _new_file(path), closing(_connect(uri_of(path))) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            if connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()[0]:
                raise LedgerExistsError(url)
            for statement in SCHEMA:
                connection.execute(statement)
            add_guards(connection.execute)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = WAL")
        return cls(url, path)

    @classmethod
    def open(cls, url: str, lent: Connections | None = None) -> SQLiteStore:  # noqa: ARG003
        """Open the file if it is a ledger of a known schema; nothing is lent for it."""
        path = path_of(url)
        with translate_faults(url):
            if not path.exists():
                raise NotALedgerError(url, Message("there is no such file"))
            if not path.is_file():
                raise NotALedgerError(url, Message("it is not a file"))
            if _header_number(path, "application_id") != APPLICATION_ID:
                raise NotALedgerError(url, Message("the file is something else"))
            version = _header_number(path, "user_version")
            names = path.stat().st_nlink
            if names > 1:
                # A process was killed while the file had two names for a moment: `put_in_place`.
                with suppress(OSError):
                    remove_leftovers(path)
                names = path.stat().st_nlink
        if version > VERSION:
            raise NewerSchemaError(url, version, VERSION)
        if names > 1:
            raise SeveralNamesError(url, names)
        return cls(url, path)

    @property
    def uri(self) -> str:
        """Return the URI by which SQLite opens the file, or a copy that can be read alone."""
        with self._creating:
            if self._copy is None and needs_copy(self.path):
                from tempfile import TemporaryDirectory  # noqa: PLC0415 - seldom

                self._copy = TemporaryDirectory(prefix="tally-read-")
                copy_with_log(self.path, Path(self._copy.name))
        if self._copy is not None:
            return f"{file_uri(Path(self._copy.name) / self.path.name)}?mode=ro"
        return uri_of(self.path)

    @property
    def recorder(self) -> LedgerRecorder:
        """Return the recorder, made on first use: commands that read do not import its library."""
        from ledger.stores.sqlite_recorder import LedgerDatastore, LedgerRecorder  # noqa: PLC0415

        uri = self.uri
        with self._creating:
            if self._recorder is None:
                self._recorder = LedgerRecorder(LedgerDatastore(self.url, uri))
            return self._recorder

    @property
    def checkpoints(self) -> Checkpoints:
        """Return the checkpoints in the file."""
        from ledger.stores.checkpoints import Checkpoints  # noqa: PLC0415 - as in `recorder`

        return Checkpoints(
            lambda: self.recorder.datastore,
            "INSERT INTO checkpoints (size, note) VALUES (?, ?)",
            lambda: self._select(
                "SELECT size, IFNULL(CAST(note AS BLOB), x'') FROM checkpoints ORDER BY size"
            ),
        )

    def position(self) -> int:
        """Return the position of the last event, or 0."""
        if self._recorder is not None:
            # Its open connection saves a sixth of the time of an append.
            return self._recorder.max_notification_id() or 0
        ((head,),) = self._select("SELECT MAX(position) FROM stored_events")
        return head or 0

    def time(self) -> datetime | None:
        """Return the time of the file system; see `Store.time`."""
        from tempfile import TemporaryFile  # noqa: PLC0415 - not for commands that only read

        try:
            with TemporaryFile(dir=self.path.parent) as file:
                return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
        except OSError:
            return None

    def audit(self) -> list[str]:
        """List what differs from the schema of a ledger; see `Store.audit`."""
        with translate_faults(self.url), closing(_connect(self.uri)) as connection:
            return retry_while_busy(self.url, lambda: audit(connection, self.omitted))

    @property
    def file_identity(self) -> object:
        """Return device and number of the file that the URL names now; None if there is none.

        Links are followed anew: another file may be at their end.
        """
        try:
            found = self._named.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def close(self) -> None:
        """Close every connection."""
        if self._recorder is not None:
            self._recorder.datastore.close()
        if self._copy is not None:
            self._copy.cleanup()

    def _select(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Any]:
        values = [json.dumps(p) if isinstance(p, list) else p for p in parameters]
        with translate_faults(self.url), closing(_connect(self.uri)) as connection:
            cursor = retry_while_busy(self.url, lambda: connection.execute(query, values))
            while rows := cursor.fetchmany(PAGE):
                yield from rows

    def _stored_row(self, row: Any) -> StoredRow:
        position, originator_id, version, topic, state = row
        return StoredRow(position, decode_text(originator_id), version, decode_text(topic), state)


def _check_free(url: str, path: Path) -> None:
    """Refuse a place where there is a ledger, another file, or no folder.

    Raises:
        LedgerExistsError: there is a ledger.
        NotALedgerError: there is another file.
        FolderMissingError: there is no folder.
    """
    if not is_free(path):
        if path.is_file() and _header_number(path, "application_id") == APPLICATION_ID:
            raise LedgerExistsError(url)
        raise NotALedgerError(url, Message("there is another file of that name"))
    if not path.parent.is_dir():
        raise FolderMissingError(url, path.parent)


@contextmanager
def _new_file(path: Path) -> Iterator[None]:
    """Make an empty file for the block; remove it again if the block fails."""
    try:
        path.touch(exist_ok=False)
        made = True
    except FileExistsError:
        made = False
    try:
        yield
    except BaseException:
        if made:
            path.unlink(missing_ok=True)
        raise


def _connect(uri: str) -> sqlite3.Connection:
    """Open a connection in auto-commit mode."""
    return sqlite3.connect(
        uri,
        uri=True,
        isolation_level=None,
        timeout=busy.WARN_AFTER,
        check_same_thread=False,
    )


def _header_number(path: Path, name: str) -> int:
    """Read a number from the file's header (sqlite.org/fileformat, §1.3), or -1 if it has none."""
    offset = {"application_id": 68, "user_version": 60}[name]
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(b"SQLite format 3\0"):
        return -1
    return int.from_bytes(header[offset : offset + 4], "big")
