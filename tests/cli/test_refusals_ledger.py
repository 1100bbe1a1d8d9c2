"""Commands refuse what is not a ledger, and leave it as it is."""

from __future__ import annotations

import json
import sqlite3

import pytest

from cli.main import COMMANDS
from tests.cli.entries import UNITS
from tests.cli.running import examples, helped

NEEDING_NONE = {
    *("init", "demo", "restore", "copy", "template", "measure", "schema", "completion"),
    "region",  # its ledgers are named by its own files
}
NEEDING_A_LEDGER = [name for name in COMMANDS if name not in NEEDING_NONE]


def example(command):
    """Return the first example in the help of a command."""
    return next(words for words in examples(command) if "--help" not in words)


def _database(path):
    """Make a database that is not a ledger."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE stored_events (position INTEGER PRIMARY KEY, id TEXT)")
    connection.commit()
    connection.close()


NOT_LEDGERS = {
    "missing": (lambda _: None, "there is no such file"),
    "empty": (lambda path: path.write_bytes(b""), "the file is something else"),
    "another database": (_database, "the file is something else"),
    "text": (lambda path: path.write_text("SQLite format 3, or not\n"), "the file is something"),
    "header alone": (lambda path: path.write_bytes(b"SQLite format 3\0"), "the file is something"),
    "folder": (lambda path: path.mkdir(), ""),
}


@pytest.mark.parametrize("command", NEEDING_A_LEDGER)
@pytest.mark.parametrize("kind", NOT_LEDGERS)
def test_refuses_a_store_that_is_not_a_ledger(nothing, monkeypatch, command, kind):
    """Each command is called as in the example of its help."""
    monkeypatch.chdir(nothing.folder)
    make, why = NOT_LEDGERS[kind]
    make(nothing.path)
    before = nothing.path.read_bytes() if nothing.path.is_file() else None
    line = json.dumps(UNITS[0]).encode()
    for more in ([], ["--json"]) if "--json" in helped(command) else ([],):
        run = nothing(*example(command), *more, stdin=line).refused()
        assert run.out == ""
        assert run.err.startswith(f"tally: {nothing.url} is not a ledger: {why}"), run.err
        assert "Make one with `tally init`, or name another with --ledger." in run.err
    after = nothing.path.read_bytes() if nothing.path.is_file() else None
    assert after == before
    assert list(nothing.folder.iterdir()) == ([] if kind == "missing" else [nothing.path])


@pytest.mark.parametrize("command", NEEDING_A_LEDGER)
@pytest.mark.parametrize("url", ["tally.db", "mysql://host/db", "sqlite:///", "sqlite:"])
def test_a_url_that_names_no_store_is_wrong_usage(nothing, monkeypatch, command, url):
    monkeypatch.chdir(nothing.folder)
    run = nothing(*example(command), "--ledger", url).misused()
    assert f"{url} does not name a store; write sqlite:///path/tally.db" in run.err
    assert run.out == ""


def test_checks_urls_of_the_environment_and_of_copy(nothing, monkeypatch):
    monkeypatch.setattr(nothing, "url", "mysql://user:secret@host/db")
    run = nothing("score").misused()
    assert "mysql://user:***@host/db does not name a store" in run.err
    run = nothing("copy", "sqlite:///here.db", "there.db").misused()
    assert "'TO': there.db does not name a store" in run.err


@pytest.mark.parametrize("kind", ["another database", "text", "header alone"])
def test_init_refuses_another_file(nothing, kind):
    NOT_LEDGERS[kind][0](nothing.path)
    before = nothing.path.read_bytes()
    assert "there is another file of that name" in nothing("init").refused().err
    assert nothing.path.read_bytes() == before


def test_init_refuses_a_missing_folder(nothing):
    run = nothing("init", "--ledger", f"sqlite:///{nothing.folder}/far/off/tally.db").refused()
    assert "off does not exist; make it first" in run.err


def test_init_refuses_a_folder(nothing):
    nothing.path.mkdir()
    nothing("init").refused()


def test_refuses_a_ledger_of_a_newer_version(tally):
    connection = sqlite3.connect(tally.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    run = tally("score").refused()
    assert "was written by a newer tally (schema 99;" in run.err
    assert "update tally to read it" in run.err


def test_demo_refuses_an_existing_folder(nothing):
    run = nothing("demo", nothing.folder).refused()
    assert "exists already; name a new one" in run.err
    assert list(nothing.folder.iterdir()) == []
