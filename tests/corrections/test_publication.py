"""Published quarters: bulletins, their editions, and figures shown beside newer.

As of 31 May a unit that submits nothing has 8 points in Q2: 20 - 3 for the reports - 9 for the
cases. V001 has a batch of three people to the town too: 1 point.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.errors import StoreError
from ledger.message import Message
from tests.cli.entries import UNITS, batch
from tests.corrections.entries import CRITICISM, SCREENING, THIRTY_PEOPLE_RULING
from tests.corrections.office import END, causes_since_bulletin, quarter_of

LATER = ("--through", "2016-06-30")
LATEST = ("--through", "2016-11-30")
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
    position = published_town.position - 2
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
        "position": published_town.position - 4,
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
    town.publish("2016Q2", *END)
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
    published_town.publish("2016Q2", *END, "--reason", "更正")
    now = published_town("history", "2016Q2", "--json").ok().json["events"]
    assert now[:2] == first
    assert len(now) == 4
    then = published_town("history", "2016Q2", "--as-of", position, "--json").ok().json["events"]
    assert then == first
    assert [row for row in published_town.rows() if "publication:2016Q2" in row][:2] == rows


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
    then = published_town.position - 2
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
        "tally: 2016Q2: reason: is published already (edition 1); say why it is published again: "
        "--reason\ntally: 1 refused; nothing was written\n"
    )
    assert published_town.stored() == stored
    words = ["publish", "2016Q2", *END, "--by", "office", "--reason", "人数更正", "--json"]
    receipt = published_town(*words).ok().json
    assert (receipt["edition"], receipt["replaces"]) == (2, 1)
    events = published_town("history", "2016Q2", "--json").ok().json["events"]
    assert [one["event"] for one in events] == ["published", "verified", "published"]
    first, _, second = events
    assert (first["edition"], first["replaces"], first["reason"]) == (1, None, None)
    assert (second["edition"], second["replaces"], second["reason"]) == (2, 1, "人数更正")
    assert [one["score"] for one in first["figures"]] == ["7", "8"]
    assert [one["score"] for one in second["figures"]] == ["4", "8"]


def test_the_latest_edition_is_compared_unless_another_is_named(published_town):
    """12 people at the second edition, four after it: 7 as in the first."""
    published_town.correct("B-1", "headcount=12")
    published_town.publish("2016Q2", *END, "--reason", "更正")
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


# ---- verification and withdrawal
def test_a_bulletin_is_in_force_only_once_a_second_person_has_verified_it(town):
    published_by = ("publish", "2016Q2", *END, "--by", "office")
    assert "`tally verify 2016Q2`" in town(*published_by).ok().err
    town.correct("B-1", "headcount=12")
    assert published(town) is None
    stored = town.stored()
    for name in ("office", "Office", "\uff4f\uff46\uff46\uff49\uff43\uff45"):
        refused = town("verify", "2016Q2", "--by", name).refused()
        assert refused.err.endswith(
            "tally: 2016Q2: by: was recorded by office; somebody else must verify it\n"
            "tally: 1 refused; nothing was written\n"
        )
    assert town.stored() == stored
    assert town("verify", "2016Q2", "--by", "head", "--json").ok().json["verified"] == 1
    assert published(town)["score"] == "7"
    again = town("verify", "2016Q2", "--by", "head").ok()
    assert "tally: 2016Q2: verified already by head on " in again.err
    assert "whole" in town("check").ok().out


def test_all_verifies_entries_and_no_bulletin(town):
    town("publish", "2016Q2", *END, "--by", "office").ok()
    assert town("verify", "--all", "--by", "head", "--json").ok().json["verified"] == 0
    assert town("history", "2016Q2", "--json").ok().json["events"][-1]["event"] == "published"


def test_no_other_edition_while_one_awaits_verification(town):
    town("publish", "2016Q2", *END, "--by", "office").ok()
    position, stored = town.position, town.stored()
    refused = town("publish", "2016Q2", *END, "--by", "office", "--reason", "更正").refused()
    assert refused.err == (
        f"tally: 2016Q2: edition 1, published by office at position {position}, awaits "
        "verification; verify it (`tally verify 2016Q2`) or withdraw it (`tally withdraw 2016Q2`) "
        "first\ntally: 1 refused; nothing was written\n"
    )
    assert town.stored() == stored


def withdraw(office, *words):
    return office("withdraw", "2016Q2", "--reason", "数据有误", "--by", "head", *words)


def test_a_withdrawn_edition_gives_way_to_the_one_before_it(published_town):
    published_town.correct("B-1", "headcount=12")
    published_town.publish("2016Q2", *END, "--reason", "更正")
    published_town.correct("B-1.2", "headcount=3")
    assert (published(published_town)["edition"], published(published_town)["score"]) == (2, "4")
    receipt = withdraw(published_town, "--json").ok().json
    expected = {"period": "2016Q2", "withdrawn": 2, "in_force": 1}
    assert receipt == {**expected, "position": published_town.position}
    assert published(published_town) is None, "7 as in the first edition"
    assert withdraw(published_town, "--json").ok().json["in_force"] is None
    refused = withdraw(published_town).refused()
    assert refused.err == (
        "tally: 2016Q2: no edition of it is published; there is nothing to withdraw\n"
        "tally: 1 refused; nothing was written\n"
    )
    refused = published_town("diff", "--from", "2016Q2").refused()
    assert refused.err == (
        "tally: --from: every edition of 2016Q2 was withdrawn; name one of them, as 2016Q2#2\n"
    )
    events = published_town("history", "2016Q2", "--json").ok().json["events"]
    assert [(one["event"], one["edition"]) for one in events] == [
        ("published", 1),
        ("verified", 1),
        ("published", 2),
        ("verified", 2),
        ("withdrawn", 2),
        ("withdrawn", 1),
    ]
    assert "whole" in published_town("check").ok().out


def test_an_edition_after_a_withdrawal_needs_no_reason_and_has_the_next_number(town):
    town("publish", "2016Q2", *END, "--by", "office").ok()
    withdraw(town).ok()
    receipt = town("publish", "2016Q2", *END, "--by", "office", "--json").ok().json
    assert (receipt["edition"], receipt["replaces"]) == (2, None)
    assert town("verify", "2016Q2", "--by", "head", "--json").ok().json["verified"] == 1


def test_an_edition_withdrawn_before_it_was_verified_cannot_be_verified(town):
    town("publish", "2016Q2", *END, "--by", "office").ok()
    withdraw(town).ok()
    refused = town("verify", "2016Q2", "--by", "head").refused()
    assert "tally: 2016Q2: by: edition 1 was withdrawn\n" in refused.err


def test_publish_names_a_period_that_is_not_over_and_what_is_open_in_it(town):
    town.take_in(batch(id="B-2", occurred_at="2016-05-02T09:00"), verify_by=None)
    run = town("publish", "2016Q2", "--through", "2016-05-15", "--by", "office").ok()
    assert "tally: it is not over: its last day is 2016-05-31\n" in run.err
    assert "1 unverified" in run.err
    for words in (["--dry-run"], []):
        run = town("verify", "2016Q2", "--by", "head", *words).ok()
        assert "edition 1: 2 units through 2016-05-15" in run.err
        assert "1 unverified" in run.err


def test_what_is_open_is_said_before_the_bulletin_is_verified(town, monkeypatch):
    """If it cannot be said, nothing is written."""
    town("publish", "2016Q2", *END, "--by", "office").ok()
    stored = town.stored()

    def fails(*_):
        raise StoreError(Message("cannot be read"))

    monkeypatch.setattr("cli.editions.open_remarks", fails)
    assert "cannot be read" in town("verify", "2016Q2", "--by", "head").refused().err
    assert town.stored() == stored


@pytest.mark.parametrize("edition", ["2016Q2#0", "2016Q2#2", "2016Q2#99"])
def test_an_edition_that_does_not_exist_is_refused(published_town, edition):
    refused = published_town("diff", "--from", edition).refused()
    assert refused.err == "tally: --from: 2016Q2 has the editions 1 to 1\n"


def test_the_year_of_a_measure_with_periods_is_published_as_an_edition(office):
    """A report for March that comes after the year is late, −0.5, and not missing any more, −1."""
    office.take_in(UNITS[0])
    receipt = office("publish", "2016", "--by", "office", "--json").ok().json
    assert (receipt["period"], receipt["edition"], receipt["units"]) == ("2016", 1, 1)
    office("verify", "2016", "--by", "head").ok()
    assert office("diff", "--from", "2016#1", "--json").ok().json["units"] == []
    before = office("score", "--json").ok().json["units"][0]["total"]
    late = {"kind": "screening_report", "id": "SR-9", "unit": "V001", "month": "2016-03"}
    office.take_in({**late, "submitted_on": "2016-12-05"})
    (change,) = office("diff", "--from", "2016", "--json").ok().json["units"]
    assert change["before"]["total"] == before
    assert Decimal(change["after"]["total"]) - Decimal(before) == Decimal("0.5")


def test_refusals_to_publish_word_for_word(office):
    refused = office("publish", "2016Q2", "--by", "office").refused()
    assert refused.err == "tally: PERIOD: no unit counts as of position 1\n"
    office.take_in(*UNITS)
    stored = office.stored()
    early = ["2016Q3", "--through", "2016-05-31"]
    refused = office("publish", *early, "--by", "office").refused()
    assert refused.err == "tally: PERIOD: 2016Q3 has not begun on 2016-05-31\n"
    refused = office("publish", "2016Q5", "--by", "office").refused()
    assert refused.err == (
        "tally: PERIOD: 2016Q5 is not a period of the measure; "
        "one of 2016, 2016Q1, 2016Q2, 2016Q3, 2016Q4\n"
    )
    misused = office("publish", "Q2", "--by", "office").misused()
    assert "'PERIOD': 'Q2' is not a period or a year; write 2016Q2 or 2016\n" in misused.err
    assert office.stored() == stored
    refused = office("diff", "--from", "2016Q2").refused()
    assert refused.err == "tally: --from: 2016Q2 was not published as of position 5\n"


def test_a_flag_that_a_later_quarter_raised_does_not_mark_an_earlier_bulletin(published_town):
    """A criticism of July vetoes the unit from Q3 on; the bulletin of Q2 is as it was."""
    published_town.take_in({**CRITICISM, "issued_on": "2016-07-05"})
    assert published_town.units(*LATEST)["V001"]["flags"] == ["vetoed"]
    assert published(published_town, "V001", *LATEST) is None
