"""Published quarters: bulletins, their editions, and figures shown beside newer.

As of 31 May a unit that submits nothing has 8 points in Q2: 20 - 3 for the reports - 9 for the
cases. V001 has a batch of three people to the town too: 1 point.
"""

from __future__ import annotations

import pytest

from tests.cli.entries import UNITS
from tests.corrections.entries import CRITICISM, SCREENING, THIRTY_PEOPLE_RULING
from tests.corrections.office import END, causes_since_bulletin, quarter_of

LATER = ("--through", "2016-06-30")
FLAGS = {"flags": [], "eligible": True}


def published(office, unit="V001", *words):
    """Return the published figures that `score` shows beside those of Q2, or None."""
    return quarter_of(office.units(*(words or END))[unit], "2016Q2").get("published")


# ---- the bulletin
def test_publish_appends_an_event_with_every_figure(town):
    before = town.position
    run = town("publish", "2016Q2", *END, "--by", "office", "--json").ok()
    assert run.json == {
        "period": "2016Q2",
        "edition": 1,
        "replaces": None,
        "through": "2016-05-31",
        "shows_position": before,
        "units": 2,
        "position": before + 1,
    }
    history = town("history", "2016Q2", "--json").ok().json
    (event,) = history["events"]
    fields = ["position", "event", "by", "edition", "replaces", "through"]
    assert [event[name] for name in fields] == [
        before + 1,
        "published",
        "office",
        1,
        None,
        "2016-05-31",
    ]
    assert (event["shows_position"], event["reason"]) == (before, None)
    same = {"period": "2016Q2", "beside": {"rewards": "0", "penalties": "0"}, **FLAGS}
    assert event["figures"] == [
        {
            "unit": "V001",
            "name": "甲村",
            "score": "7",
            "sections": {"basic_work": "-4", "abnormal_petitions": "11"},
            **same,
        },
        {
            "unit": "V002",
            "name": "乙村",
            "score": "8",
            "sections": {"basic_work": "-4", "abnormal_petitions": "12"},
            **same,
        },
    ]


def test_no_published_figure_is_shown_while_nothing_changed(published_town):
    assert published(published_town) is None
    assert causes_since_bulletin(published_town) == {}
    page = published_town("score", "--year", "2016", *END).ok().out
    assert "as published" not in page


def test_a_changed_quarter_is_shown_with_its_published_figure(published_town):
    """12 people: 3 points and 1 for no information report; V002 has not changed."""
    position = published_town.position - 1
    published_town.correct("B-1", "headcount=12")
    assert published_town.quarter("V001", "2016Q2", *END) == "4"
    assert published(published_town) == {
        "edition": 1,
        "position": position,
        "through": "2016-05-31",
        "score": "7",
        "sections": {"basic_work": "-4", "abnormal_petitions": "11"},
    }
    assert published(published_town, "V002", *END) is None
    page = published_town("score", "--year", "2016", *END).ok().out
    (line,) = (line for line in page.splitlines() if "甲村" in line)
    assert "4 (7)" in line
    (line,) = (line for line in page.splitlines() if "乙村" in line)
    assert "(" not in line
    assert page.endswith("(…): as published; * where other figures than the score differ\n")


def test_a_changed_flag_is_shown_as_a_star(published_town):
    """A veto costs no point; JSON has the published flags."""
    published_town.take_in(CRITICISM)
    assert published(published_town) == {
        "edition": 1,
        "position": published_town.position - 3,
        "through": "2016-05-31",
        "flags": [],
        "eligible": True,
    }
    page = published_town("score", "--year", "2016", *END).ok().out
    assert "7 (*)" in page
    assert causes_since_bulletin(published_town) == {"V001": (None, None, ["CT-1"])}


def test_a_figure_of_another_day_is_shown_with_the_published_one(town):
    """A month later V002's report of May, that came in in June, is late and not missing: 8.5."""
    town.take_in({**SCREENING, "unit": "V002", "submitted_on": "2016-06-15"})
    town("publish", "2016Q2", *END, "--by", "office").ok()
    assert town.quarter("V002", "2016Q2", *LATER) == "8.5"
    assert published(town, "V002", *LATER)["score"] == "8"
    found = town("diff", "--from", "2016Q2", *LATER, "--json").ok().json
    assert (found["published_through"], found["through"]) == ("2016-05-31", "2016-06-30")
    assert causes_since_bulletin(town, *LATER) == {"V002": ("8", "8.5", ["SR-1"])}


def test_a_bulletin_stays_as_it_was_published(published_town):
    """After corrections, a ruling and a second edition its bytes are the same."""
    first = published_town("history", "2016Q2", "--json").ok().json["events"]
    position = published_town.position
    rows = [row for row in published_town.rows() if "publication:2016Q2" in row]
    published_town.correct("V001", "name=改名村")
    published_town.correct("B-1", "headcount=60", "level=national")
    published_town.take_in(THIRTY_PEOPLE_RULING, CRITICISM)
    published_town("publish", "2016Q2", *END, "--by", "office", "--reason", "更正").ok()
    now = published_town("history", "2016Q2", "--json").ok().json["events"]
    assert now[:1] == first
    assert len(now) == 2
    then = published_town("history", "2016Q2", "--as-of", position, "--json").ok().json["events"]
    assert then == first
    assert [row for row in published_town.rows() if "publication:2016Q2" in row][:1] == rows


def test_a_corrected_unit_keeps_its_published_figures(published_town):
    published_town.correct("V001", "name=改名村")
    assert published(published_town, "V001") is None
    published_town.correct("B-1", "headcount=12")
    assert published(published_town, "V001")["score"] == "7"
    assert causes_since_bulletin(published_town)["V001"][:2] == ("7", "4")


def test_a_unit_recorded_after_the_bulletin_has_no_published_figure(published_town):
    published_town.take_in({"kind": "unit", "id": "V003", "name": "丙村", "type": "farm"})
    assert published(published_town, "V003") is None
    assert causes_since_bulletin(published_town) == {"V003": (None, "8", ["V003"])}


def test_as_of_a_position_before_the_bulletin_nothing_is_published(published_town):
    then = published_town.position - 1
    published_town.correct("B-1", "headcount=12")
    assert published(published_town, "V001", "--as-of", then, *END) is None
    refused = published_town("diff", "--from", "2016Q2", "--to", then).refused()
    assert refused.err == f"tally: --from: 2016Q2 was not published as of position {then}\n"


# ---- a second edition
def test_a_second_edition_needs_a_reason_and_names_the_first(published_town):
    published_town.correct("B-1", "headcount=12")
    stored = published_town.stored()
    refused = published_town("publish", "2016Q2", "--by", "office").refused()
    assert refused.err == (
        "tally: --reason: 2016Q2 is published already (edition 1); say why it is published again\n"
    )
    assert published_town.stored() == stored
    words = ["publish", "2016Q2", *END, "--by", "office", "--reason", "人数更正", "--json"]
    receipt = published_town(*words).ok().json
    assert (receipt["edition"], receipt["replaces"]) == (2, 1)
    first, second = published_town("history", "2016Q2", "--json").ok().json["events"]
    assert (first["edition"], first["replaces"], first["reason"]) == (1, None, None)
    assert (second["edition"], second["replaces"], second["reason"]) == (2, 1, "人数更正")
    assert [one["score"] for one in first["figures"]] == ["7", "8"]
    assert [one["score"] for one in second["figures"]] == ["4", "8"]


def test_the_latest_edition_is_compared_unless_another_is_named(published_town):
    """12 people at the second edition, four after it: 7 as in the first."""
    published_town.correct("B-1", "headcount=12")
    published_town("publish", "2016Q2", *END, "--by", "office", "--reason", "更正").ok()
    second = published_town.position
    assert published(published_town) is None
    published_town.correct("B-1.2", "headcount=4")
    beside = published(published_town)
    assert (beside["edition"], beside["score"]) == (2, "4")
    since_second = {"V001": ("4", "7", ["B-1.2.R", "B-1.2.2"])}
    assert causes_since_bulletin(published_town) == since_second
    assert causes_since_bulletin(published_town, edition="#2") == since_second
    assert causes_since_bulletin(published_town, edition="#1") == {}
    words = ["--to", second, *END]
    between = {"V001": ("7", "4", ["B-1.R", "B-1.2"])}
    assert causes_since_bulletin(published_town, *words, edition="#1") == between
    assert causes_since_bulletin(published_town, *words) == {}


@pytest.mark.parametrize("edition", ["2016Q2#0", "2016Q2#2", "2016Q2#99"])
def test_an_edition_that_does_not_exist_is_refused(published_town, edition):
    refused = published_town("diff", "--from", edition).refused()
    assert refused.err == "tally: --from: 2016Q2 has the editions 1 to 1\n"


def test_refusals_to_publish_word_for_word(office):
    refused = office("publish", "2016Q2", "--by", "office").refused()
    assert refused.err == "tally: PERIOD: no unit counts as of position 1\n"
    office.take_in(*UNITS)
    stored = office.stored()
    early = ["2016Q3", "--through", "2016-05-31"]
    refused = office("publish", *early, "--by", "office").refused()
    assert refused.err == "tally: PERIOD: 2016Q3 has not begun on 2016-05-31\n"
    for quarter in ("2016", "2016Q5"):
        misused = office("publish", quarter, "--by", "office").misused()
        assert f"'QUARTER': '{quarter}' is not a quarter; write 2016Q2\n" in misused.err
    assert office.stored() == stored
    refused = office("diff", "--from", "2016Q2").refused()
    assert refused.err == "tally: --from: 2016Q2 was not published as of position 5\n"
