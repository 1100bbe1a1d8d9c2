"""Keep the ledger's last acknowledged event beside its key: no older copy takes its place unseen.

Each append writes position and leaf hash of its last event there, once it is committed. A ledger
that ends before, or has another event there, is an older copy or lost its log file: nothing is
written to it, and `tally check` reports it, until somebody accepts it on the record
(`EarlierCopyAccepted`). A writer that is killed between the two leaves the head behind the ledger,
which refuses nobody.
"""

from __future__ import annotations

import logging
import os
import random
import re
import stat
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ledger.codec import COPY_ACCEPTED
from ledger.errors import TallyError
from ledger.events import acceptance_id
from ledger.integrity.errors import KeyFileError
from ledger.integrity.keys import KeyPaths
from ledger.integrity.leaves import NO_EVENT, LastEvent, leaf_hash
from ledger.message import Message
from ledger.omitting import row_at
from ledger.sidecar_paths import NoHomeError, is_there
from ledger.stores.sqlite_url import path_of

try:
    import fcntl
except ImportError:  # on Windows, where several writers may leave the head behind the ledger
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.stores import Store, StoredRow

_log = logging.getLogger("tally")
_LINE = re.compile(rb"([0-9]{20}) ([0-9a-f]{64})\n")

_PATIENCE = 1
"""Seconds to wait for other writers of the head."""

_SPACING = 0.01
"""Seconds between two tries, at most."""


class RolledBackError(TallyError):
    """Events that were acknowledged are not in the ledger, or not as they were."""

    def __init__(self, url: str, path: object, what: str) -> None:
        self.what = what
        super().__init__(
            Message(
                "{url}: {what} ({path}). An older copy was put back, the log file (-wal) is "
                "missing or the event was damaged: put the newest files in place. Until then "
                "nothing is recorded. If they are lost, go on from this copy with `tally "
                "accept-copy --reason TEXT --by NAME`.",
                url=url,
                what=what,
                path=path,
            )
        )


class KeptHead:
    """The head that is kept beside the key of one ledger."""

    def __init__(self, places: KeyPaths) -> None:
        """Use the file beside a key."""
        self.path = places.head
        self._known: LastEvent | None = None
        """The last event that this process found in the ledger or appended to it."""

    @classmethod
    def of(cls, url: str) -> KeptHead | None:
        """Return the head of a ledger; None for who cannot see its key, beside which it is kept."""
        try:
            places = KeyPaths(url)
        except NoHomeError:
            return None
        return cls(places) if is_there(places.key) else None

    def read(self) -> LastEvent | None:
        """Return the last acknowledged event; None if none is kept yet.

        Raises:
            KeyFileError: the file cannot be read or is malformed.
        """
        try:
            file = self._open(os.O_RDONLY)
            try:
                return self._parse(_settled(file))
            finally:
                os.close(file)
        except OSError as error:
            if not is_there(self.path):
                return None
            raise KeyFileError(
                Message("{path} cannot be read: {error}", path=self.path, error=error)
            ) from None

    def check(self, store: Store) -> None:
        """Refuse a ledger that lacks the last acknowledged event.

        Raises:
            RolledBackError: it was rolled back, and nobody has accepted that.
            KeyFileError: as `read`.
        """
        last = self.read()  # before the ledger: others append meanwhile
        if last is None or last == self._known:
            return
        problem = problem_in(store, last)
        if problem is not None and not is_accepted(store, last):
            raise RolledBackError(store.url, self.path, problem)
        self._known = last

    def advance(self, store: Store, position: int, leaf: bytes) -> None:
        """Keep an event as the last one, unless a later one is kept already.

        Log a warning whatever goes wrong: the event is in the ledger all the same.

        Args:
            store: the ledger.
            position: the position of the event.
            leaf: the hash of its leaf.
        """
        self._advance(store, lambda: LastEvent(position, leaf))

    def appended(self, store: Store, read: Callable[[], StoredRow]) -> None:
        """Keep the last row of an append, which `read` returns; see `advance`."""
        self._advance(store, lambda: _event_of(read()))

    def _advance(self, store: Store, made: Callable[[], LastEvent]) -> None:
        try:
            fresh = made()
            file = self._open(os.O_RDWR | os.O_CREAT)
            try:
                self._write(file, store, fresh)
            finally:
                os.close(file)
        except Exception as error:  # noqa: BLE001 - the ledger has the event: nothing may fail now
            _log.warning(
                Message("tally: %s cannot be written, so a later loss would not be noticed: %s"),
                self.path,
                error,
            )

    def _write(self, file: int, store: Store, fresh: LastEvent) -> None:
        _wait_for_writers(file)
        last = self._parse(_settled(file))
        if last is not None and fresh.position <= last.position and not is_accepted(store, last):
            return
        os.lseek(file, 0, os.SEEK_SET)
        # Of one length, in one sector: it is never half written. Not flushed: a power cut may
        # leave it some seconds behind the ledger, whose own flush comes first.
        os.write(file, b"%020d %s\n" % (fresh.position, fresh.leaf.hex().encode()))
        if last is None:
            os.fsync(file)  # or a new file may be empty then
        _share(file, store.url)
        self._known = fresh

    def _open(self, flags: int) -> int:
        # Without waiting for a pipe in its place, or following a link to another file.
        safely = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
        return os.open(self.path, flags | safely, 0o644)

    def _parse(self, stored: bytes) -> LastEvent | None:
        if not stored:
            return None  # made by a writer that has not written yet, or whose disk was full
        found = _LINE.fullmatch(stored)
        if found is None:
            raise KeyFileError(
                Message(
                    "{path} is damaged; compare the ledger with a checkpoint that was kept "
                    "elsewhere (`tally check --against`), then remove the file",
                    path=self.path,
                )
            )
        return LastEvent(int(found[1]), bytes.fromhex(found[2].decode()))


def check_head(store: Store) -> None:
    """Refuse a ledger that was rolled back; see `KeptHead.check`."""
    head = KeptHead.of(store.url)
    if head is not None:
        head.check(store)


def keep_head(url: str, store: Store) -> None:
    """Keep the last event of a ledger that was just made or copied to a URL."""
    head = KeptHead.of(url)
    if head is not None:
        head.appended(store, lambda: last_row(store))


def last_row(store: Store) -> StoredRow:
    """Read the last row of a ledger that has some."""
    return next(store.raw(store.position() - 1))


def last_event(store: Store) -> LastEvent:
    """Return the last event of a ledger, or `NO_EVENT`."""
    row = row_at(store, store.position())
    return NO_EVENT if row is None else _event_of(row)


def _event_of(row: StoredRow) -> LastEvent:
    return LastEvent(row.position, leaf_hash(row))


def problem_in(store: Store, last: LastEvent) -> Message | None:
    """Return what is wrong with a ledger that should hold an event; None if it does."""
    row = row_at(store, last.position)
    return problem_with(last, None if row is None else leaf_hash(row), store.position())


def problem_with(last: LastEvent, leaf: bytes | None, end: int) -> Message | None:
    """Return what is wrong with a ledger that should hold an event; None if it does.

    Args:
        last: the event.
        leaf: the hash of the leaf at its position; None if there is none.
        end: the ledger's last position.
    """
    if leaf is None:
        return Message(
            "it ends at position {end}, but position {position} was acknowledged",
            end=end,
            position=last.position,
        )
    if leaf != last.leaf:
        return Message(
            "the event at position {position} is not the one that was acknowledged",
            position=last.position,
        )
    return None


def _settled(file: int) -> bytes:
    """Return what the file holds once two readings agree: no writer is in the middle then."""
    before, now = None, b""
    while now != before:
        os.lseek(file, 0, os.SEEK_SET)
        before, now = now, os.read(file, 200)
    return now


def _wait_for_writers(file: int) -> None:
    """Lock the head among its writers, and go on without the lock after `_PATIENCE`.

    Whoever may read the file can hold the lock for ever, and some file systems have none. Without
    it the head may stay behind the ledger, which refuses nobody.
    """
    until = time.monotonic() + _PATIENCE
    while fcntl is not None and time.monotonic() < until:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(random.random() * _SPACING)  # noqa: S311 - mere spacing
        except OSError:
            return
        else:
            return


def _share(file: int, url: str) -> None:
    """Give the head group and mode of the ledger's file, as SQLite does with its log.

    So whoever may write the one may write the other.
    """
    if not url.startswith("sqlite:") or not hasattr(os, "fchown"):
        return
    with suppress(OSError):  # of another owner, who does it at the next append
        ledger, head = path_of(url).stat(), os.fstat(file)
        if head.st_gid != ledger.st_gid:
            os.fchown(file, -1, ledger.st_gid)
        mode = stat.S_IMODE(ledger.st_mode) & 0o666
        if stat.S_IMODE(head.st_mode) != mode:
            os.fchmod(file, mode)


def is_accepted(store: Store, last: LastEvent) -> bool:
    """Return whether somebody accepted, on the record, that an acknowledged event was lost."""
    rows = store.rows_of([acceptance_id(*last)])
    return any(topic == COPY_ACCEPTED for _, _, _, topic, _ in rows)
