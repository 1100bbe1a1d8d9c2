"""Damage in what a town stated: told by its position by whatever reads it, without a traceback."""

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
    "a time that is none": (b'"at":"2', b'"at":"x'),
    "no time": (b'"at":', b'"to":'),
    "nobody": (b'"by":"', b'"bo":"'),
    "an unknown key": (b'"by":"', b'"who":"x","by":"'),
    "no JSON": (b'"at":', b'"at"'),
    "no text": (b'"by":"', b'"by":"\xff'),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stated")
    url = f"sqlite:///{folder}/town/tally.db"

    def run(*words):
        return process(*words, folder=folder, url=url).ok()

    run("demo", "town")
    run("publish", "2016Q2", "--by", "office")
    run("object", BATCH, "--unit", "V001", "--reason", "人数有误", "--by", "clerk")
    run("decide", f"{BATCH}.O", "upheld", "--reason", "核实", "--by", "head")
    return folder / "town" / "tally.db"


@pytest.fixture
def tally(town, tmp_path):
    shutil.copy(town, tmp_path / "tally.db")
    return Tally(tmp_path)


def change(tally, topic, statement, *values):
    """Changes the one row of a topic behind the program's back; its position."""
    with closing(sqlite3.connect(tally.folder / "tally.db")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            connection.execute(f"DROP TRIGGER {name}")
        where = ("tally." + TOPICS[topic],)
        query = "SELECT position FROM stored_events WHERE topic = ?"
        ((position,),) = connection.execute(query, where)
        connection.execute(
            f"UPDATE stored_events SET {statement} WHERE topic = ?", (*values, *where)
        )
        connection.commit()
    return position


def told(tally, position, *, by=COMMANDS):
    """A command that reads it tells its position; by the view not all of them need to.

    What is read without it reads every statement.
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
def test_a_damaged_statement(tally, topic, damage):
    told(tally, change(tally, topic, "state = replace(state, ?, ?)", *DAMAGE[damage]))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_time_without_an_offset(tally, topic):
    told(tally, change(tally, topic, "state = replace(state, ?, ?)", b'Z","by"', b'","by"'))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_state_that_is_a_number(tally, topic):
    told(tally, change(tally, topic, "state = 5"))


def test_an_outcome_that_there_is_not(tally):
    told(tally, change(tally, "decided", "state = replace(state, ?, ?)", b"upheld", b"maybe"))


def test_a_reason_that_is_empty(tally):
    told(tally, change(tally, "raised", "state = replace(state, ?, ?)", "人数有误".encode(), b""))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b'{"unit":', b'{"un":'),
        (b'"score":', b'"scrore":'),
        (b'"score":"', b'"score":"x'),
        (b'"rewards":"', b'"rewards":"s'),
        (b'"vetoed":false', b'"vetoed":0'),
    ],
)
def test_figures_that_are_none(tally, was, now):
    told(tally, change(tally, "published", "state = replace(state, ?, ?)", was, now))


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("time", [b"0001-01-01T00:00:00+08:00", b"9999-12-31T23:59:59-08:00"])
def test_a_time_beyond_the_calendar(tally, topic, time):
    shape = b'"at":"____-__-__T__:__:__.______Z"'
    at = len(b'{"class_version":1,')
    instead = b"".join((b'"at":"', time, b'"'))
    cut = "state = substr(state, 1, ?) || ? || substr(state, ?)"
    told(tally, change(tally, topic, cut, at, instead, at + len(shape) + 1))


def test_a_decision_without_its_objection(tally):
    position = change(tally, "decided", "originator_id = 'objection:NOPE'")
    for message in told(tally, position, by=COMMANDS[:4]):
        assert "decided objection:NOPE without what went before it" in message


def test_on_a_large_ledger_too(tally, monkeypatch):
    monkeypatch.setattr("ledger.read_model.SMALL", 0)
    tally("score").ok()
    told(tally, change(tally, "decided", "state = replace(state, ?, ?)", b'"at":"2', b'"at":"x'))
