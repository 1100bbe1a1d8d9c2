"""Entries as the contract's JSON objects: a small town, and one of each kind."""

from __future__ import annotations

from typing import Any

UNITS: list[dict[str, Any]] = [
    {"kind": "unit", "id": "V001", "name": "甲村", "type": "village"},
    {"kind": "unit", "id": "V002", "name": "乙村", "type": "village"},
]
"""Two villages."""


def batch(number: str = "B-1", **fields: Any) -> dict[str, Any]:
    """Return an abnormal batch of three people to the town: 1 point."""
    return {
        "kind": "petition_batch",
        "id": number,
        "unit": "V001",
        "matter": f"XF-{number}",
        "level": "town",
        "headcount": 3,
        "occurred_at": "2016-03-05T09:30:00+08:00",
        "abnormal": True,
        **fields,
    }


def reports(unit: str, *months: str) -> list[dict[str, Any]]:
    """Return the reports that a unit must submit for some months, submitted on the 20th."""
    found: list[dict[str, Any]] = []
    for month in months:
        what = {"unit": unit, "month": month, "submitted_on": f"{month}-20"}
        found.append({"kind": "screening_report", "id": f"SR-{unit}-{month}", **what})
        found.append({"kind": "case_report", "id": f"CR-{unit}-{month}", "cases": 2, **what})
    return found


OF_EACH_KIND: list[dict[str, Any]] = [
    {
        "kind": "unit",
        "id": "C001",
        "name": "丙社区",
        "type": "community",
        "assessed_from": "2015-12-01",
        "assessed_until": "2030-11-30",
        "evidence": [{"name": "建制批复.pdf", "sha256": "0123456789abcdef" * 4}],
    },
    {
        "kind": "special_period",
        "id": "SP-1",
        "level": "city",
        "starts_on": "2016-03-01",
        "ends_on": "2016-03-15",
    },
    {
        "kind": "notice",
        "id": "N-1",
        "title": "两会期间排查",
        "due_on": "2016-03-10",
        "units": ["V001", "V002"],
    },
    {
        "kind": "ruling",
        "id": "RU-1",
        "year": 2016,
        "reading": "overstay_factor",
        "value": "1.5",
        "basis": "镇信访工作领导小组会议纪要",
    },
    {
        "kind": "screening_report",
        "id": "SR-1",
        "unit": "V001",
        "month": "2016-03",
        "submitted_on": "2016-03-30",
    },
    {
        "kind": "screening_report",
        "id": "SR-2",
        "unit": "V001",
        "notice": "N-1",
        "submitted_on": "2016-03-09",
    },
    {
        "kind": "case_report",
        "id": "CR-1",
        "unit": "V001",
        "month": "2016-03",
        "cases": 2,
        "submitted_on": "2016-03-30",
    },
    {
        "kind": "information_report",
        "id": "IR-1",
        "unit": "V001",
        "urgency": "early_warning",
        "matters": ["XF-1", "XF-2"],
        "submitted_at": "2016-03-04T08:00:00+08:00",
        "as_required": False,
    },
    {
        "kind": "petition_batch",
        "id": "B-1",
        "unit": "V001",
        "host_unit": "V002",
        "matter": "XF-1",
        "level": "national",
        "headcount": 6,
        "occurred_at": "2016-03-05T09:30:00+08:00",
        "abnormal": True,
        "repeated": True,
        "key_person": True,
        "basis": "越级走访",
        "stay_minutes": 90,
    },
    {
        "kind": "on_site_response",
        "id": "R-1",
        "unit": "V001",
        "batch": "B-1",
        "arrival": "late",
        "effective": True,
        "stay_minutes": 90,
    },
    {
        "kind": "commendation",
        "id": "C-1",
        "unit": "V001",
        "level": "national",
        "issued_on": "2016-03-06",
    },
    {
        "kind": "research_site",
        "id": "RS-1",
        "unit": "V001",
        "level": "city",
        "held_on": "2016-03-07",
    },
    {
        "kind": "supervised_case",
        "id": "SC-1",
        "unit": "V001",
        "level": "town",
        "due_on": "2016-03-31",
    },
    {
        "kind": "case_resolution",
        "id": "RES-1",
        "unit": "V001",
        "case": "SC-1",
        "resolved_on": "2016-03-08",
    },
    {
        "kind": "criticism",
        "id": "CT-1",
        "unit": "V001",
        "issuer": "joint_conference",
        "issued_on": "2016-03-09",
    },
    {"kind": "yellow_card", "id": "YC-1", "unit": "V001", "issued_on": "2016-03-10"},
    {
        "kind": "inspection_finding",
        "id": "IF-1",
        "unit": "V001",
        "year": 2016,
        "item": "1.1",
        "points": "0.5",
    },
    {
        "kind": "inspection_finding",
        "id": "IF-2",
        "unit": "V001",
        "year": 2016,
        "item": "3",
        "missing": 2,
    },
    {
        "kind": "carried_quarter",
        "id": "CQ-1",
        "unit": "V002",
        "period": "2016Q1",
        "sections": {"basic_work": "7.5", "abnormal_petitions": "12"},
        "basis": "一季度通报",
    },
    {"kind": "reversal", "id": "C-1.R", "of": "C-1", "reason": "级别有误"},
    {
        "kind": "commendation",
        "id": "C-1.2",
        "unit": "V001",
        "level": "province",
        "issued_on": "2016-03-06",
        "replaces": "C-1",
        "note": "更正",
    },
]
"""Every field of every kind, in an order in which the entries can be recorded one by one."""
