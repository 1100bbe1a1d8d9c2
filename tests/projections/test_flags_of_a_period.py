"""Flags in the published figures of a period: those that a unit had by its end."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from ledger import codec
from projections.publication import publication, published_beside
from projections.raised import flags_by
from projections.scores import score_year
from tests.projections.folders import (
    amount,
    clause,
    kind_of_entry,
    period,
    section,
    small_measure,
    state_of,
)

WORDS = {"zh": "否决", "en": "veto"}
EVENT = kind_of_entry("event", {"on": "date", "dead": "integer"})
TWO_DEAD = amount("flag", flag="veto", when={"total": "2-"})
H1, H2 = 1, 2


@cache
def measure():
    """A measure of two halves that vetoes a unit with two dead in the year."""
    return small_measure(
        clause("dead", "flag", entry="event", total="dead", amount=[TWO_DEAD]),
        entries=[EVENT],
        flag=[{"flag": "veto", "title": WORDS, "eligible": False}],
        section=[section(of="period")],
        period=[period("H1", "01-01"), period("H2", "07-01")],
    )


def state_with(*days):
    """The state of a village with one dead on each of some days."""
    unit = {"kind": "unit", "id": "V1", "name": "甲村", "type": "village"}
    events = [{"kind": "event", "unit": "V1", "on": day, "dead": 1} for day in days]
    return state_of(measure(), [unit, *events])


def published(state, number, through):
    """The figures of the period, published, and the scores of the same state and day."""
    scores = score_year(state, measure(), 2021, through)
    event = publication(state, scores, number, None)
    name = f"publication:{event.period}"
    row = (state.position + 1, name, 1, codec.PUBLISHED, codec.encode(event))
    return event, state.fold([row]), scores


@pytest.mark.parametrize(
    ("days", "h1", "h2"),
    [
        (("2021-02-01", "2021-05-01"), ["veto"], ["veto"]),
        (("2021-02-01", "2021-08-01"), [], ["veto"]),
        (("2021-02-01", "2021-05-01", "2021-08-01"), ["veto"], ["veto"]),
        (("2021-08-01",), [], []),
    ],
)
def test_a_total_raises_its_flag_in_the_period_in_which_it_is_reached(days, h1, h2):
    scores = score_year(state_with(*days), measure(), 2021, date(2021, 12, 31))
    (unit,) = scores.units
    assert [flags_by(unit, number, measure()) for number in (H1, H2, None)] == [h1, h2, h2]


def test_a_flag_by_a_total_does_not_differ_from_what_was_published():
    event, state, scores = published(state_with("2021-02-01", "2021-05-01"), H1, date(2021, 7, 2))
    assert [one["flags"] for one in event.figures] == [["veto"]]
    assert published_beside(scores, state) == {}
