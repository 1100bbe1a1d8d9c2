"""Every help, and examples of refusals and usage errors, word for word in golden files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.commands.region import RegionGroup
from cli.main import COMMANDS
from ledger.entries import BY_KIND
from tests.cli.entries import OF_EACH_KIND, UNITS, batch
from tests.cli.running import examples, helped
from tests.golden import assert_golden

GOLDEN = Path(__file__).parent / "golden"
KINDS_SHOWN = ["petition_batch", "on_site_response", "ruling"]
MEASURE_COMMANDS = ["list", "show", "check", "new", "diff", "adopt"]
ACCOUNT_COMMANDS = ["add", "close", "reset", "passphrase", "list"]
EVIDENCE_COMMANDS = ["add", "list", "get"]
REGION_COMMANDS = RegionGroup().list_commands(None)
GROUPED = [
    *(["measure", name] for name in MEASURE_COMMANDS),
    *(["account", name] for name in ACCOUNT_COMMANDS),
    *(["evidence", name] for name in EVIDENCE_COMMANDS),
    *(["region", name] for name in REGION_COMMANDS),
]
HELPS = {
    "tally": [],
    **{name: [name] for name in COMMANDS},
    **{f"record-{kind}": ["record", kind] for kind in KINDS_SHOWN},
    **{"-".join(words): words for words in GROUPED},
}


@pytest.mark.parametrize("name", HELPS)
def test_help_is_worded_as_in_the_golden_file(name):
    assert_golden(GOLDEN / f"help-{name}.txt", helped(*HELPS[name]))


def test_every_golden_help_is_tested():
    assert {path.stem for path in GOLDEN.glob("help-*.txt")} == {f"help-{name}" for name in HELPS}


@pytest.mark.parametrize(
    "words",
    [[], *([name] for name in COMMANDS), *GROUPED],
    ids=" ".join,
)
def test_every_help_has_a_valid_example(nothing, monkeypatch, words):
    """Run without a ledger, it succeeds or is refused, but is never wrong usage."""
    monkeypatch.chdir(nothing.folder)
    assert "\n  Example:\n" in helped(*words)
    for example in examples(*words):
        assert nothing(*example).status in {0, 1}, example


@pytest.mark.parametrize("kind", BY_KIND)
def test_record_has_an_example_of_every_kind(kind):
    (words,) = examples("record", kind)
    assert words[:2] == ["record", kind]


def test_the_example_of_every_kind_is_valid(nothing):
    for kind in BY_KIND:
        (words,) = examples("record", kind)
        assert nothing(*words).status == 1, words


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_field_has_an_option(kind):
    """Named after the field, with hyphens and with underscores, with its title and description."""
    text = helped("record", kind)
    flat = " ".join(text.split())
    for name, field in BY_KIND[kind].FIELDS.items():
        if name == "kind":
            continue
        for spelling in {f"--{name}", f"--{name.replace('_', '-')}"}:
            assert re.search(rf"(?m)^  (\S+, )*{spelling}[ ,]", text), spelling
        assert field.title, f"{kind}.{name} has no Chinese title"
        assert field.title in flat
        assert field.description, f"{kind}.{name} has no description"
    assert BY_KIND[kind].TITLE in text


@pytest.mark.parametrize("kind", BY_KIND)
@pytest.mark.parametrize("hyphens", [False, True])
def test_every_kind_is_a_command_of_record(kind, hyphens):
    named = kind.replace("_", "-") if hyphens else kind
    assert helped("record", named).startswith(f"Usage: tally record {named} ")


def test_help_marks_required_fields():
    for kind, entry_type in BY_KIND.items():
        options = re.split(r"\n  (?=-)", helped("record", kind))
        for name, field in entry_type.FIELDS.items():
            if name in {"kind", "abnormal"} or not field.required:
                continue
            (found,) = [o for o in options if re.match(rf"(\S+, )?--{name}[ ,]", o)]
            assert "[required]" in found, f"{kind}.{name}"


def test_help_marks_abnormal_as_required():
    found = helped("record", "petition_batch").split("--abnormal")[1].split("--repeated")[0]
    assert "[required]" in found


def test_record_lists_every_kind():
    text = helped("record")
    for kind in BY_KIND:
        assert re.search(rf"(?m)^  {kind}  +\S", text), kind


def test_h_prints_the_help_too(nothing):
    for words in ([], ["score"], ["record", "unit"]):
        assert nothing(*words, "-h").ok().out == helped(*words)


def test_version_is_printed(nothing):
    assert re.fullmatch(r"tally \d+\.\d+\.\d+\n", nothing("--version").ok().out)


REFUSALS = {
    "no-ledger": "score --ledger sqlite:///{folder}/other.db",
    "init-twice": "init",
    "as-of-beyond-the-end": "score --as-of 999",
    "unknown-unit": "explain V009",
    "not-a-unit": "explain B-1",
    "period-not-begun": "explain V001 2016Q4 --through 2016-03-01",
    "unknown-clause": "rules nonsense",
    "unknown-entry": "history B-9",
    "verify-unknown": "verify B-9 --by head",
    "verify-ones-own": "verify C-1 --by CLERK",
    "verify-in-import-by-the-same": "import {folder}/good.jsonl --by clerk --verify-by Clerk",
    "import-conflict": "import {folder}/conflict.jsonl --by clerk",
    "import-bad-lines": "import {folder}/bad.jsonl {folder}/missing.jsonl --by clerk",
    "import-not-utf-8": "import {folder}/gbk.jsonl --by clerk",
    "import-identifier": "import {folder}/mobile.jsonl --by clerk",
    "response-twice": "import {folder}/twice.jsonl --by clerk",
    "reversal-of-nothing": "import {folder}/reversal.jsonl --by clerk",
}


MISUSES = {
    "no-store": "score --ledger tally.db",
    "as-of": "score --as-of yesterday",
    "from": "diff --from yesterday",
    "through": "score --through 2016-02-30",
    "year": "score --year 16",
    "period": "explain V001 2016-Q5#",
    "level": "record petition_batch --id B-2 --unit V001 --matter X --level nation --by clerk",
    "abnormal": "record petition_batch --id B-2 --unit V001 --abnormal perhaps --by clerk",
    "set": "correct B-1 --set headcount --reason x --by clerk",
    "set-level": "correct B-1 --set 级别=县 --reason x --by clerk",
    "set-headcount": "correct B-1 --set 人数=six --reason x --by clerk",
    "output": "score --format xlsx -o scores.xls",
    "json-and-csv": "score --json --format csv",
    "no-name": "verify --all",
}


@pytest.mark.parametrize("name", MISUSES)
def test_usage_errors_are_worded_as_in_the_golden_file(tally, name):
    tally.take_in(*UNITS, batch())
    run = tally(*MISUSES[name].split()).misused()
    assert run.out == ""
    assert_golden(GOLDEN / f"usage-{name}.txt", run.err)


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_are_worded_as_in_the_golden_file(tally, name):
    tally.take_in(*UNITS, batch())
    commendation = {"kind": "commendation", "id": "C-1", "unit": "V001", "level": "city"}
    tally.take_in({**commendation, "issued_on": "2016-03-01"}, verify_by=None)
    response = {"kind": "on_site_response", "unit": "V001", "batch": "B-1", "arrival": "late"}
    tally.file("good.jsonl", batch("B-2"))
    tally.file("conflict.jsonl", batch(headcount=4, level="city"))
    tally.file("bad.jsonl", batch("B-2", headcount=0, people=1), "{", {"kind": "petition"})
    tally.file("gbk.jsonl", batch("B-2"), '{"kind": "unit", "name": "丙村"}'.encode("gbk"))
    tally.file("mobile.jsonl", batch("B-2", note="电话13812345678"))
    tally.file("twice.jsonl", {**response, "id": "R-1"}, {**response, "id": "R-2"})
    tally.file("reversal.jsonl", {"kind": "reversal", "id": "X-1", "of": "B-9", "reason": "误录"})
    words = REFUSALS[name].format(folder=tally.folder).split()
    run = tally(*words).refused()
    assert run.out == ""
    text = run.err.replace(str(tally.folder), "{folder}")
    assert_golden(GOLDEN / f"refusal-{name}.txt", text)


def test_every_golden_refusal_is_tested():
    kept = {path.stem for path in GOLDEN.glob("refusal-*.txt")}
    assert kept == {f"refusal-{name}" for name in REFUSALS}
    assert {path.stem for path in GOLDEN.glob("usage-*.txt")} == {
        f"usage-{name}" for name in MISUSES
    }


def test_the_entries_of_each_kind_have_every_field():
    """So the tests that record them cover every field."""
    # The measure of 2016 has no groups.
    shared = {"note", "replaces", "evidence", "group"}
    for kind, entry_type in BY_KIND.items():
        filled = {name for entry in OF_EACH_KIND if entry["kind"] == kind for name in entry}
        assert filled - {"kind"} | shared == set(entry_type.FIELDS) | shared, kind
