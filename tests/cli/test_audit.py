"""`tally audit` on a ledger recorded at known times, with numbers counted by hand.

The office, in the time of UTC+08:00. “clerk” records, “head” and “deputy” verify:

1. 2016-03-01 09:00 the two villages are recorded and verified in one append.
2. 2016-03-20 10:00 an import of B-1 (of 03-05, 15 days before), CM-1 (of 01-10, 70 days) and YC-1
   (of 03-19, 1 day); B-1 has a paper.
3. 2016-03-20 10:00:45 head verifies the whole import: after 45 seconds.
4. 2016-04-02 09:00 deputy records B-2 (of 03-01, 32 days), and 2016-04-03 09:00:01 head verifies
   it: after 24 hours and a second.
5. 2016-04-05 09:00 clerk records B-3 (of 04-04, 1 day); deputy sends it back an hour later.
6. 2016-05-01 00:30 (April in UTC) the bulletin of Q2 is published, and verified.
7. 2016-05-02 09:00 clerk corrects B-1, by a reversal and B-1.2, which nobody verifies.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cli.sorting import sorted_rows
from ledger.vocabulary import OFFICE_TIME
from projections.loader import Loader
from projections.publication import publication
from projections.query import ScoreQuery
from tests.cli.entries import UNITS, batch
from tests.corrections.entries import correction
from tests.corrections.office import office
from tests.support import submissions

PAPER = {"name": "登记表.pdf", "sha256": "0123456789abcdef" * 4}
B1 = batch(evidence=[PAPER])
CM1 = {
    "kind": "commendation", "id": "CM-1", "unit": "V002", "level": "city",
    "issued_on": "2016-01-10",
}  # fmt: skip
YC1 = {"kind": "yellow_card", "id": "YC-1", "unit": "V001", "issued_on": "2016-03-19"}
B2 = batch("B-2", unit="V002", occurred_at="2016-03-01T08:00:00+08:00")
B3 = batch("B-3", occurred_at="2016-04-04T08:00:00+08:00")


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_TIME)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The office's ledger; tests only read it."""
    tally = office(tmp_path_factory.mktemp("audit"))
    clock = ["2016-03-01T09:00:00"]
    ledger = tally.ledger(lambda: moment(clock[0]))

    def record(at, entries, by, verify_by=None):
        clock[0] = at
        return ledger.record(submissions(entries), by, verify_by)

    def verify(at, ids, by):
        clock[0] = at
        ledger.verify(ids, by)

    record("2016-03-01T09:00:00", UNITS, "clerk", "head")
    record("2016-03-20T10:00:00", [B1, CM1, YC1], "clerk")
    verify("2016-03-20T10:00:45", ["B-1", "CM-1", "YC-1"], "head")
    record("2016-04-02T09:00:00", [B2], "deputy")
    verify("2016-04-03T09:00:01", ["B-2"], "head")
    record("2016-04-05T09:00:00", [B3], "clerk")
    clock[0] = "2016-04-05T10:00:00"
    ledger.send_back(["B-3"], "日期不符", "deputy")
    clock[0] = "2016-05-01T00:30:00"
    publish(ledger, date(2016, 4, 30))
    record("2016-05-02T09:00:00", correction(B1, 2, headcount=4), "clerk")
    ledger.store.close()
    return tally


def publish(ledger, day):
    """Publish and verify the bulletin of Q2 as of a day."""
    loader = Loader(ledger, lambda: day)
    state, scores = loader.scores(ScoreQuery(2016, day), postings=True)
    ledger.publish("2016Q2", lambda _: publication(state, scores, 2, None), "clerk")
    ledger.verify(["2016Q2"], "head")


def audit(made, *words):
    return made.reading("audit", "--year", "2016", *words, "--json").ok().json


def test_counts_by_name(made):
    """The units' import, B-1 and YC-1 with CM-1, B-3 and the correction: 2 + 3 + 1 + 2 of clerk."""
    found = audit(made)
    assert (found["entries"], found["verified"], found["accounts_from"]) == (9, 6, None)
    nothing = dict.fromkeys(
        ("recorded", "verified", "own", "returned", "reversals", "late", "quick"), 0
    )
    assert found["people"] == [
        {"name": "clerk", **nothing, "recorded": 8, "reversals": 1, "late": 2},
        {"name": "deputy", **nothing, "recorded": 1, "returned": 1, "late": 1},
        {"name": "head", **nothing, "verified": 6, "quick": 5},
    ]


def test_counts_by_month_of_the_office(made):
    months = {row["month"]: row for row in audit(made)["months"]}
    assert {month: (row["recorded"], row["verified"]) for month, row in months.items()} == {
        "2016-03": (5, 5),
        "2016-04": (2, 1),
        "2016-05": (2, 0),
    }
    by_name = {(row["month"], row["name"]): row for row in audit(made)["months_by_name"]}
    assert by_name["2016-04", "deputy"]["returned"] == 1
    assert by_name["2016-05", "clerk"]["reversals"] == 1
    assert len(by_name) == 6


def test_pairs_with_their_shares(made):
    """Head verified 5 of the clerk's and 1 of the deputy's: 5/6 and 1/6 of what he verified."""
    assert audit(made)["pairs"] == [
        {
            "recorded_by": "clerk",
            "verified_by": "head",
            "entries": 5,
            "of_recorded": "1",
            "of_verified": "0.8333",
        },
        {
            "recorded_by": "deputy",
            "verified_by": "head",
            "entries": 1,
            "of_recorded": "1",
            "of_verified": "0.1667",
        },
    ]


def test_distribution_and_list_of_what_was_verified_quickly(made):
    """Two at once, three within a minute, one after a day and a second."""
    waits = {row["up_to_seconds"]: row["entries"] for row in audit(made)["waits"]}
    assert {bound: count for bound, count in waits.items() if count} == {0: 2, 60: 3, 604_800: 1}
    quick = audit(made)["quick"]
    assert [(row["id"], row["seconds"]) for row in quick] == [
        ("V001", 0), ("V002", 0), ("B-1", 45), ("CM-1", 45), ("YC-1", 45),
    ]  # fmt: skip
    assert [row["id"] for row in audit(made, "--seconds", "44")["quick"]] == ["V001", "V002"]
    assert len(audit(made, "--seconds", "86401")["quick"]) == 6


def test_lists_what_was_recorded_late(made):
    """The replacement B-1.2 is of 03-05 and of 05-02: 58 days."""
    late = [(row["id"], row["dated"], row["days"]) for row in audit(made)["late"]]
    assert late == [
        ("CM-1", "2016-01-10", 70), ("B-1.2", "2016-03-05", 58), ("B-2", "2016-03-01", 32),
    ]  # fmt: skip
    assert [row["id"] for row in audit(made, "--days", "59")["late"]] == ["CM-1"]


def test_lists_what_was_taken_back_after_it_was_published(made):
    [row] = audit(made)["corrected"]
    assert (row["id"], row["edition"], row["reversed_by"], row["replaced_by"]) == (
        "B-1", "2016Q2#1", "clerk", "B-1.2",
    )  # fmt: skip
    assert row["reversed_at"] == "2016-05-02T01:00:00.000000Z"


def test_lists_entries_without_papers(made):
    """B-1 was taken back, B-1.2 has its paper; a reversal needs none."""
    found = audit(made)
    assert [row["id"] for row in found["without_papers"]] == [
        "V001", "V002", "CM-1", "YC-1", "B-2", "B-3",
    ]  # fmt: skip
    batches = next(row for row in found["papers"] if row["kind"] == "petition_batch")
    assert batches == {"kind": "petition_batch", "entries": 3, "without": 2, "share": "0.6667"}


def test_lists_what_was_sent_back_and_imports_verified_in_one_act(made):
    found = audit(made)
    [returned] = found["returned"]
    assert (returned["id"], returned["returned_by"], returned["reason"]) == (
        "B-3", "deputy", "日期不符",
    )  # fmt: skip
    assert [(row["entries"], row["verified_by"], row["seconds"]) for row in found["imports"]] == [
        (2, "head", 0), (3, "head", 45),
    ]  # fmt: skip


def test_knows_what_was_known_then(made):
    """Before the verification of the second import, and with it alone."""
    found = audit(made, "--as-of", "2016-03-20T10:00:30+08:00")
    assert (found["entries"], found["verified"]) == (5, 2)
    assert found["corrected"] == found["returned"] == []
    assert [row["id"] for row in found["late"]] == ["CM-1"]


def test_sorts_a_list_by_a_column(made):
    words = "audit", "--year", "2016", "--list", "late", "--format", "csv"
    head, *rows = made.reading(*words, "--sort", "days").ok().out.splitlines()
    assert head.startswith("id,kind,unit,dated,recorded_at,days")
    assert [row.split(",")[0] for row in rows] == ["B-2", "B-1.2", "CM-1"]
    rows = made.reading(*words, "--sort", "-unit").ok().out.splitlines()[1:]
    assert [row.split(",")[2] for row in rows] == ["V002", "V002", "V001"]
    assert "no column 'size'" in made("audit", "--list", "late", "--sort", "size").misused().err
    made("audit", "--sort", "days").misused()


def test_refuses_a_year_without_a_measure(made):
    assert "year 2031 has no measure" in made("audit", "--year", "2031").refused().err


def test_prints_tables_and_lists(made):
    out = made.reading("audit", "--year", "2016").ok().out
    assert "9 entries, 6 verified; names as typed" in out
    assert "late: 3 (Recorded 30 days or more after their own day)" in out
    out = made.reading("audit", "--year", "2016", "--list", "quick").ok().out
    assert "CM-1" in out
    assert "By name" not in out
    rows = made.reading("audit", "--year", "2016", "--format", "csv").ok().out.splitlines()
    assert rows[0] == "month,name,recorded,verified,own,returned,reversals,late,quick"
    assert rows[1] == "2016-03,clerk,5,0,0,0,0,1,0"


def test_says_no_more_than_numbers(made):
    """No word of the tables accuses anybody."""
    for words in (("audit",), ("audit", "--list", "late"), ("audit", "--list", "quick")):
        out = made.reading(*words, "--year", "2016").ok().out.casefold()
        assert not [word for word in ("suspicious", "too ", "should", "violat") if word in out]


def test_lists_what_was_ever_sent_back(made):
    ids = [one["id"] for one in made("list", "--ever-returned", "--json").ok().json["entries"]]
    assert ids == ["B-3"]


@pytest.mark.usefixtures("zh")
def test_a_name_that_is_a_word_is_not_translated(made):
    out = made("audit", "--year", "2016").ok().out
    assert "clerk" in out
    assert "登记员" not in out
    assert "登记后 60 秒内核定的记录" in out


@pytest.mark.parametrize("word", ["nan", "sNaN", "Infinity"])
def test_sorts_a_column_with_a_word_that_is_no_finite_number_as_text(word):
    rows = [{"name": name} for name in ("9", word, "10")]
    assert [row["name"] for row in sorted_rows(rows, ["name"], "name")] == ["10", "9", word]
    assert [row["name"] for row in sorted_rows(rows, ["name"], "-name")] == [word, "9", "10"]
