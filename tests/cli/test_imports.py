"""Commands that only read import no library that only validation and writing need.

Importing pydantic and eventsourcing takes longer than most of these commands.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.cli.running import ROOT, process

WRITING = {"pydantic", "pydantic_core", "eventsourcing"}
READING = [
    "--help",
    "score --help",
    "record petition_batch --help",
    "correct --help",
    "region score --help",
    "score --no-cache",
    "score --json",
    "score --unit V025 --format csv",
    "score --as-of 9000",
    "explain V025 2016Q2",
    "explain V025 2016 --json",
    "diff --from 2016Q2",
    "rules",
    "history B-2016-0001",
    "history 2016Q2 --json",
    "score --as-of 2026-11-24T09:00",
    "diff --from 2016-07-01",
]

RUN_ALL = """
import io, json, sys
from contextlib import redirect_stdout
from cli.main import main

for command in json.loads(sys.argv[1]):
    with redirect_stdout(io.StringIO()):
        try:
            main(command.split())
            status = 0
        except SystemExit as end:
            status = end.code or 0
    packages = {name.partition(".")[0] for name in sys.modules}
    print(json.dumps([command, status, sorted(packages)]))
"""
"""A program that runs commands and prints after each its status and all packages imported."""


@pytest.fixture(scope="module")
def url(tmp_path_factory, demo):
    """Return the URL of a ledger with a published quarter and an objection that was decided."""
    town = demo.copy(tmp_path_factory.mktemp("reading"))
    town("object", "B-2016-0001", "--unit", "V001", "--reason", "人数有误", "--by", "clerk").ok()
    town("decide", "B-2016-0001.O", "upheld", "--reason", "核实", "--by", "head").ok()
    return town.url


@pytest.fixture(scope="module", params=["en", "zh"])
def imported(request, url):
    """Run all commands in one process; return for each its status and what is imported after it.

    A forbidden import is found at the first command that makes it and at all after it.
    """
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL, json.dumps(READING)],
        env={"PYTHONPATH": str(ROOT), "TALLY_LEDGER": url, "TALLY_LANG": request.param},
        capture_output=True,
        check=True,
        timeout=60,
    )
    lines = map(json.loads, done.stdout.decode().splitlines())
    return {command: (status, set(packages)) for command, status, packages in lines}


@pytest.mark.parametrize("command", READING)
def test_commands_that_read_import_no_models(imported, command):
    status, packages = imported[command]
    assert status == 0
    assert "ledger" in packages
    assert not packages & WRITING


def test_a_process_that_reads_imports_no_models(url, tmp_path):
    profile = [("PYTHONPROFILEIMPORTTIME", "1")]
    run = process("score", "--json", folder=tmp_path, url=url, environment=profile).ok()
    packages = {name.split(".")[0] for name in re.findall(r"\| +(\S+)\n", run.err)}
    assert "ledger" in packages
    assert not packages & WRITING
