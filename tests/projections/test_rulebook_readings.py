"""Readings (◆ in the clause table): words that rulings may use, and defaults."""

import pytest

from projections.measure import built_in

RULEBOOK = built_in()

READINGS = [
    ("collective_from", 5, "5"),
    ("collective_from", 6, "6"),
    ("collective_from", "5", "5"),
    ("collective_from", "6", "6"),
    ("late_until", "the first month-end after the due date", "month_end"),
    ("late_until", "the quarter's last day", "quarter_end"),
    ("late_until", "the quarter’s last day", "quarter_end"),
    ("late_until", "always late", "always"),
    ("information_valid_days", "none", "none"),
    ("information_valid_days", 30, "30"),
    ("information_valid_days", "30", "30"),
    ("information_valid_days", 0, "0"),
    ("key_person_stacks", False, "false"),
    ("key_person_stacks", True, "true"),
    ("key_person_stacks", "false", "false"),
    ("key_person_stacks", "true", "true"),
    ("petition_scope", "abnormal", "abnormal"),
    ("petition_scope", "all batches", "all"),
    ("petition_scope", "all", "all"),
    ("thirty_people", "the 11–30 tier", "11-30"),
    ("thirty_people", "11–30", "11-30"),
    ("thirty_people", "11-30", "11-30"),
    ("thirty_people", "the top tier", "31+"),
    ("thirty_people", "top tier", "31+"),
    ("repeat_levels", "city, district, town", "city,district,town"),
    ("repeat_levels", "city,district,town", "city,district,town"),
    ("repeat_levels", "all levels", "all"),
    ("repeat_levels", "all", "all"),
    ("combine", "multiply", "multiply"),
    ("combine", "add", "add"),
    ("overstay_factor", "none", "none"),
    ("overstay_factor", "1.5", "1.5"),
    ("overstay_factor", "2", "2"),
    ("overstay_factor", "1.50", "1.5"),
    ("overstay_factor", 2, "2"),
    ("resolution_rate_over", "quarter", "quarter"),
    ("resolution_rate_over", "year", "year"),
    ("resolution_rate_over", "level", "level"),
    ("veto_rank", "keep", "keep"),
    ("veto_rank", "last", "last"),
]
"""Each ◆ name with its values in the words of the clause table, and as the rulebook spells them."""

DEFAULTS = {
    "collective_from": "5",
    "late_until": "month_end",
    "information_valid_days": "none",
    "key_person_stacks": "false",
    "petition_scope": "abnormal",
    "thirty_people": "11-30",
    "repeat_levels": "city,district,town",
    "combine": "multiply",
    "overstay_factor": "none",
    "resolution_rate_over": "quarter",
    "veto_rank": "keep",
}


def test_every_reading_of_the_clause_table_has_its_default():
    in_force = RULEBOOK.in_force({})
    assert {name: in_force.get(name) for name in DEFAULTS} == DEFAULTS
    assert {name for name, _, _ in READINGS} == DEFAULTS.keys()


@pytest.mark.parametrize(("name", "word", "value"), READINGS)
def test_a_ruling_may_use_the_words_of_the_clause_table(name, word, value):
    assert RULEBOOK.readings[name].canonical(word) == value
    assert RULEBOOK.in_force({name: word})[name] == value


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_value_of_every_reading_is_tested(name):
    tried = {value for tried_name, _, value in READINGS if tried_name == name}
    assert {known.value for known in RULEBOOK.readings[name].value} <= tried


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("collective_from", 4),
        ("collective_from", 7),
        ("collective_from", -5),
        ("collective_from", True),
        ("collective_from", "five to six"),
        ("late_until", "never"),
        ("late_until", ""),
        ("information_valid_days", -1),
        ("information_valid_days", "1.5"),
        ("information_valid_days", "NaN"),
        ("information_valid_days", 10**30),
        ("key_person_stacks", "perhaps"),
        ("key_person_stacks", 2),
        ("petition_scope", "some"),
        ("thirty_people", 30),
        ("repeat_levels", "city"),
        ("repeat_levels", "moon, district, town"),
        ("combine", "divide"),
        ("overstay_factor", "0.5"),
        ("overstay_factor", "-1.5"),
        ("overstay_factor", "Infinity"),
        ("overstay_factor", "sNaN"),
        ("overstay_factor", "1e9"),
        ("resolution_rate_over", "month"),
        ("veto_rank", "first"),
    ],
)
def test_an_unknown_value_is_rejected_and_leaves_the_default_in_force(name, word):
    assert RULEBOOK.readings[name].canonical(word) is None
    assert RULEBOOK.in_force({name: word})[name] == DEFAULTS[name]


@pytest.mark.parametrize("name", RULEBOOK.readings)
def test_no_word_names_two_values_of_one_reading(name):
    reading_ = RULEBOOK.readings[name]
    for known in reading_.value:
        for word in (known.value, known.value.upper(), *known.aliases):
            assert reading_.canonical(word) == known.value
    assert reading_.default in reading_.choices()
