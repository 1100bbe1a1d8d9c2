"""Malformed, uncited and contradictory rule files are refused."""

import re
from decimal import Decimal

import pytest
from projections.rulebook import NoAmountError, UnsoundRulebookError, build
from projections.rulebook.loading import CLAUSES, ORDER

from ledger.errors import TallyError
from tests.projections.rule_files import MEASURE_TEXT, amount, clause, reading, refusal


def test_a_clause_with_one_amount_and_one_reading_is_accepted():
    rulebook = build({"a": clause() + amount() + reading()}, MEASURE_TEXT)
    assert list(rulebook.clauses) == ["yellow-card"]
    assert rulebook.amount("yellow-card", "yellow card").value == Decimal(-2)
    assert rulebook.in_force({}) == {"veto_rank": "keep"}


def test_every_rule_file_is_loaded_and_only_once():
    assert {path.stem for path in CLAUSES.glob("*.toml")} == set(ORDER)
    assert built_in() is built_in()


def test_rulebook_errors_are_reported_to_the_user_without_a_traceback():
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
def test_an_unknown_key_is_refused_with_its_place(text, place, key):
    assert refusal(text) == f"rulebook, a: {place}Object contains unknown field `{key}`"


@pytest.mark.parametrize("key", ["measure", "total", "year"])
def test_an_unknown_or_missing_table_of_the_measure_file_is_refused(key):
    extra = refusal(clause(), measure=MEASURE_TEXT + "\n[extra]\n")
    assert extra == "rulebook, measure: Object contains unknown field `extra`"
    parts = re.split(r"(?m)^(?=\[)", MEASURE_TEXT)
    without = "".join(part for part in parts if not part.lstrip("[").startswith(key))
    missing = f"rulebook, measure: Object missing required field `{key}`"
    assert refusal(clause(), measure=without) == missing


@pytest.mark.parametrize("missing", ["citation", "quote"])
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_an_amount_without_citation_or_quote_is_refused(missing, blank):
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
def test_an_amount_that_does_not_state_exactly_one_measure_is_refused(what):
    message = refusal(clause() + amount(what=what))
    assert message.startswith("rulebook, yellow-card: the amount of yellow card must state one")


@pytest.mark.parametrize(
    "what",
    ['points = "two"', 'points = "NaN"', 'points = "Infinity"', 'flag = "sad"', "count = 1.5"],
)
def test_an_amount_with_an_invalid_value_is_refused(what):
    assert refusal(clause() + amount(what=what)).startswith("rulebook, a: clause[0].amount[0]")


@pytest.mark.parametrize(
    ("first_when", "second_when"),
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
def test_amounts_that_claim_the_same_case_are_refused_with_both_citations(
    first_when, second_when, together
):
    first = amount(when=first_when, citation="三（三）2甲", quote="扣2分")
    second = amount(when=second_when, citation="三（三）2乙", quote="扣3分")
    if together:
        message = refusal(clause() + first + second)
    else:
        message = refusal(clause() + first, clause("red-card") + second)
        assert "yellow-card and red-card" in message
    assert "三（三）2甲 (扣2分)" in message
    assert "三（三）2乙 (扣3分)" in message
    assert "both claim the case “yellow card”" in message


@pytest.mark.parametrize(
    ("first_when", "second_when"),
    [
        ('when = { level = ["city"] }', 'when = { level = ["town"] }'),
        ('when = { headcount = "6-10" }', 'when = { headcount = "11-" }'),
        (
            'when = { level = ["city"], headcount = "6-10" }',
            'when = { level = ["town"], headcount = "6-10" }',
        ),
    ],
)
def test_amounts_for_disjoint_cases_are_accepted(first_when, second_when):
    build({"a": clause() + amount(when=first_when) + amount(when=second_when)}, MEASURE_TEXT)


def test_a_repeated_clause_is_refused():
    message = refusal(clause(), clause())
    assert message == "rulebook, yellow-card: the clause is declared twice"


def test_a_repeated_reading_is_refused():
    message = refusal(clause() + reading(), clause("red-card") + reading())
    assert message == "rulebook, veto_rank: the reading is declared twice"


def test_a_default_that_the_reading_does_not_accept_is_refused():
    message = refusal(clause() + reading(default="last"))
    assert message == "rulebook, yellow-card: veto_rank has no value last"


@pytest.mark.parametrize("text", ["[[clause]", "slug = ", "a = 1\na = 2", "\x00"])
def test_a_file_that_is_not_toml_is_refused(text):
    assert refusal(text).startswith("rulebook, a: is not TOML: ")
    assert refusal(clause(), measure=text).startswith("rulebook, measure: is not TOML: ")


@pytest.mark.parametrize("headcount", ["", "many", "6–10", "-10", "6-ten", "6-10-30"])
def test_a_malformed_range_of_headcounts_is_refused(headcount):
    malformed = amount(when=f'when = {{ headcount = "{headcount}" }}')
    sound = amount(when='when = { headcount = "1-5" }')
    refusal(clause() + malformed + sound)
