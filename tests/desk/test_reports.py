"""Who has reported: the grid, recording from it, its filters and its workbook."""

from __future__ import annotations

HEADER = ["V001", "V002"]


def listed(office, kind):
    found = office.tally("list", kind, "--json").ok().json["entries"]
    return [one["content"] for one in found]


def cells(page, unit):
    raise NotImplementedError


def test_try(office):
    clerk = office.browser("小李")
    clerk.get("/reports")
    print(clerk.text)
    print(clerk.response.text[3000:9000])
    clerk.get("/reports/record", clause="screening", what="2016-03")
    print(clerk.text)
    clerk.send("report", on="2016-03-30")
    print(clerk.text)
    clerk.send("confirm")
    print(clerk.text)
    print(listed(office, "screening_report"))
