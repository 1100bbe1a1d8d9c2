"""Sentences of published measures, each as one clause; expected points reckoned by hand."""

from __future__ import annotations

import pytest

from projections.measure.checking import problems, sentence
from tests.projections.folders import (
    WORDS,
    amount,
    clause,
    kind_of_entry,
    lone_batch,
    points,
    scored,
    section,
    small_measure,
)


def choice(name, *values):
    listed = [{"value": one, "zh": one, "en": one} for one in values]
    return {
        "name": name,
        "title": {"zh": f"{name}项", "en": name},
        "type": "choice",
        "choices": listed,
    }


EVENT = kind_of_entry(
    "event",
    {"on": "date", "number": "integer?", "all": "integer?", "dead": "integer?", "item": "text?",
     "office": "text?", "points": "decimal?"},
)  # fmt: skip
EVENT["field"].append({**choice("level", "province", "city"), "optional": True})
EVENT["field"].append({**choice("seen_by", "satellite", "patrol"), "optional": True})
TASK = kind_of_entry("task", {"due": "date"}, "due", prefix="YY")
DONE = kind_of_entry("done", {"on": "date", "task": "reference:task"}, prefix="ZZ")


def event(on="2021-03-01", **more):
    return {"kind": "event", "on": on, **more}


def place(number, worth):
    return amount("place", points=worth, when={"place": str(number)})


LATE = [amount("report", points="-1", when={"state": [state]}) for state in ("late", "missing")]

# The sentence: kind, keys, entries, and the total of the year 2021.
SENTENCES = {
    "a report each week; each not in time -1: 52 Sundays, one report": (
        "due", {"entry": "event", "each": "week", "amount": LATE}, [event("2021-01-03")], "-51"),
    "half-monthly, on the 14th and 28th; each missing -1: 24 days, two reports": (
        "due", {"entry": "event", "days_of_month": [14, 28], "amount": LATE},
        [event("2021-01-14"), event("2021-01-28")], "-22"),
    "each meeting +1, at most 6: 8 meetings": (
        "quota", {"entry": "event", "each": "year",
                  "amount": [amount("owed", count=6), amount("each", points="1")]},
        [event(f"2021-0{month}-01") for month in range(1, 9)], "6"),
    "meetings +1 to 6, by a cap: 8 meetings": (
        "occurrence", {"entry": "event", "base": "meeting", "cap": 6,
                       "amount": [amount("meeting", points="1")]},
        [event(f"2021-0{month}-01") for month in range(1, 9)], "6"),
    "one article at the province, each more +2: 3 there, 1 at the city": (
        "quota", {"entry": "event", "each": "year", "where": [{"when": {"level": ["province"]}}],
                  "amount": [amount("owed", count=1), amount("surplus", points="2")]},
        [*[event(level="province")] * 3, event(level="city")], "4"),
    "three points for one article at least: none": (
        "quota", {"entry": "event", "each": "year",
                  "amount": [amount("owed", count=1), amount("reached", points="3")]}, [], "0"),
    "a fire seen by satellite -3, by a patrol -1": (
        "occurrence", {"entry": "event", "base": "fire", "gaps": True,
                       "amount": [amount("fire", points="-3", when={"seen_by": ["satellite"]}),
                                  amount("fire", points="-1", when={"seen_by": ["patrol"]})]},
        [event(seen_by="satellite"), event(seen_by="patrol")], "-4"),
    "each dead -30: an accident of 3": (
        "occurrence", {"entry": "event", "base": "dead",
                       "amount": [amount("dead", points="-30", times="dead")]},
        [event(dead=3)], "-90"),
    "a visit not told of before -5, one told of -2: one each": (
        "warned", {"warned": "warned",
                   "amount": [amount("unwarned", points="-5"), amount("warned", points="-2")]},
        [lone_batch("XF-1"), lone_batch("XF-2"),
         {"kind": "information_report", "urgency": "urgent", "matters": ["XF-2"],
          "submitted_at": "2021-02-28T09:00"}], "-7"),
    "an item of 5 points, as the water office grades it: 4, and 2 by another": (
        "graded", {"entry": "event", "item": "1", "amount": [amount("full", points="5")],
                   "where": [{"when": {"office": ["水务局"]}}]},
        [event(item="1", points="4", office="水务局"),
         event(item="1", points="2", office="农业局")],
        "4"),
    "each sign that a check finds missing -0.5: 3": (
        "checklist", {"entry": "event", "missing": "number",
                      "amount": [amount("missing", points="-0.5")]}, [event(number=3)], "-1.5"),
    "the network in place by May, each month later -10: on 1 August, three months": (
        "milestone", {"entry": "event", "by": "05-31",
                      "amount": [amount("late", points="-10", times="months_late")]},
        [event("2021-08-01")], "-30"),
    "answered in time x 10: 3 of 4": (
        "rate", {"entry": "event", "numerator": "number", "denominator": "all",
                 "amount": [amount("full", points="10")]}, [event(number=3, all=4)], "7.5"),
    "below 85 % -1: 84 of 100": (
        "rate", {"entry": "event", "numerator": "number", "denominator": "all",
                 "amount": [amount("threshold", percent=85), amount("below", points="-1")]},
        [event(number=84, all=100)], "-1"),
    "no fire in the year +3: none": (
        "clean", {"entry": "event", "within": "year", "amount": [amount("clean", points="3")]},
        [], "3"),
    "all that was assigned is resolved 5, or 0: one of two": (
        "all_done", {"entry": "task", "done_by": "done", "over": "year", "award": "once",
                     "amount": [amount("done", points="5")]},
        [{"kind": "task", "id": "A", "due": "2021-05-01"},
         {"kind": "task", "id": "B", "due": "2021-09-01"},
         {"kind": "done", "on": "2021-04-01", "task": "A"}], "0"),
    "all that was assigned is resolved 5, or 0: both of two": (
        "all_done", {"entry": "task", "done_by": "done", "over": "year", "award": "once",
                     "amount": [amount("done", points="5")]},
        [{"kind": "task", "id": "A", "due": "2021-05-01"},
         {"kind": "task", "id": "B", "due": "2021-09-01"},
         {"kind": "done", "on": "2021-04-01", "task": "A"},
         {"kind": "done", "on": "2021-09-01", "task": "B"}], "5"),
}  # fmt: skip


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_is_carried_out(text):
    kind, keys, entries, total = SENTENCES[text]
    measure = small_measure(clause("one", kind, **keys), entries=[EVENT, TASK, DONE])
    assert [sentence(one) for one in problems(measure.content)] == []
    found = scored(measure, entries).unit("V1")
    assert found.total == sum(one.points for one in found.postings())
    assert format(found.total.normalize() + 0, "f") == total


def test_two_dead_veto_a_unit():
    """One dead in May and one in June are two; V2 has one alone."""
    flag = amount("flag", flag="veto", when={"total": "2-"})
    given = clause("dead", "flag", entry="event", total="dead", amount=[flag])
    flags = [{"flag": "veto", "title": WORDS, "eligible": False}]
    measure = small_measure(given, entries=[EVENT], flag=flags)
    assert problems(measure.content) == []
    year = [event("2021-05-01", dead=1), event("2021-06-01", dead=1), event(dead=1, unit="V2")]
    found = scored(measure, year, units=["V1", "V2"])
    assert [found.unit(unit).flags for unit in ("V1", "V2")] == [("veto",), ()]


def test_the_first_five_get_5_to_1_and_the_last_loses_5():
    """Six units of 6 to 1: V1 6 + 5, V5 2 + 1, V6 1 − 5."""
    sections = [section(slug) for slug in ("points", "top", "bottom")]
    units = [f"V{number}" for number in range(1, 7)]
    earned = clause("earned", "occurrence", entry="event", base="earned",
                    amount=[amount("earned", points="1", times="number")])  # fmt: skip
    first = clause("first", "rank", section="top", by="points",
                   amount=[place(number, 6 - number) for number in range(1, 6)])  # fmt: skip
    last = clause("last", "rank", section="bottom", by="points", ascending=True,
                  amount=[place(1, -5)])  # fmt: skip
    measure = small_measure(earned, first, last, entries=[EVENT], section=sections)
    assert problems(measure.content) == []
    year = [event(unit=unit, number=7 - number) for number, unit in enumerate(units, 1)]
    found = scored(measure, year, units=units)
    assert [str(found.unit(unit).total) for unit in units] == ["11", "9", "7", "5", "3", "-4"]
    assert points(found, "V6")[-1] == ("last", None, "-5", [])
