"""The messages about what surrounds the program, word for word, in both languages."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.language import render
from ledger.clock import ClockError, ledger_time
from tests.cli.running import Run
from tests.cli.test_chinese import output
from tests.golden import assert_golden

REFUSALS = {
    "two-slashes": ["score", "--ledger", "sqlite://two.db"],
    "percent": ["score", "--ledger", "sqlite:///50%ab.db"],
    "line-end": ["score", "--ledger", "sqlite:///tally.db\r"],
    "url-not-text": ["score", "--ledger", "sqlite:///\udcb4\udce5.db"],
    "word-not-text": ["history", "\udcb4\udce5"],
    "password": ["score", "--ledger", "postgresql://postgres:abc#def@h/town"],
    "no-such-store": ["score", "--ledger", "mysql://postgres:ab/cdef@h/town"],
}


@pytest.fixture(params=["en", "zh"])
def language(request, monkeypatch):
    monkeypatch.setenv("TALLY_LANG", request.param)
    return request.param


def golden(language, name, run, tally):
    text = output(run, tally)
    assert "def" not in text
    folder = Path(__file__).parent / "golden" / ("" if language == "en" else "zh")
    assert_golden(folder / f"surroundings-{name}.txt", text)


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_are_worded_as_in_the_golden_file(tally, language, name):
    golden(language, name, tally(*REFUSALS[name]), tally)


def test_a_hard_link_is_worded_as_in_the_golden_file(tally, language):
    os.link(tally.path, tally.folder / "other.db")
    golden(language, "hard-link", tally("score").refused(), tally)


@pytest.mark.parametrize(("name", "year"), [("clock-ahead", 2099), ("clock-behind", 1999)])
def test_a_wrong_clock_is_worded_as_in_the_golden_file(nothing, language, name, year):
    last = datetime(2026, 11, 1, tzinfo=UTC)
    with pytest.raises(ClockError) as error:
        ledger_time(datetime(year, 1, 1, 12, tzinfo=UTC), last, lambda: last)
    (sentence,) = error.value.sentences()
    golden(language, name, Run(1, "", f"{render(sentence)}\n"), nothing)
