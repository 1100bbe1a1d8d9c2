"""The rulebook refuses rule files that are not sound, and states one amount for each case."""

import re
from decimal import Decimal

import pytest

from ledger.errors import TallyError
from projections.rulebook import NoAmountError, UnsoundRulebookError, build, load_rulebook
from projections.rulebook.loading import CLAUSES, MEASURE, ORDER
from projections.rulebook.model import bounds

RULEBOOK = load_rulebook()
LEVELS = ("national", "province", "city", "district", "town")

MEASURE_TEXT = MEASURE.read_text(encoding="utf-8")

CLAUSE = """
[[clause]]
slug = "{slug}"
judge = "yellow_card"
section = "penalties"
citation = "三（三）2"
title = {{ zh = "黄牌警告", en = "Yellow cards" }}
sentence.zh = "被黄牌警告的每次扣2分。"
sentence.en = "Each yellow card costs 2 points."
"""

AMOUNT = """
[[clause.amount]]
of = "{of}"
{when}
{what}
citation = "{citation}"
quote = "{quote}"
"""

READING = """
[[clause.reading]]
name = "{name}"
default = "{default}"
citation = "三（三）2"
summary = {{ zh = "如何排名", en = "where it ranks" }}

[[clause.reading.value]]
value = "keep"
meaning = "by its score"
aliases = []
"""


def clause(slug="yellow-card"):
    return CLAUSE.format(slug=slug)


def amount(of="yellow card", when="", what='points = "-2"', citation="三（三）2", quote="扣2分"):
    return AMOUNT.format(of=of, when=when, what=what, citation=citation, quote=quote)


def reading(name="veto_rank", default="keep"):
    return READING.format(name=name, default=default)


def refusal(*texts, measure=MEASURE_TEXT):
    """The message with which rule files `a`, `b`, … are refused."""
    with pytest.raises(UnsoundRulebookError) as refused:
        build(dict(zip("abcdef", texts, strict=False)), measure)
    return str(refused.value)


# Loading


def test_the_little_rulebook_of_these_tests_is_sound():
    rulebook = build({"a": clause() + amount() + reading()}, MEASURE_TEXT)
    assert list(rulebook.clauses) == ["yellow-card"]
    assert rulebook.amount("yellow-card", "yellow card").value == Decimal(-2)
    assert rulebook.in_force({}) == {"veto_rank": "keep"}


def test_every_rule_file_beside_the_code_is_loaded():
    assert {path.stem for path in CLAUSES.glob("*.toml")} == set(ORDER)
    assert load_rulebook() is RULEBOOK, "read once"


def test_an_unsound_rulebook_is_told_to_a_person():
    assert issubclass(UnsoundRulebookError, TallyError)
    assert issubclass(NoAmountError, TallyError)


@pytest.mark.parametrize(
    ("text", "place", "key"),
    [
        (clause() + 'comment = "?"', "clause[0]: ", "comment"),
        (clause() + amount() + "rounding = 2", "clause[0].amount[0]: ", "rounding"),
        (clause() + reading() + "strict = true", "clause[0].reading[0].value[0]: ", "strict"),
        (clause() + amount() + "[[claus]]", "", "claus"),
        (clause() + amount(what='point = "-2"'), "clause[0].amount[0]: ", "point"),
    ],
)
def test_an_unknown_key_is_an_error(text, place, key):
    assert refusal(text) == f"rulebook, a: {place}Object contains unknown field `{key}`"


@pytest.mark.parametrize("key", ["measure", "total", "year"])
def test_the_measure_s_own_file_is_checked_too(key):
    extra = refusal(clause(), measure=MEASURE_TEXT + "\n[extra]\n")
    assert extra == "rulebook, measure: Object contains unknown field `extra`"
    parts = re.split(r"(?m)^(?=\[)", MEASURE_TEXT)
    without = "".join(one for one in parts if not one.lstrip("[").startswith(key))
    missing = f"rulebook, measure: Object missing required field `{key}`"
    assert refusal(clause(), measure=without) == missing


@pytest.mark.parametrize("missing", ["citation", "quote"])
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_an_amount_without_a_citation_is_refused(missing, blank):
    text = amount(**{missing: blank or ""})
    if blank is None:
        text = text.replace(f'{missing} = ""\n', "")
    message = refusal(clause() + text)
    assert "citation" in message or missing in message
    assert "rulebook, a: clause[0].amount[0]" in message or "rulebook, yellow-card: " in message


@pytest.mark.parametrize(
    "what",
    [
        "",
        'points = "-2"\nfactor = "2"',
        'points = "-2"\nflag = "vetoed"',
        "minutes = 60\nheadcount = 50",
        'points = "0"\ncount = 0',
    ],
)
def test_an_amount_states_one_thing(what):
    message = refusal(clause() + amount(what=what))
    assert message.startswith("rulebook, yellow-card: the amount of yellow card must state one")


@pytest.mark.parametrize(
    "what",
    ['points = "two"', 'points = "NaN"', 'points = "Infinity"', 'flag = "sad"', "count = 1.5"],
)
def test_an_amount_that_is_none_is_refused(what):
    assert refusal(clause() + amount(what=what)).startswith("rulebook, a: clause[0].amount[0]")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", ""),
        ("", 'when = { level = ["city"] }'),
        ('when = { level = ["city", "district"] }', 'when = { level = ["town", "city"] }'),
        ('when = { headcount = "6-10" }', 'when = { headcount = "10-30" }'),
        ('when = { headcount = "6-10" }', 'when = { headcount = "1-" }'),
        ('when = { level = ["city"] }', 'when = { headcount = "31-" }'),
        (
            'when = { level = ["city"], headcount = "6-10" }',
            'when = { level = ["city"], headcount = "7-7" }',
        ),
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["in one clause", "in two"])
def test_two_amounts_that_claim_one_case_are_refused_by_both_citations(one, other, together):
    first = amount(when=one, citation="三（三）2甲", quote="扣2分")
    second = amount(when=other, citation="三（三）2乙", quote="扣3分")
    if together:
        message = refusal(clause() + first + second)
    else:
        message = refusal(clause() + first, clause("red-card") + second)
        assert "yellow-card and red-card" in message
    assert "三（三）2甲 (扣2分)" in message
    assert "三（三）2乙 (扣3分)" in message
    assert "both claim the case “yellow card”" in message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('when = { level = ["city"] }', 'when = { level = ["town"] }'),
        ('when = { headcount = "6-10" }', 'when = { headcount = "11-" }'),
        (
            'when = { level = ["city"], headcount = "6-10" }',
            'when = { level = ["town"], headcount = "6-10" }',
        ),
    ],
)
def test_two_amounts_for_two_cases_are_sound(one, other):
    build({"a": clause() + amount(when=one) + amount(when=other)}, MEASURE_TEXT)


def test_a_clause_stands_there_once():
    message = refusal(clause(), clause())
    assert message == "rulebook, yellow-card: the clause stands there twice"


def test_a_reading_stands_there_once():
    message = refusal(clause() + reading(), clause("red-card") + reading())
    assert message == "rulebook, veto_rank: the reading stands there twice"


def test_a_default_is_one_of_the_values():
    message = refusal(clause() + reading(default="last"))
    assert message == "rulebook, yellow-card: veto_rank has no value last"


@pytest.mark.parametrize("text", ["[[clause]", "slug = ", "a = 1\na = 2", "\x00"])
def test_what_is_not_toml_is_refused(text):
    assert refusal(text).startswith("rulebook, a: is not TOML: ")
    assert refusal(clause(), measure=text).startswith("rulebook, measure: is not TOML: ")


@pytest.mark.parametrize("headcount", ["", "many", "6–10", "-10", "6-ten", "6-10-30"])
def test_a_range_of_headcounts_that_cannot_be_read_is_refused_when_loaded(headcount):
    one = amount(when=f'when = {{ headcount = "{headcount}" }}')
    other = amount(when='when = { headcount = "1-5" }')
    refusal(clause() + one + other)


# Amounts by case


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
def test_a_case_without_an_amount_is_an_error_that_names_it(slug, of, case):
    with pytest.raises(NoAmountError) as error:
        RULEBOOK.amount(slug, of, **case)
    assert str(error.value) == (
        f"clause {slug}: 0 amounts for “{of}” with {case}; one was expected"
    )
    assert not RULEBOOK.clauses[slug].states(of, **case)


def test_an_amount_asked_for_twice_is_the_same():
    asked = [RULEBOOK.amount("abnormal-petitions", "short stay") for _ in range(2)]
    assert asked[0] is asked[1]
    assert asked[0].minutes == 60


def test_the_ends_of_a_range():
    assert bounds("6-10") == (6, 10)
    assert bounds("31-")[0] == 31
    assert bounds("31-")[1] >= 10**6, "any headcount that the door lets in"


TIERS = {
    range(1, 6): (4, 3, 3, 2, 1),
    range(6, 11): (12, 10, 4, 3, 2),
    range(11, 31): (12, 10, 5, 4, 3),
    range(31, 201): (12, 10, 6, 5, 4),
}
"""The clause table's own rows: Beijing, province, city, district, town."""


def test_the_tier_table_has_no_gap_and_is_the_clause_table_s():
    for tier, row in TIERS.items():
        for level, points in zip(LEVELS, row, strict=True):
            for headcount in tier:
                found = RULEBOOK.amount(
                    "abnormal-petitions", "abnormal batch", level=level, headcount=headcount
                )
                assert found.value == -points, (level, headcount)


@pytest.mark.parametrize("level", LEVELS)
def test_the_top_tier_has_no_end(level):
    top = RULEBOOK.amount("abnormal-petitions", "abnormal batch", level=level, headcount=31)
    for headcount in (200, 10_000, 1_000_000):
        assert top is RULEBOOK.amount(
            "abnormal-petitions", "abnormal batch", level=level, headcount=headcount
        )


def test_every_response_has_one_factor_at_every_level_and_headcount():
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


STATED = [
    ("screening", "screening report", {"state": "late"}, "-0.5"),
    ("screening", "screening report", {"state": "missing"}, "-1"),
    ("case-reports", "case short", {}, "-1.5"),
    ("information", "unreported batch", {"level": "national", "manner": "abnormal"}, "-3"),
    ("information", "unreported batch", {"level": "province", "manner": "abnormal"}, "-3"),
    ("information", "unreported batch", {"level": "city", "manner": "collective"}, "-2"),
    ("information", "unreported batch", {"level": "district", "manner": "collective"}, "-1.5"),
    ("information", "unreported batch", {"level": "town", "manner": "collective"}, "-1"),
    ("information", "unreported key person", {"level": "national", "manner": "abnormal"}, "-3"),
    ("abnormal-petitions", "repeated collective batch", {}, "1.5"),
    ("abnormal-petitions", "share of person and problem apart", {"role": "liable"}, "0.7"),
    ("abnormal-petitions", "share of person and problem apart", {"role": "host"}, "0.3"),
    ("special-period", "clean special period", {"level": "national"}, "3"),
    ("special-period", "clean special period", {"level": "province"}, "2"),
    ("special-period", "clean special period", {"level": "city"}, "1.5"),
    ("special-period", "clean special period", {"level": "district"}, "1"),
    ("commendation", "commendation", {"level": "national"}, "3"),
    ("commendation", "commendation", {"level": "province"}, "3"),
    ("commendation", "commendation", {"level": "city"}, "2"),
    ("commendation", "commendation", {"level": "district"}, "1"),
    ("research-site", "research site", {"level": "national"}, "2"),
    ("research-site", "research site", {"level": "province"}, "2"),
    ("research-site", "research site", {"level": "city"}, "1"),
    ("supervised-cases", "supervised case resolved", {"level": "national"}, "3"),
    ("supervised-cases", "supervised case resolved", {"level": "province"}, "3"),
    ("supervised-cases", "supervised case resolved", {"level": "city"}, "2"),
    ("supervised-cases", "supervised case resolved", {"level": "district"}, "1"),
    ("supervised-cases", "supervised case resolved", {"level": "town"}, "1"),
    ("no-collective", "year without a collective batch", {}, "3"),
    ("criticism", "criticism", {"issuer": "city"}, "-3"),
    ("criticism", "criticism", {"issuer": "district"}, "-2"),
    ("criticism", "criticism", {"issuer": "joint_conference"}, "-1"),
    ("yellow-card", "yellow card", {}, "-2"),
    *(
        (f"inspection-{item}", "inspection item", {"item": item}, points)
        for item, points in {
            **dict.fromkeys(("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5"), "1"),
            **dict.fromkeys(("3", "4", "6"), "3"),
            **dict.fromkeys(("5.1", "5.2"), "1.5"),
        }.items()
    ),
    *(
        (f"inspection-{item}", "inspection item, each missing", {"item": item}, "-0.5")
        for item in ("1.2", "3", "4", "6")
    ),
]
"""Every amount of the clause table beside the tiers and the responses."""


@pytest.mark.parametrize(("slug", "of", "case", "value"), STATED)
def test_the_amounts_of_the_clause_table(slug, of, case, value):
    assert RULEBOOK.amount(slug, of, **case).value == Decimal(value)


def test_amounts_that_are_no_points():
    assert RULEBOOK.amount("case-reports", "cases owed a month").count == 2
    assert RULEBOOK.amount("abnormal-petitions", "short stay").minutes == 60
    for level in ("province", "city", "district"):
        assert RULEBOOK.amount("abnormal-petitions", "long stay", level=level).minutes == 240
    assert RULEBOOK.amount("disqualification", "people to province or city").headcount == 50
    assert RULEBOOK.amount("criticism", "criticism", issuer="province").flag == "vetoed"


# Readings (◆ in the clause table)

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


def test_every_reading_of_the_clause_table_is_there_with_its_default():
    in_force = RULEBOOK.in_force({})
    assert {name: in_force.get(name) for name in DEFAULTS} == DEFAULTS
    assert {name for name, _, _ in READINGS} == DEFAULTS.keys()


@pytest.mark.parametrize(("name", "said", "value"), READINGS)
def test_a_reading_is_named_in_the_words_of_the_clause_table(name, said, value):
    assert RULEBOOK.readings[name].canonical(said) == value
    assert RULEBOOK.in_force({name: said})[name] == value


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_value_of_a_reading_is_tried_above(name):
    tried = {value for tried_name, _, value in READINGS if tried_name == name}
    assert {known.value for known in RULEBOOK.readings[name].value} <= tried


@pytest.mark.parametrize(
    ("name", "said"),
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
def test_what_is_no_value_of_a_reading_is_none(name, said):
    assert RULEBOOK.readings[name].canonical(said) is None
    assert RULEBOOK.in_force({name: said})[name] == DEFAULTS[name]


@pytest.mark.parametrize("name", RULEBOOK.readings)
def test_no_word_names_two_values_of_a_reading(name):
    reading_ = RULEBOOK.readings[name]
    for known in reading_.value:
        for word in (known.value, known.value.upper(), *known.aliases):
            assert reading_.canonical(word) == known.value
    assert reading_.default in reading_.choices()
