"""Where a unit's id is asked for, the exact name of one unit will do; the id is recorded."""

import pytest

from ledger.units import AmbiguousNameError, unit_id
from tests.ledger.examples import EXAMPLES, batch, reversal, unit
from tests.ledger.imports import refused, validate
from tests.support import state

UNITS = [unit("V001", name="甲村"), unit("V002", name="乙 村")]


def recorded(*imports):
    """Return the contents of what the last import adds."""
    admission = validate(*imports)
    assert not admission.refusals, [str(refusal) for refusal in admission.refusals]
    return [admission.fresh.entry(name).content() for name in admission.fresh.ids()]


def test_records_the_id_of_a_unit_that_is_named():
    (found,) = recorded(UNITS, [batch("B-1", unit="甲村", host_unit="乙 村")])
    assert (found["unit"], found["host_unit"]) == ("V001", "V002")


def test_records_the_ids_of_a_list_of_units():
    (found,) = recorded(UNITS, [{**EXAMPLES["notice"], "units": ["乙 村", "V001"]}])
    assert found["units"] == ["V002", "V001"]


def test_finds_units_of_the_same_import_in_any_order():
    found = recorded([batch("B-1", unit="甲村"), *UNITS])
    assert found[0]["unit"] == "V001"


def test_an_id_has_precedence_over_a_name():
    (found,) = recorded([unit("甲村", name="另一村"), *UNITS], [batch("B-1", unit="甲村")])
    assert found["unit"] == "甲村"


def test_refuses_a_name_of_several_units_and_lists_their_ids():
    units = [*UNITS, unit("V003", name="甲村")]
    (refusal,) = validate(units, [batch("B-1", host_unit="甲村")]).refusals
    assert (refusal.field, refusal.code) == ("host_unit", "ambiguous_unit")
    assert refusal.message == "甲村 is the name of V001, V003; write the id"


def test_refuses_an_unknown_name():
    assert refused(UNITS, [batch("B-1", unit="丙村")]) == [("B-1", "unit")]


def test_a_unit_that_was_taken_back_has_no_name():
    assert refused([*UNITS, reversal("X-1", "V001")], [batch("B-1", unit="甲村")]) == [
        ("B-1", "unit")
    ]


def test_a_renamed_unit_is_found_by_its_new_name_and_keeps_its_first_id():
    renamed = [reversal("X-1", "V001"), unit("V001.2", name="新甲村", replaces="V001")]
    (found,) = recorded(UNITS, renamed, [batch("B-1", unit="新甲村")])
    assert found["unit"] == "V001"
    assert refused(UNITS, renamed, [batch("B-1", unit="甲村")]) == [("B-1", "unit")]


def test_the_same_entry_by_name_and_by_id_is_one():
    assert recorded([*UNITS, batch("B-1")], [batch("B-1", unit="甲村")]) == []


def test_a_second_response_by_name_is_a_second_one():
    response = {**EXAMPLES["on_site_response"], "batch": "B-1", "unit": "V001"}
    book = [*UNITS, batch("B-1"), {**response, "id": "R-1"}]
    assert refused(book, [{**response, "id": "R-2", "unit": "甲村"}]) == [("R-2", "batch")]


@pytest.mark.parametrize(
    "named", ["V001甲村", "V001-甲村", "甲村（V001）", "v001", "甲　村", "甲村。"]
)
def test_names_the_unit_that_a_text_almost_names(named):
    (refusal,) = validate(UNITS, [batch("B-1", unit=named)]).refusals
    assert refusal.message == f"there is no unit {named}; V001 is 甲村: write its id or this name"


def test_names_every_unit_that_a_text_almost_names():
    units = [*UNITS, unit("V003", name="丙1村"), unit("V004", name="丙１村")]
    (found,) = recorded(units, [batch("B-1", unit="丙１村")])
    assert found["unit"] == "V004"
    (refusal,) = validate(units, [batch("B-1", unit="丙 1村")]).refusals
    assert "V003 丙1村, V004 丙１村" in refusal.message


def test_finds_the_id_that_an_argument_names():
    known = state([*UNITS, unit("V003", name="丙村"), unit("V004", name="丙村")])
    assert unit_id(known, "V002") == unit_id(known, "乙 村") == "V002"
    assert unit_id(known, "没有") == "没有"
    with pytest.raises(AmbiguousNameError, match="丙村 is the name of V003, V004"):
        unit_id(known, "丙村")
