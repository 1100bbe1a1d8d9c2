"""`tally sensitivity` of the sample year: facts worked out from the regulation, and its forms."""

from __future__ import annotations

import csv
import io

import pytest


@pytest.fixture(scope="module")
def found(demo):
    """Return the JSON of the sample year."""
    return demo.reading("sensitivity", "--json").ok().json


def units_of(found, name, value):
    """Return what a value of a reading moves, by unit."""
    (one,) = [one for one in found["readings"] if one["reading"] == name]
    (other,) = [other for other in one["alternatives"] if other["value"] == value]
    return {unit["unit"]: unit for unit in other["units"]}


def differences(units, field):
    return {
        name: (one[field]["from"], one[field]["to"])
        for name, one in units.items()
        if one[field]["from"] != one[field]["to"]
    }


def test_the_top_tier_of_exactly_30_people_costs_two_villages_more(found):
    """三（一）2: 30人以上 to the town 4 instead of 3, to the city 6 instead of 5.

    B-2016-0013 of V029, 30 to the town, the leader late: 4 × 1.5 instead of 3 × 1.5. B-2016-0079
    of V006, 30 to the city, in time but 110 minutes: 6 instead of 5. B-2016-0057, 30 to Beijing,
    costs 12 either way; the others of 30 are lawful.
    """
    units = units_of(found, "thirty_people", "31+")
    assert differences(units, "total") == {"V029": ("50.2", "48.7"), "V006": ("46.8", "45.8")}
    assert differences(units, "rank") == {}
    assert differences(units, "flags") == {}


def test_lawful_batches_disqualify_five_villages_if_the_sentence_is_read_alone(found):
    """三（一）2: 凡发生进京集体上访和50人以上赴省市群体上访的, lawful or not.

    Lawful to Beijing with 5 or more: B-2016-0044.2 and -0077 (V001), -0027 (V017), -0039 (V028),
    -0048 (V027); with 50 to the city -0092 (V017), to the province -0095 (V029).
    """
    units = units_of(found, "disqualify_scope", "all")
    expected = dict.fromkeys(["V001", "V017", "V027", "V028", "V029"], ([], ["disqualified"]))
    assert differences(units, "flags") == expected
    assert differences(units, "total") == differences(units, "rank") == {}


def test_a_vetoed_village_changes_places_with_the_last(found):
    """V006 is vetoed and 45th with 46.8 points, V017 is last with 30.4 and not vetoed."""
    units = units_of(found, "veto_rank", "last")
    assert differences(units, "rank") == {"V006": (45, 46), "V017": (46, 45)}
    assert differences(units, "total") == differences(units, "flags") == {}


@pytest.mark.parametrize(("factor", "total"), [("1.5", "45.2"), ("2", "40.2")])
def test_a_long_stay_costs_one_village_more_whatever_the_factor(found, factor, total):
    """B-2016-0008 of V029: 6 to the province, 300 minutes: 10 × 1.5 or × 2 instead of 10.

    V029 had 50.2 and the 43rd place; V009 with 47.15 and V006 with 46.8 pass it.
    """
    units = units_of(found, "overstay_factor", factor)
    assert differences(units, "total") == {"V029": ("50.2", total)}
    assert differences(units, "rank") == {"V029": (43, 45), "V009": (44, 43), "V006": (45, 44)}


def test_two_readings_of_50_people_take_a_flag_back(found):
    """V029's lawful batch has exactly 50 people: from 51 on, it would not be disqualified."""
    wanted = [
        {"reading": "disqualify_scope", "value": "all"},
        {"reading": "fifty_people", "value": "excluded"},
    ]
    (pair,) = [one for one in found["pairs"] if one["readings"] == wanted]
    (unit,) = pair["units"]
    assert unit["unit"] == "V029"
    assert unit["flags"] == {"from": [], "to": []}
    assert [one["flags"] for one in unit["alone"]] == [["disqualified"], []]


def test_lawful_batches_of_30_people_cost_more_under_two_readings(found):
    """B-2016-0046, lawful, 30 to the district: V017 is liable (70 %), V036 host (30 %) and late.

    4 points if lawful batches count, 5 in the top tier too: V017 0.7 more, V036 1 × 1.5 × 0.3 =
    0.45 more than the two readings move one by one.
    """
    wanted = [
        {"reading": "petition_scope", "value": "all"},
        {"reading": "thirty_people", "value": "31+"},
    ]
    (pair,) = [one for one in found["pairs"] if one["readings"] == wanted]
    more = {}
    for unit in pair["units"]:
        now, both = (float(unit["total"][side]) for side in ("from", "to"))
        alone = sum(float(one["total"]) - now for one in unit["alone"])
        more[unit["unit"]] = round(both - now - alone, 4)
    assert more == {"V017": -0.7, "V036": -0.45}


def test_summary_says_what_moves_and_what_does_not(found):
    summary = found["summary"]
    assert summary[0] == "no reading moves first place, alone or with another"
    assert "the rank of V017 枫笛坪村 hangs on 1 reading: veto_rank" in summary
    assert "the flags of V029 兰橹湾村 hang on 1 reading: disqualify_scope" in summary
    numbers = "collective_from, overstay_factor, information_valid"
    tried = f"{numbers} may be ruled to be any number within bounds: the values listed were tried"
    assert tried in summary
    ranked = [one for one in found["units"] if one["rank"]]
    assert f"no reading moves the rank of {46 - len(ranked)} units" in summary


def test_readings_come_by_what_they_move(found):
    """Flags before ranks, ranks before totals; those that move nothing have empty lists."""
    names = [one["reading"] for one in found["readings"]]
    assert names[0] == "disqualify_scope"
    assert names.index("petition_scope") < names.index("late_until") < names.index("combine")
    nothing = {"quarter_order", "information_valid", "key_person_excused", "town_6_10"}
    empty = {
        one["reading"]
        for one in found["readings"]
        if not any(other["units"] for other in one["alternatives"])
    }
    assert empty == nothing | {"fifty_people", "research_site_per"}
    assert len(found["readings"]) == 21


def test_csv_has_a_row_for_each_unit_that_is_moved(demo, found):
    rows = list(
        csv.DictReader(io.StringIO(demo.reading("sensitivity", "--format", "csv").ok().out))
    )
    moves = [
        (one["reading"], other["value"], unit["unit"], unit["total"]["to"])
        for one in found["readings"]
        for other in one["alternatives"]
        for unit in other["units"]
    ]
    assert sorted(
        (row["reading"], row["alternative"], row["unit"], row["total_to"]) for row in rows
    ) == sorted(moves)


def test_one_reading_is_shown_unit_by_unit(demo):
    out = demo.reading("sensitivity", "--reading", "veto_rank").ok().out
    assert "V006" in out
    assert "45 → 46" in out
    assert "no other value of veto_rank moves first place, alone or with another" in out
    assert "late_until = " not in out


def test_a_value_is_tried_instead_of_the_others(demo):
    """三（一）2: 10 × 1.75 = 17.5 for B-2016-0008 of V029: 7.5 more."""
    words = "sensitivity", "--reading", "overstay_factor=1.75", "--json"
    found = demo.reading(*words).ok().json
    assert [one["reading"] for one in found["readings"]] == ["overstay_factor"]
    units = units_of(found, "overstay_factor", "1.75")
    assert differences(units, "total") == {"V029": ("50.2", "42.7")}


def test_a_former_name_and_another_spelling_of_a_value_are_taken(demo):
    words = "sensitivity", "--reading", "information_valid_days=unlimited", "--json"
    (one,) = demo.reading(*words).ok().json["readings"]
    assert one["reading"] == "information_valid"
    assert [other["value"] for other in one["alternatives"]] == ["ever"]


def test_an_unknown_reading_or_value_is_refused(demo):
    unknown = demo("sensitivity", "--reading", "overstay").refused().err
    assert (
        "--reading: 'overstay' is not a reading of the measure; choose one of veto_rank, "
        in unknown
    )
    wrong = demo("sensitivity", "--reading", "overstay_factor=0.5").refused().err
    assert "--reading: overstay_factor may be none or a number from 1 to 100" in wrong


def test_the_day_the_position_and_the_ruling_count(town):
    """Before a ruling the value in force is the default, after it the ruled one."""
    ruled = {"kind": "ruling", "id": "RU-1", "year": 2016, "reading": "collective_from"}
    town.take_in({**ruled, "value": "6", "basis": "领导小组会议纪要"})
    found = town("sensitivity", "--as-of", 7, "--through", "2016-11-30", "--json").ok().json
    assert {one["reading"]: one["value"] for one in found["readings"]}["collective_from"] == "5"
    found = town("sensitivity", "--through", "2016-11-30", "--json").ok().json
    of = {one["reading"]: one for one in found["readings"]}["collective_from"]
    assert (of["value"], [one["value"] for one in of["alternatives"]]) == ("6", ["5"])


@pytest.mark.usefixtures("zh")
def test_chinese_says_the_same(demo):
    out = demo("sensitivity").ok().out
    assert "- 各项解释取其他值，第一名均不变，两项同时取其他值也不变" in out
    assert "hangs" not in out
    assert "disqualified" not in out
