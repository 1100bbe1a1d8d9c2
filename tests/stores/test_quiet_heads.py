"""A SQLite ledger that nobody has open tells where it ends without being locked."""

import os
import sqlite3
from contextlib import closing

import pytest

from ledger.stores import create_store, open_store
from ledger.stores.sqlite_heads import quiet_position
from tests.region.small_towns import make_town


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a%20b#ä.db"


def url(path):
    return f"sqlite:///{path.as_posix().replace('%', '%25')}"


def test_is_the_position_of_the_last_event_and_leaves_nothing_beside_the_file(path):
    position = make_town(url(path), 3)
    assert quiet_position(path) == position
    assert list(path.parent.iterdir()) == [path]
    empty = path.with_name("empty.db")
    create_store(url(empty)).close()
    assert quiet_position(empty) == 0


def test_is_not_told_while_the_ledger_is_open_with_a_newer_event_in_its_log(path):
    make_town(url(path), 0)
    with closing(open_store(url(path))) as store:
        assert store.recorder.max_notification_id()
        assert quiet_position(path) is None
    assert quiet_position(path) is not None


def test_is_not_told_of_what_only_opening_can_judge(path, tmp_path):
    make_town(url(path), 0)
    link, other = tmp_path / "link.db", tmp_path / "other.db"
    link.symlink_to(path)
    os.link(path, other)
    assert [quiet_position(one) for one in (link, path, other, tmp_path / "none.db")] == [None] * 4
    other.unlink()
    assert quiet_position(path) is not None
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("PRAGMA journal_mode = DELETE")
    assert quiet_position(path) is None
    path.write_bytes(b"no database, but long enough to be read as the header of one, it seems" * 9)
    assert quiet_position(path) is None
