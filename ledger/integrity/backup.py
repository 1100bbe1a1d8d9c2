"""Back-up while others write, and the way back: accepted only if it is what was signed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ledger.errors import StoreError, TallyError
from ledger.integrity.check import Check
from ledger.integrity.checkpoint import Head, open_checkpoint, replace_file, sign_head
from ledger.integrity.errors import DamagedError, NoteError
from ledger.integrity.keys import adopt_key, load_verifiers, write_public
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.integrity.transfer import NotEqualError, new_or_empty, transfer, unmake
from ledger.saying import Parts, Said, said_by
from ledger.stores import create_store, open_store
from ledger.stores.sqlite import SQLiteStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.integrity.note import Signer, Verifier
    from ledger.stores import Store


class BackupError(TallyError):
    """A backup that cannot be written, or is not accepted."""


def sqlite_url(path: Path) -> str:
    """The URL of a file."""
    return f"sqlite:///{quote(str(path))}"


def checkpoint_of(file: Path) -> Path:
    """The checkpoint beside a backup."""
    return file.with_name(file.name + ".checkpoint")


def public_of(file: Path) -> Path:
    """The public keys beside a backup."""
    return file.with_name(file.name + ".pub")


def backup(store: Store, file: Path, key: Signer, verifiers: Sequence[Verifier]) -> Head:
    """Writes all that a ledger holds into a new SQLite ledger file; others may write meanwhile.

    The file is proved to hold what the ledger holds; its signed checkpoint and the public keys
    are written beside it.

    Raises:
        BackupError: there is such a file, or it cannot be written.
        DamagedError: the ledger is not what its checkpoints say.
    """
    if file.exists():
        raise BackupError(Said("{file} exists already; name a new file", file=file))
    if not file.parent.is_dir():
        raise BackupError(
            Said(
                "{file}: the folder {parent} does not exist; make it first",
                file=file,
                parent=file.parent,
            )
        )
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    unmake(sqlite_url(part))
    try:
        _copy_into(store, part, verifiers)
        with _opened(part) as copy:
            try:
                note, _ = sign_head(copy, key, verifiers)
            except DamagedError as error:
                # The copy is gone soon, and no better than what it was made of.
                raise DamagedError(store.url, error.what) from None
            head = open_checkpoint(note, [key.verifier, *verifiers])
            if root_of(leaf_hashes(store, to=head.size)) != head.root:
                raise NotEqualError(store.url, str(file))
        _settle(part)
        replace_file(checkpoint_of(file), note.encode())
        public_of(file).unlink(missing_ok=True)
        write_public(public_of(file), list(dict.fromkeys([key.verifier, *verifiers])))
        os.link(part, file)  # never overwrites
        _sync_folder(file.parent)
    except FileExistsError:
        raise BackupError(Said("{file} exists already; name a new file", file=file)) from None
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            Said("{file} cannot be written: {error}", file=file, error=error)
        ) from error
    finally:
        unmake(sqlite_url(part))
    return head


def _copy_into(store: Store, part: Path, verifiers: Sequence[Verifier]) -> None:
    if not isinstance(store, SQLiteStore):
        with closing(create_store(sqlite_url(part))) as copy:
            transfer(store, copy, verifiers)
        return
    with (
        closing(sqlite3.connect(f"file:{quote(str(store.path))}?mode=rw", uri=True)) as source,
        closing(sqlite3.connect(part)) as target,
    ):
        # In one step: one moment of the ledger, which in WAL mode hinders no writer.
        source.backup(target, pages=-1)


def _settle(part: Path) -> None:
    """One file without a log beside it, on the disk."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _opened(path: Path) -> Iterator[Store]:
    with closing(open_store(sqlite_url(path))) as store:
        yield store


def restore(file: Path, url: str, given: Path | None = None) -> Head:
    """Fills a new or empty store from a backup that is exactly what its checkpoint says.

    The backup itself is only read, from a copy: it may lie where nothing can be written.

    Args:
        file: the backup; its checkpoint lies beside it.
        url: the store to fill.
        given: public keys to trust instead of those beside the backup.

    Raises:
        BackupError: the backup is not what was signed; nothing was written.
        StoreError: the store holds something already.
    """
    try:
        note = checkpoint_of(file).read_bytes()
    except OSError as error:
        raise BackupError(
            Said(
                "{file} cannot be read: {why}",
                file=checkpoint_of(file),
                why=error.strerror,
            )
        ) from None
    verifiers = load_verifiers(sqlite_url(file), given or public_of(file))
    try:
        head = open_checkpoint(note, verifiers)
    except NoteError as error:
        raise BackupError(
            Said(
                "{file} {error}; the backup is not accepted", file=checkpoint_of(file), error=error
            )
        ) from None
    with tempfile.TemporaryDirectory(prefix="tally-restore-") as folder:
        copy = Path(folder) / "backup.db"
        try:
            shutil.copyfile(file, copy)
        except OSError as error:
            raise BackupError(
                Said("{file} cannot be read: {why}", file=file, why=error.strerror)
            ) from None
        try:
            with _opened(copy) as source:
                _accept(file, source, head, note, verifiers)
                with new_or_empty(url) as target:
                    transfer(source, target, verifiers)
        except StoreError as error:
            raise BackupError(_of_file(said_by(error), str(copy), str(file))) from error
    adopt_key(url, None, verifiers)
    return head


def _of_file(told: str, copy: str, file: str) -> str:
    """What was said of the copy, said of the file itself."""
    if not isinstance(told, Said):
        return told.replace(copy, file)
    values = {
        name: _of_file(value if isinstance(value, str) else str(value), copy, file)
        for name, value in told.values.items()
    }
    return Said(told.template, **values) if values else told


def _accept(
    file: Path, source: Store, head: Head, note: bytes, verifiers: Sequence[Verifier]
) -> None:
    report = Check(source, verifiers).run([(str(checkpoint_of(file)), note)])
    wrong: list[str] = [finding.said() for finding in report.findings]
    if report.position != head.size:
        wrong.append(
            Said(
                "it holds {position} events, its checkpoint says {size}",
                position=report.position,
                size=head.size,
            )
        )
    if wrong:
        more = Said("; and {count} more", count=len(wrong) - 5) if len(wrong) > 5 else ""  # noqa: PLR2004
        raise BackupError(
            Said(
                "{file} is not what its checkpoint says and is not accepted; nothing was "
                "written: {wrong}{more}",
                file=file,
                wrong=Parts(wrong[:5]),
                more=more,
            )
        )
