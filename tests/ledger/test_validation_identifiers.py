"""Identifiers of persons in an entry are refused, and no message repeats them."""

import json

import pytest

from ledger.submissions import Submission, parse
from tests.ledger.examples import CARD, EACH_FIELD, FIELDS, MOBILE, line, refusals_of

TEXT_TYPES = {"id", "ref", "optional_ref", "refs", "name", "text", "note", "matter", "matters"}
TEXT_FIELDS = [
    (kind, field) for kind, field in EACH_FIELD if FIELDS[kind][field] in TEXT_TYPES | {"value"}
]


@pytest.mark.parametrize("number", [MOBILE, CARD], ids=["mobile", "card"])
@pytest.mark.parametrize(("kind", "field"), TEXT_FIELDS)
def test_refuses_an_identifier_in_any_text_without_repeating_it(kind, field, number):
    value = [number] if FIELDS[kind][field] in {"refs", "matters"} else number
    found = refusals_of(line(kind, **{field: value}))
    assert field in {refusal.field for refusal in found}
    for refusal in found:
        assert number not in json.dumps([str(refusal), refusal.as_json()])
        assert "identity-card, telephone or bank-card number" in refusal.message


@pytest.mark.parametrize("number", [MOBILE, CARD], ids=["mobile", "card"])
@pytest.mark.parametrize(("kind", "field"), EACH_FIELD)
def test_never_repeats_an_identifier_whatever_is_wrong(kind, field, number):
    """In a date, a level, a headcount; as text, in a list or object, as the name of a field."""
    for value in (number, [number], {number: number}, f"{number}人", int(MOBILE)):
        outcome = parse(line(kind, **{field: value}), "book.jsonl", 7)
        if not isinstance(outcome, Submission):
            printed = json.dumps([[str(each), each.as_json()] for each in outcome])
            assert number not in printed
            assert MOBILE not in printed
    found = refusals_of(line(kind, **{f"电话{number}": "x"}))
    assert number not in json.dumps([[str(each), each.as_json()] for each in found])


@pytest.mark.parametrize("number", [MOBILE, CARD], ids=["mobile", "card"])
@pytest.mark.parametrize("before", range(65))
def test_never_repeats_part_of_a_number_from_a_long_id(before, number):
    """A message cuts an id to 64 characters, but masks the number before it cuts."""
    found = refusals_of(line("unit", id="甲" * before + number))
    printed = "".join(str(each.as_json()) + str(each) for each in found)
    assert number[: min(len(number), 8)] not in printed


def test_does_not_join_digits_of_two_fields_into_a_number():
    """The printed line joins id and field; the id is printed unmasked."""
    found = refusals_of(line("unit", id="138", name=""))
    assert found[0].id == "138"
