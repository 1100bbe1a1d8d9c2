"""References between entries: the entry must exist and be of the right kind."""

from itertools import permutations

import pytest

from ledger.entries import BY_KIND
from tests.ledger.examples import EACH_FIELD, EXAMPLES, FIELDS, TOWN, batch, response, unit
from tests.ledger.imports import admitted, refused, validate

REFERENCES = [
    (kind, field, of) for kind in BY_KIND for field, of in BY_KIND[kind].REFERENCES.items()
]


def referring(kind, field, to):
    """Return an entry of a kind that refers to an id in a field."""
    value = [to] if FIELDS[kind][field] == "unit_refs" else to
    entry = {**EXAMPLES[kind], "id": "NEW-1", field: value}
    if (kind, field) == ("screening_report", "notice"):
        del entry["month"]
    return entry


def test_every_field_with_an_id_is_declared_as_a_reference():
    named = {
        (kind, name)
        for kind, name in EACH_FIELD
        if FIELDS[kind][name].endswith(("ref", "refs")) and name != "replaces"
    }
    assert named == {(kind, field) for kind, field, _ in REFERENCES} | {("reversal", "of")}


@pytest.mark.parametrize(("kind", "field", "of"), REFERENCES)
def test_refuses_a_reference_to_an_unknown_entry(kind, field, of):
    admission = validate(TOWN, [referring(kind, field, "NONE-1")])
    assert [(each.field, each.message) for each in admission.refusals] == [
        (field, f"there is no {of} NONE-1; record it first")
    ]


@pytest.mark.parametrize(("kind", "field", "of"), REFERENCES)
def test_refuses_a_reference_to_another_kind(kind, field, of):
    for other in TOWN:
        admission = validate(TOWN, [referring(kind, field, other["id"])])
        if other["kind"] == of:
            assert not admission.refusals
        else:
            assert [(each.field, each.message) for each in admission.refusals] == [
                (field, f"{other['id']} is of kind {other['kind']}, not {of}")
            ]


def test_checks_each_unit_of_a_notice():
    notice = {**EXAMPLES["notice"], "id": "N-2", "units": ["V001", "V008", "V002", "V009"]}
    admission = validate(TOWN, [notice])
    assert ["V008" in each.message or "V009" in each.message for each in admission.refusals] == [
        True,
        True,
    ]


def test_accepts_references_within_an_import_in_any_order():
    book = [response(), batch(), unit()]
    for order in permutations(book):
        assert set(admitted(list(order))) == {"R-1", "B-1", "V001"}


def test_refuses_a_reference_within_an_import_to_another_kind():
    assert refused([unit(), response(batch_id="V001")]) == [("R-1", "batch")]
