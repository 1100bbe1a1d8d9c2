"""The built-in measure states the clause table's amount for each case, and at most one."""

from decimal import Decimal

import pytest

from projections.measure import built_in, load_measure
from projections.measure.amounts import Amounts, NoAmountError
from projections.measure.model import bounds
from tests.projections.folders import amount, clause, kind_of_entry, small_measure

MEASURE = built_in()
LEVELS = ("national", "province", "city", "district", "town")
IN_TIME = ("ahead", "with", "prompt")


def table(slug, of, **rulings):
    """Return the amounts of a clause under the default readings, but for those ruled on."""
    return Amounts(slug, of, MEASURE.clauses[slug].amount, MEASURE.in_force(rulings))


def value(amounts, **case):
    """Return the points or the factor of a case as text; None if no amount is stated for it."""
    found, undecided = amounts.find(case)
    assert not undecided, case
    return None if found is None else str(found.value)


def points_by(slug, of, name, values, **case):
    """Return the points or the factor for each value of one condition."""
    return [value(table(slug, of), **case, **{name: one}) for one in values]


@pytest.mark.parametrize(
    ("slug", "of", "case"),
    [
        ("yellow-card", "red card", {}),
        ("screening", "report", {"state": "in time"}),
        ("screening", "report", {}),
        ("abnormal-petitions", "abnormal batch", {"level": "city", "headcount": 0}),
        ("abnormal-petitions", "abnormal batch", {"level": "moon", "headcount": 5}),
        ("abnormal-petitions", "abnormal batch", {"level": "city"}),
        ("research-site", "research site", {"level": "district"}),
        ("criticism", "criticism", {"issuer": "town"}),
        ("inspection-1.1", "missing", {}),
        ("information", "unreported batch", {"level": "national", "abnormal": False}),
    ],
)
def test_a_case_without_an_amount_raises_an_error_that_names_it(slug, of, case):
    with pytest.raises(NoAmountError) as error:
        table(slug, of).one(case)
    words = ", ".join(f"{name} {value}" for name, value in case.items())
    assert str(error.value) == (
        f"clause {slug}: 0 amounts for “{of}” with {words}; one was expected"
    )


def test_two_amounts_for_one_case_raise_an_error():
    """Both readings of 30 people at once: 11-30 costs 5 and "30 and more" 6."""
    both = [
        amount
        for amount in MEASURE.clauses["abnormal-petitions"].amount
        if amount.when in ({"level": ["city"], "headcount": h} for h in ("11-30", "30-"))
    ]
    stated = [Amounts("two", "abnormal batch", [one], one.condition) for one in both]
    assert sorted(value(one, level="city", headcount=30) for one in stated) == ["-5", "-6"]
    amounts = Amounts("two", "abnormal batch", [both[0], both[0]], both[0].condition)
    with pytest.raises(NoAmountError, match="clause two: 2 amounts for “abnormal batch”"):
        amounts.find({"level": "city", "headcount": 30})


def test_a_range_of_headcounts_includes_both_ends_and_may_have_no_upper_one():
    assert bounds("6-10") == (6, 10)
    assert bounds("31-")[0] == 31
    assert bounds("31-")[1] >= 10**6, "no headcount that validation accepts is beyond it"


TIERS = {
    range(1, 6): (4, 3, 3, 2, 1),
    range(6, 11): (12, 10, 4, 3, 2),
    range(11, 31): (12, 10, 5, 4, 3),
    range(31, 201): (12, 10, 6, 5, 4),
}
"""Points for each range of headcounts: at the national, province, city, district, town level."""


def test_an_abnormal_batch_costs_the_points_of_its_level_and_tier():
    amounts = table("abnormal-petitions", "abnormal batch")
    for tier, row in TIERS.items():
        for level, cost in zip(LEVELS, row, strict=True):
            for headcount in tier:
                found = amounts.one({"level": level, "headcount": headcount})
                assert found.value == -cost, (level, headcount)


def test_thirty_people_may_be_ruled_into_the_top_tier_which_alone_changes():
    """◆thirty_people = 31+: 30 people cost 6, 5 and 4 at city, district and town."""
    usual = table("abnormal-petitions", "abnormal batch")
    ruled = table("abnormal-petitions", "abnormal batch", thirty_people="31+")
    for level, top in zip(LEVELS, (12, 10, 6, 5, 4), strict=True):
        for headcount in range(1, 201):
            case = {"level": level, "headcount": headcount}
            expected = -top if headcount == 30 else usual.one(case).value
            assert ruled.one(case).value == expected, case


@pytest.mark.parametrize("level", LEVELS)
def test_the_top_tier_has_no_upper_end(level):
    amounts = table("abnormal-petitions", "abnormal batch")
    top = amounts.one({"level": level, "headcount": 31})
    for headcount in (200, 10_000, 1_000_000):
        assert top is amounts.one({"level": level, "headcount": headcount})


def response(arrival, effective, stay, level="city", headcount=1, **rulings):
    """Return the factor of an on-site response (None: as it is), and whether it is undecided."""
    found, undecided = table("abnormal-petitions", "on-site response", **rulings).find(
        {
            "arrival": arrival,
            "effective": effective,
            "stay_minutes": stay,
            "level": level,
            "headcount": headcount,
        }
    )
    return None if found is None else str(found.value), undecided


def test_an_effective_response_in_time_within_an_hour_halves_the_points():
    for arrival in IN_TIME:
        for level in LEVELS:
            for stay in (0, 59, 60):
                assert response(arrival, True, stay, level) == ("0.5", False)
            assert response(arrival, True, 61, level) == (None, False)
            assert response(arrival, False, 0, level) == (None, False)


@pytest.mark.parametrize(("arrival", "factor"), [("late", "1.5"), ("absent", "2")])
def test_a_late_or_absent_leader_costs_more_whatever_the_effect_and_stay(arrival, factor):
    for effective in (True, False, None):
        for stay in (None, 0, 300):
            for level in LEVELS:
                for headcount in (1, 6, 10, 11):
                    found = response(arrival, effective, stay, level, headcount)
                    assert found == (factor, False)


def test_a_response_in_time_to_6_to_10_people_in_town_exempts():
    """◆town_6_10 = prompt: whatever the effect and stay; `all`: effective within an hour too."""
    for arrival in IN_TIME:
        for effective in (True, False, None):
            for stay in (None, 60, 61):
                for headcount in (6, 10):
                    found = response(arrival, effective, stay, "town", headcount)
                    assert found == ("0", False)
        for headcount in (5, 11):
            assert response(arrival, True, 60, "town", headcount) == ("0.5", False)
        for headcount in (6, 10):
            strict = {"level": "town", "headcount": headcount, "town_6_10": "all"}
            assert response(arrival, True, 60, **strict) == ("0", False)
            assert response(arrival, True, 61, **strict) == (None, False)
            assert response(arrival, False, 60, **strict) == (None, False)


@pytest.mark.parametrize(
    ("effective", "stay", "undecided"),
    [
        (None, None, True),
        (None, 60, True),
        (None, 61, False),
        (True, None, True),
        (False, None, False),
    ],
)
def test_what_is_not_recorded_leaves_a_response_undecided_only_where_it_decides(
    effective, stay, undecided
):
    assert response("prompt", effective, stay) == (None, undecided)


def test_a_repeated_collective_batch_costs_one_and_a_half_times_as_much():
    """◆repeat_levels: to city, district and town, or to every level."""
    case = {"repeated": True, "manner": "collective"}
    usual = table("abnormal-petitions", "repetition")
    ruled = table("abnormal-petitions", "repetition", repeat_levels="all")
    factors = [value(usual, level=level, **case) for level in LEVELS]
    assert factors == [None, None, "1.5", "1.5", "1.5"]
    assert [value(ruled, level=level, **case) for level in LEVELS] == ["1.5"] * 5
    assert value(ruled, level="city", repeated=True, manner="individual") is None
    assert value(ruled, level="city", repeated=False, manner="collective") is None


def test_where_person_and_problem_are_apart_the_liable_unit_bears_70_percent_and_the_host_30():
    assert points_by("abnormal-petitions", "share", "role", ("liable", "host")) == ["0.7", "0.3"]
    assert value(table("abnormal-petitions", "share"), role="alone") is None


def test_a_late_screening_report_costs_half_a_point_and_a_missing_one_a_point():
    assert points_by("screening", "report", "state", ("late", "missing")) == ["-0.5", "-1"]


def test_each_case_short_of_two_a_month_costs_one_and_a_half_points():
    assert table("case-reports", "owed").one().amount.count == 2
    assert value(table("case-reports", "short")) == "-1.5"


def test_an_unreported_abnormal_batch_costs_3_points_to_beijing_or_the_province():
    for manner in ("individual", "collective"):
        levels, case = ("national", "province"), {"abnormal": True, "manner": manner}
        costs = points_by("information", "unreported batch", "level", levels, **case)
        assert costs == ["-3", "-3"]


def test_an_unreported_collective_batch_costs_points_by_level_abnormal_or_not():
    levels = ("city", "district", "town")
    for abnormal in (True, False):
        case = {"abnormal": abnormal, "manner": "collective"}
        costs = points_by("information", "unreported batch", "level", levels, **case)
        assert costs == ["-2", "-1.5", "-1"]
        case["manner"] = "individual"
        costs = points_by("information", "unreported batch", "level", levels, **case)
        assert costs == [None] * 3


def test_an_unreported_key_person_in_beijing_costs_3_points():
    amounts = table("information", "unreported key person")
    costs = [value(amounts, level=one, abnormal=True, key_person=True) for one in LEVELS]
    assert costs == ["-3", None, None, None, None]
    assert value(amounts, level="national", abnormal=False, key_person=True) is None


def test_a_leader_with_or_ahead_of_the_visitors_and_effective_excuses():
    """◆information_leader = with_or_ahead; `in_time`: `prompt` excuses too."""
    for rulings, excused in (({}, IN_TIME[:2]), ({"information_leader": "in_time"}, IN_TIME)):
        amounts = table("information", "leader on site", **rulings)
        for arrival in (*IN_TIME, "late", "absent"):
            expected = "0" if arrival in excused else None
            assert value(amounts, arrival=arrival, effective=True) == expected
            assert value(amounts, arrival=arrival, effective=False) is None
            _, undecided = amounts.find({"arrival": arrival, "effective": None})
            assert undecided is (arrival in excused)


@pytest.mark.parametrize(
    ("slug", "of", "expected"),
    [
        ("special-period", "clean", ["3", "2", "1.5", "1"]),
        ("commendation", "commendation", ["3", "3", "2", "1"]),
        ("research-site", "research site", ["2", "2", "1"]),
        ("supervised-cases", "done", ["3", "3", "2", "1", "1"]),
    ],
)
def test_a_reward_depends_on_the_level(slug, of, expected):
    """Points at each level from national downwards, as far as the clause states them."""
    assert points_by(slug, of, "level", LEVELS[: len(expected)]) == expected


def test_a_year_without_a_collective_batch_is_rewarded_with_3_points():
    assert value(table("no-collective", "clean")) == "3"


def test_a_criticism_costs_points_by_issuer_and_from_the_province_up_is_a_veto():
    issuers = ("city", "district", "joint_conference")
    assert points_by("criticism", "criticism", "issuer", issuers) == ["-3", "-2", "-1"]
    for issuer in ("national", "province"):
        found = table("criticism", "criticism").one({"issuer": issuer})
        assert (found.amount.flag, found.value) == ("vetoed", None)


def test_a_yellow_card_costs_2_points():
    assert value(table("yellow-card", "yellow card")) == "-2"


@pytest.mark.parametrize(
    ("items", "full"),
    [
        (("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5"), "1"),
        (("3", "4", "6"), "3"),
        (("5.1", "5.2"), "1.5"),
    ],
)
def test_an_inspection_item_gives_its_full_points(items, full):
    for item in items:
        assert value(table(f"inspection-{item}", "full")) == full


@pytest.mark.parametrize("item", ["1.2", "3", "4", "6"])
def test_each_missing_piece_of_a_counted_inspection_item_costs_half_a_point(item):
    assert value(table(f"inspection-{item}", "missing")) == "-0.5"


def test_only_counted_items_have_an_amount_for_what_is_missing():
    counted = [slug for slug in MEASURE.clauses if table(slug, "missing")]
    assert counted == ["inspection-1.2", "inspection-3", "inspection-4", "inspection-6"]


def test_a_long_stay_begins_after_240_minutes_and_costs_what_a_ruling_sets():
    """◆overstay_factor = none: the text says "more" and gives no amount."""
    usual = table("abnormal-petitions", "long stay")
    ruled = table("abnormal-petitions", "long stay", overstay_factor="1.5")
    for level in ("province", "city", "district"):
        case = {"level": level, "manner": "collective"}
        assert usual.one({**case, "stay_minutes": 241}).value is None
        assert ruled.one({**case, "stay_minutes": 241}).value == Decimal("1.5")
        assert value(ruled, **case, stay_minutes=240) is None
        assert value(ruled, level=level, manner="individual", stay_minutes=241) is None
    for level in ("national", "town"):
        assert value(ruled, level=level, manner="collective", stay_minutes=241) is None


def disqualified(of="disqualified", **rulings):
    """Return for each of some batches whether an amount sets the flag."""
    amounts = table("disqualification", of, **rulings)
    found = []
    for level, headcount in (("national", 5), ("province", 49), ("city", 50), ("province", 51)):
        for abnormal in (True, False):
            case = {"level": level, "headcount": headcount, "abnormal": abnormal}
            one, _ = amounts.find({**case, "manner": "collective"})
            found.append(one is not None and one.amount.flag == "disqualified")
    return found


def test_a_collective_batch_to_beijing_and_50_people_to_province_or_city_disqualify():
    """◆disqualify_scope and ◆fifty_people; abnormal and lawful batches in turn."""
    yes, no = True, False
    assert disqualified() == [yes, no, no, no, yes, no, yes, no]
    assert disqualified(fifty_people="excluded") == [yes, no, no, no, no, no, yes, no]
    assert disqualified(disqualify_scope="all") == [yes, yes, no, no, yes, yes, yes, yes]
    both = {"disqualify_scope": "all", "fifty_people": "excluded"}
    assert disqualified(**both) == [yes, yes, no, no, no, no, yes, yes]


def test_a_lawful_batch_of_that_size_is_undetermined_while_abnormal_ones_alone_disqualify():
    yes, no, of = True, False, "lawful batch of that size"
    assert disqualified(of) == [no, yes, no, no, no, yes, no, yes]
    assert disqualified(of, fifty_people="excluded") == [no, yes, no, no, no, no, no, yes]
    assert not any(disqualified(of, disqualify_scope="all"))


def test_a_batch_to_beijing_of_one_person_or_to_district_or_town_does_not_disqualify():
    amounts = table("disqualification", "disqualified")
    assert value(amounts, level="national", headcount=4, manner="individual", abnormal=True) is None
    for level in ("district", "town"):
        case = {"level": level, "headcount": 500, "manner": "collective", "abnormal": True}
        assert value(amounts, **case) is None


def test_a_number_without_quotation_marks_is_read_exactly():
    """0.1 is one tenth, and 19 digits stay: a binary float has neither."""
    given = clause("fire", "occurrence", entry="fire", base="fire", amount=[amount("fire")])
    content = dict(small_measure(given, entries=[kind_of_entry("fire", {"on": "date"})]).content)
    text = content["clauses/1.toml"].replace('"of" = "fire"', '"of" = "fire", "points" = POINTS')
    for written in ("0.1", "-1.5", "0.1000000000000000001", "2"):
        content["clauses/1.toml"] = text.replace("POINTS", written)
        found = load_measure(content).clauses["fire"].amount[0].points
        assert found == Decimal(written)
