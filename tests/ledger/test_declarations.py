"""Entries are declared once: their models, what is read back and the shapes of states agree."""

import copy
import json
import pickle
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from ledger.entries.checking import as_checked, checked, entry_adapter, json_of, types_of
from ledger.replay import entry_of
from ledger.shapes import bare_type, choices_of
from pydantic import ValidationError

from ledger.entries import BY_KIND, PetitionBatch, Unit
from tests.cli.entries import OF_EACH_KIND

FIELDS = [(kind, name) for kind in BY_KIND for name in BY_KIND[kind].FIELDS]
UNIT = '{"id": "V001", "kind": "unit", "name": "翠岭村", "type": "village"}'.encode()


def unbounded(hint):
    """A type without `Annotated` and `| None`; of several, any."""
    if get_origin(hint) is Annotated:
        return unbounded(get_args(hint)[0])
    if get_origin(hint) in {Union, UnionType}:
        named = [part for part in get_args(hint) if part is not type(None)]
        return unbounded(named[0]) if len(named) == 1 else Any
    if get_origin(hint) is Literal:
        return str
    return tuple[str, ...] if get_origin(hint) is tuple else hint


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_a_state_is_read_as_the_type_that_was_checked(kind, name):
    hint, annotation = types_of(kind)[name], BY_KIND[kind].FIELDS[name].annotation
    assert bare_type(annotation) == unbounded(hint)
    literal = get_args(hint) if get_origin(hint) is Literal and name != "kind" else ()
    assert choices_of(annotation) == literal


@pytest.mark.parametrize("kind", BY_KIND)
def test_a_model_has_the_fields_in_their_order(kind):
    assert list(checked(kind).model_fields) == list(BY_KIND[kind].FIELDS)
    assert list(BY_KIND[kind].FIELDS)[:4] == ["id", "note", "replaces", "kind"]
    for name, field in checked(kind).model_fields.items():
        declared = BY_KIND[kind].FIELDS[name]
        assert field.is_required() == declared.required
        assert declared.required or field.default == declared.default


@pytest.mark.parametrize("entry", OF_EACH_KIND, ids=lambda entry: entry["id"])
def test_an_entry_read_back_is_the_one_that_was_checked(entry):
    handed_in = entry_adapter().validate_python(entry, strict=False)
    read = entry_of(
        entry["kind"], as_checked(handed_in).model_dump_json(exclude_none=True).encode()
    )
    assert (handed_in, read) == (read, handed_in)
    assert hash(handed_in) == hash(read)
    assert read.content() == handed_in.content()
    assert list(vars(read)) == list(vars(handed_in))
    assert isinstance(handed_in, BY_KIND[entry["kind"]])
    assert isinstance(read, BY_KIND[entry["kind"]])
    assert type(read) is BY_KIND[entry["kind"]]


def test_another_entry_is_another():
    one = entry_of("unit", UNIT)
    other = entry_of("unit", UNIT.replace(b"V001", b"V002"))
    assert one != other
    assert one != entry_adapter().validate_json(UNIT.replace(b"V001", b"V002"))
    assert one != "V001"
    assert repr(one).startswith("Unit(id='V001', note=None, replaces=None, kind='unit'")


def test_an_entry_is_frozen():
    read = entry_of("unit", UNIT)
    with pytest.raises(AttributeError):
        read.name = "别的村"
    with pytest.raises(AttributeError):
        del read.name
    with pytest.raises(ValidationError):
        entry_adapter().validate_json(UNIT).name = "别的村"
    assert read.name == "翠岭村"


def test_a_declaration_is_no_attribute_of_its_class():
    """A field of an entry that has lost it is missing, and not its declaration."""
    assert not hasattr(Unit, "name")
    assert not hasattr(PetitionBatch, "id")


@pytest.mark.parametrize("entry", OF_EACH_KIND, ids=lambda entry: entry["id"])
def test_what_an_entry_says_is_what_its_events_hold(entry):
    """Its content is made without the model that writes the state."""
    handed_in = entry_adapter().validate_python(entry, strict=False)
    assert json.loads(json_of(handed_in)) == handed_in.content()
    assert list(json.loads(json_of(handed_in))) == list(handed_in.content())


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("petition_batch", {"occurred_at": "2016-03-05T09:30:00.120000+08:00"}),
        ("petition_batch", {"occurred_at": "2016-03-05T01:30:00Z"}),
        ("inspection_finding", {"item": "1.1", "points": "0.50", "missing": None}),
        ("ruling", {"value": True}),
        ("ruling", {"value": 30}),
        ("notice", {"units": ["V001", "V002"]}),
        ("information_report", {"matters": []}),
    ],
)
def test_odd_values_are_told_as_they_are_stored(kind, changed):
    known = next(one for one in OF_EACH_KIND if one["kind"] == kind)
    handed_in = entry_adapter().validate_python({**known, **changed}, strict=False)
    assert json.loads(json_of(handed_in)) == handed_in.content()
    assert entry_of(kind, json_of(handed_in)).content() == handed_in.content()


def test_a_checked_entry_travels():
    one = entry_adapter().validate_json(UNIT)
    for other in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert (other, type(other)) == (one, checked("unit"))


def test_an_entry_is_made_of_nothing_else():
    with pytest.raises(TypeError):
        Unit(id="V001", name="翠岭村", type="village")
