"""Entries that are alike or implausible are refused until somebody says that they are meant."""

import pytest

from ledger.doubts import DOUBTS
from projections.adopted import Measures
from tests.ledger.examples import EXAMPLES, batch, carried, finding, reversal, ruling, unit
from tests.ledger.imports import TERMS, admitted, validate

STRICT = TERMS._replace(doubts=DOUBTS)
"""Terms of 1 January 2026 under which everything doubtful is refused."""

UNITS = [unit("V001", name="甲村"), unit("V002", name="乙村")]


def screening(entry_id, **more):
    return {**EXAMPLES["screening_report"], "id": entry_id, **more}


def cases(entry_id, **more):
    return {**EXAMPLES["case_report"], "id": entry_id, **more}


def doubted(*imports, terms=STRICT):
    """Return id, field and code of each refusal of the last import."""
    return [(one.id, one.field, one.code) for one in validate(*imports, terms=terms).refusals]


ALIKE = {
    "a batch": (batch("B-1"), batch("B-2", headcount=99, abnormal=False), "unit"),
    "a batch at the same instant": (
        batch("B-1", occurred_at="2016-03-01T10:00"),
        batch("B-2", occurred_at="2016-03-01T02:00Z"),
        "unit",
    ),
    "a screening report": (screening("SR-1"), screening("SR-2", submitted_on="2016-04-02"), "unit"),
    "a case report": (cases("CR-1"), cases("CR-2", cases=0), "unit"),
    "a unit": (unit("V008", name="丙村"), unit("V009", name="丙村", type="farm"), "name"),
    "a unit in another width": (unit("V008", name="丙1村"), unit("V009", name="丙１村"), "name"),
    "a unit with blanks": (unit("V008", name="丙 1 村"), unit("V009", name="丙1村"), "name"),
    "a unit with a stop": (unit("V008", name="丙村"), unit("V009", name="丙村。"), "name"),
    "a unit in another case": (unit("V008", name="C村"), unit("V009", name="c村"), "name"),
    "a matter in another width": (batch("B-1"), batch("B-2", matter="ｘｆ－2016-0031"), "unit"),
    "a matter in another case": (batch("B-1"), batch("B-2", matter="xf-2016-0031"), "unit"),
    "a matter with a blank": (batch("B-1"), batch("B-2", matter="XF -2016-0031"), "unit"),
    "a unit whose id is a name": (unit("V008", name="丙村"), unit("丙村", name="丁村"), "name"),
    "a unit whose name is an id": (unit("V008", name="丙村"), unit("V009", name="Ｖ008"), "name"),
    "a unit of an id in another case": (unit("V008", name="丙村"), unit("v008"), "name"),
}

UNLIKE = {
    "another unit": (batch("B-1"), batch("B-2", unit="V002")),
    "another matter": (batch("B-1"), batch("B-2", matter="XF-2")),
    "another level": (batch("B-1"), batch("B-2", level="town")),
    "another moment": (batch("B-1"), batch("B-2", occurred_at="2016-03-01T10:00:01+08:00")),
    "another month": (screening("SR-1"), screening("SR-2", month="2016-04")),
    "a report of another kind": (screening("SR-1"), cases("CR-1")),
    "another name": (unit("V008", name="丙村"), unit("V009", name="丁村")),
    "cards of one day": (EXAMPLES["yellow_card"], {**EXAMPLES["yellow_card"], "id": "Y-2"}),
}


@pytest.mark.parametrize(("first", "second", "field"), ALIKE.values(), ids=ALIKE)
def test_refuses_what_says_the_same_as_an_entry_recorded_before(first, second, field):
    assert doubted([*UNITS, first], [second]) == [(second["id"], field, "alike")]


@pytest.mark.parametrize(("first", "second", "field"), ALIKE.values(), ids=ALIKE)
def test_refuses_what_says_the_same_as_an_entry_of_the_same_import(first, second, field):
    assert doubted(UNITS, [first, second]) == [(second["id"], field, "alike")]


@pytest.mark.parametrize(("first", "second", "_"), ALIKE.values(), ids=ALIKE)
def test_admits_what_is_alike_if_that_is_meant(first, second, _):
    meant = STRICT._replace(doubts=frozenset({"implausible"}))
    assert not validate([*UNITS, first], [second], terms=meant).refusals


@pytest.mark.parametrize(("first", "second"), UNLIKE.values(), ids=UNLIKE)
def test_admits_what_differs(first, second):
    assert doubted(UNITS, [first, second]) == []


def test_lists_every_alike_entry():
    entries = [batch(f"B-{number}") for number in range(1, 5)]
    assert [found[0] for found in doubted(UNITS, entries)] == ["B-2", "B-3", "B-4"]


def test_compares_units_by_their_first_ids():
    renamed = [reversal("V001.R", "V001"), unit("V001.2", name="新甲村", replaces="V001")]
    found = doubted([*UNITS, batch("B-1")], renamed, [batch("B-2", unit="V001.2")])
    assert found == [("B-2", "unit", "alike")]


def test_compares_names_with_the_first_id_of_a_unit():
    renamed = [reversal("V001.R", "V001"), unit("V001.2", name="新甲村", replaces="V001")]
    found = doubted(UNITS, renamed, [unit("V009", name="V001")])
    assert found == [("V009", "name", "alike")]


def test_admits_a_unit_whose_id_is_its_name():
    assert doubted([unit("丙村", name="丙村"), unit("丁村", name="丁 村")]) == []


def test_records_a_name_as_it_is_written():
    meant = STRICT._replace(doubts=frozenset())
    admission = validate(UNITS, [unit("V009", name="甲　村")], terms=meant)
    assert admission.fresh.entry("V009").name == "甲　村"


def test_compares_units_that_are_named():
    assert doubted([*UNITS, batch("B-1")], [batch("B-2", unit="甲村")]) == [
        ("B-2", "unit", "alike")
    ]


def test_a_replacement_is_not_alike_to_what_it_replaces():
    correction = [reversal("B-1.R", "B-1"), batch("B-1.2", headcount=3, replaces="B-1")]
    assert doubted([*UNITS, batch("B-1")], correction) == []


def test_an_entry_recorded_before_is_skipped_and_not_alike():
    assert doubted([*UNITS, batch("B-1")], [batch("B-1")]) == []


IMPLAUSIBLE = {
    "a batch of tomorrow": (batch(occurred_at="2026-01-02T00:00"), "occurred_at"),
    "a card of tomorrow": ({**EXAMPLES["yellow_card"], "issued_on": "2026-01-02"}, "issued_on"),
    "a thousand people": (batch(headcount=1000), "headcount"),
    "eleven missing": (finding(item="3", points=None, missing=11), "missing"),
    "a stay of more than a day": (batch(stay_minutes=1441), "stay_minutes"),
    "a response of more than a day": (
        {**EXAMPLES["on_site_response"], "batch": "B-0", "unit": "V001", "stay_minutes": 1441},
        "stay_minutes",
    ),
    "a report more than a month before its month": (
        screening("SR-1", month="2016-04", submitted_on="2016-02-29"),
        "submitted_on",
    ),
    "a report ten years after its month": (
        cases("CR-1", month="2015-12", submitted_on="2025-12-01"),
        "submitted_on",
    ),
}

PLAUSIBLE = {
    "a batch of today": batch(occurred_at="2026-01-01T23:59"),
    "a notice due tomorrow": {**EXAMPLES["notice"], "due_on": "2026-01-02"},
    "a case due next year": {**EXAMPLES["supervised_case"], "due_on": "2027-01-02"},
    "a special period ahead": {
        **EXAMPLES["special_period"],
        "starts_on": "2026-03-01",
        "ends_on": "2026-03-15",
    },
    "999 people": batch(headcount=999),
    "ten missing": finding(item="3", points=None, missing=10),
    "a stay of a day": batch(stay_minutes=1440),
    "a report a month before its month": screening(
        "SR-1", month="2016-04", submitted_on="2016-03-01"
    ),
    "a report less than ten years after its month": cases(
        "CR-1", month="2015-12", submitted_on="2025-11-30"
    ),
}


@pytest.mark.parametrize(("entry", "field"), IMPLAUSIBLE.values(), ids=IMPLAUSIBLE)
def test_refuses_what_is_implausible(entry, field):
    known = [*UNITS, batch("B-0", matter="XF-0")]
    assert doubted(known, [entry]) == [(entry["id"], field, "implausible")]
    assert not validate(known, [entry], terms=STRICT._replace(doubts={"alike"})).refusals


@pytest.mark.parametrize("entry", PLAUSIBLE.values(), ids=PLAUSIBLE)
def test_admits_what_is_plausible(entry):
    assert doubted(UNITS, [entry]) == []


OF_2016 = STRICT._replace(measure=Measures({}))
"""Terms of a ledger without adoptions: its one year is 2016."""

OUTSIDE_THE_YEAR = {
    "a batch before": batch(occurred_at="2015-11-30T23:59"),
    "a batch after": batch(occurred_at="2016-12-01T00:00"),
    "a report for a month after": screening("SR-1", month="2016-12", submitted_on="2016-11-30"),
    "a finding of another year": finding(year=2017),
    "a ruling of another year": ruling(year=2015),
    "figures of another year": carried(period="2015Q4"),
}

INSIDE_THE_YEAR = {
    "a batch on the first day": batch(occurred_at="2015-12-01T00:00"),
    "a report that came after the year": screening(
        "SR-1", month="2016-11", submitted_on="2016-12-05"
    ),
    "information before the year": {
        **EXAMPLES["information_report"],
        "submitted_at": "2015-11-01T09:00",
    },
    "a finding": finding(),
    "figures of its first quarter": carried(),
}


@pytest.mark.parametrize("entry", OUTSIDE_THE_YEAR.values(), ids=OUTSIDE_THE_YEAR)
def test_refuses_what_belongs_to_no_adopted_year(entry):
    found = doubted(UNITS, [entry], terms=OF_2016)
    assert [(one[0], one[2]) for one in found] == [(entry["id"], "implausible")]


@pytest.mark.parametrize("entry", [screening("SR-1", month="2019-01"), cases("C", month="2019-01")])
def test_names_the_month_that_lies_in_no_adopted_year(entry):
    entry = {**entry, "submitted_on": "2019-01-31"}
    (found,) = validate(UNITS, [entry], terms=OF_2016).refusals
    assert found.field == "month"
    assert found.message.startswith("2019-01 lies in no year")


@pytest.mark.parametrize("entry", INSIDE_THE_YEAR.values(), ids=INSIDE_THE_YEAR)
def test_admits_what_belongs_to_an_adopted_year(entry):
    assert doubted(UNITS, [entry], terms=OF_2016) == []


def test_nothing_is_doubted_unless_asked_for():
    assert admitted(UNITS, [batch("B-1"), batch("B-2", headcount=5000)]) == ["B-1", "B-2"]
