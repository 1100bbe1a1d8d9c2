"""Of two processes that give the same command at once one wins.

The refusal says who won, and when.
"""

from __future__ import annotations

import multiprocessing
import re
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from ledger import codec
from ledger.events import EntryReversed, EntryVerified, ObjectionDecided
from tests.cli.entries import UNITS, batch
from tests.cli.running import ROOT, Run, Tally
from tests.corrections.office import Office, correct_words, minute, reverse_words, temporary_folder
from tests.corrections.office import office as office_in

ROUNDS = 15
PATIENCE = 60
"""Seconds that one clerk waits for the other."""

CLERKS = ("clerk-a", "clerk-b")
ENTRIES = [f"B-{number}" for number in range(1, ROUNDS + 1)]


class Race(NamedTuple):
    """A ledger after a race, and for each entry what the command came to, by clerk."""

    office: Office
    runs: dict[str, dict[str, Run]]


def work(name, orders, start, results):
    """Run one clerk: for each order, at each signal, its command on the next entry."""
    while order := orders.get():
        path, words, entries = order
        tally = Tally(path.parent, path)
        for entry in entries:
            start.wait(PATIENCE)
            results.put((entry, name, tally(*(word.format(entry, name) for word in words))))


@pytest.fixture(scope="module")
def race():
    """Have both clerks give a command for each of some entries at the same moments.

    The words of the command may hold `{0}`, the entry, and `{1}`, the clerk. The two processes
    serve all races of this module: most of a process's time is its start.
    """
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(len(CLERKS)), context.Queue()
    orders = [context.Queue() for _ in CLERKS]
    clerks = [
        context.Process(target=work, args=(name, queue, start, results))
        for name, queue in zip(CLERKS, orders, strict=True)
    ]
    for clerk in clerks:
        clerk.start()

    def run(made, *words, entries=ENTRIES):
        for queue in orders:
            queue.put((made.path, words, entries))
        runs = {entry: {} for entry in entries}
        for _ in range(len(entries) * len(CLERKS)):
            entry, name, answer = results.get(timeout=PATIENCE)
            runs[entry][name] = answer
        return Race(made, runs)

    yield run
    for queue in orders:
        queue.put(None)
    for clerk in clerks:
        clerk.join(PATIENCE)
        assert clerk.exitcode == 0


@contextmanager
def office_with_batches():
    """Yield an office that has verified a batch for each round."""
    with temporary_folder() as folder:
        made = office_in(folder)
        made.take_in(*UNITS, *map(batch, ENTRIES))
        yield made


@pytest.fixture(scope="module")
def corrected(race):
    """A race of corrections."""
    with office_with_batches() as made:
        yield race(made, *correct_words("{0}", "note={0}", by="{1}"), "--yes")


@pytest.fixture(scope="module")
def reversed_(race):
    """A race of reversals."""
    with office_with_batches() as made:
        yield race(made, *reverse_words("{0}", by="{1}"), "--yes")


def winner_and_loser(runs):
    """Return the clerk whose command was done, its run, and the run of the other."""
    (winner,) = (name for name, one in runs.items() if one.status == 0)
    (loser,) = (name for name, one in runs.items() if name != winner)
    return winner, runs[winner], runs[loser]


def sound_events(made):
    """Return (id, event) of all events, after checks of their positions and versions.

    Positions are gap-free from 1, and no version of a stream is stored twice.
    """
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
    """Return by whom, when (as a refusal says it) and at which position it happened."""
    (done,) = (
        one for one in made("history", entry, "--json").ok().json["events"] if one["event"] == event
    )
    at = minute(done["at"])
    return done["by"], at, done["position"]


@pytest.mark.parametrize("which", ["corrected", "reversed_"])
def test_one_clerk_takes_an_entry_back_and_the_other_is_refused(which, request):
    """The refusal names who did it, when and at which position; nothing was written."""
    race = request.getfixturevalue(which)
    assert list(race.runs) == ENTRIES
    assert len(race.runs) == ROUNDS
    for entry, runs in race.runs.items():
        assert sorted(one.status for one in runs.values()) == [0, 1], runs
        winner, _, refused = winner_and_loser(runs)
        assert refused.refused()
        by, at, position = when(race.office, entry, "reversed")
        assert by == winner
        done = f"{entry}.R ({by}, {at}, position {position})"
        assert f"of: {entry} was taken back already, by {done}" in refused.err
        assert refused.err.endswith("refused; nothing was written\n")


@pytest.mark.parametrize(("which", "appended"), [("corrected", 2), ("reversed_", 1)])
def test_after_a_race_the_ledger_holds_each_append_once(which, appended, request):
    """Each entry is taken back once; what was appended can be verified and scored."""
    race = request.getfixturevalue(which)
    events = sound_events(race.office)
    taken_back = [name for name, event in events if isinstance(event, EntryReversed)]
    assert sorted(taken_back) == sorted(ENTRIES)
    before = 1 + 2 * (len(UNITS) + ROUNDS)
    assert len(events) == before + ROUNDS * (appended + 1)
    winners = {winner_and_loser(runs)[0] for runs in race.runs.values()}
    assert winners <= set(CLERKS)
    assert race.office.verify() == len(events) + ROUNDS * appended
    assert race.office("score", "--year", "2016").ok()


def test_some_losers_had_shown_their_preview_already(corrected, reversed_):
    """So the commands did overlap: the loser had found the entry in effect."""
    runs = [*corrected.runs.values(), *reversed_.runs.values()]
    assert any("What would change in 2016" in winner_and_loser(one)[2].out for one in runs)


def test_one_clerk_verifies_an_entry_and_the_other_skips_it(race, office):
    """The other is told by whom it is verified already."""
    office.take_in(*UNITS, *map(batch, ENTRIES), verify_by=None)
    for entry, runs in race(office, "verify", "{0}", "--by", "{1}").runs.items():
        assert {one.status for one in runs.values()} == {0}
        words = {re.sub(r"\d+$", "", one.out.strip()): name for name, one in runs.items()}
        assert sorted(words) == [
            "recorded 0, verified 0, skipped 1; the ledger is at position ",
            "recorded 0, verified 1, skipped 0; the ledger is at position ",
        ]
        winner = words["recorded 0, verified 1, skipped 0; the ledger is at position "]
        loser = words["recorded 0, verified 0, skipped 1; the ledger is at position "]
        assert when(office, entry, "verified")[0] == winner
        assert runs[winner].err == ""
        assert f"{entry}: verified already by {winner}" in runs[loser].err
    verified = [name for name, event in sound_events(office) if isinstance(event, EntryVerified)]
    assert sorted(verified) == sorted(ENTRIES)


def test_one_clerk_decides_an_objection_and_the_other_is_refused(race, town):
    objections = [
        town("object", "B-1", "--unit", "V001", "--reason", "不符", "--by", "clerk", "--json")
        .ok()
        .json["objection"]
        for _ in range(10)
    ]
    words = ["decide", "{0}", "upheld", "--reason", "核实", "--by", "{1}"]
    for objection, runs in race(town, *words, entries=objections).runs.items():
        winner, _, refused = winner_and_loser(runs)
        by, at, position = when(town, objection, "decided")
        assert by == winner
        first = f"was upheld already by {by} on {at} (position {position})"
        assert refused.refused().err == (
            f"tally: {objection}: {first}\ntally: 1 refused; nothing was written\n"
        )
    decided = [event for _, event in sound_events(town) if isinstance(event, ObjectionDecided)]
    assert len(decided) == len(objections)


def test_of_two_clerks_who_answer_yes_at_once_one_is_refused(town, folder):
    """Both processes have shown their preview and wait for the answer."""
    asking = [
        subprocess.Popen(
            [sys.executable, "-m", "cli.main", *correct_words("B-1", "headcount=12", by=name)],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "TALLY_LEDGER": town.url, "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in CLERKS
    ]
    for process in asking:
        heard = ""
        while not heard.endswith("[y/N] "):
            letter = process.stderr.read(1)
            assert letter, heard
            heard += letter
    for process in asking:
        process.stdin.write("y\n")
        process.stdin.flush()
    runs = {}
    for name, process in zip(CLERKS, asking, strict=True):
        out, err = process.communicate(timeout=PATIENCE)
        runs[name] = Run(process.returncode, out, err)
    winner, _, refused = winner_and_loser(runs)
    assert refused.status == 1
    by, at, position = when(town, "B-1", "reversed")
    assert by == winner
    assert f"was taken back already, by B-1.R ({by}, {at}, position {position})" in refused.err
    assert "nothing was written" in refused.err
    reversals = [event for _, event in sound_events(town) if isinstance(event, EntryReversed)]
    assert [event.by for event in reversals] == [winner]


def test_a_second_verification_names_time_and_position_of_the_first(town):
    _, at, position = when(town, "B-1", "verified")
    message = town("verify", "B-1", "--by", "deputy").ok().err
    assert at in message
    assert str(position) in message
