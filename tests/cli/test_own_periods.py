"""Objections to a month's posting, and what is owed by a day, under a measure of another field."""

from __future__ import annotations

import pytest

from tests.cli.test_other_office import ledger


@pytest.fixture(scope="module")
def forest(tmp_path_factory):
    return ledger(tmp_path_factory.mktemp("forest"))


@pytest.mark.parametrize("posting", ["2023M03:no-fire", "2023m03:no-fire"])
def test_a_unit_objects_to_a_posting_of_the_measures_own_periods(tmp_path, posting):
    """A month's posting is named as the measure names the month; it is an open point of it."""
    office = ledger(tmp_path)
    run = office("object", posting, "--unit", "S1", "--reason", "无火情", "--by", "clerk").ok()
    assert run.out.startswith("S1 objects to 2023M03:no-fire: S1-2023M03-no-fire.O;")
    points = office("explain", "S1", "2023M03", "--json").ok().json["open"]
    assert [one["entry"] for one in points if one["kind"] == "objection"] == [
        "S1-2023M03-no-fire.O"
    ]


def test_an_objection_to_a_posting_that_cannot_be_is_refused(forest):
    words = ["--unit", "S1", "--reason", "无火情", "--by", "clerk"]
    run = forest("object", "2023M13:no-fire", *words).refused()
    assert "2023M13 is not a period of the measure; one of 2023, 2023M01" in run.err
    run = forest("object", "2023M03:screening", *words).refused()
    assert "no clause 'screening'; one of logs, kilometres" in run.err


def test_a_deed_that_is_owed_is_done_and_not_handed_in(forest, monkeypatch):
    """The plain station's fire breaks, due by 30 April, are not done on 5 May."""
    words = ["missing", "--unit", "S3", "--through", "2023-05-05"]
    (line,) = [one for one in forest(*words).ok().out.splitlines() if "Fire breaks" in one]
    assert "not done" in line
    monkeypatch.setenv("TALLY_LANG", "zh")
    (line,) = [one for one in forest(*words).ok().out.splitlines() if "防火隔离带" in one]
    assert "未完成" in line


def test_a_month_in_which_a_unit_is_not_assessed_is_not_explained(tmp_path):
    office = ledger(tmp_path)
    late = {"kind": "unit", "id": "S4", "name": "新站", "type": "station", "group": "plain"}
    office.take_in({**late, "assessed_from": "2023-06-01"})
    run = office("explain", "S4", "2023M03").refused()
    assert run.err == "tally: PERIOD: S4 is not assessed in 2023M03.\n"
    assert office("explain", "S4", "2023M06").ok()
