"""Places and ranks, bands, and totals scaled for some units; expected values by hand."""

from __future__ import annotations

from datetime import date

import pytest

from projections.measure.checking import problems
from tests.projections.folders import (
    WORDS,
    amount,
    clause,
    kind_of_entry,
    points,
    reading,
    scored,
    section,
    small_measure,
)

GAIN = kind_of_entry("gain", {"on": "date", "number": "integer"})
FIVE = ["V1", "V2", "V3", "V4", "V5"]


def gains(*numbers):
    return [
        {"kind": "gain", "on": "2021-02-01", "unit": unit, "number": number}
        for unit, number in zip(FIVE, numbers, strict=False)
    ]


def earning(**keys):
    return clause(
        "gain", "occurrence", entry="gain", base="gain", section="gains",
        amount=[amount("gain", points="1", times="number")], **keys,
    )  # fmt: skip


def places(**keys):
    of = [
        amount("place", points=worth, when={"place": place})
        for place, worth in (("1", "5"), ("2", "4"), ("3-4", "1"))
    ]
    return clause("place", "rank", section="places", amount=of, **keys)


def ranked(*clauses, **head):
    sections = [section("gains"), section("places")]
    return small_measure(earning(), *clauses, entries=[GAIN], **{"section": sections, **head})


def of_places(found):
    return {
        one.unit: [(str(one.points), one.clause) for one in one.postings() if one.clause == "place"]
        for one in found.units
    }


def totals(found):
    return {one.unit: (str(one.total), one.rank) for one in found.units}


def test_units_that_tie_share_a_place_and_the_next_place_is_left_out():
    """9, 7, 7, 3, 1: places 1, 2, 2, 4, 5 earn 5, 4, 4, 1 and nothing."""
    found = scored(ranked(places()), gains(9, 7, 7, 3, 1), units=FIVE)
    assert totals(found) == {
        "V1": ("14", 1), "V2": ("11", 2), "V3": ("11", 2), "V4": ("4", 4), "V5": ("1", 5),
    }  # fmt: skip
    assert of_places(found)["V4"] == [("1", "place")]
    assert of_places(found)["V5"] == []


def test_places_are_known_only_once_the_year_is_over():
    found = scored(ranked(places()), gains(9, 7), units=FIVE, through=date(2021, 12, 30))
    assert totals(found)["V1"] == ("9", 1)


@pytest.mark.parametrize("turned", [False, True])
def test_the_places_of_one_clause_are_no_points_for_another(turned):
    """9 and 8: V2 is the second, +9, and the last, −3, whichever clause comes first."""
    last = clause("last", "rank", section="places", ascending=True,
                  amount=[amount("place", points="-3", when={"place": "1"})])  # fmt: skip
    second = clause("second", "rank", section="places",
                    amount=[amount("place", points="9", when={"place": "2"})])  # fmt: skip
    clauses = [second, last] if turned else [last, second]
    found = scored(ranked(*clauses), gains(9, 8), units=["V1", "V2"])
    assert totals(found) == {"V2": ("14", 1), "V1": ("9", 2)}


def test_the_smallest_comes_first_by_a_section():
    """By the section `gains` ascending, V2 with 1 is first: 1 + 5 = 6; V1 second: 9 + 4."""
    found = scored(ranked(places(by="gains", ascending=True)), gains(9, 1), units=["V1", "V2"])
    assert totals(found) == {"V1": ("13", 1), "V2": ("6", 2)}


def test_places_and_ranks_are_within_the_group_where_the_measure_says_so():
    """V1 and V3 are of group a, V2 of b: V2 with 7 is first of its own group."""
    groups = [{"value": "a", "title": WORDS}, {"value": "b", "title": WORDS}]
    units = {"type": [{"value": "village", "title": WORDS}], "group": groups}
    measure = ranked(places(), rank={"within": "group"}, units=units)
    named = [
        {"id": unit, "name": unit, "group": group}
        for unit, group in (("V1", "a"), ("V2", "b"), ("V3", "a"))
    ]
    found = scored(measure, gains(9, 7, 3), units=named)
    assert totals(found) == {"V1": ("14", 1), "V2": ("12", 1), "V3": ("7", 2)}


def test_only_units_that_a_clause_is_for_have_places():
    """V1 with 9 is a farm: V2 is the first village, V3 the second; V1 has its 2 instead."""
    kinds = [{"value": one, "title": WORDS} for one in ("village", "farm")]
    given = places(applies_to={"type": ["village"], "otherwise": "2"})
    measure = ranked(given, units={"type": kinds})
    farm = {"id": "V1", "name": "场", "type": "farm"}
    found = scored(measure, gains(9, 7, 3), units=[farm, "V2", "V3"])
    assert totals(found) == {"V2": ("12", 1), "V1": ("11", 2), "V3": ("7", 3)}
    assert of_places(found)["V1"] == [("2", "place")]


def vetoing(*clauses, last=("vetoed",)):
    flag = {"flag": "vetoed", "title": WORDS, "eligible": False}
    veto = clause("veto", "flag", entry="yellow_card", section="flags",
                  amount=[amount("flag", flag="vetoed")])  # fmt: skip
    return ranked(*clauses, veto, flag=[flag], rank={"last": list(last)})


@pytest.mark.parametrize(
    ("keys", "last", "expected"),
    [
        ({}, ["vetoed"], {"V2": ("12", 1), "V3": ("7", 2), "V1": ("10", 3)}),
        ({}, [], {"V1": ("14", 1), "V2": ("11", 2), "V3": ("4", 3)}),
        ({"without": ["vetoed"]}, ["vetoed"], {"V2": ("12", 1), "V3": ("7", 2), "V1": ("9", 3)}),
        ({"without": ["vetoed"]}, [], {"V2": ("12", 1), "V1": ("9", 2), "V3": ("7", 3)}),
        ({"ascending": True}, ["vetoed"], {"V2": ("8", 1), "V3": ("7", 2), "V1": ("14", 3)}),
        ({"ascending": True, "without": ["vetoed"]}, ["vetoed"],
         {"V2": ("11", 1), "V3": ("8", 2), "V1": ("9", 3)}),
    ],
)  # fmt: skip
def test_places_are_in_the_order_of_the_ranking(keys, last, expected):
    """Gains 9, 7, 3, V1 vetoed; places 1, 2, 3 earn 5, 4, 1."""
    card = {"kind": "yellow_card", "id": "Y-1", "unit": "V1", "issued_on": "2021-03-01"}
    measure = vetoing(places(**keys), last=last)
    found = scored(measure, [*gains(9, 7, 3), card], units=["V1", "V2", "V3"])
    assert totals(found) == expected


def test_a_flag_without_places_must_be_declared():
    measure = vetoing(places(without=["vetod"]))
    found = [(one.place, str(one.what)) for one in problems(measure.content)]
    assert found == [("place.without", "there is no flag 'vetod'; declared are vetoed")]


@pytest.mark.parametrize(
    ("keys", "head", "place"),
    [
        ({"floor": 0}, {}, "place.floor"),
        ({"cap": 3}, {}, "place.cap"),
        ({}, {"section": [section("gains"), section("places", cap=3)]}, "place.section"),
        ({}, {"section": [section("gains"), section("places", weight="0.5")]}, "place.section"),
    ],
)
def test_a_bound_that_places_come_too_late_for_is_refused(keys, head, place):
    measure = ranked(places(**keys), **head)
    assert place in [one.place for one in problems(measure.content)]


def test_a_measure_that_ranks_nobody_lists_units_by_id_and_has_bands_all_the_same():
    bands = [
        {"name": "good", "title": WORDS},
        {"name": "excellent", "title": WORDS, "from": 5},
    ]
    measure = ranked(rank={"none": True}, band=bands)
    found = scored(measure, gains(3, 5), units=["V1", "V2"])
    assert [(one.unit, one.rank, one.band) for one in found.units] == [
        ("V1", None, "good"), ("V2", None, "excellent"),
    ]  # fmt: skip


def test_the_unit_of_a_flag_ranks_behind_all_others_under_the_reading():
    flagged = clause(
        "flag", "flag", entry="gain", section="gains", total="number",
        amount=[amount("flag", flag="vetoed", when={"total": "9-"})],
        reading=[reading("veto_rank", "keep", "last")],
    )  # fmt: skip
    measure = ranked(
        flagged,
        flag=[{"flag": "vetoed", "title": WORDS, "eligible": False}],
        rank={"last": {"reading": "veto_rank", "is": {"keep": [], "last": ["vetoed"]}}},
    )
    year = [*gains(5, 8), *gains(4)]
    found = scored(measure, year, units=["V1", "V2"])
    assert totals(found) == {"V1": ("9", 1), "V2": ("8", 2)}
    assert (found.unit("V1").flags, found.unit("V1").eligible) == (("vetoed",), False)
    ruled = scored(measure, year, units=["V1", "V2"], rulings={"veto_rank": "last"})
    assert totals(ruled) == {"V2": ("8", 1), "V1": ("9", 2)}


def test_a_total_is_scaled_for_the_units_that_cannot_attain_the_whole():
    """49 of 98 attainable points are 50 of 100; 33 are 33.67 (33.673…). V1 is excepted."""
    scale = {
        "not_applies_to": {"unit": ["V1村"]}, "if": {"lakes": "scaled"},
        "sections": ["gains"], "attainable": 98, "out_of": 100, "citation": "一",
    }  # fmt: skip
    measure = small_measure(
        earning(reading=[reading("lakes", "scaled", "as_is")]),
        entries=[GAIN], section=[section("gains")], scale=[scale],
    )  # fmt: skip
    found = scored(measure, gains(49, 49, 33), units=["V1", "V2", "V3"])
    assert points(found, "V1") == [("gain", None, "49", ["E1"])]
    assert points(found, "V2") == [("gain", None, "49", ["E2"]), ("gains", None, "1", [])]
    assert totals(found) == {"V2": ("50.00", 1), "V1": ("49", 2), "V3": ("33.67", 3)}
    as_is = scored(measure, gains(49, 49), units=["V1", "V2"], rulings={"lakes": "as_is"})
    assert totals(as_is) == {"V1": ("49", 1), "V2": ("49", 1)}
