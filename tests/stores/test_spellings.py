"""One ledger by another spelling of its URL is the same ledger, with the same files beside it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.errors import NotALedgerError
from ledger.integrity.check import Check
from ledger.integrity.keys import KeyPaths
from ledger.sidecar_paths import sidecar_path
from ledger.stores import create_store, open_store
from ledger.stores.errors import MalformedUrlError, SeveralNamesError, UnknownStoreError
from ledger.stores.postgres_url import server_of
from ledger.stores.sqlite_url import path_of, url_of
from tests.stores.stored import Clock, ledger, unit
from tests.stores.test_read_only import as_a_reader, let_readers_in
from tests.support import submissions

UNITS = [unit(f"V{number}") for number in range(1, 4)]


@pytest.fixture
def real(tmp_path):
    """A folder with a ledger of 6 events, of which the last 2 are in its log only."""
    let_readers_in(tmp_path)
    folder = tmp_path / "real"
    folder.mkdir()
    store = create_store(f"sqlite:///{folder}/tally.db")
    book = ledger(store, Clock())
    book.record(submissions(UNITS[:2]), "clerk", "head")
    # Another process holds the ledger open, so that its log stays.
    with closing(sqlite3.connect(folder / "tally.db")) as held:
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        held.execute("SELECT count(*) FROM stored_events").fetchall()
        book.record(submissions(UNITS[2:]), "clerk", "head")
        yield folder
    store.close()


def linked(real, kind):
    """Return the path of the ledger by a link, in a folder that may only be read."""
    folder = real.parent / "link"
    if kind == "file":
        folder.mkdir()
        (folder / "tally.db").symlink_to(Path("..") / "real" / "tally.db")
        folder.chmod(0o555)
        return folder / "tally.db"
    if kind == "folder":
        folder.symlink_to("real")
        return folder / "tally.db"
    (real.parent / "first").symlink_to(real / "tally.db")
    folder.symlink_to("first")
    return folder


@pytest.mark.parametrize("kind", ["file", "folder", "link to a link"])
def test_a_link_shows_what_is_in_the_log(real, kind):
    path = linked(real, kind)

    def work():
        store = open_store(f"sqlite:///{path}")
        assert store.position() == 6
        report = Check(store, []).run()
        assert (report.size, report.findings) == (6, [])

    as_a_reader(work) if kind == "file" else work()


def test_a_reader_of_a_folder_in_use_follows_its_log(real):
    real.chmod(0o555)

    def work():
        assert open_store(f"sqlite:///{real}/tally.db").position() == 6

    as_a_reader(work)
    real.chmod(0o755)


@pytest.mark.parametrize("kind", ["file", "folder", "link to a link"])
def test_a_link_has_the_key_of_the_file(real, kind):
    path = linked(real, kind)
    assert KeyPaths(f"sqlite:///{path}").key == real / "tally.db.key"
    assert KeyPaths(f"sqlite:///{path}").leaves == real / "tally.db.leaves"


def test_a_hard_link_is_refused_as_its_log_is_elsewhere(real):
    os.link(real / "tally.db", real.parent / "other.db")
    with pytest.raises(SeveralNamesError, match="one of 2 names of the same file"):
        open_store(f"sqlite:///{real.parent}/other.db")


@pytest.mark.parametrize(
    "spelling",
    ["sqlite:////{}", "sqlite://////{}", "sqlite:///{}", "sqlite:////x/..{}"],
)
def test_slashes_do_not_matter(tmp_path, spelling):
    url = spelling.format(tmp_path / "tally.db")
    assert path_of(url) == tmp_path / "tally.db"
    create_store(url).close()
    assert open_store(f"sqlite:///{tmp_path}/tally.db").position() == 0


def test_a_relative_path_stays_the_same_file_when_the_folder_changes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = create_store("sqlite:///tally.db")
    monkeypatch.chdir("/")
    assert store.position() == 0


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite://two.db", "three slashes, or four"),
        ("sqlite:///50%ab.db", "%ab is not UTF-8; write % itself as %25"),
        ("sqlite:///tally.db\r", r"invisible character U\+000D"),
        ("sqlite:///tally%0D.db", r"invisible character U\+000D"),
        ("sqlite:/tally.db", "takes three slashes"),
        ("sqlite:///tally.db/", "it ends in a slash"),
        ("sqlite:///a%00.db", r"invisible character U\+0000"),
        ("sqlite:///a\u200b.db", r"invisible character U\+200B"),
        ("sqlite:///caf\udce9.db", "it is not UTF-8"),
    ],
)
def test_a_path_that_nobody_means_is_refused(tmp_path, monkeypatch, url, why):
    monkeypatch.chdir(tmp_path)
    for use in (create_store, open_store):
        with pytest.raises(MalformedUrlError, match=why):
            use(url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["sqlite:", "sqlite:///", "sqlite:////"])
def test_a_url_without_a_file_names_no_store(url):
    with pytest.raises(UnknownStoreError):
        open_store(url)


@pytest.mark.parametrize("name", ["50%.db", "a b.db", "a?b#c.db", "村.db", "𬇹.db"])
def test_any_visible_name_is_a_file(tmp_path, name):
    create_store(url_of(tmp_path / name)).close()
    assert (tmp_path / name).is_file()
    with pytest.raises(NotALedgerError):
        open_store(url_of(tmp_path / f"other {name}"))


def test_a_folder_whose_name_is_not_utf_8_holds_a_ledger(tmp_path, monkeypatch):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb4\xe5"))
    folder.mkdir()
    monkeypatch.chdir(folder)
    create_store("sqlite:///tally.db").close()
    assert (folder / "tally.db").stat().st_size
    assert open_store("sqlite:///tally.db").position() == 0


SAME_SERVER = [
    "postgresql://localhost/town",
    "postgresql://LOCALHOST/town",
    "postgresql://localhost.:5432/town",
    "postgres://office@127.0.0.1/town",
    "postgresql://office:p%40@127.0.0.1:5432/town",
    "postgresql://127.0.0.2/to%77n",
    "postgresql://[::1]:5432/town",
    "postgresql:///town",
    "postgresql:///town?host=localhost",
    "postgresql:///?host=127.0.0.1&dbname=town",
    "postgresql:///town?host=/var/run/postgresql",
    "postgresql://localhost/town?schema=public&connect_timeout=3",
    "postgresql://ip6-localhost/town?hostaddr=::1",
]


@pytest.fixture
def config(tmp_path, monkeypatch):
    """The folder of keys; libpq's own settings are not those of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "tally"


@pytest.mark.parametrize("url", SAME_SERVER)
def test_a_server_has_one_key_however_it_is_spelled(config, url):
    assert KeyPaths(url).key == config / "localhost-town-public.key"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://localhost:5433/town", "localhost-5433-town-public"),
        ("postgresql://localhost/town?schema=other", "localhost-town-other"),
        ("postgresql://DB.office.cn./town", "db.office.cn-town-public"),
        ("postgresql://10.0.0.5/town", "10.0.0.5-town-public"),
        ("postgresql://office@h", "h-office-public"),
    ],
)
def test_another_server_database_or_schema_has_another_key(config, url, name):
    assert KeyPaths(url).key == config / f"{name}.key"


def test_the_environment_of_libpq_is_the_same_as_the_url(config, monkeypatch):
    monkeypatch.setenv("PGHOST", "db")
    monkeypatch.setenv("PGPORT", "5433")
    monkeypatch.setenv("PGDATABASE", "town")
    assert KeyPaths("postgresql://").key == config / "db-5433-town-public.key"
    assert server_of("postgresql://db:5433/town") == server_of("postgresql:///")


@pytest.mark.parametrize(
    "earlier", ["127.0.0.1-town-public", "localhost-5432-town-public", "%3A%3A1-5432-town-public"]
)
@pytest.mark.parametrize("url", SAME_SERVER)
def test_a_key_that_was_named_after_a_spelling_is_found(config, earlier, url):
    config.mkdir()
    (config / f"{earlier}.pub").touch()
    assert KeyPaths(url).key == config / f"{earlier}.key"
    assert sidecar_path(url, ".key", "XDG_CONFIG_HOME", ".config") == config / f"{earlier}.key"
