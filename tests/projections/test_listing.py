"""Entries are selected by kind, unit, day, account, status and delay."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.batch import row_of
from ledger.codec import VERIFIED
from ledger.state import LedgerState
from projections.listing import EntryQuery, listed
from tests.support import appended

ENTRIES = [
    {"kind": "unit", "id": "V001", "name": "甲村", "type": "village"},
    {"kind": "unit", "id": "V002", "name": "乙村", "type": "village"},
    {"kind": "notice", "id": "N-1", "title": "排查", "due_on": "2016-03-10", "units": ["V002"]},
    {"kind": "notice", "id": "N-2", "title": "排查", "due_on": "2016-04-10"},
    {
        "kind": "petition_batch",
        "id": "B-1",
        "unit": "V001",
        "host_unit": "V002",
        "matter": "XF-1",
        "level": "town",
        "headcount": 6,
        "occurred_at": "2016-03-05T09:30:00+08:00",
        "abnormal": True,
    },
    {"kind": "on_site_response", "id": "R-1", "unit": "V001", "batch": "B-1", "arrival": "late"},
    {
        "kind": "inspection_finding",
        "id": "IF-1",
        "unit": "V001",
        "year": 2016,
        "item": "1.1",
        "points": "0.5",
    },
    {"kind": "yellow_card", "id": "Y-1", "unit": "V001", "issued_on": "2016-05-01"},
    {"kind": "reversal", "id": "Y-1.R", "of": "Y-1", "reason": "误发"},
    {
        "kind": "commendation",
        "id": "C-1",
        "unit": "V001",
        "level": "city",
        "issued_on": "2016-06-01",
    },
    {"kind": "reversal", "id": "C-1.R", "of": "C-1", "reason": "级别有误"},
    {
        "kind": "commendation",
        "id": "C-1.2",
        "unit": "V001",
        "level": "province",
        "issued_on": "2016-06-01",
        "replaces": "C-1",
    },
    {"kind": "reversal", "id": "V002.R", "of": "V002", "reason": "更名"},
    {"kind": "unit", "id": "V002.2", "name": "丁村", "type": "village", "replaces": "V002"},
]
"""Recorded by clerk on 1 January 2026 (08:00 in the office), verified by head but for C-1.2."""


@pytest.fixture(scope="module")
def known():
    state = LedgerState()
    rows = [
        row
        for row in appended(ENTRIES, state)
        if (row.topic, row.originator_id) != (VERIFIED, "C-1.2")
    ]
    return state.fold(map(row_of, range(1, len(rows) + 1), rows))


def ids(known, **query):
    return [one.state.entry.id for one in listed(known, EntryQuery(**query))]


def test_lists_everything_in_the_order_of_recording(known):
    assert ids(known) == [entry["id"] for entry in ENTRIES]


def test_selects_a_kind(known):
    assert ids(known, kind="commendation") == ["C-1", "C-1.2"]


def test_selects_what_names_a_unit_with_reversals_of_it(known):
    of_v001 = ["V001", "B-1", "R-1", "IF-1", "Y-1", "Y-1.R", "C-1", "C-1.R", "C-1.2"]
    assert ids(known, unit="V001") == of_v001


def test_a_unit_has_its_host_batches_and_notices_under_each_of_its_ids(known):
    of_v002 = ["V002", "N-1", "B-1", "V002.R", "V002.2"]
    assert ids(known, unit="V002") == of_v002
    assert ids(known, unit="V002.2") == of_v002


def test_tells_the_first_id_of_the_unit(known):
    units = {one.state.entry.id: one.unit for one in listed(known, EntryQuery())}
    assert units["B-1"] == "V001"
    assert units["Y-1.R"] == "V001"
    assert units["V002.2"] == "V002"
    assert units["N-1"] is None


def test_an_entry_is_dated_by_its_own_day_and_a_response_by_its_batch(known):
    dated = {one.state.entry.id: one.dated for one in listed(known, EntryQuery())}
    assert dated["N-1"] == date(2016, 3, 10)
    assert dated["B-1"] == dated["R-1"] == date(2016, 3, 5)
    assert dated["IF-1"] is None
    assert dated["V001"] is None


def test_selects_by_the_first_and_the_last_day_and_leaves_out_what_bears_none(known):
    assert ids(known, first=date(2016, 3, 10), last=date(2016, 5, 1)) == ["N-1", "N-2", "Y-1"]
    assert ids(known, first=date(2016, 5, 2)) == ["C-1", "C-1.2"]
    assert ids(known, last=date(2016, 3, 9)) == ["B-1", "R-1"]


def test_each_entry_has_one_status(known):
    assert ids(known, status="recorded") == ["C-1.2"]
    assert ids(known, status="reversed") == ["Y-1"]
    assert ids(known, status="replaced") == ["V002", "C-1"]
    every = {one.state.entry.id for one in listed(known, EntryQuery())}
    assert set(ids(known, status="verified")) == every - {"C-1.2", "Y-1", "C-1", "V002"}


def test_selects_by_who_recorded_or_verified_whatever_case_and_width(known):
    assert ids(known, by="ＣＬＥＲＫ") == [entry["id"] for entry in ENTRIES]
    assert ids(known, by="head") == [e["id"] for e in ENTRIES if e["id"] != "C-1.2"]
    assert ids(known, by="nobody") == []


def test_late_by_counts_days_from_the_day_borne_to_the_day_of_recording(known):
    """From 5 March 2016 to 1 January 2026 are 3,589 days."""
    assert ids(known, late_by=3589) == ["B-1", "R-1"]
    assert ids(known, late_by=3590) == []


def test_a_text_is_found_in_values_of_any_depth_whatever_case(known):
    assert ids(known, text="xf-1") == ["B-1"]
    assert ids(known, text="误发") == ["Y-1.R"]
    assert ids(known, text="v002") == ["V002", "N-1", "B-1", "V002.R", "V002.2"]
    assert ids(known, text="matter") == []
    assert ids(known, text='"') == []
