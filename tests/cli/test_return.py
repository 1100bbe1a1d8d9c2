"""`tally return` sends entries back to who recorded them; what shows it, and what settles it."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from ledger import read_model
from tests.cli.entries import UNITS, batch

WHY = ("--reason", "人数与登记表不符")
BY_HEAD = ("--by", "head")


@pytest.fixture
def waiting(tally):
    """Return `tally` on a ledger with two villages, and three batches that nobody has verified.

    The villages are at 2–5, the batches at 6–8; their import is number 6.
    """
    tally.take_in(*UNITS)
    tally.take_in(batch(), batch("B-2", matter="XF-2"), batch("B-3", matter="XF-3"), verify_by=None)
    assert tally.position == 8
    return tally


@pytest.fixture
def returned(waiting):
    """Return the same with B-1 sent back, at position 9."""
    waiting("return", "B-1", *WHY, *BY_HEAD).ok()
    return waiting


def statuses(tally, *words):
    found = tally("list", "petition_batch", "--json", *words).ok().json["entries"]
    return {one["id"]: (one["status"], one["returned"] is not None) for one in found}


def abnormal(tally, *words):
    """Return V001's abnormal petitions of 2016Q2: an abnormal batch of 3 to the town costs 1."""
    found = tally("score", "--year", "2016", "--json", *words).ok().json
    (unit,) = [one for one in found["units"] if one["unit"] == "V001"]
    return unit["periods"][1]["sections"]["abnormal_petitions"]


def test_several_are_sent_back_at_once(waiting):
    run = waiting("return", "B-1", "B-2", "B-1", *WHY, *BY_HEAD, "--json").ok()
    assert run.json == {"returned": ["B-1", "B-2"], "position": 10}
    assert [(row[1], row[2], row[3]) for row in waiting.rows()[8:]] == [
        ("B-1", 2, "tally.EntryReturned"),
        ("B-2", 2, "tally.EntryReturned"),
    ]
    assert statuses(waiting) == {
        "B-1": ("recorded", True), "B-2": ("recorded", True), "B-3": ("recorded", False)
    }  # fmt: skip
    assert waiting("check", "--json").ok().json["findings"] == []


def test_a_dry_run_writes_nothing(waiting):
    run = waiting("return", "B-1", *WHY, *BY_HEAD, "--dry-run", "--json").ok()
    assert run.json == {"returned": ["B-1"], "position": 8, "dry_run": True}
    assert waiting.position == 8
    table = waiting("return", "B-1", *WHY, *BY_HEAD, "--dry-run").ok().out
    assert table == "dry run, nothing written: sent back B-1; the ledger is at position 8\n"


def test_list_says_who_sent_it_back_and_why(returned):
    (found,) = returned("list", "--returned", "--json").ok().json["entries"]
    told = found["returned"]
    assert (found["id"], found["status"]) == ("B-1", "recorded")
    assert (told["position"], told["by"], told["reason"]) == (9, "head", "人数与登记表不符")
    assert " sent back " in returned("list", "--returned").ok().out
    rows = list(csv.DictReader(StringIO(returned("list", "--format", "csv").ok().out)))
    assert [one["returned_by"] for one in rows if one["id"].startswith("B-")] == ["head", "", ""]


@pytest.mark.usefixtures("zh")
def test_tables_say_it_in_chinese(returned):
    assert " 退回 " in returned("list", "--returned").ok().out
    assert "退回" in returned("history", "B-1").ok().out


def test_history_shows_the_return_between_recording_and_verification(returned):
    returned("verify", "B-1", *BY_HEAD).ok()
    found = returned("history", "B-1", "--json").ok().json["events"]
    assert [(one["position"], one["event"], one["by"]) for one in found] == [
        (6, "recorded", "clerk"),
        (9, "returned", "head"),
        (10, "verified", "head"),
    ]
    assert found[1]["reason"] == "人数与登记表不符"


@pytest.mark.parametrize("words", [["--all"], ["--import", "6"]])
def test_verifying_many_leaves_it_out_and_names_it(returned, words):
    run = returned("verify", *words, *BY_HEAD, "--json").ok()
    assert run.json["verified"] == 2
    assert (
        "1 left unverified, sent back to who recorded them: B-1; `tally verify ID` verifies one "
        "after all" in run.err
    )
    assert statuses(returned) == {
        "B-1": ("recorded", True), "B-2": ("verified", False), "B-3": ("verified", False)
    }  # fmt: skip


def test_verifying_it_by_name_settles_it(returned):
    assert returned("verify", "B-1", *BY_HEAD, "--json").ok().json["verified"] == 1
    assert statuses(returned)["B-1"] == ("verified", False)
    assert statuses(returned, "--returned") == {}
    assert returned("check", "--json").ok().json["findings"] == []


def test_correcting_it_settles_it_and_the_replacement_is_verified_with_all(returned):
    correction = ("--set", "level=district", "--reason", "级别更正", "--by", "clerk", "--yes")
    returned("correct", "B-1", *correction).ok()
    assert statuses(returned)["B-1"] == ("replaced", False)
    run = returned("verify", "--all", *BY_HEAD, "--json").ok()
    # The reversal, the replacement, and the two other batches; the entry itself stays unverified.
    assert run.json["verified"] == 4
    assert "sent back" not in run.err
    assert [one["event"] for one in returned("history", "B-1", "--json").ok().json["events"]] == [
        *("recorded", "returned", "reversed")
    ]
    # The batch to the district costs 2, the others 1 each (三（一）): 12 - 4.
    assert abnormal(returned) == "8"
    assert returned("check", "--json").ok().json["findings"] == []


def test_taking_it_back_settles_it(returned):
    returned("reverse", "B-1", "--reason", "误录", "--by", "clerk", "--yes").ok()
    assert statuses(returned)["B-1"] == ("reversed", False)
    assert returned("verify", "--all", *BY_HEAD, "--json").ok().json["verified"] == 3
    assert abnormal(returned) == "10"


def test_a_replacement_that_is_sent_back_holds_its_reversal_up(waiting):
    """Verified alone, the reversal would leave nothing in the place of what it takes back."""
    waiting("verify", "--all", *BY_HEAD).ok()
    correction = ("--set", "level=district", "--reason", "级别更正", "--by", "clerk", "--yes")
    waiting("correct", "B-1", *correction).ok()
    waiting("return", "B-1.2", *WHY, *BY_HEAD).ok()
    run = waiting("verify", "--all", *BY_HEAD, "--json").ok()
    assert run.json["verified"] == 0
    assert "B-1.R left unverified: B-1.2, which takes the place of what it takes back" in run.err
    assert abnormal(waiting) == "9"
    waiting("correct", "B-1.2", *correction[2:], "--set", "headcount=4").ok()
    assert waiting("verify", "--all", *BY_HEAD, "--json").ok().json["verified"] == 3


@pytest.mark.parametrize("large", [False, True], ids=["whole", "part of the year"])
def test_what_was_sent_back_counts_for_nothing(returned, monkeypatch, large):
    """It has two events, of which none verifies it."""
    if large:
        monkeypatch.setattr(read_model, "SMALL", 0)
    returned("verify", "B-2", *BY_HEAD).ok()
    for more in ([], ["--no-cache"]):
        assert abnormal(returned, *more) == "11"
        assert abnormal(returned, "--provisional", *more) == "9"
        (_, unit) = returned("score", "--json", *more).ok().json["units"]
        assert [one["entry"] for one in unit["open"] if one["kind"] == "unverified"] == [
            *("B-1", "B-3")
        ]
        found = returned("history", "B-1", "--as-of", "8", "--json", *more).ok().json["events"]
        assert [one["event"] for one in found] == ["recorded"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["B-1", *WHY, "--by", "clerk"], "B-1: by: was recorded by clerk; correct it"),
        (["B-1", *WHY, "--by", "Ｃlerk"], "B-1: by: was recorded by clerk; correct it"),
        (["V001", *WHY, "--by", "deputy"], "V001: by: verified already by head on "),
        (["B-9", *WHY, *BY_HEAD], "B-9: is no entry of this ledger; entries alone are sent back"),
        (["measure:2016", *WHY, *BY_HEAD], "measure:2016: is no entry of this ledger"),
        (["B-1", "--reason", " ", *BY_HEAD], "reason"),
        (["B-1", "--reason", "见13800138000", *BY_HEAD], "reason"),
        (["B-2", "B-1", "V001", *WHY, *BY_HEAD], "1 refused; nothing was written"),
    ],
)
def test_it_is_refused_and_nothing_is_written(waiting, words, message):
    before = waiting.stored()
    run = waiting("return", *words, "--json").refused()
    assert message in run.err
    assert "13800138000" not in run.err
    assert run.json["errors"]
    assert waiting.stored() == before


@pytest.mark.parametrize("by", ["head", "deputy"])
def test_it_is_sent_back_once(returned, by):
    run = returned("return", "B-1", "--reason", "又有误", "--by", by).refused()
    assert "B-1: by: was sent back already by head on " in run.err
    assert "(position 9): 人数与登记表不符" in run.err


def test_what_was_taken_back_is_not_sent_back(waiting):
    waiting("reverse", "B-1", "--reason", "误录", "--by", "clerk", "--yes").ok()
    run = waiting("return", "B-1", *WHY, *BY_HEAD).refused()
    assert "B-1: by: was taken back already, by B-1.R" in run.err
