"""Rows that are set aside, and others: neither is answered from a read model made before."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from cli.session import session
from ledger.application import Ledger
from ledger.errors import DamagedLedgerError
from ledger.lookalikes import unit_key
from ledger.read_model.index import stands_key
from ledger.read_model.read_model import open_read_model
from ledger.read_model.sealing import read_model_path
from ledger.stores import open_store
from projections.adopted import Measures
from projections.query import ScoreQuery
from tests.integrity.damage import JUNK, built, figures, insert, set_aside, tally, units

__all__ = ["built", "tally", "units"]

INDEXED = "recorded twice"
"""A damaged row that can be decoded, so that it is indexed until it is set aside."""


@pytest.fixture
def silent(caplog):
    """Return a function that fails if anything was said of the read model."""

    def asked():
        assert [one for one in caplog.messages if "read model" in one] == []

    return asked


def warmed(tally):
    """Let a read model follow the ledger, damaged rows too; return a copy of it."""
    tally("history", "V002").ok()
    return kept(tally, "damaged.view")


def kept(tally, name):
    with closing(sqlite3.connect(read_model_path(tally.url))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return shutil.copy(read_model_path(tally.url), tally.folder / name)


def put_back(tally, old):
    path = read_model_path(tally.url)
    for end in ("-wal", "-shm"):
        path.with_name(f"{path.name}{end}").unlink(missing_ok=True)
    shutil.copy(old, path)


def change(tally, position, state):
    with closing(sqlite3.connect(tally.path)) as raw:
        name = "SELECT sql FROM sqlite_schema WHERE name = 'no_update'"
        (sql,) = raw.execute(name).fetchone()
        raw.execute("DROP TRIGGER no_update")
        raw.execute("UPDATE stored_events SET state = ? WHERE position = ?", (state, position))
        raw.execute(sql)
        raw.commit()


def test_a_read_model_of_before_is_made_again_without_a_finding_or_a_warning(tally, units, silent):
    position = insert(tally.path, *JUNK[INDEXED])
    warmed(tally)
    set_aside(tally, position)
    assert tally("check", "--json").ok().json["findings"] == []
    assert figures(tally) == figures(tally) == figures(tally, "--no-cache") == units
    assert tally("check", "--json").ok().json["findings"] == []
    silent()


def test_one_of_before_that_is_put_back_is_made_again(tally, units, silent):
    position = insert(tally.path, *JUNK[INDEXED])
    old = warmed(tally)
    set_aside(tally, position)
    figures(tally)
    put_back(tally, old)
    assert figures(tally) == units
    tally.take_in({"kind": "yellow_card", "id": "HP-7", "unit": "V001", "issued_on": "2016-05-12"})
    put_back(tally, old)
    assert figures(tally) == figures(tally, "--no-cache") != units
    silent()


def test_a_row_that_is_damage_again_is_not_answered_from_the_read_model(tally, units, silent):
    """Changed after it was set aside; as it was then, it is left out again."""
    row = JUNK[INDEXED]
    position = insert(tally.path, *row)
    set_aside(tally, position)
    assert figures(tally) == units
    change(tally, position, b'{"class_version":1}')
    assert f"position {position}: " in tally("score").refused().err
    change(tally, position, row[3])
    assert figures(tally) == units
    assert tally("check", "--json").ok().json["findings"] == []
    silent()


def test_an_open_read_model_lets_go_of_a_row_when_others_set_it_aside(tally):
    position, key = insert(tally.path, *JUNK[INDEXED]), stands_key("unit", [unit_key("V001")])
    with closing(open_store(tally.url)) as store:
        ledger, model = Ledger(store, Measures), open_read_model(tally.url, store)
        *before, last = model.index.positions("alike", [key])[key]
        assert last == position
        set_aside(tally, position)
        ledger.position()
        model.follow()
        assert model.index.positions("alike", [key])[key] == before != []
        model.close()


def test_pages_know_at_each_position_what_was_known_then(tally, units):
    """Damaged before it was set aside, without it since."""
    position = insert(tally.path, *JUNK["no JSON"])
    set_aside(tally, position)
    with session(tally.url) as opened:

        def scored(to):
            query = ScoreQuery(2016, None, to)
            return opened.loader.scores(query, postings=True, since=0).scores

        head = opened.ledger.position()
        assert len(scored(head).units) == len(scored(position - 1).units) == len(units)
        with pytest.raises(DamagedLedgerError):
            scored(position)
