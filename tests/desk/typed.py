"""What people type into the desk's forms, and what the ledger then has."""

from __future__ import annotations

BATCH = {
    "f_unit": "V001 甲村",
    "f_matter": "XF-7",
    "f_level": "town",
    "f_headcount": "3",
    "f_occurred_at": "2016-03-05T09:30",
    "f_abnormal": "true",
}
"""An abnormal batch of three people to the town: 到镇上访 6 人以下每批次扣 1 分."""


def record(browser, kind="petition_batch", **fields):
    """Record an entry at once in a browser; return its id."""
    browser.get("/record", kind=kind)
    browser.send("entry", step="record", **(fields or BATCH))
    return dict(browser.response.url.params)["after"]


def listed(office, *options):
    """Return the entries that `tally list` shows, by id."""
    return {one["id"]: one for one in office.tally("list", *options, "--json").ok().json["entries"]}


def total(office, unit="V001"):
    """Return a unit's total of 2016."""
    scores = office.tally("score", "--year", "2016", "--json").ok().json
    return next(one["total"] for one in scores["units"] if one["unit"] == unit)
