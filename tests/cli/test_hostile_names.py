"""Names with control characters, formulas or the letters of others do no harm to readers."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing

import pytest

from ledger.integrity.checkpoint import sign_head
from ledger.integrity.keys import load_key, load_verifiers
from ledger.stores import open_store
from tests.cli.entries import UNITS, batch
from tests.cli.test_terminals import shown
from tests.integrity.towns import Town

CLEAR = "\x1b[2J\x1b[1;1H"
NAME = f"{CLEAR}甲\x9b8m\u202e村\nwhole"
MARKED = "�[2J�[1;1H甲�8m�村�whole"
HOSTILE = set("\x1b\x9b\u202e")


@pytest.fixture
def town(tally):
    """Return `tally` on a ledger in whose file a unit's name was changed."""
    tally.take_in(*UNITS, batch())
    old, new = f'"{UNITS[0]["name"]}"', json.dumps(NAME)
    with Town(tally.path).without_triggers() as raw:
        words = "UPDATE stored_events SET state = CAST(replace(state, ?, ?) AS BLOB)"
        raw.execute(words, (old, new))
    return tally


COMMANDS = [
    ["score"],
    ["history", UNITS[0]["id"]],
    ["list", "unit"],
    ["list", "--unit", UNITS[0]["id"]],
    ["missing"],
    ["explain", UNITS[0]["id"], "2016"],
    ["prove", UNITS[0]["id"]],
    ["rules"],
    ["check"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_prints_control_characters_of_a_name(town, words):
    if words[0] == "prove":
        # As an earlier version did: today nothing is signed of a ledger that `check` finds damaged.
        with closing(open_store(town.url)) as store:
            sign_head(store, load_key(town.url), load_verifiers(town.url))
    run = town(*words)
    assert HOSTILE.isdisjoint(run.out + run.err)
    assert not any(line.startswith("whole") for line in run.out.splitlines())


def test_a_name_is_shown_with_marks(town):
    assert MARKED in town("score").ok().out
    assert MARKED in town("history", UNITS[0]["id"]).ok().out


def test_json_has_the_name_itself_and_no_control_character(town):
    run = town("score", "--json").ok()
    assert HOSTILE.isdisjoint(run.out)
    assert NAME in {unit["name"] for unit in run.json["units"]}


def test_csv_in_a_file_has_the_name_itself(town):
    rows = list(csv.DictReader(io.StringIO(town("score", "--format", "csv").ok().out)))
    assert NAME in {row["name"] for row in rows}


@pytest.mark.parametrize("form", ["csv", "table"])
def test_on_a_terminal_no_form_has_control_characters(town, form):
    lines = shown(200, "score", "--format", form, url=town.url)
    assert HOSTILE.isdisjoint("".join(lines))
    assert not any(line.startswith("whole") for line in lines)


FORMULAS = ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(A1)", "＝1+1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_spreadsheet_has_no_formula_of_a_name(tally, text, monkeypatch):
    tally.take_in({**UNITS[0], "name": text})
    with monkeypatch.context() as asked:
        asked.setenv("TALLY_CSV", "spreadsheet")
        out = tally("score", "--format", "csv").ok().out
    assert out.startswith("\ufeff"), "Excel reads it as UTF-8"
    (row,) = csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))
    assert row["name"] == f"'{text}"
    (plain,) = csv.DictReader(io.StringIO(tally("score", "--format", "csv").ok().out))
    assert plain["name"] == text
    changed = {key for key in plain if plain[key] != row[key]}
    assert changed == {"name"}, "numbers below zero stay numbers"


@pytest.mark.parametrize("by", ["clеrk", "CLERK", "c1erk", "ｃｌｅｒｋ", "c l e r k"])
def test_nobody_verifies_under_a_name_that_looks_like_the_recorders(tally, by):
    tally.take_in(*UNITS, verify_by=None)
    run = tally("verify", UNITS[0]["id"], "--by", by)
    assert "somebody else must verify it" in run.refused().err
    receipt = tally("verify", "--all", "--by", by, "--json").ok().json
    assert receipt["verified"] == 0
    path = tally.file("more.jsonl", {**UNITS[0], "id": "V900", "name": "另一村"})
    run = tally("import", path, "--by", "clerk", "--verify-by", by)
    assert "cannot verify what clerk records" in run.refused().err


@pytest.mark.parametrize("filler", "\u034f\u115f\u1160\u3164\ufe0f\u2800\u17b4\u180b\U000e0100")
def test_no_account_has_a_character_that_shows_nothing(tally, filler):
    tally.take_in(*UNITS, verify_by=None)
    run = tally("verify", UNITS[0]["id"], "--by", f"clerk{filler}").refused()
    assert "has a control or invisible character in it" in run.err


@pytest.mark.parametrize("name", ["王　工村", "王 工村", "王エ村"])
def test_a_unit_of_a_name_that_looks_the_same_is_doubted(tally, name):
    tally.take_in({**UNITS[0], "name": "王工村"})
    path = tally.file("twin.jsonl", {**UNITS[0], "id": "V900", "name": name})
    assert "has the same name as" in tally("import", path, "--by", "clerk").refused().err
    tally("import", path, "--by", "clerk", "--alike").ok()
