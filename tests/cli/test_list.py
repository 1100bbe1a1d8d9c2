"""`tally list` shows entries in four forms; `import` reads the lines that it writes."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from ledger import read_model
from tests.cli.entries import OF_EACH_KIND, UNITS, batch
from tests.cli.running import Tally, process

RIVERS = [
    {"kind": "unit", "id": "T1", "name": "甲镇", "type": "township"},
    {
        "kind": "score",
        "id": "S-1",
        "unit": "T1",
        "year": 2018,
        "item": "1",
        "points": "4.5",
        "office": "river_office",
    },
    {
        "kind": "prosecution",
        "id": "P-1",
        "unit": "T1",
        "decided_on": "2018-05-01",
    },
]


@pytest.fixture
def full(tally):
    """Return `tally` on a ledger of one entry of each kind, some corrected: import 2."""
    tally.take_in(*UNITS, *OF_EACH_KIND)
    return tally


@pytest.fixture
def rivers(nothing):
    """Return `tally` on a ledger under a measure with its own kinds of entries."""
    nothing("init", "--measure", "shicheng-2018-rivers", "--year", "2018").ok()
    nothing.take_in(*RIVERS)
    return nothing


def lines(run):
    return [json.loads(line) for line in run.ok().out.splitlines()]


def test_json_has_the_keys_of_the_contract(town):
    (found,) = town("list", "petition_batch", "--json").ok().json["entries"]
    assert list(found) == [
        *("id", "kind", "unit", "dated", "status", "recorded", "verified", "returned", "content")
    ]
    assert (found["id"], found["kind"], found["unit"]) == ("B-1", "petition_batch", "V001")
    assert (found["dated"], found["status"]) == ("2016-03-05", "verified")
    assert (found["recorded"]["position"], found["recorded"]["by"]) == (4, "clerk")
    assert (found["verified"]["position"], found["verified"]["by"]) == (7, "head")
    assert found["content"] == {**batch(), "repeated": False, "key_person": False}


def test_what_nobody_verified_has_null(town):
    town.take_in(batch("B-2", matter="XF-9"), verify_by=None)
    (found,) = town("list", "--status", "recorded", "--json").ok().json["entries"]
    assert (found["id"], found["verified"]) == ("B-2", None)


@pytest.mark.parametrize(
    "words",
    [
        ["petition_batch"],
        ["petition-batch"],
        ["上访批次"],
        ["--unit", "甲村", "--status", "核定", "--from", "2016-03-05"],
    ],
    ids=str,
)
def test_kinds_units_and_statuses_are_named_in_chinese_too(town, words):
    assert [one["id"] for one in lines(town("list", *words, "--format", "jsonl"))] == ["B-1"]


@pytest.mark.parametrize(
    "words", [["nonsense"], ["--status", "lost"], ["--late-by", "-1"]], ids=str
)
def test_malformed_values_are_wrong_usage(town, words):
    town("list", *words).misused()


def test_an_unknown_unit_and_an_unknown_import_are_refused(town):
    assert town("list", "--unit", "V009").refused().err == (
        "tally: --unit: V009 is not a unit of this ledger\n"
    )
    assert town("list", "--unit", "B-1").refused().err == (
        "tally: --unit: B-1 is not a unit of this ledger\n"
    )
    found = town("list", "--import", "3", "--json").refused().json["errors"]
    assert [one["code"] for one in found] == ["no_such_import"]


def test_selects_what_one_import_recorded(town):
    number = town.take_in(batch("B-2", matter="XF-2"), batch("B-3", matter="XF-3"))["import"]
    assert number == 8
    found = lines(town("list", "--import", number, "--format", "jsonl"))
    assert [one["id"] for one in found] == ["B-2", "B-3"]


def test_jsonl_makes_the_same_entries_in_a_fresh_ledger(full, tmp_path, empty_ledger):
    written = full("list", "--format", "jsonl").ok().out
    assert [json.loads(line)["id"] for line in written.splitlines()] == [
        entry["id"] for entry in [*UNITS, *OF_EACH_KIND]
    ]
    fresh = empty_ledger.copy(tmp_path / "fresh")
    path = fresh.file("all.jsonl", *written.splitlines())
    receipt = fresh("import", path, "--by", "clerk", "--verify-by", "head", "--json").ok().json
    assert receipt["recorded"] == len(UNITS) + len(OF_EACH_KIND)
    assert fresh("list", "--format", "jsonl").ok().out == written
    assert fresh("score", "--json").ok().json["units"] == full("score", "--json").ok().json["units"]


def test_jsonl_imported_where_it_came_from_changes_nothing(full):
    path = full.file("all.jsonl", *full("list", "--format", "jsonl").ok().out.splitlines())
    receipt = full("import", path, "--by", "clerk", "--json").ok().json
    assert (receipt["recorded"], receipt["skipped"]) == (0, len(UNITS) + len(OF_EACH_KIND))


def test_own_kinds_of_a_measure_are_flat_and_read_back(rivers, tmp_path):
    run = rivers("list", "--format", "jsonl")
    assert lines(run) == RIVERS
    assert [one["id"] for one in lines(rivers("list", "score", "--format", "jsonl"))] == ["S-1"]
    assert [one["id"] for one in lines(rivers("list", "部门评分", "--format", "jsonl"))] == ["S-1"]
    found = rivers("list", "--from", "2018-05-01", "--json").ok().json["entries"]
    assert [(one["id"], one["kind"], one["dated"]) for one in found] == [
        ("P-1", "prosecution", "2018-05-01")
    ]
    fresh = Tally(tmp_path / "fresh")
    fresh.folder.mkdir()
    fresh("init", "--measure", "shicheng-2018-rivers", "--year", "2018").ok()
    fresh("import", fresh.file("all.jsonl", *run.out.splitlines()), "--by", "clerk").ok()
    assert fresh("list", "--format", "jsonl").ok().out == run.out


def test_csv_has_a_row_for_each_entry(town):
    out = town("list", "--format", "csv").ok().out
    rows = list(csv.DictReader(StringIO(out, newline="")))
    assert [row["id"] for row in rows] == ["V001", "V002", "B-1"]
    assert rows[2]["recorded_position"] == "4"
    assert rows[2]["verified_by"] == "head"
    assert json.loads(rows[2]["content"]) == {**batch(), "repeated": False, "key_person": False}


def test_the_table_says_what_each_entry_holds(town):
    out = town("list", "petition_batch").ok().out
    assert "matter: XF-B-1, level: town, headcount: 3" in " ".join(out.split())
    assert out.endswith("1 entry\n")


@pytest.mark.usefixtures("zh")
def test_the_table_is_in_chinese_for_a_chinese_reader(town):
    out = town("list", "petition_batch").ok().out
    assert "上访批次" in out
    assert "人数：3" in out
    assert "核定" in out


def test_shows_what_was_known_at_a_position(town):
    found = town("list", "--as-of", "4", "--json").ok().json["entries"]
    assert [(one["id"], one["status"]) for one in found] == [
        ("V001", "recorded"),
        ("V002", "recorded"),
        ("B-1", "recorded"),
    ]


@pytest.mark.parametrize("words", [["--unit", "V001"], ["--unit", "V002"], ["--import", "2"], []])
def test_a_large_ledger_has_the_same_list(full, monkeypatch, words):
    small = full("list", *words, "--json").ok()
    assert small.json["entries"]
    monkeypatch.setattr(read_model, "SMALL", 0)
    assert full("list", *words, "--json").ok().out == small.out
    assert full("list", *words, "--no-cache", "--json").ok().out == small.out


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_is_utf_8_whatever_the_encoding_of_the_console(town, form):
    """`process` decodes standard output as UTF-8."""
    words = ["list", "unit", "--format", form]
    run = process(
        *words, folder=town.folder, url=town.url, environment=[("PYTHONIOENCODING", "gbk")]
    )
    assert run.ok().out == town(*words).ok().out
    assert "甲村" in run.out
