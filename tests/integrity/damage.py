"""Damaged rows, inserted as another program would, and a ledger to insert them into."""

import sqlite3
from contextlib import closing

import pytest

from tests.cli.entries import OF_EACH_KIND, UNITS
from tests.cli.running import Tally

AT = '"at":"2026-01-01T00:00:00.000000Z","by":"nobody"'
VERIFIED = f'{{"class_version":1,{AT}}}'.encode()
FUTURE = VERIFIED.replace(b"2026", b"2099")
UNIT = (
    f'{{"class_version":1,{AT},"import_number":1,'
    '"entry":{"kind":"unit","id":"%s","name":"寅村","type":"village"}}'
)
BATCH = (
    f'{{"class_version":1,{AT},"import_number":1,"entry":{{"kind":"petition_batch","id":"%s",'
    '"unit":"V001","matter":"M-9","level":"city","headcount":-5,"abnormal":true,'
    '"occurred_at":"2016-03-01T01:00:00.000000Z"}}'
)

JUNK = {
    "of the issue": ("junk", 1, "x", b"\0"),
    "no JSON": ("U-9", 1, "tally.UnitRecorded", b"{"),
    "text as state": ("U-9", 1, "tally.UnitRecorded", "x"),
    "id not UTF-8": (b"\xff", 1, "tally.UnitRecorded", b"{}"),
    "id like an aside's, not UTF-8": (b"aside:\xff", 1, "tally.RowSetAside", b"{}"),
    "topic not UTF-8": ("U-9", 1, b"\xff", b"{}"),
    "another entry": ("U-9", 1, "tally.UnitRecorded", (UNIT % "U-8").encode()),
    "value out of bounds": ("B-9", 1, "tally.PetitionBatchRecorded", (BATCH % "B-9").encode()),
    "negative version": ("B-1", -7, "tally.EntryVerified", VERIFIED),
    "version that does not follow": ("B-1", 77, "tally.EntryVerified", VERIFIED),
    "verified, never recorded": ("U-9", 1, "tally.EntryVerified", VERIFIED),
    "in 2099": ("U-9", 1, "tally.EntryVerified", FUTURE),
    "recorded twice": ("V001", 3, "tally.UnitRecorded", (UNIT % "V001").encode()),
    "in the measure's stream": ("measure:2016", 2, "tally.MeasureAdopted", b"{}"),
    "in a publication's stream": ("publication:2016Q1", 1, "tally.FiguresPublished", b"{}"),
    "in its own stream": ("aside:%d", 1, "tally.RowSetAside", b"{}"),
}
"""Originator id (`%d`: the row's own position), version, topic and state of damaged rows."""


def without_guards(path):
    """Take from a ledger what versions before the guards did not have."""
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(
            "DROP TRIGGER only_events; DROP TRIGGER only_checkpoints; PRAGMA user_version = 1"
        )


def insert(path, name, version, topic, state):
    """Append a row as `sqlite3` does, with the triggers in place; return its position."""
    with closing(sqlite3.connect(path)) as raw:
        (last,) = raw.execute("SELECT max(position) FROM stored_events").fetchone()
        name = name % (last + 1) if isinstance(name, str) and "%" in name else name
        raw.execute(
            "INSERT INTO stored_events VALUES (?, CAST(? AS TEXT), ?, CAST(? AS TEXT), ?)",
            (last + 1, name, version, topic, state),
        )
        raw.commit()
    return last + 1


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A ledger without guards with an entry of each kind, and its scores."""
    tally = Tally(tmp_path_factory.mktemp("built")).founded()
    tally.take_in(*UNITS, *OF_EACH_KIND)
    without_guards(tally.path)
    return tally, tally("score", "--json").ok().json["units"]


@pytest.fixture
def tally(built, tmp_path):
    return built[0].copy(tmp_path / "office")


@pytest.fixture
def units(built):
    return built[1]


def set_aside(tally, *positions):
    tally("set-aside", *positions, "--reason", "非本系统写入", "--by", "clerk").ok()
    tally("verify", *(f"aside:{one}" for one in positions), "--by", "head").ok()


def figures(tally, *words):
    return tally("score", "--json", *words).ok().json["units"]
