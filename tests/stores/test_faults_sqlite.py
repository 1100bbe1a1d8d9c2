"""Faults of a file and its folder: one clear message, exit status 1, nothing lost."""

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from ledger.errors import NotALedgerError, StoreError
from ledger.stores import busy, create_store, open_store
from ledger.stores.sqlite_url import path_of
from tests.stores.stored import events, record, unit, whole
from tests.stores.workers import CONTEXT, without_rights

ROOT = Path(__file__).parents[2]


def tally(url, *arguments):
    """Run `tally` as a process; return its exit status and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=ROOT,
        env={**os.environ, "TALLY_LEDGER": url, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


@pytest.fixture
def some(sqlite_url):
    """A ledger of forty events."""
    store = create_store(sqlite_url)
    record(store, *(unit(f"V{i}") for i in range(20)), verify_by="head")
    store.close()
    return sqlite_url


@pytest.fixture
def short_timeouts(monkeypatch):
    monkeypatch.setattr(busy, "WARN_AFTER", 0.3)
    monkeypatch.setattr(busy, "LOCK_TIMEOUT", 1)


class Locked:
    """A connection that holds the write lock."""

    def __init__(self, url):
        self.connection = sqlite3.connect(
            path_of(url), isolation_level=None, check_same_thread=False
        )
        self.connection.execute("BEGIN IMMEDIATE")

    def release(self):
        self.connection.execute("ROLLBACK")
        self.connection.close()


@pytest.mark.usefixtures("short_timeouts")
def test_locked_ledger_is_retried_then_reported(some, caplog):
    store, lock = open_store(some), Locked(some)
    with pytest.raises(
        StoreError,
        match=r"locked; it was busy for over 1 s; try again .* Nothing was written\.",
    ):
        record(store, unit("V99"))
    assert [(r.levelno, r.getMessage()) for r in caplog.records] == [
        (
            logging.WARNING,
            f"tally: {some} is busy: another program writes; waiting up to 1 s.",
        )
    ]
    assert len(whole(store)) == 40, "readers are not blocked"
    lock.release()
    record(store, unit("V99"))
    assert len(whole(store)) == 41
    store.close()


def test_waits_for_a_lock_that_is_released(some, caplog):
    lock = Locked(some)
    threading.Timer(1.5, lock.release).start()
    store = open_store(some)
    record(store, unit("V99"))
    assert "is busy" in caplog.text
    assert len(whole(store)) == 41
    store.close()


def test_command_line_warns_while_it_waits(some):
    lock = Locked(some)
    threading.Timer(7, lock.release).start()
    words = ["record", "unit", "--id", "V99", "--name", "n", "--type", "village", "--by", "li"]
    status, error = tally(some, *words)
    assert status == 0, error
    assert f"tally: {some} is busy: another program writes; waiting up to 10 s." in error


def test_full_file_leaves_nothing_behind(some):
    """The file is bounded by `max_page_count`: an import that does not fit writes nothing."""
    store = open_store(some)
    with store.recorder.datastore.get_connection(commit=False) as connection:
        pages = connection.cursor()
        pages.execute("PRAGMA page_count")
        pages.execute(f"PRAGMA max_page_count = {pages.fetchone()[0] + 2}")
    with pytest.raises(StoreError, match=r"full; the disk is full; make room and try again\. Noth"):
        record(store, *(unit(f"W{i}") for i in range(500)))
    assert len(whole(store)) == 40
    store.close()
    store = open_store(some)
    record(store, *(unit(f"W{i}") for i in range(500)))
    assert len(whole(store)) == 540
    store.close()


@pytest.fixture
def small_disk():
    """A file system of 700 kB, if one can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="tally-small-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("may not mount a small file system here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


def test_full_disk_keeps_what_was_acknowledged(small_disk):
    """Import until the disk is full; after making room, the ledger is whole and accepts more."""
    url = f"sqlite:///{small_disk}/tally.db"
    store = create_store(url)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 200_000)
    written = 0

    def import_more():
        nonlocal written
        while True:
            record(store, *(unit(f"V{written}-{i}") for i in range(100)))
            written += 100

    with pytest.raises(StoreError, match=r"(full|disk).*Nothing was written\."):
        import_more()
    assert written
    assert len(whole(store)) == written
    store.close()
    filler.unlink()
    store = open_store(url)
    assert len(whole(store)) == written
    record(store, unit("V-more"))
    assert len(whole(store)) == written + 1
    store.close()


def test_refuses_to_create_a_ledger_on_a_full_disk(small_disk):
    with suppress(OSError):
        (small_disk / "filler").write_bytes(b"x" * 800_000)
    with pytest.raises(StoreError, match="full"):
        create_store(f"sqlite:///{small_disk}/tally.db")


@pytest.fixture
def shared():
    """A folder that another user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="tally-shared-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def by_somebody_else(work, url):
    """Return the error that a user without rights gets; root could write everywhere."""
    receiving, sending = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=without_rights, args=(work, url, sending))
    process.start()
    sending.close()
    error = receiving.recv()
    process.join()
    receiving.close()
    return error


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o555), (0o444, 0o777)])
def test_refuses_to_write_a_read_only_ledger(some, shared, file_mode, folder_mode):
    path = Path(shutil.copy(path_of(some), shared))
    path.chmod(file_mode)
    shared.chmod(folder_mode)
    url = f"sqlite:///{path}"
    before = path.read_bytes()
    error, words = by_somebody_else("record", url)
    assert error == "StoreFaultError"
    assert words.startswith(f"{url}: ")
    assert "rights" in words or "write in its folder" in words
    assert path.read_bytes() == before


def test_refuses_an_unreadable_ledger(some, shared):
    path = Path(shutil.copy(path_of(some), shared))
    path.chmod(0)
    url = f"sqlite:///{path}"
    assert by_somebody_else("record", url) == (
        "StoreFaultError",
        f"{url}: Permission denied; check the file, its folder and the disk. Nothing was written.",
    )


def test_refuses_to_create_a_ledger_in_a_read_only_folder(shared):
    shared.chmod(0o555)
    error, words = by_somebody_else("create", f"sqlite:///{shared}/tally.db")
    assert error == "StoreFaultError"
    assert "Permission denied" in words


@pytest.mark.parametrize("part", [0.5, 0.9, 0.1])
def test_truncated_file_is_reported_as_damaged(sqlite_url, part):
    store = create_store(sqlite_url)
    record(store, *(unit(f"V{i}") for i in range(2000)), verify_by="head")
    store.close()
    path = path_of(sqlite_url)
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * part))
    status, error = tally(sqlite_url, "score")
    assert status == 1
    assert "it is damaged" in error
    store = open_store(sqlite_url)
    with pytest.raises(StoreError, match="it is damaged; run `tally check`"):
        list(store.raw())
    assert any("SQLite finds" in words for words in store.audit())
    with pytest.raises(StoreError, match="it is damaged"):
        store.recorder.insert_events(events("A", 2000))
    store.close()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is no such file"),
        (b"", "the file is something else"),
        (b"kind,id,name\nunit,V001,one\n", "the file is something else"),
        (b"SQLite format 3\0" + b"\0" * 10, "the file is something else"),
    ],
)
def test_refuses_a_file_that_is_not_a_ledger(sqlite_url, content, why):
    if content is not None:
        path_of(sqlite_url).write_bytes(content)
    with pytest.raises(NotALedgerError, match=f"{sqlite_url} is not a ledger: {why}"):
        open_store(sqlite_url)
    if content:
        with pytest.raises(NotALedgerError, match="there is another file of that name"):
            create_store(sqlite_url)
        assert path_of(sqlite_url).read_bytes() == content


def test_refuses_a_folder_and_a_missing_folder(tmp_path):
    with pytest.raises(NotALedgerError, match="it is not a file"):
        open_store(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreError, match=r"no/such does not exist; make it first"):
        create_store(f"sqlite:///{tmp_path}/no/such/tally.db")


def test_refuses_a_database_of_another_program(sqlite_url):
    connection = sqlite3.connect(path_of(sqlite_url))
    connection.execute("CREATE TABLE other (a)")
    connection.close()
    with pytest.raises(NotALedgerError, match="the file is something else"):
        open_store(sqlite_url)
    with pytest.raises(NotALedgerError, match="there is another file of that name"):
        create_store(sqlite_url)


def test_refuses_a_newer_schema(some):
    connection = sqlite3.connect(path_of(some))
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    status, error = tally(some, "score")
    assert status == 1
    assert "was written by a newer tally (schema 3; this one knows 2); update tally" in error


def test_every_reading_reports_a_damaged_page(some):
    path = path_of(some)
    with path.open("r+b") as file:
        file.seek(4096 * 1)
        file.write(b"\xff" * 4096)
    store = open_store(some)
    for reading in (
        lambda: store.recorder.select_notifications(1, 10),
        lambda: store.recorder.select_events("V1"),
        store.recorder.max_notification_id,
        lambda: list(store.raw()),
        lambda: store.recorder.insert_events(events("A", 1)),
    ):
        with pytest.raises(StoreError, match=r"malformed; it is damaged"):
            reading()
    store.close()
