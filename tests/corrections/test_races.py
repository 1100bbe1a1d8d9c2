"""Two processes at one entry at once: one wins, the other is told who did it and when."""

from __future__ import annotations

import multiprocessing
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass

import pytest

from ledger import codec
from ledger.events import EntryReversed, EntryVerified, ObjectionDecided
from tests.cli.entries import UNITS, batch
from tests.cli.running import ROOT, Run
from tests.corrections.office import Office, office, run

ROUNDS = 50
PATIENCE = 60
"""Seconds that one clerk waits for the other."""

CLERKS = ("clerk-a", "clerk-b")
ENTRIES = [f"B-{number}" for number in range(1, ROUNDS + 1)]


@dataclass
class Race:
    """What came of a race for each of the entries, by clerk, and the ledger after it."""

    office: Office
    runs: list[dict[str, Run]]


def clerk(url, words, entries, name, start, told):
    """One process: at each signal the same command on the next entry."""
    for entry in entries:
        start.wait(PATIENCE)
        told.put((entry, name, run(url, *(word.format(entry, name) for word in words))))


def race(made, *words, entries=ENTRIES):
    """Both clerks give the command for each entry at the same moment."""
    several = multiprocessing.get_context("spawn")
    start, told = several.Barrier(len(CLERKS)), several.Queue()
    clerks = [
        several.Process(target=clerk, args=(made.url, words, entries, name, start, told))
        for name in CLERKS
    ]
    for one in clerks:
        one.start()
    answers = [told.get(timeout=PATIENCE) for _ in range(len(entries) * len(CLERKS))]
    for one in clerks:
        one.join(PATIENCE)
        assert one.exitcode == 0
    runs: dict[str, dict[str, Run]] = {entry: {} for entry in entries}
    for entry, name, answer in answers:
        runs[entry][name] = answer
    return Race(made, list(runs.values()))


def town(folder):
    made = office(folder)
    made.take_in(*UNITS, *(batch(entry) for entry in ENTRIES))
    return made


def parted(runs):
    """Who won, its run, and the run of the other."""
    (winner,) = (name for name, one in runs.items() if one.status == 0)
    (loser,) = (name for name, one in runs.items() if name != winner)
    return winner, runs[winner], runs[loser]


def sound(made):
    """Positions gap-free from 1 and no version of an entry stored twice; every event by kind."""
    connection = sqlite3.connect(made.path)
    try:
        numbers = connection.execute("SELECT position FROM stored_events ORDER BY 1").fetchall()
        streams = connection.execute(
            "SELECT originator_id, originator_version FROM stored_events ORDER BY 1, 2"
        ).fetchall()
    finally:
        connection.close()
    assert [number for (number,) in numbers] == list(range(1, len(numbers) + 1))
    assert len(set(streams)) == len(streams)
    ledger = made.ledger()
    try:
        return [(row[1], codec.decode(row[3], row[4])) for row in ledger.store.rows()]
    finally:
        ledger.store.close()


def when(made, entry, event):
    """(who, when as a refusal says it, position) of something done to an entry."""
    (done,) = (
        one for one in made("history", entry, "--json").ok().json["events"] if one["event"] == event
    )
    at = done["at"].partition(".")[0].replace("T", " ")
    return done["by"], at, done["position"]


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    words = ["correct", "{}", "--set", "note={}", "--reason", "更正", "--by", "{1}", "--yes"]
    return race(town(tmp_path_factory.mktemp("correct")), *words)


@pytest.fixture(scope="module")
def reversed_(tmp_path_factory):
    words = ["reverse", "{}", "--reason", "误录", "--by", "{1}", "--yes"]
    return race(town(tmp_path_factory.mktemp("reverse")), *words)


@pytest.mark.parametrize("which", ["corrected", "reversed_"])
def test_an_entry_is_taken_back_once(which, request):
    """One of two wins each time; the other is told who did it and when, and writes nothing."""
    raced = request.getfixturevalue(which)
    assert len(raced.runs) == ROUNDS
    for entry, runs in zip(ENTRIES, raced.runs, strict=True):
        assert sorted(one.status for one in runs.values()) == [0, 1], runs
        winner, _, refused = parted(runs)
        assert refused.refused()
        by, at, position = when(raced.office, entry, "reversed")
        assert by == winner
        done = f"{entry}.R ({by}, {at} UTC, position {position})"
        assert f"of: {entry} was taken back already, by {done}" in refused.err
        assert refused.err.endswith("refused; nothing was written\n")


@pytest.mark.parametrize(("which", "appended"), [("corrected", 2), ("reversed_", 1)])
def test_the_ledger_is_sound_after_it(which, appended, request):
    raced = request.getfixturevalue(which)
    events = sound(raced.office)
    taken_back = [name for name, event in events if isinstance(event, EntryReversed)]
    assert sorted(taken_back) == sorted(ENTRIES)
    begun = 2 * (len(UNITS) + ROUNDS)
    assert len(events) == begun + ROUNDS * (appended + 1)
    wins = {winner for winner, _, _ in map(parted, raced.runs)}
    assert wins <= set(CLERKS)
    assert raced.office.verify() == len(events) + ROUNDS * appended
    assert raced.office("score", "--year", "2016").ok()


def test_they_did_race(corrected, reversed_):
    """In some rounds the loser had found the entry standing and shown its preview."""
    runs = [*corrected.runs, *reversed_.runs]
    assert any("What would change in 2016" in parted(one)[2].out for one in runs)


def test_an_entry_is_verified_once(tmp_path):
    """One of two verifies it; for the other it is verified already, and it is told by whom."""
    made = office(tmp_path)
    made.take_in(*UNITS, *(batch(entry) for entry in ENTRIES), verify_by=None)
    raced = race(made, "verify", "{}", "--by", "{1}")
    for entry, runs in zip(ENTRIES, raced.runs, strict=True):
        assert {one.status for one in runs.values()} == {0}
        words = {re.sub(r"\d+$", "", one.out.strip()): name for name, one in runs.items()}
        assert sorted(words) == [
            "recorded 0, verified 0, skipped 1; the ledger is at position ",
            "recorded 0, verified 1, skipped 0; the ledger is at position ",
        ]
        winner = words["recorded 0, verified 1, skipped 0; the ledger is at position "]
        loser = words["recorded 0, verified 0, skipped 1; the ledger is at position "]
        assert when(made, entry, "verified")[0] == winner
        assert runs[winner].err == ""
        assert f"{entry}: verified already by {winner}" in runs[loser].err
    verified = [name for name, event in sound(made) if isinstance(event, EntryVerified)]
    assert sorted(verified) == sorted(ENTRIES)


def test_an_objection_is_decided_once(tmp_path):
    made = office(tmp_path)
    made.take_in(*UNITS, batch())
    objections = [
        made("object", "B-1", "--unit", "V001", "--reason", "不符", "--by", "clerk", "--json")
        .ok()
        .json["objection"]
        for _ in range(10)
    ]
    words = ["decide", "{}", "upheld", "--reason", "核实", "--by", "{1}"]
    raced = race(made, *words, entries=objections)
    for objection, runs in zip(objections, raced.runs, strict=True):
        winner, _, refused = parted(runs)
        by, at, position = when(made, objection, "decided")
        assert by == winner
        told = f"was upheld already by {by} on {at} UTC (position {position})"
        assert refused.refused().err == (
            f"tally: {objection}: {told}\ntally: 1 refused; nothing was written\n"
        )
    decided = [event for _, event in sound(made) if isinstance(event, ObjectionDecided)]
    assert len(decided) == len(objections)


COMMANDS = {
    "correct": ["--set", "headcount=12", "--reason", "更正", "--by"],
    "reverse": ["--reason", "误录", "--by"],
}


@pytest.mark.parametrize("command", ["correct"])
def test_two_commands_that_both_ask(tmp_path, command):
    """Both have shown their preview and wait; both are told y in one moment."""
    made = office(tmp_path)
    made.take_in(*UNITS, batch())
    asking = [
        subprocess.Popen(
            [sys.executable, "-m", "cli.main", command, "B-1", *COMMANDS[command], name],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "TALLY_LEDGER": made.url, "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in CLERKS
    ]
    for one in asking:
        heard = ""
        while not heard.endswith("[y/N] "):
            letter = one.stderr.read(1)
            assert letter, heard
            heard += letter
    for one in asking:
        one.stdin.write("y\n")
        one.stdin.flush()
    runs = {}
    for name, one in zip(CLERKS, asking, strict=True):
        out, err = one.communicate(timeout=PATIENCE)
        runs[name] = Run(one.returncode, out, err)
    winner, _, refused = parted(runs)
    assert refused.status == 1
    by, at, position = when(made, "B-1", "reversed")
    assert by == winner
    assert f"was taken back already, by B-1.R ({by}, {at} UTC, position {position})" in refused.err
    assert "nothing was written" in refused.err
    reversals = [event for _, event in sound(made) if isinstance(event, EntryReversed)]
    assert [event.by for event in reversals] == [winner]


def test_a_second_verification_is_told_when(office):
    office.take_in(*UNITS, batch())
    _, at, position = when(office, "B-1", "verified")
    told = office("verify", "B-1", "--by", "deputy").ok().err
    assert at in told
    assert str(position) in told
