"""A replay of stored rows is the fold of their events, and refuses what it cannot be."""

import json
import sqlite3
from contextlib import closing

import pytest

from cli.sample import sample_year
from ledger.application import Ledger
from ledger.errors import DamagedLedgerError
from ledger.register import Register
from ledger.stores import create_store
from projections.rulebook import load_rulebook
from tests.support import submissions


@pytest.fixture
def ledger(tmp_path):
    """The sample year, then an entry that nobody verified, objected to and decided on."""
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    made = Ledger(store, load_rulebook())
    made.record(submissions(sample_year()), "clerk", "head")
    made.record(submissions([{**sample_year()[0], "id": "V999"}]), "clerk")
    made.object("V999", "V001", "名称有误", "clerk")
    made.decide("V999.O", "upheld", "核实", "head")
    yield made
    store.close()


def test_a_replay_is_the_fold_of_the_events(ledger):
    folded = Register().fold(ledger.events())
    replayed = ledger.register_at(folded.position)
    assert replayed == folded
    for entry_id, life in folded.lives.items():
        other = replayed.lives[entry_id].entry
        assert (other.KIND, json.dumps(other.content())) == (
            life.entry.KIND,
            json.dumps(life.entry.content()),
        )


def test_a_replay_in_two_parts_is_the_same(ledger):
    whole = ledger.register()
    for middle in (0, 1, 5_158, 5_159, 10_000, whole.position):
        register = ledger.register_at(middle)
        assert register.position == middle
        assert register.fold(ledger.events(middle)) == whole


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM stored_events WHERE position = 5000",
        "UPDATE stored_events SET state = x'00' WHERE position = 5000",
        "UPDATE stored_events SET topic = 'this:s' WHERE position = 5000",
        "UPDATE stored_events SET originator_id = 'V0000' WHERE position = 6000",
    ],
)
def test_a_damaged_row_is_told_by_its_position(ledger, damage):
    place = damage[-4:]
    with closing(sqlite3.connect(ledger.store.path)) as connection:
        for name in ("no_update", "no_delete"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(damage)
        connection.commit()
    with pytest.raises(DamagedLedgerError, match=f"position {place}: .*tally check"):
        ledger.register_at(10_000)
