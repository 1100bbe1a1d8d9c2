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
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from ledger.codec import COPY_ACCEPTED
from ledger.errors import TallyError
from ledger.events import acceptance_id
from ledger.integrity.errors import KeyFileError
from ledger.integrity.keys import KeyPaths
from ledger.integrity.leaves import leaf_hash
from ledger.message import Message

try:
    import fcntl
except ImportError:  # on Windows, where several writers may leave the head behind the ledger
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.stores import Store, StoredRow

_log = logging.getLogger("tally")
_LINE = re.compile(rb"([0-9]{20}) ([0-9a-f]{64})\n")


class LastEvent(NamedTuple):
    """The position of an event and the hash of its leaf."""

    position: int
    leaf: bytes


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
        """Return the head of a ledger; None without its key, beside which it is kept."""
        places = KeyPaths(url)
        return cls(places) if places.key.exists() else None

    def read(self) -> LastEvent | None:
        """Return the last acknowledged event; None if none is kept yet.

        Raises:
            KeyFileError: the file cannot be read or is malformed.
        """
        try:
            with self._locked(os.O_RDONLY) as file:
                return self._parse(os.read(file, 200))
        except FileNotFoundError:
            return None
        except OSError as error:
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
        row = next(store.raw(last.position - 1, last.position), None)
        problem = problem_with(last, None if row is None else leaf_hash(row), store.position())
        if problem is not None and not is_accepted(store, last):
            raise RolledBackError(store.url, self.path, problem)
        self._known = last

    def advance(self, store: Store, position: int, leaf: bytes) -> None:
        """Keep an event as the last one, unless a later one is kept already.

        Log a warning if the file cannot be written: the event is in the ledger all the same.

        Args:
            store: the ledger.
            position: the position of the event.
            leaf: the hash of its leaf.
        """
        try:
            with self._locked(os.O_RDWR | os.O_CREAT) as file:
                stored = os.read(file, 200)
                last = self._parse(stored) if stored else None
                if last is not None and position <= last.position and not is_accepted(store, last):
                    return
                os.lseek(file, 0, os.SEEK_SET)
                # Of one length, in one sector: it is never half written. Not flushed: a power cut
                # may leave it some seconds behind the ledger, whose own flush comes first.
                os.write(file, b"%020d %s\n" % (position, leaf.hex().encode()))
                if last is None:
                    os.fsync(file)  # or a new file may be empty then
        except (OSError, KeyFileError) as error:
            _log.warning(
                Message("tally: %s cannot be written, so a later loss would not be noticed: %s"),
                self.path,
                error,
            )
        else:
            self._known = LastEvent(position, leaf)

    def appended(self, store: Store, row: StoredRow) -> None:
        """Keep the last row of an append; see `advance`."""
        self.advance(store, row.position, leaf_hash(row))

    @contextmanager
    def _locked(self, flags: int) -> Iterator[int]:
        # Without waiting for a pipe in its place.
        file = os.open(self.path, flags | getattr(os, "O_NONBLOCK", 0), 0o644)
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_SH if flags == os.O_RDONLY else fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def _parse(self, stored: bytes) -> LastEvent:
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
        for row in store.raw(store.position() - 1):
            head.appended(store, row)


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


def is_accepted(store: Store, last: LastEvent) -> bool:
    """Return whether somebody accepted, on the record, that an acknowledged event was lost."""
    rows = store.rows_of([acceptance_id(*last)])
    return any(topic == COPY_ACCEPTED for _, _, _, topic, _ in rows)
