"""The rulebook states the clause table's amount for each case, and exactly one."""

from decimal import Decimal

import pytest
from projections.rulebook import NoAmountError
from projections.rulebook.model import bounds

RULEBOOK = built_in()
LEVELS = ("national", "province", "city", "district", "town")


@pytest.mark.parametrize(
    ("slug", "of", "case"),
    [
        ("yellow-card", "red card", {}),
        ("screening", "screening report", {"state": "in time"}),
        ("screening", "screening report", {}),
        ("abnormal-petitions", "abnormal batch", {"level": "city", "headcount": 0}),
        ("abnormal-petitions", "abnormal batch", {"level": "moon", "headcount": 5}),
        ("abnormal-petitions", "abnormal batch", {"level": "city"}),
        ("abnormal-petitions", "long stay", {"level": "national"}),
        ("research-site", "research site", {"level": "district"}),
        ("criticism", "criticism", {"issuer": "town"}),
        ("inspection-1.1", "inspection item", {"item": "1.2"}),
        ("information", "unreported batch", {"level": "national", "manner": "collective"}),
    ],
)
def test_a_case_without_an_amount_raises_an_error_that_names_it(slug, of, case):
    with pytest.raises(NoAmountError) as error:
        RULEBOOK.amount(slug, of, **case)
    assert str(error.value) == (
        f"clause {slug}: 0 amounts for “{of}” with {case}; one was expected"
    )
    assert not RULEBOOK.clauses[slug].states(of, **case)


def test_the_same_case_gives_the_same_amount_object():
    first, second = (RULEBOOK.amount("abnormal-petitions", "short stay") for _ in range(2))
    assert first is second


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
    for tier, row in TIERS.items():
        for level, cost in zip(LEVELS, row, strict=True):
            for headcount in tier:
                found = RULEBOOK.amount(
                    "abnormal-petitions", "abnormal batch", level=level, headcount=headcount
                )
                assert found.value == -cost, (level, headcount)


@pytest.mark.parametrize("level", LEVELS)
def test_the_top_tier_has_no_upper_end(level):
    top = RULEBOOK.amount("abnormal-petitions", "abnormal batch", level=level, headcount=31)
    for headcount in (200, 10_000, 1_000_000):
        assert top is RULEBOOK.amount(
            "abnormal-petitions", "abnormal batch", level=level, headcount=headcount
        )


def test_a_response_multiplies_the_points_by_one_factor_at_every_level_and_headcount():
    factors = {
        "effective within the hour": Decimal("0.5"),
        "in time": Decimal(1),
        "late": Decimal("1.5"),
        "absent": Decimal(2),
        "not recorded": Decimal(1),
    }
    for outcome, usual in factors.items():
        for level in LEVELS:
            for headcount in range(1, 201):
                exempt = (
                    outcome == "effective within the hour"
                    and level == "town"
                    and 6 <= headcount <= 10
                )
                found = RULEBOOK.amount(
                    "abnormal-petitions",
                    "on-site response",
                    outcome=outcome,
                    level=level,
                    headcount=headcount,
                )
                assert found.value == (0 if exempt else usual), (outcome, level, headcount)


def points(slug, of, **case):
    """Return the points or the factor that a clause states for a case, as text."""
    return str(RULEBOOK.amount(slug, of, **case).value)


def points_by(slug, of, name, values, **case):
    """Return the points or the factor for each value of one condition, as texts."""
    return [points(slug, of, **case, **{name: value}) for value in values]


def test_a_repeated_collective_batch_costs_one_and_a_half_times_as_much():
    assert points("abnormal-petitions", "repeated collective batch") == "1.5"


def test_where_person_and_problem_are_apart_the_liable_unit_bears_70_percent_and_the_host_30():
    shares = points_by(
        "abnormal-petitions", "share of person and problem apart", "role", ("liable", "host")
    )
    assert shares == ["0.7", "0.3"]


def test_a_late_screening_report_costs_half_a_point_and_a_missing_one_a_point():
    costs = points_by("screening", "screening report", "state", ("late", "missing"))
    assert costs == ["-0.5", "-1"]


def test_each_case_short_of_two_a_month_costs_one_and_a_half_points():
    assert RULEBOOK.amount("case-reports", "cases owed a month").count == 2
    assert points("case-reports", "case short") == "-1.5"


def test_an_unreported_abnormal_batch_costs_3_points_to_beijing_or_the_province():
    costs = points_by(
        "information", "unreported batch", "level", ("national", "province"), manner="abnormal"
    )
    assert costs == ["-3", "-3"]


def test_an_unreported_collective_batch_costs_points_by_level():
    levels = ("city", "district", "town")
    costs = points_by("information", "unreported batch", "level", levels, manner="collective")
    assert costs == ["-2", "-1.5", "-1"]


def test_an_unreported_key_person_in_beijing_costs_3_points():
    case = {"level": "national", "manner": "abnormal"}
    assert points("information", "unreported key person", **case) == "-3"


@pytest.mark.parametrize(
    ("slug", "of", "expected"),
    [
        ("special-period", "clean special period", ["3", "2", "1.5", "1"]),
        ("commendation", "commendation", ["3", "3", "2", "1"]),
        ("research-site", "research site", ["2", "2", "1"]),
        ("supervised-cases", "supervised case resolved", ["3", "3", "2", "1", "1"]),
    ],
)
def test_a_reward_depends_on_the_level(slug, of, expected):
    """Points at each level from national downwards, as far as the clause states them."""
    assert points_by(slug, of, "level", LEVELS[: len(expected)]) == expected


def test_a_year_without_a_collective_batch_is_rewarded_with_3_points():
    assert points("no-collective", "year without a collective batch") == "3"


def test_a_criticism_costs_points_by_issuer_and_the_provinces_is_a_veto():
    issuers = ("city", "district", "joint_conference")
    assert points_by("criticism", "criticism", "issuer", issuers) == ["-3", "-2", "-1"]
    assert RULEBOOK.amount("criticism", "criticism", issuer="province").flag == "vetoed"


def test_a_yellow_card_costs_2_points():
    assert points("yellow-card", "yellow card") == "-2"


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
        assert points(f"inspection-{item}", "inspection item", item=item) == full


@pytest.mark.parametrize("item", ["1.2", "3", "4", "6"])
def test_each_missing_piece_of_a_counted_inspection_item_costs_half_a_point(item):
    assert points(f"inspection-{item}", "inspection item, each missing", item=item) == "-0.5"


def test_a_stay_is_short_up_to_60_minutes_and_long_over_240():
    assert RULEBOOK.amount("abnormal-petitions", "short stay").minutes == 60
    for level in ("province", "city", "district"):
        assert RULEBOOK.amount("abnormal-petitions", "long stay", level=level).minutes == 240


def test_an_abnormal_batch_of_50_people_to_province_or_city_disqualifies():
    assert RULEBOOK.amount("disqualification", "people to province or city").headcount == 50
