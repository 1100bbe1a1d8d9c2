"""What names a unit that was taken back has no effect; whoever records or asks is told so."""

from __future__ import annotations

import pytest

from tests.cli.entries import batch

TAKE_BACK = ["reverse", "V001", "--reason", "x", "--by", "clerk", "--yes"]
RENAME = ["correct", "V001", "--set", "name=新村", *TAKE_BACK[2:]]


@pytest.fixture
def without(town):
    """Return `tally` on a town whose unit V001 was taken back, verified."""
    town(*TAKE_BACK).ok()
    town("verify", "--all", "--by", "head").ok()
    return town


CARD = "record yellow_card --id Y-1 --unit V001 --issued-on 2016-06-20 --by clerk"


def test_warns_of_an_entry_that_names_it(without):
    assert (
        "Y-1: V001 was taken back by V001.R: it does not count" in without(*CARD.split()).ok().err
    )


def test_warns_of_each_entry_of_an_import(without):
    entries = [batch("B-8", unit="V002", host_unit="V001"), batch("B-9", unit="V002")]
    path = without.file("b.jsonl", *entries)
    run = without("import", path, "--by", "clerk", "--alike").ok()
    assert "B-8: V001 was taken back by V001.R: it does not count" in run.err
    assert "B-9: " not in run.err


def test_warns_not_of_a_unit_that_was_renamed(town):
    town(*RENAME).ok()
    assert "taken back" not in town(*CARD.split()).ok().err


def test_explain_says_why_it_does_not_count(without):
    run = without("explain", "V001", "2016Q2").refused()
    assert "V001 was taken back by V001.R: it does not count" in run.err


def test_the_preview_counts_the_entries_that_name_it(town):
    """Of the town, the batch B-1 names V001."""
    words = "verified entries that name V001: 1; without the unit they have no effect"
    assert words in town(*TAKE_BACK, "--dry-run").ok().err
    assert "without the unit" not in town(*RENAME).ok().err
