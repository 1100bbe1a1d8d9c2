"""Malformed values are wrong usage (status 2); valid but unknown ones are refused (status 1)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cli.main import COMMANDS
from tests.cli.entries import UNITS, batch
from tests.cli.running import process

CASES = tomllib.loads((Path(__file__).parent / "refusals.toml").read_text(encoding="utf-8"))
TOO_MANY_DIGITS = f"score --as-of {'9' * 5000}"
MALFORMED = {
    **CASES["malformed"],
    TOO_MANY_DIGITS: "is neither a position nor a time; write 128 or 2016-07-01T09:00+08:00",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_wrong_usage(tally, command):
    words = ["unit"] if command == "record" else []
    run = tally(command, *words, "--nonsense").misused()
    assert "No such option" in run.err
    assert "--nonsense" in run.err
    assert run.out == ""


@pytest.mark.parametrize("words", CASES["usage"])
def test_incomplete_or_contradictory_words_are_wrong_usage(tally, words):
    run = tally(*words.split()).misused()
    assert run.out == ""
    assert run.err.startswith("Usage: ")


@pytest.mark.parametrize("words", CASES["unknown"])
def test_refuses_a_valid_value_that_the_ledger_does_not_know(town, words):
    before = town.stored()
    for more in ([], ["--format", "csv"]):
        run = town(*words.split(), *more).refused()
        assert run.out == ""
        assert CASES["unknown"][words] in run.err, run.err
    assert town.stored() == before


@pytest.mark.parametrize("words", MALFORMED, ids=lambda words: words[:50])
def test_a_malformed_value_is_wrong_usage(town, words):
    before = town.stored()
    for more in ([], ["--json"]):
        run = town(*words.split(), *more).misused()
        assert run.out == ""
        assert MALFORMED[words] in run.err, run.err
    assert town.stored() == before


@pytest.mark.parametrize("form", ["table", "csv"])
@pytest.mark.parametrize("command", [["score"], ["rules"], ["verify", "--all", "--by", "head"]])
def test_json_contradicts_another_format(town, command, form):
    before = town.stored()
    for words in (["--json", "--format", form], ["--format", form, "--json"]):
        run = town(*command, *words).misused()
        assert run.out == ""
        assert f"--json means --format json; give it without --format {form}" in run.err
    assert town.stored() == before
    assert town("score", "--json", "--format", "json").ok().json["position"] == 7


def test_explain_says_what_to_do_about_an_unverified_unit(tally):
    tally.take_in(*UNITS, verify_by=None)
    run = tally("explain", "V001").refused()
    assert "V001 is not verified yet; `tally verify` it, or add --provisional" in run.err
    tally("explain", "V001", "--provisional").ok()


def test_a_process_refuses_with_status_1_and_no_traceback(town):
    path = town.file("bad.jsonl", "[" * 100_000, b"\xff", batch(headcount=10**12))
    run = process("import", path, "--by", "clerk", folder=town.folder, url=town.url).refused()
    assert run.out == ""
    assert len(run.err.splitlines()) == 4
    run = process("score", "--as-of", "8", "--json", folder=town.folder, url=town.url).refused()
    assert (run.out, run.err) == ("", "tally: --as-of: the ledger ends at position 7\n")


@pytest.mark.parametrize(
    ("language", "words", "meant"),
    [
        ("en", ["scroe"], "Did you mean one of: 'prove', 'score'?"),
        ("en", ["record", "petition-bach"], "Did you mean 'petition_batch'?"),
        ("zh", ["record", "petition-bach"], "您是否要用 'petition_batch'？"),
    ],
)
def test_suggests_the_command_that_was_meant(tally, monkeypatch, language, words, meant):
    monkeypatch.setenv("TALLY_LANG", language)
    assert meant in tally(*words).misused().err


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["verify", "V001", "--by", ""], "by"),
        (["object", "2016Q2:screening", "--unit", "V001", "--reason", " ", "--by", "a"], "reason"),
    ],
)
def test_refuses_an_empty_text(tally, words, option):
    tally.take_in(*UNITS)
    assert f"{option}: must not be empty" in tally(*words).refused().err
