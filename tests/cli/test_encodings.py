"""What is written and read in another encoding than UTF-8."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout, suppress

import pytest

from cli.main import main
from tests.cli.running import process, raw

RARE = "\U0002c1f9水村"
"""A village of whose name GBK lacks the first character."""

GBK = {"PYTHONIOENCODING": "gbk", "LC_ALL": "zh_CN.GBK", "TALLY_LANG": "zh"}


@pytest.fixture
def rare(tally):
    """Return `tally` on a ledger with a village of a rare name."""
    tally.take_in({"kind": "unit", "id": "V003", "name": RARE, "type": "village"})
    return tally


@pytest.mark.parametrize(
    "words",
    [
        ["prove", "V003", "--json"],
        ["score", "--json"],
        ["score", "--format", "csv"],
        ["list", "--format", "csv"],
        ["list", "--format", "jsonl"],
        ["history", "V003", "--json"],
    ],
    ids=" ".join,
)
def test_json_and_csv_are_utf_8_in_a_locale_that_is_not(rare, words):
    rare("checkpoint").ok()
    environment = {**GBK, "TALLY_LEDGER": rare.url}
    run = raw(*words, folder=rare.folder, environment=environment, capture_output=True)
    assert run.returncode == 0, run.stderr
    assert RARE in run.stdout.decode("utf-8")
    expected = process(*words, folder=rare.folder, url=rare.url).out
    assert run.stdout.decode("utf-8") == expected


def test_a_proof_written_in_another_locale_proves(rare):
    rare("checkpoint").ok()
    environment = {**GBK, "TALLY_LEDGER": rare.url}
    with (rare.folder / "proof.json").open("wb") as file:
        raw("prove", "V003", "--json", folder=rare.folder, environment=environment, stdout=file)
    assert rare("check", "--proof", rare.folder / "proof.json").ok()


def test_a_table_loses_no_character_that_the_locale_lacks(rare):
    environment = {**GBK, "TALLY_LEDGER": rare.url}
    run = raw("list", folder=rare.folder, environment=environment, capture_output=True)
    assert "\\U0002c1f9水村" in run.stdout.decode("gbk")
    assert "?" not in run.stdout.decode("gbk")


ENCODINGS = ["ascii", "us-ascii", "latin-1", "gbk", "gbk:strict"]


def encoded(tally, words, encoding):
    """Run a command in this process, whose streams have an encoding; return what they got."""
    name, _, errors = encoding.partition(":")
    streams = [io.TextIOWrapper(io.BytesIO(), name, errors or "strict") for _ in range(2)]
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(streams[0]),
        redirect_stderr(streams[1]),
        suppress(SystemExit),
    ):
        patch.setenv("TALLY_LEDGER", tally.url)
        main(words)
    for stream in streams:
        stream.flush()
    return [stream.buffer.getvalue() for stream in streams]


def assert_told_alike(expected, found, encoding):
    """Fail unless what an encoding lacks is written by its code, and all else as in UTF-8."""
    plain = encoding.partition(":")[0]
    for was, now in zip(expected, found, strict=True):
        # Frames and widths may differ.
        shown = re.sub("[\u2500-\u257f]+", " ", was.decode())
        shown = shown.encode(plain, "backslashreplace").decode(plain)
        assert re.findall(r"\w+", now.decode(plain)) == re.findall(r"\w+", shown)


@pytest.mark.usefixtures("zh")
@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["score"],
        ["history", "V003"],
        ["history", RARE],
        ["explain", RARE],
        ["--help"],
        ["score", "--help"],
        ["score", "--year", RARE],
        ["score", RARE],
        [RARE],
        ["score", "--ledger", f"sqlite:///{RARE}.db"],
        ["import", f"{RARE}.xlsx", "--by", "clerk"],
    ],
    ids=" ".join,
)
def test_what_an_encoding_lacks_is_written_in_one_way(rare, words):
    """By tables, errors, helps and click's own messages."""
    expected = encoded(rare, words, "utf-8")
    assert any(expected)
    for encoding in ENCODINGS:
        assert_told_alike(expected, encoded(rare, words, encoding), encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_process_writes_what_its_encoding_lacks_in_one_way(rare, encoding):
    environment = {"TALLY_LANG": "zh", "TALLY_LEDGER": rare.url}
    for words in (["list"], ["score", "--year", RARE]):
        expected, found = (
            raw(
                *words,
                folder=rare.folder,
                environment={**environment, "PYTHONIOENCODING": one},
                capture_output=True,
            )
            for one in ("utf-8", encoding)
        )
        assert expected.returncode == found.returncode
        assert_told_alike(
            (expected.stdout, expected.stderr), (found.stdout, found.stderr), encoding
        )


def test_csv_is_read_back_as_it_was_written(rare):
    run = rare("list", "--format", "csv").ok()
    (row,) = [row for row in csv.reader(io.StringIO(run.out)) if row[0] == "V003"]
    assert json.loads(row[-1])["name"] == RARE
