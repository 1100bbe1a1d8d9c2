"""Damaged publications, objections and decisions are reported by position."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.cli.running import Tally, process

BATCH = "B-2016-0001"
TOPICS = {
    "published": "FiguresPublished",
    "raised": "ObjectionRaised",
    "decided": "ObjectionDecided",
}
CARD = ("--id", "HP-1", "--unit", "V001", "--issued-on", "2016-06-20", "--by", "clerk")
COMMANDS = [
    ("score", "--no-cache"),
    ("score", "--unit", "V001", "--json"),
    ("explain", "V001", "2016Q2"),
    ("history", BATCH),
    ("diff", "--from", "2016Q2"),
    (
        "record",
        "yellow_card",
        "--id",
        "HP-1",
        "--unit",
        "V001",
        "--issued-on",
        "2016-06-20",
        "--by",
        "clerk",
    ),
    ("verify", "--all", "--by", "head"),
]
DAMAGE = {
    "malformed time": (b'"at":"2', b'"at":"x'),
    "missing time": (b'"at":', b'"to":'),
    "missing name": (b'"by":"', b'"bo":"'),
    "unknown key": (b'"by":"', b'"who":"x","by":"'),
    "malformed JSON": (b'"at":', b'"at"'),
    "malformed text": (b'"by":"', b'"by":"\xff'),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stated")
    url = f"sqlite:///{folder}/town/tally.db"

    def run(*words):
        return process(*words, folder=folder, url=url).ok()

    run("demo", "town")
    run("object", BATCH, "--unit", "V001", "--reason", "人数有误", "--by", "clerk")
    run("decide", f"{BATCH}.O", "upheld", "--reason", "核实", "--by", "head")
    return folder / "town" / "tally.db"


@pytest.fixture
def tally(town, tmp_path):
    shutil.copy(town, tmp_path / "tally.db")
    return Tally(tmp_path)


def change(tally, topic, statement, *values):
    """Change the newest row of a topic in the file; return its position."""
    with closing(sqlite3.connect(tally.folder / "tally.db")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            connection.execute(f"DROP TRIGGER {name}")
        query = "SELECT max(position) FROM stored_events WHERE topic = ?"
        ((position,),) = connection.execute(query, ("tally." + TOPICS[topic],))
        connection.execute(
            f"UPDATE stored_events SET {statement} WHERE position = ?", (*values, position)
        )
        connection.commit()
    return position


def assert_reported(tally, position, *, by=COMMANDS):
    """Assert that commands report the position; return their messages.

    With a read model not all commands read the row; without it the first one does.
    """
    runs = [tally(*words) for words in by]
    runs[0].refused()
    messages = [run.err for run in runs if run.status]
    for message in messages:
        assert message.startswith(f"tally: position {position}: "), message
        assert "run `tally check`" in message
    checked = tally("check", "--json")
    assert checked.status == 1
    assert position in {finding["position"] for finding in checked.json["findings"]}
    return messages


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("topic", TOPICS)
def test_damaged_statement_is_reported(tally, topic, damage):
    """By every command where a time is malformed, by `score` and `check` whatever is."""
    position = change(tally, topic, "state = replace(state, ?, ?)", *DAMAGE[damage])
    assert_reported(tally, position, by=COMMANDS if damage == "malformed time" else COMMANDS[:1])


@pytest.mark.parametrize("topic", TOPICS)
def test_time_without_an_offset_is_reported(tally, topic):
    assert_reported(
        tally,
        change(tally, topic, "state = replace(state, ?, ?)", b'Z","by"', b'","by"'),
        by=COMMANDS[:1],
    )


@pytest.mark.parametrize("topic", TOPICS)
def test_state_that_is_a_number_is_reported(tally, topic):
    assert_reported(tally, change(tally, topic, "state = 5"), by=COMMANDS[:1])


def test_unknown_outcome_of_a_decision_is_reported(tally):
    assert_reported(
        tally, change(tally, "decided", "state = replace(state, ?, ?)", b"upheld", b"maybe")
    )


def test_empty_reason_is_reported(tally):
    assert_reported(
        tally, change(tally, "raised", "state = replace(state, ?, ?)", "人数有误".encode(), b"")
    )


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b'{"unit":', b'{"un":'),
        (b'"score":', b'"scrore":'),
        (b'"score":"', b'"score":"x'),
        (b'"rewards":"', b'"rewards":"s'),
        (b'"flags":[]', b'"flags":[0]'),
        (b'"flags":[]', b'"flags":0'),
        (b'"eligible":true', b'"eligible":1'),
    ],
)
def test_malformed_figures_are_reported(tally, was, now):
    assert_reported(tally, change(tally, "published", "state = replace(state, ?, ?)", was, now))


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("time", [b"0001-01-01T00:00:00+08:00", b"9999-12-31T23:59:59-08:00"])
def test_time_beyond_the_calendar_is_reported(tally, topic, time):
    shape = b'"at":"____-__-__T__:__:__.______Z"'
    at = len(b'{"class_version":1,')
    instead = b"".join((b'"at":"', time, b'"'))
    cut = "state = substr(state, 1, ?) || ? || substr(state, ?)"
    assert_reported(tally, change(tally, topic, cut, at, instead, at + len(shape) + 1))


def test_decision_without_its_objection_is_reported(tally):
    position = change(tally, "decided", "originator_id = 'objection:NOPE'")
    for message in assert_reported(tally, position, by=COMMANDS[:4]):
        assert "decided objection:NOPE without what went before it" in message


def test_damage_of_a_large_ledger_is_reported(tally, monkeypatch):
    monkeypatch.setattr("ledger.read_model.SMALL", 0)
    tally("score").ok()
    assert_reported(
        tally, change(tally, "decided", "state = replace(state, ?, ?)", b'"at":"2', b'"at":"x')
    )
