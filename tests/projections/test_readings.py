"""Readings (◆ in the clause table): words that rulings may use, and defaults."""

import pytest

from projections.measure import built_in
from tests.oracle.view import READINGS as DEFAULTS

MEASURE = built_in()

READINGS = [
    ("late_until", "arrived", "arrived"),
    ("late_until", "month_end", "month_end"),
    ("late_until", "the first month-end after the due date", "month_end"),
    ("late_until", "quarter_end", "quarter_end"),
    ("late_until", "the quarter's last day", "quarter_end"),
    ("late_until", "the quarter’s last day", "quarter_end"),
    ("late_until", "always", "always"),
    ("late_until", "always late", "always"),
    ("case_report_until", "any", "any"),
    ("case_report_until", "month_end_after", "month_end_after"),
    ("case_report_until", "quarter_end", "quarter_end"),
    ("case_report_until", "month", "month"),
    ("information_by", "parties", "parties"),
    ("information_by", "liable", "liable"),
    ("information_valid", "since_last_batch", "since_last_batch"),
    ("information_valid", "ever", "ever"),
    ("information_valid", 30, "30"),
    ("information_valid", "30", "30"),
    ("information_valid", 0, "0"),
    ("information_leader", "with_or_ahead", "with_or_ahead"),
    ("information_leader", "in_time", "in_time"),
    ("key_person_excused", False, "false"),
    ("key_person_excused", True, "true"),
    ("key_person_stacks", False, "false"),
    ("key_person_stacks", True, "true"),
    ("key_person_stacks", "false", "false"),
    ("key_person_stacks", "true", "true"),
    ("collective_from", 5, "5"),
    ("collective_from", 6, "6"),
    ("collective_from", "5", "5"),
    ("collective_from", "6", "6"),
    ("collective_from", 3, "3"),
    ("collective_from", "12", "12"),
    ("petition_scope", "abnormal", "abnormal"),
    ("petition_scope", "all batches", "all"),
    ("petition_scope", "all", "all"),
    ("thirty_people", "the 11–30 tier", "11-30"),
    ("thirty_people", "11–30", "11-30"),
    ("thirty_people", "11-30", "11-30"),
    ("thirty_people", "31+", "31+"),
    ("thirty_people", "the top tier", "31+"),
    ("thirty_people", "top tier", "31+"),
    ("repeat_levels", "city, district, town", "city,district,town"),
    ("repeat_levels", "city,district,town", "city,district,town"),
    ("repeat_levels", "all levels", "all"),
    ("repeat_levels", "all", "all"),
    ("town_6_10", "prompt", "prompt"),
    ("town_6_10", "all", "all"),
    ("combine", "multiply", "multiply"),
    ("combine", "add", "add"),
    ("overstay_factor", "none", "none"),
    ("overstay_factor", "1.5", "1.5"),
    ("overstay_factor", "2", "2"),
    ("overstay_factor", "1.50", "1.5"),
    ("overstay_factor", 2, "2"),
    ("disqualify_scope", "abnormal", "abnormal"),
    ("disqualify_scope", "all", "all"),
    ("fifty_people", "included", "included"),
    ("fifty_people", "excluded", "excluded"),
    ("special_period_per", "period", "period"),
    ("special_period_per", "quarter", "quarter"),
    ("special_period_per", "year", "year"),
    ("research_site_per", "each", "each"),
    ("research_site_per", "year", "year"),
    ("resolution_rate_over", "quarter", "quarter"),
    ("resolution_rate_over", "year", "year"),
    ("resolution_rate_over", "level", "level"),
    ("veto_rank", "keep", "keep"),
    ("veto_rank", "last", "last"),
    ("quarter_order", "with_rewards", "with_rewards"),
    ("quarter_order", "score", "score"),
    ("quarter_order", "none", "none"),
]
"""Each ◆ name with its values in the words of the clause table, and as the measure spells them."""


def test_every_reading_of_the_clause_table_has_its_default():
    assert MEASURE.in_force({}) == DEFAULTS
    assert {name for name, _, _ in READINGS} == DEFAULTS.keys()


@pytest.mark.parametrize(("name", "word", "value"), READINGS)
def test_a_ruling_may_use_the_words_of_the_clause_table(name, word, value):
    assert MEASURE.readings[name].canonical(word) == value
    assert MEASURE.in_force({name: word})[name] == value


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_value_of_every_reading_is_tested(name):
    tried = {value for tried_name, _, value in READINGS if tried_name == name}
    assert {known.value for known in MEASURE.readings[name].value} <= tried


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("collective_from", 0),
        ("collective_from", "5.5"),
        ("collective_from", -5),
        ("collective_from", True),
        ("collective_from", "five to six"),
        ("late_until", "never"),
        ("late_until", ""),
        ("case_report_until", "year"),
        ("information_by", "host"),
        ("information_valid", -1),
        ("information_valid", "1.5"),
        ("information_valid", "NaN"),
        ("information_valid", 10**30),
        ("information_leader", "late"),
        ("key_person_excused", "perhaps"),
        ("key_person_stacks", "perhaps"),
        ("key_person_stacks", 2),
        ("petition_scope", "some"),
        ("thirty_people", 30),
        ("repeat_levels", "city"),
        ("repeat_levels", "moon, district, town"),
        ("town_6_10", "6-10"),
        ("combine", "divide"),
        ("disqualify_scope", "lawful"),
        ("fifty_people", 50),
        ("special_period_per", "each month"),
        ("research_site_per", "quarter"),
        ("overstay_factor", "0.5"),
        ("overstay_factor", "-1.5"),
        ("overstay_factor", "Infinity"),
        ("overstay_factor", "sNaN"),
        ("overstay_factor", "1e9"),
        ("resolution_rate_over", "month"),
        ("veto_rank", "first"),
        ("quarter_order", "unit"),
    ],
)
def test_an_unknown_value_is_rejected_and_leaves_the_default_in_force(name, word):
    assert MEASURE.readings[name].canonical(word) is None
    assert MEASURE.in_force({name: word})[name] == DEFAULTS[name]


@pytest.mark.parametrize("name", MEASURE.readings)
def test_no_word_names_two_values_of_one_reading(name):
    reading_ = MEASURE.readings[name]
    for known in reading_.value:
        for word in (known.value, known.value.upper(), *known.aliases):
            assert reading_.canonical(word) == known.value
    assert reading_.default in reading_.choices()


def test_a_ruling_under_a_readings_former_name_holds():
    """The first edition called it information_valid_days, with the value none."""
    assert MEASURE.in_force({"information_valid_days": "none"})["information_valid"] == "ever"
    assert MEASURE.in_force({"information_valid_days": "30"})["information_valid"] == "30"
    assert MEASURE.in_force({"information_valid_days": "x"}) == DEFAULTS
