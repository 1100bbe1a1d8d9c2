"""Kinds of entries that a measure declares are validated, stored and read as built-in ones are."""

import json

import pytest

from ledger import codec
from ledger.entries import MeasureEntry
from ledger.entries.own_file import OwnKindsError, own_kinds
from ledger.events import EntryRecorded
from ledger.instants import instant_text
from ledger.kinds import Kinds
from ledger.submissions import Submission, parse
from tests.support import WHEN

FILE = """
[[entry]]
kind = "fire"
title = { zh = "火点", en = "fire" }
prefix = "FI"
dated_by = "found_at"
unique = ["unit", "number"]

[[entry.field]]
name = "number"
title = { zh = "编号数", en = "number" }
type = "integer"
min = "1"
max = "99"

[[entry.field]]
name = "detector"
title = { zh = "发现方", en = "found by" }
type = "choice"
choices = [
    { value = "satellite", zh = "卫星", en = "satellite" },
    { value = "patrol", zh = "巡查", en = "patrol" },
]

[[entry.field]]
name = "found_at"
title = { zh = "发现时间", en = "found at" }
type = "time"

[[entry.field]]
name = "area"
title = { zh = "面积", en = "area" }
type = "decimal"
min = "0"
max = "10.5"
optional = true

[[entry.field]]
name = "own_report"
title = { zh = "自报", en = "reported by the unit" }
type = "flag"
default = false

[[entry.field]]
name = "batch"
title = { zh = "批次", en = "batch" }
type = "reference"
refers_to = "petition_batch"
optional = true

[[entry.field]]
name = "case"
title = { zh = "案号", en = "case" }
type = "case_number"
optional = true

[[entry.field]]
name = "remark"
title = { zh = "说明", en = "remark" }
type = "text"
optional = true

[[entry.field]]
name = "out_on"
title = { zh = "扑灭日期", en = "out on" }
type = "date"
optional = true

[[entry.field]]
name = "month"
title = { zh = "月份", en = "month" }
type = "month"
optional = true

[[entry]]
kind = "review"
title = { zh = "年度评议", en = "review" }
prefix = "RW"
dated_by = "year"

[[entry.field]]
name = "year"
title = { zh = "年度", en = "year" }
type = "year"
"""

KINDS = Kinds(own_kinds(FILE))
FIRE = {
    "kind": "fire",
    "id": "FI-1",
    "unit": "V001",
    "number": 7,
    "detector": "satellite",
    "found_at": "2016-06-05T23:30:00Z",
    "area": "0.50",
}
FULL = {
    **FIRE,
    "own_report": True,
    "batch": "B-1",
    "case": "XF-1",
    "remark": "已处理",
    "out_on": "2016-06-06",
    "month": "2016-06",
    "note": "备注",
}


def parsed(entry):
    return parse(json.dumps(entry).encode(), "fires.jsonl", 7, KINDS)


def stored(entry):
    """Return an entry as it is stored."""
    outcome = parsed(entry)
    assert isinstance(outcome, Submission), [str(refusal) for refusal in outcome]
    assert isinstance(outcome.entry, MeasureEntry)
    return outcome.entry


def test_an_entry_has_its_day_and_its_values_as_json_has_them():
    entry = stored(FIRE)
    # 23:30 UTC is the next morning at the office.
    assert entry.day().isoformat() == "2016-06-06"
    assert entry.values == {
        "number": 7,
        "detector": "satellite",
        "found_at": "2016-06-06T07:30:00+08:00",
        "area": "0.5",
        "own_report": False,
    }
    assert (entry.KIND, entry.of_kind, entry.unit) == ("fire", "fire", "V001")
    assert entry.unique == ("unit", "number")
    assert entry.refers_to == {"batch": "petition_batch"}


def test_an_entry_dated_by_a_year_has_no_day():
    entry = stored({"kind": "review", "id": "RW-1", "unit": "V001", "year": 2016})
    assert (entry.day(), entry.values) == (None, {"year": 2016})


def test_a_copy_has_other_values_of_common_and_of_own_fields():
    entry = stored(FULL).with_fields({"unit": "V002", "batch": "B-2"})
    assert entry == stored({**FULL, "unit": "V002", "batch": "B-2"})


def test_its_content_is_flat_and_parses_to_itself():
    entry = stored(FULL)
    content = entry.content()
    assert content == {**FULL, "area": "0.5", "found_at": "2016-06-06T07:30:00+08:00"}
    assert stored(content) == entry


def test_it_is_stored_under_one_topic_and_read_without_the_measure():
    event = EntryRecorded(at=instant_text(WHEN), by="clerk", entry=stored(FULL))
    topic, state = codec.topic_of(event), codec.encode(event)
    assert topic == "tally.MeasureEntryRecorded"
    assert b'"kind":"measure_entry"' in state
    assert codec.decode(topic, state) == codec.validate("FI-1", topic, state) == event


def test_it_refers_to_entries_like_any_other():
    entry = stored(FULL)
    assert entry.references() == [
        ("unit", "V001", "unit"),
        ("batch", "B-1", "petition_batch"),
    ]
    assert entry.subjects() == ["B-1"]


def test_the_class_that_stores_it_is_not_a_kind():
    outcome = parse(b'{"kind": "measure_entry", "id": "X", "unit": "V001"}', kinds=KINDS)
    assert [(one.field, one.code) for one in outcome] == [("kind", "unknown_kind")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("number", 0, "out_of_range"),
        ("number", 100, "out_of_range"),
        ("number", "7", "malformed"),
        ("number", 7.5, "malformed"),
        ("detector", "卫星", "not_a_choice"),
        ("found_at", "2016-06-05", "malformed"),
        ("found_at", None, "malformed"),
        ("area", "10.51", "out_of_range"),
        ("area", "-0.1", "out_of_range"),
        ("area", 0.5, "malformed"),
        ("own_report", "false", "malformed"),
        ("batch", "B 1", "malformed"),
        ("case", "", "empty"),
        ("remark", "电话13800138000", "identifier"),
        ("remark", "a" * 501, "too_long"),
        ("out_on", "2016-02-30", "malformed"),
        ("month", "2016-13", "malformed"),
        ("colour", "red", "unknown_field"),
        ("note", "a" * 201, "too_long"),
    ],
)
def test_refuses_a_wrong_value_and_names_its_field(field, value, code):
    outcome = parsed({**FULL, field: value})
    assert not isinstance(outcome, Submission)
    assert [(one.id, one.field, one.code) for one in outcome] == [("FI-1", field, code)]


@pytest.mark.parametrize("field", ["unit", "number", "detector", "found_at"])
def test_refuses_a_missing_required_field(field):
    outcome = parsed({name: value for name, value in FIRE.items() if name != field})
    assert [(one.field, one.message) for one in outcome] == [(field, "is missing: fire needs it")]


def test_fields_have_titles_choices_and_their_words():
    fields = KINDS.fields("fire")
    assert (fields["detector"].title, fields["detector"].description) == ("发现方", "found by")
    assert fields["detector"].choices == ("satellite", "patrol")
    assert fields["detector"].words == {"satellite": "卫星", "patrol": "巡查"}
    assert fields["area"].form == "decimal"
    assert not fields["area"].required
    assert KINDS.title("fire") == "火点"


def changed(old, new):
    assert FILE.count(old) == 1, old
    return FILE.replace(old, new)


WRONG_FILES = {
    "no TOML": ("[[entry", "entries.toml"),
    "unknown key": (changed('prefix = "FI"', 'prefix = "FI"\ncolour = "red"'), "entry[0]"),
    "kind that every ledger has": (changed('"fire"\n', '"ruling"\n'), "entry[0].kind"),
    "kind in Chinese": (changed('"fire"\n', '"火点"\n'), "entry[0].kind"),
    "kind twice": (changed('"review"\n', '"fire"\n'), "entry[0].kind"),
    "prefix in lower case": (changed('"FI"', '"fi"'), "entry[0].prefix"),
    "dated by nothing": (changed('"found_at"\nunique', '"found"\nunique'), "entry[0].dated_by"),
    "dated by an optional date": (
        changed('"found_at"\nunique', '"out_on"\nunique'),
        "entry[0].dated_by",
    ),
    "dated by a month": (changed('"found_at"\nunique', '"month"\nunique'), "entry[0].dated_by"),
    "unique by nothing": (changed('["unit", "number"]', '["colour"]'), "entry[0].unique"),
    "field twice": (changed('name = "case"', 'name = "remark"'), "entry[0].field[6].name"),
    "field of every kind": (changed('name = "case"', 'name = "note"'), "entry[0].field[6].name"),
    "unknown type": (changed('"case_number"', '"colour"'), "entry[0].field[6].type"),
    "choices of a flag": (
        changed('type = "flag"', 'type = "flag"\nchoices = [{value="a", zh="甲", en="a"}]'),
        "entry[0].field[4].choices",
    ),
    "choice twice": (changed('"patrol", zh', '"satellite", zh'), "entry[0].field[1].choices"),
    "bounds of a text": (changed('type = "text"', 'type = "text"\nmin = "1"'), "field[7].min"),
    "a bound that is no number": (changed('max = "99"', 'max = "many"'), "field[0].max"),
    "half a number as a bound": (changed('max = "99"', 'max = "9.5"'), "field[0].max"),
    "reference to no kind": (changed('"petition_batch"', '"moon"'), "field[5].refers_to"),
    "reference to nothing": (changed('refers_to = "petition_batch"\n', ""), "field[5].refers_to"),
    "default of another type": (changed("default = false", "default = 1"), "field[4].default"),
}


@pytest.mark.parametrize(("text", "place"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_refuses_a_wrong_file_and_names_the_place(text, place):
    with pytest.raises(OwnKindsError) as caught:
        own_kinds(text)
    assert any(place in at for at, _ in caught.value.faults)


def test_all_faults_of_a_file_are_told_at_once():
    text = changed('prefix = "FI"', 'prefix = "fi"').replace('max = "99"', 'max = "many"')
    with pytest.raises(OwnKindsError) as caught:
        own_kinds(text)
    assert [at for at, _ in caught.value.faults] == ["entry[0].prefix", "entry[0].field[0].max"]


def test_an_empty_file_declares_no_kind():
    assert own_kinds("") == {}


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ('type = "time"', 'type = "times"', "entry[0].field[2].type",
         "is 'times'; it must be one of text, case_number, choice, integer, decimal"),
        ('dated_by = "found_at"', 'dated_by = "found"', "entry[0].dated_by",
         "'found' is not a field of type date, time or year that is not optional; there are"),
        ('title = { zh = "火点", en = "fire" }', 'title = "火点"', "entry[0].title",
         "must be { zh = …, en = … }, not text"),
        ('prefix = "FI"', 'prefixx = "FI"', "entry[0]",
         "there is no key 'prefixx'; known are kind"),
    ],
)  # fmt: skip
def test_says_what_an_own_kind_may_have_instead(old, new, place, words):
    with pytest.raises(OwnKindsError) as raised:
        own_kinds(changed(old, new))
    ((at, said),) = raised.value.faults
    assert at == place
    assert str(said).startswith(words)


def test_bounds_of_a_number_may_be_numbers():
    text = changed('min = "1"', "min = 1").replace('max = "10.5"', "max = 10.5")
    assert own_kinds(text).keys() == own_kinds(FILE).keys()
    with pytest.raises(OwnKindsError, match="must be a number"):
        own_kinds(changed('min = "1"', "min = 1.5"))
