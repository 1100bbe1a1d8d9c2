"""Every command's JSON is what `tally schema` says, and no key more."""

from __future__ import annotations

import json

import click
import pytest

from cli.main import COMMANDS, MainGroup
from cli.main import tally as tally_group
from cli.schemas import NAMES, schema
from tests.cli.entries import OF_EACH_KIND, UNITS, batch, reports
from tests.schemas import assert_valid, fault, validator
from tests.support import nested

RIVERS = "shicheng-2018-rivers"


def printing(command, words):
    """Yield the words of every command that takes --json; of `record` one for all kinds."""
    if isinstance(command, click.Group) and words != ["record"]:
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from printing(command.get_command(context, name), [*words, name])
    elif words == ["record"] or any("--json" in one.opts for one in command.params):
        yield " ".join(words)


def commands():
    context = click.Context(tally_group)
    for name in COMMANDS:
        yield from printing(MainGroup.get_command(tally_group, context, name), [name])


def test_every_command_that_prints_json_has_a_schema():
    assert sorted(NAMES) == sorted([*commands(), "errors"])


def objects(value):
    """Return every schema of an object within a schema."""
    return [one for one in nested(value) if one.get("type") == "object"]


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_valid_and_allow_no_unknown_key(name):
    """But for the entries themselves, whose fields are those of their kinds."""
    assert validator(name)
    for found in objects(schema(name)):
        if "additionalProperties" not in found:
            assert list(found["properties"]) == ["id", "kind"]
        elif found["additionalProperties"] is False:
            assert set(found["required"]) <= set(found["properties"])


def test_schema_prints_the_schema_of_a_command(nothing):
    assert nothing("schema", "score").ok().json == schema("score")
    assert nothing("schema", "measure", "list").ok().json == schema("measure list")
    assert schema("score")["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_schema_lists_the_names(nothing):
    assert nothing("schema").ok().out.splitlines() == list(NAMES)
    run = nothing("schema", "--json").ok()
    assert run.json == {"schemas": list(NAMES)}
    assert nothing("schema", "--format", "csv").ok().out.splitlines() == ["schema", *NAMES]


def test_schema_refuses_an_unknown_name_and_csv(nothing):
    assert (
        "there is no schema 'scores'; one of init, demo, "
        in nothing("schema", "scores").refused().err
    )
    nothing("schema", "score", "--format", "csv").misused()


OF_THE_DEMO = [
    "score",
    "score --unit V017 --through 2016-07-31",
    "score --provisional --as-of 500",
    "score --measure shengzhou-2010-62",
    "explain V017 2016Q3",
    "explain V017 2016",
    "explain V017 2016 --provisional",
    "list",
    "list --unit V001",
    "missing",
    "missing --through 2016-06-10",
    "reform shengzhou-2010-62",
    "reform qianlianghu-2016",
    "sensitivity",
    "sensitivity --reading overstay_factor --provisional --as-of 500",
    "margins --unit V017",
    "margins --unit V029 --within 1 --provisional --as-of 500",
    "audit",
    "audit --as-of 500 --days 5 --list late --sort -days",
    "corrections",
    "corrections --unit V005 --as-of 4000",
    "costs",
    "costs --unit V017 --provisional",
    "diff --from 500",
    "diff --from 300 --to 500 --provisional",
    "history B-2016-0004",
    "history B-2016-0004.R",
    "history measure:2016",
    "rules",
    "rules abnormal-petitions",
    "check",
    "schema",
]


def name_of(words):
    return " ".join(words.split()[: 2 if words.startswith("measure") else 1])


@pytest.mark.parametrize("words", OF_THE_DEMO)
def test_readings_of_the_sample_year_are_as_their_schema_says(demo, words):
    found = demo.reading(*words.split(), "--json").ok().json
    assert_valid(name_of(words), found)


@pytest.mark.parametrize(
    "words",
    [
        "measure list",
        "measure list --ledger sqlite:///{folder}/none.db",
        f"measure show {RIVERS}",
        "measure show qianlianghu-2016 screening",
        "measure show shengzhou-2010-62",
        "measure check shengzhou-2010-62",
        f"measure diff qianlianghu-2016 {RIVERS}",
        "measure diff 2016 qianlianghu-2016",
        "measure new {folder}/skeleton",
        "measure new {folder}/copied --from shengzhou-2010-62",
        f"measure adopt {RIVERS} --year 2018 --basis 县办发（2018）5号 --by clerk",
    ],
)
def test_measures_are_told_as_their_schema_says(tally, words):
    found = tally(*words.format(folder=tally.folder).split(), "--json").ok().json
    assert_valid(name_of(words), found)


def test_a_draft_with_problems_is_told_as_its_schema_says(tally):
    tally("measure", "new", tally.folder / "draft", "--from", "shengzhou-2010-62").ok()
    path = tally.folder / "draft" / "measure.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[unknown]\n", encoding="utf-8")
    run = tally("measure", "check", tally.folder / "draft", "--json")
    assert run.status == 1
    assert_valid("measure check", run.json)
    assert run.json["problems"]


def test_receipts_previews_and_refusals_are_as_their_schema_says(tally):
    def printed(name, words, *more):
        run = tally(*words.split(), *more, "--json").ok()
        assert_valid(name, run.json)
        return run.json

    path = tally.file("units.jsonl", *UNITS)
    assert printed("import", "import --by clerk --dry-run", path)["dry_run"] is True
    assert printed("import", "import --by clerk --verify-by head", path)["import"] == 2
    card = "record yellow_card --unit V001 --issued-on 2016-03-01 --by clerk"
    assert printed("record", card)["given"] == ["YC-2016-0001"]
    assert printed("verify", "verify --all --by head --dry-run")["preview"]
    printed("verify", "verify --all --by head")
    printed(
        "correct", "correct YC-2016-0001 --set issued_on=2016-03-02 --reason r --by a --dry-run"
    )
    printed("correct", "correct YC-2016-0001 --set issued_on=2016-03-02 --reason r --by a --yes")
    printed("reverse", "reverse YC-2016-0001.2 --reason r --by a --dry-run")
    printed("reverse", "reverse YC-2016-0001.2 --reason r --by a --yes")
    refused = tally("verify", "nothing", "--by", "head", "--json").refused().json
    assert_valid("errors", refused)


def test_refused_rows_of_a_workbook_tell_sheet_and_column(town):
    path = town.folder / "rows.csv"
    path.write_text("编号,单位,人数\nB-9,V001,零\n", encoding="utf-8")
    found = town("import", path, "--by", "clerk", "--json").refused().json
    assert_valid("errors", found)
    path = town.file("bad.jsonl", batch("B-9", headcount=0), "{", batch("B-8", unit="V9"))
    found = town("import", path, "--by", "clerk", "--json").refused().json
    assert_valid("errors", found)


def test_objections_and_publications_are_as_their_schema_says(town):
    def printed(words):
        found = town(*words.split(), "--json").ok().json
        assert_valid(words.split()[0], found)
        return found

    printed("publish 2016Q2 --by office --through 2016-05-31")
    printed("object B-1 --unit V001 --reason 人数不符 --by clerk")
    printed("object 2016Q2:screening --unit V001 --reason 已报 --by clerk")
    printed("decide B-1.O upheld --reason 属实 --by head")
    printed("correct B-1 --set headcount=6 --reason 属实 --by clerk --yes")
    printed("verify --all --by head")
    printed("verify 2016Q2 --by head")
    for subject in ("B-1", "B-1.O"):
        printed(f"history {subject}")
    assert printed("diff --from 2016Q2")["units"]
    quarters = printed("score")["units"][-1]["periods"]
    assert any("published" in one for one in quarters)
    printed("withdraw 2016Q2 --reason 数据有误 --by head")
    printed("history 2016Q2")
    printed("list --status replaced")


def test_whole_ledgers_are_told_as_their_schema_says(town, tmp_path):
    def printed(name, *words):
        found = town(*words, "--json").ok().json
        assert_valid(name, found)
        return json.dumps(found)

    other, third = (f"sqlite:///{tmp_path / name}.db" for name in ("other", "third"))
    printed("init", "init", "--ledger", f"sqlite:///{tmp_path / 'made'}.db")
    printed("checkpoint", "checkpoint")
    older = town.file("older.txt", town("checkpoint").ok().out.rstrip("\n"))
    town.take_in(batch("B-2", matter="XF-2"))
    printed("checkpoint", "checkpoint")
    proof = town.file("proof.json", printed("prove", "prove", "B-1", "--since", older))
    printed("check", "check")
    printed("check", "check", "--proof", proof, "--against", older)
    printed("backup", "backup", tmp_path / "kept.db")
    printed("restore", "restore", tmp_path / "kept.db", "--ledger", other)
    printed("copy", "copy", town.url, third)
    printed("rebuild", "rebuild")
    town.path.write_bytes(town.path.read_bytes().replace("甲村".encode(), "己村".encode()))
    damaged = town("check", "--json")
    assert damaged.status == 1
    assert damaged.json["findings"]
    assert_valid("check", damaged.json)


def test_the_demo_is_told_as_the_schema_says(nothing):
    assert_valid("demo", nothing("demo", nothing.folder / "town", "--json").ok().json)


def test_a_measure_of_one_account_a_year_is_told_as_the_schema_says(nothing):
    """With own kinds of entries, without periods, quarters or petitions."""
    nothing("init", "--measure", RIVERS, "--year", "2018").ok()
    nothing.take_in(
        {"kind": "unit", "id": "T1", "name": "甲镇", "type": "township"},
        {"kind": "prosecution", "id": "P-1", "unit": "T1", "decided_on": "2018-05-01"},
    )
    for words in ("score", "explain T1", "list", "missing", "rules", "history P-1", "check"):
        found = nothing(*words.split(), "--json").ok().json
        assert_valid(name_of(words), found)
    nothing.publish("2018", "--through", "2018-12-31")
    nothing.take_in({"kind": "unit", "id": "T2", "name": "乙镇", "type": "township"})
    nothing("reverse", "P-1", "--reason", "误录", "--by", "clerk", "--yes").ok()
    nothing("verify", "--all", "--by", "head").ok()
    found = nothing("score", "--json").ok().json
    assert_valid("score", found)
    assert [one["unit"] for one in found["units"] if "published" in one] == ["T1"]
    assert_valid("diff", nothing("diff", "--from", "2018#1", "--json").ok().json)


def test_a_large_town_of_each_kind_is_told_as_the_schema_says(tally):
    tally.take_in(*UNITS, *OF_EACH_KIND, verify_by=None)
    for words in ("score --provisional", "explain V001 2016Q2 --provisional", "list", "missing"):
        assert_valid(name_of(words), tally(*words.split(), "--json").ok().json)
    tally.take_in(*reports("V002", "2016-04"))
    assert_valid("missing", tally("missing", "--json").ok().json)


MUTATED = [
    "score",
    "explain V017 2016Q3",
    "list --unit V001",
    "missing",
    "diff --from 500",
    "history B-2016-0004",
]


@pytest.mark.parametrize("words", MUTATED)
def test_a_key_more_or_less_is_found(demo, words):
    """So that the schemas can fail: at the top, and in each object of the first list."""
    name, whole = name_of(words), demo.reading(*words.split(), "--json").ok().json
    found = {key: value[:2] if isinstance(value, list) else value for key, value in whole.items()}
    lists = [value for value in found.values() if isinstance(value, list) and value]
    first = next(one[0] for one in lists if isinstance(one[0], dict))
    for part in (found, first):
        for key in list(part):
            value = part.pop(key)
            assert fault(name, found) is not None, f"without {key}"
            part[key] = value
        part["undocumented"] = 1
        assert fault(name, found) is not None, "with another key"
        del part["undocumented"]
    assert fault(name, found) is None
