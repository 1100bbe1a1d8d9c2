"""Back up a ledger while others write; restore a backup only if it is what was signed."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.bounded import read_bounded
from ledger.errors import FolderMissingError, StoreError, TallyError
from ledger.integrity.check import faults
from ledger.integrity.checkpoint import Head, open_checkpoint, replace_file, sign_head
from ledger.integrity.errors import DamagedError, NoteError
from ledger.integrity.head import check_head, keep_head
from ledger.integrity.keys import adopt_key, load_verifiers, write_public
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.integrity.transfer import NotEqualError, open_empty_store, transfer
from ledger.message import Message, message_of
from ledger.stores import create_store, open_store
from ledger.stores.parts import is_free, part_of, put_in_place, remove_leftovers, remove_part
from ledger.stores.sqlite import SQLiteStore
from ledger.stores.sqlite_url import url_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.integrity.note import Signer, Verifier
    from ledger.rules import MeasureAt
    from ledger.stores import Store


class BackupError(TallyError):
    """A backup cannot be written, or is not what was signed."""


class KeptAsFoundError(TallyError):
    """The ledger is damaged; a copy of it was kept as evidence, and is no backup."""

    def __init__(self, url: str, file: Path, what: str) -> None:
        super().__init__(
            Message(
                "{url} is damaged: {what}. {file} holds it as it was found, as evidence. It is not "
                "signed and no backup: `tally restore` refuses it.",
                url=url,
                file=file,
                what=what,
            )
        )


def checkpoint_of(file: Path) -> Path:
    """Return the path of the checkpoint beside a backup."""
    return file.with_name(file.name + ".checkpoint")


def public_of(file: Path) -> Path:
    """Return the path of the public keys beside a backup."""
    return file.with_name(file.name + ".pub")


def backup(
    store: Store,
    file: Path,
    key: Signer,
    verifiers: Sequence[Verifier],
    measure_at: MeasureAt | None = None,
) -> Head:
    """Copy a ledger into a new SQLite file while others may write to it.

    The copy is proved by what `restore` will ask of it; its signed checkpoint and the public keys
    are written beside it.

    Args:
        store: the ledger.
        file: where it is copied to.
        key: its private key.
        verifiers: its public keys.
        measure_at: gives what rulings and findings are asked about.

    Raises:
        BackupError: the file exists, or cannot be written.
        FolderMissingError: its folder does not exist.
        DamagedError: the ledger does not match its checkpoints, or is damaged; nothing was kept.
        RolledBackError: it lacks the last acknowledged event.
    """
    check_head(store)
    known = list(dict.fromkeys([key.verifier, *verifiers]))
    with _new_copy(store, file, verifiers) as copy:
        try:
            note, _ = sign_head(copy, key, verifiers)
        except DamagedError as error:
            # Name the ledger: the copy is about to be removed.
            raise DamagedError(store.url, error.what) from None
        head, signed = open_checkpoint(note, known), (str(checkpoint_of(file)), note.encode())
        if root_of(leaf_hashes(store, to=head.size)) != head.root:
            raise NotEqualError(store.url, str(file))
        wrong = faults(copy, known, measure_at, [signed], head.size)
        if wrong is not None:
            raise DamagedError(store.url, wrong)
        replace_file(checkpoint_of(file), signed[1])
        write_public(public_of(file), known)
    return head


def keep_as_found(store: Store, file: Path) -> None:
    """Copy a damaged ledger into a new file as evidence: nothing is signed, and none restores it.

    Raises:
        BackupError: the file exists, cannot be written, or the ledger is on a server.
        FolderMissingError: its folder does not exist.
    """
    if not isinstance(store, SQLiteStore):
        raise BackupError(
            Message("{url} is on a server; keep it as it is by `pg_dump`", url=store.url)
        )
    with _new_copy(store, file, ()):
        pass


@contextmanager
def _new_copy(store: Store, file: Path, verifiers: Sequence[Verifier]) -> Iterator[Store]:
    """Copy a ledger beside a new file; put it there when the block has ended without an error.

    Raises:
        BackupError: the file exists, or cannot be written.
        FolderMissingError: its folder does not exist.
    """
    exists = Message("{file} exists already; name a new file", file=file)
    if not is_free(file):
        raise BackupError(exists)
    if not file.parent.is_dir():
        raise FolderMissingError(file, file.parent)
    part = part_of(file)
    try:
        remove_leftovers(file)
        _copy_into(store, part, verifiers)
        with closing(open_store(url_of(part))) as copy:
            yield copy
        _settle(part)
        put_in_place(file)
    except FileExistsError:
        raise BackupError(exists) from None
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            Message("{file} cannot be written: {error}", file=file, error=error)
        ) from error
    finally:
        remove_part(file)


def _copy_into(store: Store, part: Path, verifiers: Sequence[Verifier]) -> None:
    if not isinstance(store, SQLiteStore):
        with closing(create_store(url_of(part))) as copy:
            transfer(store, copy, verifiers)
        return
    with (
        closing(sqlite3.connect(store.uri, uri=True)) as source,
        closing(sqlite3.connect(part)) as target,
    ):
        # In one step, so of one moment; in WAL mode it blocks no writer.
        source.backup(target, pages=-1)


def _settle(part: Path) -> None:
    """Merge the write-ahead log into the file."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def restore(
    file: Path, url: str, given: Path | None = None, measure_at: MeasureAt | None = None
) -> Head:
    """Fill a new or empty store from a backup that matches its checkpoint exactly.

    The backup is read from a temporary copy, so it may be on a read-only medium.

    Args:
        file: the backup, with its checkpoint beside it.
        url: the store to fill.
        given: public keys to trust instead of those beside the backup.
        measure_at: gives what rulings and findings are asked about.

    Raises:
        BackupError: the backup is not what was signed; nothing was written.
        StoreError: the store holds events or checkpoints.
    """
    try:
        file.stat()
        note = read_bounded(checkpoint_of(file))
    except OSError as error:
        raise BackupError(
            Message(
                "{file} cannot be read: {why}",
                file=error.filename,
                why=error.strerror,
            )
        ) from None
    verifiers = load_verifiers(url_of(file), given or public_of(file))
    try:
        head = open_checkpoint(note, verifiers)
    except NoteError as error:
        raise BackupError(
            Message(
                "{file} {error}; the backup is not accepted", file=checkpoint_of(file), error=error
            )
        ) from None
    with tempfile.TemporaryDirectory(prefix="tally-restore-") as folder:
        copy = Path(folder) / "backup.db"
        try:
            shutil.copyfile(file, copy)
        except OSError as error:
            raise BackupError(
                Message("{file} cannot be read: {why}", file=file, why=error.strerror)
            ) from None
        try:
            with closing(open_store(url_of(copy))) as source:
                signed = (str(checkpoint_of(file)), note)
                wrong = faults(source, verifiers, measure_at, [signed], head.size)
                if wrong is not None:
                    words = Message(
                        "{file} does not match its checkpoint or is damaged, and is not accepted; "
                        "nothing was written: {wrong}",
                        file=file,
                        wrong=wrong,
                    )
                    raise BackupError(words)
                with open_empty_store(url) as target:
                    transfer(source, target, verifiers)
                    # Before the ledger appears: none is ever without its key.
                    adopt_key(url, None, verifiers)
                    keep_head(url, target)
        except StoreError as error:
            raise BackupError(_renamed(message_of(error), str(copy), str(file))) from error
    return head


def _renamed(message: str, copy: str, file: str) -> str:
    """Replace the path of the temporary copy in a message by that of the backup."""
    if not isinstance(message, Message):
        return message.replace(copy, file)
    values = {
        name: _renamed(value if isinstance(value, str) else str(value), copy, file)
        for name, value in message.values.items()
    }
    return Message(message.template, **values) if values else message
