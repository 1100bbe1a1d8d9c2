"""Back up a ledger while others write; restore a backup only if it is what was signed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.bounded import read_bounded
from ledger.errors import FolderMissingError, StoreError, TallyError
from ledger.integrity.check import Check
from ledger.integrity.checkpoint import Head, open_checkpoint, replace_file, sign_head
from ledger.integrity.errors import DamagedError, NoteError
from ledger.integrity.head import check_head, keep_head
from ledger.integrity.keys import adopt_key, load_verifiers, write_public
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.integrity.transfer import NotEqualError, open_empty_store, remove_new_store, transfer
from ledger.message import Message, Parts, message_of
from ledger.stores import create_store, open_store
from ledger.stores.sqlite import SQLiteStore
from ledger.stores.sqlite_url import uri_of, url_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.integrity.note import Signer, Verifier
    from ledger.stores import Store


class BackupError(TallyError):
    """A backup cannot be written, or is not what was signed."""


def checkpoint_of(file: Path) -> Path:
    """Return the path of the checkpoint beside a backup."""
    return file.with_name(file.name + ".checkpoint")


def public_of(file: Path) -> Path:
    """Return the path of the public keys beside a backup."""
    return file.with_name(file.name + ".pub")


def backup(store: Store, file: Path, key: Signer, verifiers: Sequence[Verifier]) -> Head:
    """Copy a ledger into a new SQLite file while others may write to it.

    The copy is proved equal to the ledger; its signed checkpoint and the public keys are written
    beside it.

    Raises:
        BackupError: the file exists, or cannot be written.
        FolderMissingError: its folder does not exist.
        DamagedError: the ledger does not match its checkpoints.
        RolledBackError: it lacks the last acknowledged event.
    """
    check_head(store)
    if file.exists():
        raise BackupError(Message("{file} exists already; name a new file", file=file))
    if not file.parent.is_dir():
        raise FolderMissingError(file, file.parent)
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    remove_new_store(url_of(part))
    try:
        _copy_into(store, part, verifiers)
        with closing(open_store(url_of(part))) as copy:
            try:
                note, _ = sign_head(copy, key, verifiers)
            except DamagedError as error:
                # Name the ledger: the copy is about to be removed.
                raise DamagedError(store.url, error.what) from None
            head = open_checkpoint(note, [key.verifier, *verifiers])
            if root_of(leaf_hashes(store, to=head.size)) != head.root:
                raise NotEqualError(store.url, str(file))
        _settle(part)
        replace_file(checkpoint_of(file), note.encode())
        write_public(public_of(file), list(dict.fromkeys([key.verifier, *verifiers])))
        os.link(part, file)  # never overwrites
        _sync(file.parent)
    except FileExistsError:
        raise BackupError(Message("{file} exists already; name a new file", file=file)) from None
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            Message("{file} cannot be written: {error}", file=file, error=error)
        ) from error
    finally:
        remove_new_store(url_of(part))
    return head


def _copy_into(store: Store, part: Path, verifiers: Sequence[Verifier]) -> None:
    if not isinstance(store, SQLiteStore):
        with closing(create_store(url_of(part))) as copy:
            transfer(store, copy, verifiers)
        return
    with (
        closing(sqlite3.connect(uri_of(store.path), uri=True)) as source,
        closing(sqlite3.connect(part)) as target,
    ):
        # In one step, so of one moment; in WAL mode it blocks no writer.
        source.backup(target, pages=-1)


def _settle(part: Path) -> None:
    """Merge the write-ahead log into the file and flush it to the disk."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    _sync(part)


def _sync(path: Path) -> None:
    """Flush a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def restore(file: Path, url: str, given: Path | None = None) -> Head:
    """Fill a new or empty store from a backup that matches its checkpoint exactly.

    The backup is read from a temporary copy, so it may be on a read-only medium.

    Args:
        file: the backup, with its checkpoint beside it.
        url: the store to fill.
        given: public keys to trust instead of those beside the backup.

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
                _accept(file, source, head, note, verifiers)
                with open_empty_store(url) as target:
                    transfer(source, target, verifiers)
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


def _accept(
    file: Path, source: Store, head: Head, note: bytes, verifiers: Sequence[Verifier]
) -> None:
    report = Check(source, verifiers).run([(str(checkpoint_of(file)), note)])
    wrong: list[str] = [finding.sentence() for finding in report.findings]
    if report.position != head.size:
        wrong.append(
            Message(
                "it has {count} events, its checkpoint states {size}",
                count=report.position,
                size=head.size,
            )
        )
    if wrong:
        more = Message("; and {count} more", count=len(wrong) - 5) if len(wrong) > 5 else ""  # noqa: PLR2004
        raise BackupError(
            Message(
                "{file} does not match its checkpoint and is not accepted; nothing was "
                "written: {wrong}{more}",
                file=file,
                wrong=Parts(wrong[:5]),
                more=more,
            )
        )
