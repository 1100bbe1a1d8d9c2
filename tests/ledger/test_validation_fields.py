"""Validation of the fields of one entry: types, bounds, required fields, keys, Unicode."""

import pytest

from ledger.entries import BY_KIND
from ledger.submissions import Submission, parse
from tests.ledger.examples import EACH_FIELD, EXAMPLES, FIELDS, TABLE, as_json, line, refusals_of


def test_wrong_values_cover_every_field_of_every_kind():
    assert FIELDS.keys() == BY_KIND.keys()
    for kind, fields in FIELDS.items():
        assert fields.keys() == BY_KIND[kind].FIELDS.keys() - {"kind"}
    assert {name for fields in FIELDS.values() for name in fields.values()} == TABLE["wrong"].keys()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_accepts_the_example_of_each_kind(kind):
    outcome = parse(line(kind))
    assert isinstance(outcome, Submission)
    assert outcome.entry.content().items() >= EXAMPLES[kind].items()


@pytest.mark.parametrize(("kind", "field"), EACH_FIELD)
def test_refuses_a_wrong_value_and_names_its_field(kind, field):
    for value in TABLE["wrong"][FIELDS[kind][field]]:
        found = refusals_of(line(kind, **{field: value}))
        assert field in {refusal.field for refusal in found}, value
        if field != "id":
            assert {refusal.id for refusal in found} == {EXAMPLES[kind]["id"]}


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (kind, name)
        for kind, fields in FIELDS.items()
        for name in fields
        if BY_KIND[kind].FIELDS[name].required
    ],
)
def test_refuses_a_missing_required_field(kind, field):
    entry = {name: value for name, value in EXAMPLES[kind].items() if name != field}
    found = refusals_of(as_json(entry).encode())
    assert [refusal.field for refusal in found] == [field]
    assert found[0].message == f"is missing: {kind} needs it"


@pytest.mark.parametrize("kind", EXAMPLES)
def test_accepts_an_entry_without_optional_fields(kind):
    required = {
        name
        for name, info in BY_KIND[kind].FIELDS.items()
        if info.required or name in {"kind", "month", "points"}
    }
    entry = {name: value for name, value in EXAMPLES[kind].items() if name in {*required, "kind"}}
    assert isinstance(parse(as_json(entry).encode()), Submission)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_refuses_an_unknown_field_and_lists_the_known_ones(kind):
    found = refusals_of(line(kind, colour="red"))
    assert [refusal.field for refusal in found] == ["colour"]
    for name in FIELDS[kind]:
        assert name in found[0].message


@pytest.mark.parametrize(("kind", "field"), [*EACH_FIELD, *((kind, "kind") for kind in FIELDS)])
def test_refuses_a_key_given_twice(kind, field):
    entry = EXAMPLES[kind]
    value = as_json(entry.get(field, entry["id"] if field == "replaces" else "x"))
    if field in {"repeated", "key_person", "abnormal", "as_required"}:
        value = "false"
    if field not in entry and BY_KIND[kind].FIELDS[field].default is None:
        value = "null"
    once = as_json({name: each for name, each in entry.items() if name != field})[:-1]
    for spaced in ('"{}": {}', '"{}"\t :{}'):
        pair = spaced.format(field, value)
        found = refusals_of(f"{once}, {pair}, {pair}}}".encode())
        assert [(refusal.field, refusal.message) for refusal in found] == [
            (field, "is given twice")
        ]


def test_refuses_a_key_given_twice_with_an_escape():
    text = line("unit").decode()[:-1] + ', "\\u006eame": "别名"}'
    assert [refusal.field for refusal in refusals_of(text.encode())] == ["name"]


def test_accepts_a_text_that_looks_like_a_key():
    note = 'he said "name": "x", "note":'
    assert isinstance(parse(line("unit", note=note)), Submission)


@pytest.mark.parametrize(("kind", "field"), EACH_FIELD)
def test_refuses_half_a_surrogate_pair(kind, field):
    for text in ("\\ud800", "\\udfff", "\\ud800\\ud800", "a\\udc00b"):
        entry = as_json({name: v for name, v in EXAMPLES[kind].items() if name != field})[:-1]
        found = refusals_of(f'{entry}, "{field}": "{text}"}}'.encode())
        assert "\\ud" not in str(found[0])


def test_accepts_a_whole_surrogate_pair():
    text = line("unit").decode().replace('"name": "', '"name": "\\ud842\\udfb7')
    assert parse(text.encode()).entry.name.startswith("𠮷")


@pytest.mark.parametrize(
    ("kind", "changed", "field"),
    [
        ("special_period", {"starts_on": "2016-03-17"}, "ends_on"),
        ("screening_report", {"notice": "N-1"}, "month"),
        ("screening_report", {"month": None}, "month"),
        ("inspection_finding", {"points": None}, "points"),
        ("inspection_finding", {"missing": 1}, "points"),
        ("unit", {"assessed_from": "2016-03-01", "assessed_until": "2016-02-29"}, "assessed_until"),
        ("inspection_finding", {"item": "3", "points": None, "missing": 1001}, "missing"),
        ("inspection_finding", {"item": "6", "missing": 1}, "points"),
    ],
)
def test_refuses_fields_that_contradict_each_other(kind, changed, field):
    assert [refusal.field for refusal in refusals_of(line(kind, **changed))] == [field]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_reports_all_wrong_fields_of_a_line(kind):
    fields = [
        name for name in FIELDS[kind] if name in EXAMPLES[kind] and name not in {"id", "value"}
    ]
    found = refusals_of(line(kind, **{field: {} for field in fields}, colour="red"))
    assert {refusal.field for refusal in found} == {*fields, "colour"}
    assert len(found) == len(fields) + 1


@pytest.mark.parametrize("item", [0, 1, 2])
def test_names_the_wrong_item_of_a_list(item):
    matters = ["XF-1", "XF-2", "XF-3"]
    matters[item] = ""
    found = refusals_of(line("information_report", matters=matters))
    assert [(each.field, each.message) for each in found] == [
        ("matters", f"item {item + 1}: must not be empty")
    ]
