"""Entries of other units and years that decide on a unit's points, by every way of loading."""

from __future__ import annotations

import os
import threading
from datetime import date

import pytest

from ledger.application import Ledger
from ledger.decimals import plain
from ledger.read_model.read_model import open_read_model
from ledger.stores import create_store
from projections import parallel
from projections.adopted import Measures
from projections.measure import built_in
from projections.parallel import score_in_parallel
from projections.query import YearQuery
from projections.score_cache import ScoreCache
from projections.scores import score_year
from projections.year_loader import load_year
from tests.ledger.examples import carried
from tests.support import adopt, submissions

QUERY = YearQuery(2016, date(2016, 11, 30))
UNITS = [
    *(
        {"kind": "unit", "id": name, "name": f"样例{name}", "type": "village"}
        for name in ("V1", "V2", "V3")
    ),
    {"kind": "unit", "id": "O1", "name": "外镇样例", "type": "outside"},
]


def batch(name, unit="V1", **fields):
    """Return a lawful batch of six people to the city: 2 points if nobody told of it before."""
    return {
        "kind": "petition_batch",
        "id": name,
        "unit": unit,
        "matter": "XF-1",
        "level": "city",
        "headcount": 6,
        "occurred_at": "2016-04-10T09:00",
        "abnormal": False,
        **fields,
    }


def report(name, unit, submitted_at, **fields):
    return {
        "kind": "information_report",
        "id": name,
        "unit": unit,
        "urgency": "urgent",
        "matters": ["XF-1"],
        "submitted_at": submitted_at,
        **fields,
    }


def corrected(entry, **fields):
    """Return the reversal of an entry, and its replacement with other fields."""
    name = entry["id"]
    reversal = {"kind": "reversal", "id": f"{name}.R", "of": name, "reason": "误"}
    return reversal, {**entry, "id": f"{name}.2", "replaces": name, **fields}


class Town:
    """A ledger with a read model that has scored every state so far."""

    def __init__(self, folder):
        self.url = f"sqlite:///{folder}/tally.db"
        self.store = create_store(self.url)
        self.ledger = Ledger(self.store, Measures)
        adopt(self.ledger, 2015, 2016, 2017)
        self.model = open_read_model(self.url, self.store)
        self.cache = ScoreCache(self.model, self.store)

    def take(self, *entries):
        self.ledger.record(submissions(entries), "clerk", "head")

    def scores(self, unit):
        """Yield the name of each way of loading with the scores of 2016 of a unit, at least."""
        to = self.ledger.position()
        measure, (year, day, _) = built_in(), QUERY
        self.model.follow()
        yield "whole ledger", score_year(self.ledger.state(), measure, year, day)
        part = load_year(self.store, measure.calendar.span(year), to)
        yield "part of the year", score_year(part, measure, year, day)
        yield "two processes", score_in_parallel(self.store, measure, QUERY, to).scores
        yield "cached scores", self.cache.scores(QUERY, to)
        own = self.model.lookup.state(to, units=[unit], town=True)
        yield "entries of the unit", score_year(own, measure, year, day)

    def quarter(self, unit="V1", number=2):
        """Return a quarter's score, which must be the same by every way of loading."""
        found = {
            way: plain(scores.unit(unit).periods[number - 1].score)
            for way, scores in self.scores(unit)
        }
        assert len(found) == 5
        assert len(set(found.values())) == 1, found
        return found["whole ledger"]

    def close(self):
        self.model.close()
        self.store.close()


@pytest.fixture
def town(tmp_path, monkeypatch):
    """Three villages that submit nothing (8 points a quarter) and an outside unit."""
    monkeypatch.setattr(parallel, "LARGE", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    # Tests before this one may have left a thread that waits.
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    made = Town(tmp_path)
    made.take(*UNITS)
    assert made.quarter() == "8"
    yield made
    made.close()


def test_report_of_the_host_unit_counts_for_the_liable_unit(town):
    """The report comes into the ledger last; that of a third unit counts for nothing."""
    town.take(batch("B-1", host_unit="V2"))
    assert town.quarter() == "6"
    town.take(report("IR-1", "V3", "2016-04-09T10:00"))
    assert town.quarter() == "6"
    town.take(report("IR-2", "V2", "2016-04-09T09:00"))
    assert town.quarter() == "8"


def test_report_of_an_outside_host_unit_counts_for_the_liable_unit(town):
    """Reports of an outside unit are refused: its share is nobody's, and no report saves points."""
    town.take(batch("B-1", host_unit="O1", abnormal=True))
    # 4 points of which V1 bears 70 %, and 2 without a report.
    assert town.quarter() == "3.2"
    town.take(report("IR-1", "V1", "2016-04-09T10:00"))
    assert town.quarter() == "5.2"


def test_batch_against_an_outside_unit_costs_its_host_a_share(town):
    town.take(batch("B-1", "O1", host_unit="V1", abnormal=True))
    # 30 % of 4 points; V1 is not liable and owes no report.
    assert town.quarter() == "6.8"


@pytest.mark.parametrize("occurred_at", ["2016-04-09T12:00", "2015-06-01T09:00"])
def test_earlier_batch_of_another_unit_on_the_matter_outdates_the_reports_before_it(
    town, occurred_at
):
    """Since the last batch on the matter nobody has told of it, whosever that batch was."""
    earlier = batch("B-0", "V3", occurred_at=occurred_at)
    town.take(batch("B-1"), report("IR-1", "V1", "2015-05-01T09:00"))
    assert town.quarter() == "8"
    town.take(earlier)
    assert town.quarter() == "6"
    town.take(*corrected(earlier, matter="XF-2"))
    assert town.quarter() == "8"
    town.take(*corrected({**earlier, "id": "B-0.2"}, headcount=7))
    assert town.quarter() == "6"


def test_report_of_an_earlier_year_counts_until_it_is_found_not_as_required(town):
    told = report("IR-1", "V1", "2015-05-01T09:00")
    town.take(told)
    town.take(batch("B-1"))
    assert town.quarter() == "8"
    town.take(*corrected(told, as_required=False))
    assert town.quarter() == "6"


def test_report_on_another_matter_counts_once_it_is_corrected(town):
    told = report("IR-1", "V1", "2016-04-01T09:00", matters=["XF-9", "XF-8"])
    town.take(batch("B-1"), told)
    assert town.quarter() == "6"
    town.take(*corrected(told, matters=["XF-9", "XF-1"]))
    assert town.quarter() == "8"


def test_carried_quarter_replaces_what_was_scored(town):
    """And what is taken back is scored anew; a section that was not published has no points."""
    town.take(batch("B-1", abnormal=True))
    assert town.quarter() == "2"
    sections = {"basic_work": "7.5", "abnormal_petitions": "11"}
    published = carried(unit="V1", period="2016Q2", sections=sections)
    town.take(published)
    assert (town.quarter(), town.quarter(number=3)) == ("18.5", "8")
    town.take(*corrected(published, sections={"basic_work": "7.5"}))
    assert town.quarter() == "7.5"
    town.take({"kind": "reversal", "id": "CQ-1.2.R", "of": "CQ-1.2", "reason": "误"})
    assert town.quarter() == "2"


def test_unit_is_scored_for_the_days_on_which_it_is_assessed(town):
    """From 1 May on: the reports of May alone fall due in Q2 (4), and the batch is of April."""
    town.take(batch("B-1", abnormal=True))
    assert town.quarter() == "2"
    town.take(*corrected(UNITS[0], assessed_from="2016-05-01"))
    assert town.quarter(number=1) == "16", "Q2, as Q1 lies wholly before"


def test_unit_in_correction_is_one_unit(town):
    """Its replacement is verified before the reversal: entries that name either are its own."""
    town.take(batch("B-1"))
    reversal, renamed = corrected(UNITS[0], name="新名村")
    town.ledger.record(submissions([reversal, renamed]), "clerk")
    town.ledger.verify([renamed["id"]], "head")
    town.take(report("IR-1", "V1.2", "2016-04-09T10:00"))
    assert town.quarter() == "8"
    town.ledger.verify([reversal["id"]], "head")
    assert town.quarter() == "8"
