"""Output in Chinese, word for word in golden files; JSON and CSV do not depend on the language."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.entries import UNITS, batch
from tests.cli.running import process
from tests.golden import assert_golden

HELPS = {"tally": [], "explain": ["explain"], "record-petition_batch": ["record", "petition_batch"]}

TABLES = {
    "score": ["score", "--unit", "V017"],
    "explain": ["explain", "V017", "2016Q3"],
    "explain-year": ["explain", "V006", "2016"],
    "history": ["history", "B-2016-0004"],
    "rules": ["rules", "abnormal-petitions"],
    "diff": ["diff", "--from", "9001", "--to", "9201"],
}

REFUSALS = {
    "no-ledger": ["score", "--ledger", "sqlite:///nowhere.db"],
    "no-store": ["score", "--ledger", "mysql://x"],
    "unknown-unit": ["score", "--unit", "V999"],
    "unknown-entry": ["history", "B-9"],
    "verify-unknown": ["verify", "B-9", "--by", "head"],
    "verify-ones-own": ["verify", "B-1", "--by", "clerk"],
    "through-nonsense": ["score", "--through", "tomorrow"],
    "as-of-nonsense": ["score", "--as-of", "tomorrow"],
    "period-nonsense": ["explain", "V001", "second"],
    "unknown-clause": ["rules", "nonsense"],
    "unknown-command": ["scor"],
    "missing-option": ["verify", "B-1"],
    "wrong-choice": ["decide", "B-1.O", "maybe", "--reason", "x", "--by", "head"],
}

ENGLISH_HELP = "Show this message and exit"

READERS = [
    ["score"],
    ["explain", "V017", "2016Q3"],
    ["explain", "V017", "2016"],
    ["history", "B-2016-0004"],
    ["diff", "--from", "9001", "--to", "9201"],
    ["rules"],
    ["check"],
]


def golden(name, text):
    """Compare a text with its golden file."""
    assert_golden(Path(__file__).parent / "golden" / "zh" / f"{name}.txt", text)


def output(run, tally):
    """Return both streams of a run, without the path of its ledger."""
    return (run.out + run.err).replace(str(tally.folder), "…")


@pytest.mark.usefixtures("zh")
@pytest.mark.parametrize("name", HELPS)
def test_helps_are_worded_as_in_the_golden_file(nothing, name):
    golden(f"help-{name}", nothing(*HELPS[name], "--help").ok().out)


@pytest.mark.usefixtures("zh")
@pytest.mark.parametrize("name", TABLES)
def test_tables_are_worded_as_in_the_golden_file(demo, name):
    golden(f"table-{name}", output(demo(*TABLES[name]).ok(), demo))


def _without_keys(text):
    """Return what `check` prints without the root and the key, which differ in each ledger."""
    text = re.sub(r"根值 \S+，", "根值 …，", text)
    return re.sub(r"tally/[0-9a-f]+\+[0-9a-f]+", "tally/…", text)


@pytest.mark.usefixtures("zh")
def test_check_is_worded_as_in_the_golden_file(demo, tmp_path):
    text = output(demo("check").ok(), demo)
    golden("table-check", _without_keys(text))
    copy = tmp_path / "town.db"
    demo("backup", copy).ok()
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("DROP TRIGGER no_update")
        connection.execute("DROP TRIGGER next_position_only")
        connection.execute("CREATE TABLE beside (a)")
        connection.execute("UPDATE stored_events SET state = '{}' WHERE position = 8")
        connection.execute("UPDATE stored_events SET topic = 'x' WHERE position = 9001")
    run = demo("check", "--ledger", f"sqlite:///{copy}")
    assert run.status == 1
    found = output(run, demo).replace(str(tmp_path), "…")
    golden("table-check-damaged", _without_keys(found))


@pytest.mark.usefixtures("zh")
@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_are_worded_as_in_the_golden_file(tally, name):
    tally.take_in(*UNITS, batch(), verify_by=None)
    run = tally(*REFUSALS[name])
    assert run.status in {1, 2}
    golden(f"refusal-{name}", output(run, tally))


BAD_LINES = [
    "kind: unit",
    {"kind": "unit", "id": "V 1", "name": "", "type": "town"},
    {"kind": "petition_batch", "id": "B-7", "unit": "V999", "matter": "x", "level": "town"},
    {"kind": "inspection_finding", "id": "I", "unit": "V001", "year": 2016, "item": "6"},
    {"kind": "reversal", "id": "R-1", "of": "B-404", "reason": "13812345678"},
    {**batch(), "headcount": 0, "extra": 1},
    {**batch(), "id": "B-8", "unit": "B-1"},
    b"\xff",
]


@pytest.mark.usefixtures("zh")
def test_bad_lines_are_worded_as_in_the_golden_file(tally):
    tally.take_in(*UNITS, batch(), verify_by=None)
    run = tally("import", tally.file("bad.jsonl", *BAD_LINES), "--by", "clerk").refused()
    assert "13812345678" not in run.err
    golden("refusal-bad-lines", output(run, tally))


@pytest.mark.usefixtures("zh")
def test_receipts_are_worded_as_in_the_golden_file(tally):
    """From the import of a batch to its correction, publication and reversal."""
    runs = [
        tally("import", tally.file("a.jsonl", *UNITS, batch()), "--by", "clerk"),
        tally("verify", "--all", "--by", "head"),
        tally("verify", "B-1", "--by", "head"),
        tally("correct", "B-1", "--set", "headcount=6", "--reason", "x", "--by", "clerk", "--yes"),
        tally("publish", "2016Q2", "--by", "office"),
        tally("object", "B-1", "--unit", "V001", "--reason", "x", "--by", "clerk"),
        tally("decide", "B-1.O", "upheld", "--reason", "x", "--by", "head"),
        tally("history", "2016Q2"),
        tally("reverse", "B-1", "--reason", "x", "--by", "clerk", "--yes"),
    ]
    words = "\n".join(output(run, tally) for run in runs)
    words = re.sub(r"20[2-9]\d-\d\d-\d\d[T ][\d:.]+(Z|\+08:00)?", "<时间>", words)
    golden("receipts", re.sub(r"20[2-9]\d-\d\d-\d\d", "<今日>", words))


@pytest.mark.parametrize("command", READERS, ids=" ".join)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_json_and_csv_do_not_depend_on_the_language(demo, monkeypatch, command, form):
    english = demo.reading(*command, "--format", form).ok().out
    monkeypatch.setenv("TALLY_LANG", "zh")
    assert demo(*command, "--format", form).ok().out == english


def test_json_errors_do_not_depend_on_the_language(tally, monkeypatch):
    tally.take_in(*UNITS, batch(), verify_by=None)
    words = "import", tally.file("bad.jsonl", *BAD_LINES), "--by", "clerk", "--json"
    english = tally(*words).refused()
    monkeypatch.setenv("TALLY_LANG", "zh")
    chinese = tally(*words).refused()
    assert chinese.out == english.out
    assert chinese.err != english.err


@pytest.mark.parametrize(
    ("named", "chinese"),
    [
        ({"TALLY_LANG": "zh"}, True),
        ({"TALLY_LANG": "", "LANG": "zh_CN.UTF-8"}, True),
        ({"TALLY_LANG": "", "LC_ALL": "zh_TW.UTF-8", "LANG": "C"}, True),
        ({"TALLY_LANG": "en", "LANG": "zh_CN.UTF-8", "LANGUAGE": "zh_CN"}, False),
        ({"TALLY_LANG": "", "LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
        ({"TALLY_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}, False),
    ],
)
def test_the_environment_chooses_the_language(tmp_path, named, chinese):
    run = process("verify", folder=tmp_path, environment={"PYTHONUTF8": "1", **named}.items())
    assert ("缺少选项" in run.err) is chinese, run.err
    assert ("Missing option" in run.err) is not chinese, run.err


def test_english_does_not_import_the_translation(tmp_path, monkeypatch):
    """Neither a refusal nor a help imports the modules of the Chinese."""
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    for words in (["score", "--ledger", "sqlite:///nowhere.db"], ["score", "--help"]):
        run = process(*words, folder=tmp_path, environment={"TALLY_LANG": "en"}.items())
        assert "cli.language" in run.err
        assert "cli.language.chinese" not in run.err
        assert "cli.language.helping" not in run.err


def test_the_language_is_reset_after_the_command(nothing, monkeypatch):
    """The messages of click are English again, and the environment is not changed."""
    monkeypatch.setenv("TALLY_LANG", "zh")
    assert "缺少选项" in nothing("verify").misused().err
    monkeypatch.setenv("TALLY_LANG", "en")
    assert "Missing option" in nothing("verify").misused().err
    assert "LANGUAGE" not in os.environ


@pytest.mark.parametrize("command", HELPS.values())
def test_helps_follow_the_language_within_one_process(nothing, monkeypatch, command):
    """click keeps the help option in the command, in the language in which it was made."""
    for language, description in (
        ("en", ENGLISH_HELP),
        ("zh", "显示本说明并退出"),
        ("en", ENGLISH_HELP),
    ):
        monkeypatch.setenv("TALLY_LANG", language)
        last = nothing(*command, "--help").ok().out.split("--help")[-1]
        assert description in last, language


@pytest.mark.usefixtures("zh")
def test_helps_are_at_most_80_columns_wide(nothing):
    from cli.language.folding import width_of  # noqa: PLC0415

    for command in HELPS.values():
        body, _, _ = nothing(*command, "--help").ok().out.partition("示例")
        assert max(width_of(line) for line in body.splitlines()) <= 80


@pytest.mark.usefixtures("zh")
def test_history_names_a_withdrawal(town):
    town("publish", "2016Q2", "--by", "office").ok()
    town("withdraw", "2016Q2", "--reason", "有误", "--by", "office").ok()
    out = town("history", "2016Q2").ok().out
    assert "撤回" in out
    assert "withdrawn" not in out


@pytest.mark.usefixtures("zh")
def test_settings_of_the_office_and_refused_arguments_are_named_in_chinese(nothing, town):
    assert "不是有效的整数" in nothing("office", "set", "--objection-days", "x").misused().err
    assert town("explain", "V001", "2016Q9").refused().err.startswith("tally: 考核期：2016Q9 ")
    assert town("office", "show").ok().out == "尚未设置\n"
    given = ("--copies-to", "镇党委", "--objection-days", 5, "--notes-of-law")
    told = "抄送：镇党委\n提出异议的天数：5\n附有关法律政策：是\n"
    assert town("office", "set", *given).ok().out == told
