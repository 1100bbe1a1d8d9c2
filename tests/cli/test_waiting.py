"""Whoever only reads waits for no library that only writing needs."""

from __future__ import annotations

import re

import pytest

from tests.cli.running import process

WRITING = {"pydantic", "pydantic_core", "eventsourcing"}
READING = [
    ("--help",),
    ("score", "--help"),
    ("record", "petition_batch", "--help"),
    ("correct", "--help"),
    ("score", "--no-cache"),
    ("score", "--json"),
    ("score", "--unit", "V025", "--format", "csv"),
    ("score", "--as-of", "9000"),
    ("explain", "V025", "2016Q2"),
    ("explain", "V025", "2016", "--json"),
    ("diff", "--from", "2016Q2"),
    ("rules",),
    ("history", "B-2016-0001"),
    ("history", "2016Q2", "--json"),
    ("score", "--as-of", "2026-11-24T09:00"),
    ("diff", "--from", "2016-07-01"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A town that published a quarter's figures, and decided an objection to an entry."""
    folder = tmp_path_factory.mktemp("told")
    url = f"sqlite:///{folder}/town/tally.db"

    def run(*words, **more):
        return process(*words, folder=folder, url=url, **more).ok()

    run("demo", "town")
    run("publish", "2016Q2", "--by", "office")
    run("object", "B-2016-0001", "--unit", "V001", "--reason", "人数有误", "--by", "clerk")
    run("decide", "B-2016-0001.O", "upheld", "--reason", "核实", "--by", "head")
    return run


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_reading_waits_for_no_models(told, words, language):
    more = [("PYTHONPROFILEIMPORTTIME", "1"), ("TALLY_LANG", language)]
    run = told(*words, environment=more)
    imported = {name.split(".")[0] for name in re.findall(r"\| +(\S+)\n", run.err)}
    assert "ledger" in imported, "the list is of what was imported"
    assert not imported & WRITING
