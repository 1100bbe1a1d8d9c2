"""What surrounds the program: closed and full outputs, folders, names on the path."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT, Tally, raw

NOT_TEXT = b"\xb4\xe5"
RECORD = ("record", "yellow_card", "--id", "Y-1", "--unit", "V001", "--issued-on", "2016-06-20")


def files_of(tally):
    """Return name, number, size and time of change of every file beside a ledger."""
    found = {path: path.stat() for path in tally.folder.iterdir()}
    return {path: (one.st_ino, one.st_size, one.st_mtime_ns) for path, one in found.items()}


@pytest.mark.parametrize("words", [["score"], ["score", "--json"], ["check"], ["explain", "V001"]])
def test_a_closed_output_is_named(town, words):
    run = raw(*words, "--ledger", town.url, folder=town.folder, shell=">&-", stderr=subprocess.PIPE)
    assert run.returncode == 1
    assert run.stderr.decode() == (
        "tally: standard output is closed; nothing was done. Send it to a file or /dev/null\n"
    )


def test_nothing_is_recorded_if_the_output_is_closed(town):
    before = town.rows()
    words = (*RECORD, "--by", "clerk", "--ledger", town.url)
    run = raw(*words, folder=town.folder, shell=">&-", stderr=subprocess.PIPE)
    assert run.returncode == 1
    assert town.rows() == before


@pytest.mark.parametrize("shell", [">/dev/full", "1</dev/null"])
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_what_was_recorded_is_not_refused_for_a_full_output(town, shell, form):
    words = (*RECORD, "--by", "clerk", "--ledger", town.url, "--format", form)
    run = raw(*words, folder=town.folder, shell=shell, stderr=subprocess.PIPE)
    assert run.returncode == 3
    assert "What the command was to do is done: do not repeat it" in run.stderr.decode()
    assert "Traceback" not in run.stderr.decode()
    assert town.position == 8


def test_what_was_recorded_is_not_refused_for_a_broken_pipe(town):
    reading, writing = os.pipe()
    os.close(reading)
    words = (*RECORD, "--by", "clerk", "--ledger", town.url)
    run = raw(*words, folder=town.folder, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert run.returncode == 3, run.stderr
    assert town.position == 8


@pytest.mark.parametrize("words", [["checkpoint"], ["backup", "copy.db"], ["demo", "town"]])
def test_other_commands_that_write_tell_the_same(town, words):
    more = [] if words[0] == "demo" else ["--ledger", town.url]
    run = raw(*words, *more, folder=town.folder, shell=">/dev/full", stderr=subprocess.PIPE)
    assert run.returncode == 3, run.stderr


@pytest.mark.parametrize("words", [["score"], ["list", "--json"], ["verify", "--all", "--dry-run"]])
def test_a_command_that_only_reads_ends_with_1(town, words):
    more = ["--by", "head"] if words[0] == "verify" else []
    command = (*words, *more, "--ledger", town.url)
    run = raw(*command, folder=town.folder, shell=">/dev/full", stderr=subprocess.PIPE)
    assert run.returncode == 1
    assert "the output cannot be written: No space left" in run.stderr.decode()
    assert "Traceback" not in run.stderr.decode()


def test_closed_errors_and_input_do_not_stop_a_command(town):
    words = (*RECORD, "--by", "clerk", "--ledger", town.url)
    run = raw(*words, folder=town.folder, shell="2>&- <&-", stdout=subprocess.PIPE)
    assert run.returncode == 0
    assert town.position == 8


def test_a_closed_input_does_not_stop_a_bulletin_with_open_points(town):
    """B-1 has no response yet: on a terminal `publish` asks, without an input it cannot."""
    words = ("publish", "2016Q2", "--through", "2016-05-31", "--by", "office", "--ledger", town.url)
    run = raw(*words, folder=town.folder, shell="<&-", capture_output=True)
    assert "still open" in run.stderr.decode()
    assert (run.returncode, town.position) == (0, 8), run.stderr


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_an_answer_in_another_encoding_is_no_answer(town, encoding):
    before = town.rows()
    words = ("correct", "B-1", "--set", "headcount=9", "--reason", "x", "--by", "clerk")
    environment = {"TALLY_LEDGER": town.url, "PYTHONIOENCODING": encoding}
    answer = {"input": b"\xe6\x98\n", "capture_output": True}  # half of 是
    run = raw(*words, folder=town.folder, environment=environment, **answer)
    assert (run.returncode, town.rows()) == (1, before), run.stderr
    assert b"not confirmed; nothing was written" in run.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["site", "x", "--ledger", "{url}"],
        ["init"],
        ["score"],
        ["backup", "x.db", "--ledger", "{url}"],
        ["measure", "new", "x"],
    ],
)
def test_a_deleted_folder_is_named(town, tmp_path_factory, words):
    folder = tmp_path_factory.mktemp("gone")
    run = subprocess.run(
        [
            *("sh", "-c", 'cd "$1" && rmdir "$1" && shift && exec "$@"', "sh", str(folder)),
            *(
                sys.executable,
                "-c",
                "import sys; sys.path.insert(0, sys.argv.pop(1)); import cli.main as m; m.main()",
                str(ROOT),
            ),
            *(word.format(url=town.url) for word in words),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "TALLY_LEDGER"},
    )
    assert run.returncode == 1, run.stderr
    assert "Traceback" not in run.stderr
    assert run.stderr.startswith("tally: ")


@pytest.mark.parametrize("place", ["path", "folder"])
@pytest.mark.parametrize("name", ["cli.py", "ledger.py", "projections"])
def test_the_program_starts_beside_files_of_the_same_names(nothing, place, name):
    """`cli.py` on PYTHONPATH, or in the current folder, is not the program's package."""
    beside = nothing.folder / name
    if name == "projections":
        beside.mkdir()
        beside /= "__init__.py"
    beside.touch()
    path = str(nothing.folder) if place == "path" else ""
    start = (
        f"import sys, importlib.util as u; s = u.spec_from_file_location('tally_ledger', "
        f"{str(ROOT / 'tally_ledger.py')!r}); m = u.module_from_spec(s); "
        "s.loader.exec_module(m); m.main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", start, "init", "--ledger", nothing.url],
        cwd=nothing.folder,
        env={**os.environ, "PYTHONPATH": f"{path}{os.pathsep}{path}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert nothing.position == 1


@pytest.mark.parametrize(
    "words",
    [
        ["score", "--ledger", b"sqlite:///" + NOT_TEXT + b".db"],
        ["init", "--ledger", b"sqlite:///" + NOT_TEXT + b".db"],
        ["history", NOT_TEXT],
        ["score", b"--unit=" + NOT_TEXT],
        ["record", "unit", "--name", NOT_TEXT, "--type", "village", "--by", "clerk"],
        ["verify", "--all", "--by", NOT_TEXT],
        ["explain", NOT_TEXT],
        ["backup", NOT_TEXT],
        [NOT_TEXT],
    ],
)
def test_a_word_that_is_not_text_is_wrong_usage(town, words):
    before = sorted(town.folder.iterdir())
    environment = {"TALLY_LEDGER": town.url}
    run = raw(*words, folder=town.folder, environment=environment, capture_output=True)
    assert run.returncode == 2, run.stderr
    assert b"is not text in UTF-8" in run.stderr
    assert b"Traceback" not in run.stderr
    assert sorted(town.folder.iterdir()) == before


def test_a_url_of_the_environment_that_is_not_text_is_wrong_usage(town):
    environment = {"TALLY_LEDGER": os.fsdecode(b"sqlite:///" + NOT_TEXT)}
    for command in ("init", "score"):
        run = raw(command, folder=town.folder, environment=environment, capture_output=True)
        assert (run.returncode, b"it is not UTF-8" in run.stderr) == (2, True), run.stderr


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_file_whose_name_is_not_text_is_imported_or_refused_in_words(town, form):
    path = Path(os.fsdecode(os.fsencode(town.folder) + b"/" + NOT_TEXT + b".jsonl"))
    path.write_text('{"kind": "unit"}\n')
    words = ("import", os.fsencode(path), "--by", "clerk", "--format", form)
    environment = {"TALLY_LEDGER": town.url}
    run = raw(*words, folder=town.folder, environment=environment, capture_output=True)
    assert run.returncode == 1, run.stderr
    assert b"Traceback" not in run.stderr
    if form == "json":
        assert json.loads(run.stdout)["errors"][0]["file"].endswith("\\xb4\\xe5.jsonl")


@pytest.mark.parametrize("ending", ["\r", "\n", "\u200b"])
def test_a_line_end_of_windows_in_a_url_is_wrong_usage(nothing, ending):
    nothing.url += ending
    for command in ("init", "score"):
        run = nothing(command).misused()
        assert "has the invisible character U+" in run.err
    assert list(nothing.folder.iterdir()) == []


@pytest.mark.parametrize("url", ["sqlite://two.db", "sqlite:///50%ab.db", "sqlite:///"])
def test_a_malformed_path_is_wrong_usage(nothing, monkeypatch, url):
    monkeypatch.chdir(nothing.folder)
    for command in ("init", "score"):
        nothing(command, "--ledger", url).misused()
    assert list(nothing.folder.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ["score", "postgresql://postgres:abc#def@h/town"],
        ["score", "--ledger", "postgresql://postgres:abc#def@h/town"],
        ["score", "--ledger", "postgresql://postgres:ab/cdef@h/town"],
        ["check", "--ledger", "postgresql://postgres:ab?cdef@h/town"],
        ["copy", "postgresql://postgres:ab/cdef@h/town", "there.db"],
        ["copy", "sqlite:///here.db", "mysql://postgres:ab/cdef@h/town"],
        ["history", "postgresql://postgres:ab/cdef@h/town"],
        ["postgresql://postgres:ab/cdef@h/town"],
        ["score", "--year", "postgresql://postgres:ab/cdef@h/town"],
        ["init", "--ledger", "postgresql://postgres:abcdef/town"],
    ],
    ids=" ".join,
)
def test_no_message_shows_a_password(tally, words):
    run = tally(*words)
    assert run.status in {1, 2}
    assert "def" not in run.out + run.err
    assert "***" in run.err or "there.db" in words


@pytest.mark.parametrize("kind", ["another program's database", "text", "pipe"])
def test_init_changes_nothing_beside_a_foreign_file(tally, kind):
    """Nor is the key moved that belongs to a ledger that was there."""
    tally.path.unlink()
    if kind == "text":
        tally.path.write_text("村务公开\n")
    elif kind == "pipe":
        os.mkfifo(tally.path)
    else:
        connection = sqlite3.connect(tally.path)
        connection.execute("CREATE TABLE letters (id)")
        connection.close()
    files = files_of(tally)
    assert "there is another file of that name" in tally("init").refused().err
    assert files_of(tally) == files


def test_publishing_without_a_key_says_so(town):
    (town.folder / "tally.db.key").unlink()
    run = town("publish", "2016Q2", "--by", "office").ok()
    assert "2016Q2 is published without a signed checkpoint: there is no key" in run.err


def test_a_link_to_the_ledger_publishes_with_its_checkpoint(town, tmp_path_factory):
    folder = tmp_path_factory.mktemp("link")
    (folder / "tally.db").symlink_to(town.path)
    linked = Tally(folder)
    assert (
        "without a signed checkpoint" not in linked("publish", "2016Q2", "--by", "office").ok().err
    )
    assert b'"checkpoint":"tally/' in town.rows()[-1][-1]
    assert [path.name for path in folder.iterdir()] == ["tally.db"]
    shutil.rmtree(folder)
