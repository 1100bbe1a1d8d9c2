"""`import` refuses bad lines with all their faults, and writes all entries or none."""

from __future__ import annotations

import json
import os
from types import SimpleNamespace

import pytest

from tests.cli.entries import UNITS, batch

# (line, id, field, start of the message)
BAD_LINES = {
    "not JSON": ("kind: unit", None, None, "is not JSON: "),
    "cut off": ('{"kind": "unit", "id": "V003", "name": "丙', "V003", None, "is not JSON: "),
    "a list": ("[1, 2]", None, None, "must be one JSON object"),
    "a number": ("7", None, None, "must be one JSON object"),
    "null": ("null", None, None, "must be one JSON object"),
    "two objects": ("{} {}", None, None, "is not JSON: "),
    "NUL": ('{"kind": "unit\0"}', None, None, "is not JSON: "),
    "GBK": ('{"kind": "unit", "id": "丙村"}'.encode("gbk"), None, None, "is not UTF-8 (byte "),
    "UTF-16": ('{"kind": "unit"}'.encode("utf-16"), None, None, "is not UTF-8 (byte 1 of"),
    "deep": ("[" * 60_000, None, None, "is not JSON: "),
    "deep and long": ("[" * 100_000, None, None, "is longer than the 65,536 bytes"),
    "deep field": ('{"a":' * 10_000 + "1" + "}" * 10_000, None, None, "is not JSON: "),
    "no kind": ({"id": "B-2"}, "B-2", "kind", "is missing; write one of unit, special_period,"),
    "unknown kind": (
        {"kind": "petition", "id": "B-2"},
        "B-2",
        "kind",
        "is not a kind of entry; write one",
    ),
    "kind of a wrong type": (
        {"kind": 7, "id": "B-2"},
        "B-2",
        "kind",
        "is not a kind of entry; write one",
    ),
    "10^12 people": (batch("B-2", headcount=10**12), "B-2", "headcount", "must be at most 1000000"),
    "10^400 people": (
        batch("B-2", headcount=10**400),
        "B-2",
        "headcount",
        "must be at most 1000000",
    ),
    "no people": (batch("B-2", headcount=0), "B-2", "headcount", "must be at least 1"),
    "minus one": (batch("B-2", headcount=-1), "B-2", "headcount", "must be at least 1"),
    "half a person": (batch("B-2", headcount=1.5), "B-2", "headcount", "must be a whole number"),
    "six in words": (batch("B-2", headcount="6"), "B-2", "headcount", "must be a whole number"),
    "true people": (batch("B-2", headcount=True), "B-2", "headcount", "must be a whole number"),
    "flag in words": (batch("B-2", abnormal="yes"), "B-2", "abnormal", "must be true or false"),
    "unknown level": (batch("B-2", level="beijing"), "B-2", "level", "must be one of 'national', "),
    "unknown field": (batch("B-2", people=6), "B-2", "people", "is not a field of petition_batch"),
    "30 February": (
        batch("B-2", occurred_at="2016-02-30T10:00"),
        "B-2",
        "occurred_at",
        "is not a valid time; check date",
    ),
    "year 9999": (batch("B-2", occurred_at="9999-12-31T23:59"), "B-2", "occurred_at", "must lie"),
    "id with a blank": (batch("B 2"), "B 2", "id", "must be 1 to 64 letters"),
    "id too long": (batch("B" * 65, matter="X"), "B" * 64, "id", "must be 1 to 64 letters"),
    "empty id": (batch(""), "", "id", "must be 1 to 64 letters"),
    "unknown unit": (batch("B-2", unit="V009"), "B-2", "unit", "there is no unit V009; record it"),
    "batch for a unit": (batch("B-2", unit="B-1"), "B-2", "unit", "B-1 is of kind petition_batch"),
    "conflict": (batch(headcount=4), "B-1", "id", "was recorded before with other content, at"),
    "conflict of kinds": (
        {"kind": "yellow_card", "id": "B-1", "unit": "V001", "issued_on": "2016-03-01"},
        "B-1",
        "id",
        "is the number of an entry of kind petition_batch, recorded at position",
    ),
    "key given twice": (
        '{"kind": "unit", "id": "V3", "id": "V3", "name": "x", "type": "farm"}',
        "V3",
        "id",
        "is given twice",
    ),
    "control character": (batch("B-2", note="a\x1b[31mb"), "B-2", "note", "has a control"),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_refuses_a_bad_line_and_the_good_one_before_it(town, refused_import, case):
    line, entry, field, message = BAD_LINES[case]
    path = town.file("bad.jsonl", {**UNITS[0], "id": "V003", "name": "丙村"}, line)
    run = refused_import(path)
    (error, *others) = run.json["errors"]
    assert others == []
    assert (error["file"], error["line"]) == (str(path), 2)
    assert (error["id"], error["field"]) == (entry, field)
    assert error["message"].startswith(message), error["message"]
    named = repr(entry) if entry == "" else entry
    place = ": ".join(part for part in (f"{path}:2", named, field) if part)
    assert run.err.startswith(f"tally: {place}: {message}"), run.err


def test_stops_reading_after_so_many_refused_lines(town, refused_import, monkeypatch):
    """Of the third and the lines after it nothing is told but that they were not read."""
    monkeypatch.setattr("ledger.batch.MOST_REFUSED", 2)
    run = refused_import(town.file("bad.jsonl", *[{"kind": "petition", "id": "B-2"}] * 5))
    assert [one["line"] for one in run.json["errors"]] == [1, 2, 2]
    assert run.json["errors"][2]["message"].startswith(
        "2 lines are refused, and those after this one were not read"
    )


def test_refuses_a_csv_that_would_fill_the_memory(town, refused_import, monkeypatch):
    monkeypatch.setattr("cli.workbooks.csv_files.MOST_BYTES", 20)
    path = town.file("large.csv", "种类,编号,单位", "上访批次,B-1,V001")
    assert "is larger than 0 MB: split it, or write JSONL" in refused_import(path).err


def test_prints_no_control_characters_of_the_input(town, refused_import):
    path = town.file("bad.jsonl", r'{"kind": "unit", "id": "\u001b[31m", "\u001b]0;x": 1}')
    assert "\x1b" not in refused_import(path).err


def test_refuses_an_empty_file(town, refused_import):
    run = refused_import(town.file("empty.jsonl"))
    assert run.err.startswith(f"tally: {town.folder}/empty.jsonl: is empty: there is no entry in")


def test_refuses_a_file_of_blank_lines(town, refused_import):
    refused_import(town.file("blank.jsonl", "", "  ", ""))


def test_refuses_a_missing_file(town, refused_import):
    run = refused_import(town.folder / "missing.jsonl")
    assert run.json["errors"][0]["file"] == f"{town.folder}/missing.jsonl"
    assert "missing.jsonl: cannot be read: No such file or directory" in run.err


def test_refuses_a_directory(town, refused_import):
    assert "cannot be read: Is a directory" in refused_import(town.folder).err


def test_refuses_standard_input_that_is_closed(refused_import, monkeypatch):
    monkeypatch.setattr("cli.commands.import_.sys", SimpleNamespace(stdin=None))
    run = refused_import("-")
    assert run.err.startswith("tally: standard input: cannot be read: Bad file descriptor"), run.err


def test_refuses_standard_input_that_cannot_be_read(refused_import, monkeypatch):
    def readline(_):
        raise OSError(5, "Input/output error")

    stdin = SimpleNamespace(buffer=SimpleNamespace(readline=readline))
    monkeypatch.setattr("cli.commands.import_.sys", SimpleNamespace(stdin=stdin))
    run = refused_import("-")
    assert run.err.startswith("tally: standard input: cannot be read: Input/output error"), run.err


def test_reports_the_bad_lines_of_all_files(town, refused_import):
    one = town.file("one.jsonl", batch("B-2", headcount=0), batch("B-3"), batch("B-4", level="x"))
    two = town.file("two.jsonl", batch("B-5"), "{")
    run = refused_import(one, town.folder / "three.jsonl", two)
    assert [(error["file"], error["line"]) for error in run.json["errors"]] == [
        (str(one), 1),
        (str(one), 3),
        (f"{town.folder}/three.jsonl", None),
        (str(two), 2),
    ]


def test_lists_faults_of_standard_input_at_its_place_among_the_files(town):
    one, two = town.file("one.jsonl", "{"), town.file("two.jsonl", "[")
    run = town("import", one, "-", two, "--by", "clerk", "--json", stdin=b"null").refused()
    files = [error["file"] for error in run.json["errors"]]
    assert files == [str(one), "standard input", str(two)]


def test_reports_all_bad_fields_of_a_line(town, refused_import):
    line = batch("B-2", headcount=0, level="x", occurred_at="yesterday", abnormal=None, more=1)
    run = refused_import(town.file("bad.jsonl", line))
    assert {error["field"] for error in run.json["errors"]} == {
        *("headcount", "level", "occurred_at", "abnormal", "more"),
    }


def test_reports_bad_references_with_bad_lines(town, refused_import):
    run = refused_import(town.file("bad.jsonl", "{", batch("B-2", unit="V009"), batch(headcount=9)))
    assert [error["line"] for error in run.json["errors"]] == [1, 2, 3]


def test_refuses_two_contents_under_one_id(town, refused_import):
    path = town.file("twice.jsonl", batch("B-2"), batch("B-2", headcount=4))
    error = refused_import(path).json["errors"][0]
    assert (error["line"], error["id"]) == (2, "B-2")
    assert "on line 1 of this import (differs in headcount)" in error["message"]


@pytest.mark.parametrize("name", ["pipe.jsonl", "pipe.xlsx"])
def test_refuses_a_pipe_instead_of_waiting_for_it(town, name):
    os.mkfifo(town.folder / name)
    run = town("import", town.folder / name, "--by", "clerk").refused()
    assert "is a pipe or device, not a file" in run.err


def test_imports_all_lines_or_none(town, refused_import):
    """One bad line among a hundred good ones."""
    good = [batch(f"B-{number}") for number in range(100, 200)]
    refused_import(town.file("hundred.jsonl", *good, batch("B-200", unit="V009")))
    receipt = town("import", town.file("good.jsonl", *good), "--by", "clerk", "--json").ok().json
    assert receipt == {"recorded": 100, "verified": 0, "skipped": 0, "import": 8, "position": 107}


def test_dry_run_writes_nothing(town):
    before = town.stored()
    path = town.file("more.jsonl", batch("B-2"), batch())
    words = ["import", path, "--by", "clerk", "--verify-by", "head", "--dry-run"]
    run = town(*words, "--json").ok()
    receipt = {"recorded": 1, "verified": 1, "skipped": 1, "position": 7}
    assert {name: run.json[name] for name in receipt} == receipt
    assert town(*words).ok().out.startswith("dry run, nothing written: recorded 1, verified 1,")
    assert town.stored() == before


def test_dry_run_refuses_what_the_import_refuses(town, refused_import):
    refused_import(town.file("bad.jsonl", batch("B-2"), "{"), more=["--dry-run"])


def test_skips_and_counts_what_was_recorded_before(town):
    before = town.stored()
    path = town.file("again.jsonl", *UNITS, batch(), batch())
    run = town("import", path, "--by", "deputy", "--verify-by", "head", "--json").ok()
    assert run.json == {"recorded": 0, "verified": 0, "skipped": 4, "import": None, "position": 7}
    assert town.stored() == before
    path = town.file("more.jsonl", batch(), batch("B-2"), batch("B-2"))
    run = town("import", path, "--by", "deputy", "--json").ok()
    assert run.json == {"recorded": 1, "verified": 0, "skipped": 2, "import": 8, "position": 8}


def test_skips_the_same_content_written_differently(town):
    """Another order of keys, another offset, blanks, escapes, a byte-order mark."""
    line = dict(reversed(batch(occurred_at="2016-03-05T01:30Z").items()))
    text = "\ufeff  " + json.dumps(line, indent=None, separators=(" , ", " : ")) + "  \r"
    run = town("import", town.file("again.jsonl", text), "--by", "clerk", "--json").ok()
    assert (run.json["skipped"], run.json["position"]) == (1, 7)
