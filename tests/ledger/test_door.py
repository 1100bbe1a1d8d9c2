"""The door's refusals: each field of each kind, each reference, each double, in words that help."""

import json
import os
from io import BytesIO
from itertools import count, permutations
from pathlib import Path

import pytest

from ledger.batch import Appending, row_of
from ledger.entries import BY_KIND
from ledger.import_buffer import ImportBuffer
from ledger.state import LedgerState
from ledger.submissions import LONGEST_LINE, Submission, parse, read_file, read_jsonl
from ledger.validation import Validation
from projections.rulebook import load_rulebook
from tests.support import WHEN, submissions

HERE = Path(__file__).parent
TABLE = json.loads((HERE / "wrong_values.json").read_text(encoding="utf-8"))
EXAMPLES = {kind: data["example"] for kind, data in TABLE["kinds"].items()}
FIELDS = {kind: data["fields"] for kind, data in TABLE["kinds"].items()}
GOLDEN = HERE / "golden" / "refusals.txt"

MOBILE = "13800138000"
CARD = "11010519491231002X"  # the example of GB 11643 itself


def raw(value):
    """A JSON line of a value; `$raw` stands for what Python would not write."""
    if isinstance(value, dict) and value.keys() == {"$raw"}:
        return value["$raw"]
    if isinstance(value, dict) and value.keys() == {"$repeat"}:
        return json.dumps("".join(value["$repeat"][:1]) * value["$repeat"][1])
    if isinstance(value, dict) and value.keys() == {"$repeat_list"}:
        return json.dumps(value["$repeat_list"][:1] * value["$repeat_list"][1])
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(key)}: {raw(each)}" for key, each in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(raw, value)) + "]"
    return json.dumps(value)


def line(of, /, **changed):
    """The line of a kind's example with some fields another."""
    return raw({**EXAMPLES[of], **changed}).encode()


def refused(raw_line):
    """What is wrong with a line, which must be something."""
    outcome = parse(raw_line, "book.jsonl", 7)
    assert not isinstance(outcome, Submission), f"let in: {outcome}"
    assert outcome
    for refusal in outcome:
        assert (refusal.file, refusal.line) == ("book.jsonl", 7)
        assert refusal.message
        assert "pydantic" not in str(refusal)
        assert "Decimal(" not in str(refusal)
        assert "Input should" not in str(refusal)
    return outcome


# One field at a time

EACH_FIELD = [(kind, field) for kind, fields in FIELDS.items() for field in fields]


def test_the_table_has_every_field_of_every_kind():
    assert FIELDS.keys() == BY_KIND.keys()
    for kind, fields in FIELDS.items():
        assert fields.keys() == BY_KIND[kind].FIELDS.keys() - {"kind"}
    assert {name for fields in FIELDS.values() for name in fields.values()} == TABLE["wrong"].keys()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_examples_are_let_in(kind):
    outcome = parse(line(kind))
    assert isinstance(outcome, Submission)
    assert outcome.entry.content().items() >= EXAMPLES[kind].items()


@pytest.mark.parametrize(("kind", "field"), EACH_FIELD)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(kind, field):
    let_in = []
    for value in TABLE["wrong"][FIELDS[kind][field]]:
        outcome = parse(line(kind, **{field: value}), "book.jsonl", 7)
        if isinstance(outcome, Submission):
            let_in.append(value)
            continue
        assert field in {refusal.field for refusal in outcome}, value
        expected = EXAMPLES[kind]["id"]
        if field != "id":
            assert {refusal.id for refusal in outcome} == {expected}
        refused(line(kind, **{field: value}))
    assert not let_in


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (kind, name)
        for kind, fields in FIELDS.items()
        for name in fields
        if BY_KIND[kind].FIELDS[name].required
    ],
)
def test_a_missing_field_is_named(kind, field):
    entry = {name: value for name, value in EXAMPLES[kind].items() if name != field}
    found = refused(raw(entry).encode())
    assert [refusal.field for refusal in found] == [field]
    assert found[0].message == f"is missing: {kind} needs it"


@pytest.mark.parametrize("kind", EXAMPLES)
def test_optional_fields_may_be_left_out(kind):
    required = {
        name
        for name, info in BY_KIND[kind].FIELDS.items()
        if info.required or name in {"kind", "month", "points"}
    }
    entry = {name: value for name, value in EXAMPLES[kind].items() if name in {*required, "kind"}}
    assert isinstance(parse(raw(entry).encode()), Submission)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_unknown_field_is_named_and_the_known_ones_told(kind):
    found = refused(line(kind, colour="red"))
    assert [refusal.field for refusal in found] == ["colour"]
    for name in FIELDS[kind]:
        assert name in found[0].message


@pytest.mark.parametrize(("kind", "field"), [*EACH_FIELD, *((kind, "kind") for kind in FIELDS)])
def test_a_key_given_twice_is_refused(kind, field):
    entry = EXAMPLES[kind]
    value = raw(entry.get(field, entry["id"] if field == "replaces" else "x"))
    if field in {"repeated", "key_person", "abnormal"}:
        value = "false"
    if field in {"host_unit", "notice", "missing"}:
        value = "null"
    once = raw({name: each for name, each in entry.items() if name != field})[:-1]
    for spaced in ('"{}": {}', '"{}"\t :{}'):
        pair = spaced.format(field, value)
        found = refused(f"{once}, {pair}, {pair}}}".encode())
        assert [(refusal.field, refusal.message) for refusal in found] == [
            (field, "is given twice")
        ]


def test_a_key_given_twice_under_an_escape_is_refused():
    text = line("unit").decode()[:-1] + ', "\\u006eame": "别名"}'
    assert [refusal.field for refusal in refused(text.encode())] == ["name"]


def test_what_looks_like_a_key_in_a_text_is_none():
    note = 'he said "name": "x", "note":'
    assert isinstance(parse(line("unit", note=note)), Submission)


@pytest.mark.parametrize(("kind", "field"), EACH_FIELD)
def test_half_a_surrogate_pair_is_refused(kind, field):
    for text in ("\\ud800", "\\udfff", "\\ud800\\ud800", "a\\udc00b"):
        entry = raw({name: v for name, v in EXAMPLES[kind].items() if name != field})[:-1]
        found = refused(f'{entry}, "{field}": "{text}"}}'.encode())
        assert "\\ud" not in str(found[0])


def test_a_whole_surrogate_pair_is_a_character():
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
        ("inspection_finding", {"points": None, "missing": 1}, "points"),
        ("inspection_finding", {"item": "1.2"}, "missing"),
        ("inspection_finding", {"item": "1.2", "points": None}, "missing"),
        ("inspection_finding", {"item": "1.2", "points": None, "missing": 5}, "missing"),
        ("inspection_finding", {"item": "3", "points": None, "missing": 1001}, "missing"),
        ("inspection_finding", {"item": "6", "missing": 1}, "missing"),
    ],
)
def test_fields_that_do_not_go_together(kind, changed, field):
    assert [refusal.field for refusal in refused(line(kind, **changed))] == [field]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_everything_wrong_with_a_line_is_told_at_once(kind):
    fields = [
        name for name in FIELDS[kind] if name in EXAMPLES[kind] and name not in {"id", "value"}
    ]
    found = refused(line(kind, **{field: {} for field in fields}, colour="red"))
    assert {refusal.field for refusal in found} == {*fields, "colour"}
    assert len(found) == len(fields) + 1


@pytest.mark.parametrize("item", [0, 1, 2])
def test_the_place_in_a_list_is_told(item):
    matters = ["XF-1", "XF-2", "XF-3"]
    matters[item] = ""
    found = refused(line("information_report", matters=matters))
    assert [(each.field, each.message) for each in found] == [
        ("matters", f"item {item + 1}: must not be empty")
    ]


# Nothing of a person is let in, and nothing of it repeated

IDENTIFIED = [
    (kind, field)
    for kind, field in EACH_FIELD
    if FIELDS[kind][field]
    in {"id", "ref", "optional_ref", "refs", "name", "text", "note", "matter", "matters", "value"}
]


@pytest.mark.parametrize("number", [MOBILE, CARD], ids=["mobile", "card"])
@pytest.mark.parametrize(("kind", "field"), IDENTIFIED)
def test_a_text_with_a_person_in_it_is_refused_and_not_repeated(kind, field, number):
    value = [number] if FIELDS[kind][field] in {"refs", "matters"} else number
    found = refused(line(kind, **{field: value}))
    assert field in {refusal.field for refusal in found}
    for refusal in found:
        assert number not in json.dumps([str(refusal), refusal.as_json()])
        assert "identity-card or mobile number" in refusal.message


@pytest.mark.parametrize("number", [MOBILE, CARD], ids=["mobile", "card"])
@pytest.mark.parametrize(("kind", "field"), EACH_FIELD)
def test_whatever_is_wrong_the_input_is_not_echoed(kind, field, number):
    """A number in a date, a level, a headcount; as text, in a list, in an unknown field's name."""
    for value in (number, [number], {number: number}, f"{number}人", int(MOBILE)):
        outcome = parse(line(kind, **{field: value}), "book.jsonl", 7)
        if not isinstance(outcome, Submission):
            told = json.dumps([[str(each), each.as_json()] for each in outcome])
            assert number not in told
            assert MOBILE not in told
    found = refused(line(kind, **{f"电话{number}": "x"}))
    assert number not in json.dumps([[str(each), each.as_json()] for each in found])


@pytest.mark.parametrize("number", [MOBILE, CARD], ids=["mobile", "card"])
@pytest.mark.parametrize("before", range(65))
def test_no_part_of_a_number_is_left_over_from_a_long_id(before, number):
    """An id is cut to 64 characters for the message: not through the middle of a number."""
    found = refused(line("unit", id="甲" * before + number))
    told = "".join(str(each.as_json()) + str(each) for each in found)
    assert number[: min(len(number), 8)] not in told


def test_a_number_across_two_fields_is_no_number():
    """The message joins id and field; the id is told whole."""
    found = refused(line("unit", id="138", name=""))
    assert found[0].id == "138"


# What is no line of JSON


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"{", "is not JSON"),
        (b"", "is not JSON"),
        (b"unit;V001", "is not JSON"),
        (b"{'kind': 'unit'}", "is not JSON"),
        (b'{"kind": "unit",}', "is not JSON"),
        (line("unit") + line("unit"), "is not JSON"),
        (line("unit") + b",", "is not JSON"),
        (line("unit").replace(b"village", b"vil\x00age"), "is not JSON"),
        (line("unit").replace(b"village", b"vil\nage"), "is not JSON"),
        (line("petition_batch", headcount={"$raw": "9" * 5000}), "is not JSON"),
        (line("petition_batch", headcount={"$raw": "012"}), "is not JSON"),
        (line("petition_batch", headcount={"$raw": "None"}), "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"a":' * 50_000, "is not JSON"),
        (b"[]", "must be one JSON object"),
        (b"[" + line("unit") + b"]", "must be one JSON object"),
        (b"null", "must be one JSON object"),
        (b"true", "must be one JSON object"),
        (b"5", "must be one JSON object"),
        (b'"unit"', "must be one JSON object"),
        ("六门闸村".encode("gbk"), "is not UTF-8"),
        (raw(EXAMPLES["unit"]).encode("utf-16"), "is not UTF-8"),
        (line("unit").replace(b"village", b"\xff"), "is not UTF-8"),
        (line("unit").replace(b"village", b"\xed\xa0\x80"), "is not UTF-8"),
        (line("unit").replace(b"village", b"\xc0\xaf"), "is not UTF-8"),
    ],
)
def test_a_line_that_is_no_entry(text, told):
    found = refused(text)
    assert len(found) == 1
    assert found[0].field is None
    assert told in found[0].message


@pytest.mark.parametrize("kind", [None, 5, [], {}, "", "Unit", "UNIT", "unit ", "单位", "entry"])
def test_a_kind_that_is_none(kind):
    found = refused(line("unit", kind=kind))
    assert [refusal.field for refusal in found] == ["kind"]
    for known in BY_KIND:
        assert known in found[0].message


def test_no_kind():
    assert [refusal.field for refusal in refused(b"{}")] == ["kind"]


def read(content):
    """Submissions and refusals of a file's bytes."""
    outcomes = list(read_jsonl(BytesIO(content), "book.jsonl"))
    entries = [each.entry.id for each in outcomes if isinstance(each, Submission)]
    return entries, [each for each in outcomes if not isinstance(each, Submission)]


UNIT = line("unit")


@pytest.mark.parametrize(
    "content",
    [
        UNIT,
        UNIT + b"\n",
        b"\n\n \t\n" + UNIT + b"\n\n",
        b"\xef\xbb\xbf" + UNIT + b"\n",
        b"\xef\xbb\xbf\n" + UNIT,
        UNIT + b"\r\n",
        b"\xef\xbb\xbf" + UNIT + b"\r\n\r\n",
        b"  " + UNIT + b"  \n",
        UNIT + b" " * (LONGEST_LINE - len(UNIT)) + b"\n",
        UNIT + b" " * (LONGEST_LINE - len(UNIT)),
    ],
)
def test_how_a_file_may_be_written(content):
    assert read(content) == (["V001"], [])


@pytest.mark.parametrize(
    "content", [b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"]
)
def test_an_empty_file_is_refused(content):
    entries, found = read(content)
    assert entries == []
    assert [str(each) for each in found] == ["book.jsonl: is empty: there is no entry in it"]


@pytest.mark.parametrize("length", [LONGEST_LINE + 1, LONGEST_LINE + 2, 2 * LONGEST_LINE, 10**6])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n" + UNIT.replace(b"V001", b"V002") + b"\n"])
def test_a_line_that_is_too_long_is_refused_and_the_next_one_read(length, end):
    start = UNIT.replace(b"V001", b"V000") + b"\n"
    entries, found = read(start + UNIT + b" " * (length - len(UNIT)) + end)
    assert entries == (["V000", "V002"] if b"V002" in end else ["V000"])
    assert [str(each) for each in found] == [
        "book.jsonl:2: is longer than the 65,536 bytes that an entry may have"
    ]


def test_a_line_of_brackets_does_not_stop_the_reading():
    entries, found = read(b"[" * 100_000 + b"\n" + b"[" * 60_000 + b"\n" + UNIT)
    assert entries == ["V001"]
    assert [each.line for each in found] == [1, 2]


def test_every_bad_line_is_told_at_once_with_its_number():
    content = b"\n".join(
        [
            UNIT,
            b"",
            b"{",
            line("petition_batch", headcount=0, level="moon"),
            UNIT.replace(b"V001", b"V002"),
            b"\xff",
            b'{"kind": "unit"}',
        ]
    )
    entries, found = read(content)
    assert entries == ["V001", "V002"]
    assert [(each.line, each.field) for each in found] == [
        (3, None),
        (4, "level"),
        (4, "headcount"),
        (6, None),
        (7, "id"),
        (7, "name"),
        (7, "type"),
    ]


def test_a_file_that_is_not_there(tmp_path):
    found = list(read_file(tmp_path / "no.jsonl"))
    assert [each.message for each in found] == ["cannot be read: No such file or directory"]
    assert next(read_file(tmp_path)).message == "cannot be read: Is a directory"


# Across entries: the books below are ledgers as a clerk builds them up


def unit(entry_id="V001", **more):
    return {**EXAMPLES["unit"], "id": entry_id, **more}


def batch(entry_id="B-1", **more):
    return {**EXAMPLES["petition_batch"], "id": entry_id, **more}


def response(entry_id="R-1", batch_id="B-1", **more):
    return {**EXAMPLES["on_site_response"], "id": entry_id, "batch": batch_id, **more}


def finding(entry_id="F-1", **more):
    return {**EXAMPLES["inspection_finding"], "id": entry_id, **more}


def ruling(entry_id="RU-1", **more):
    return {**EXAMPLES["ruling"], "id": entry_id, **more}


def reversal(entry_id, of):
    return {"kind": "reversal", "id": entry_id, "of": of, "reason": "有误"}


def at_the_door(*imports):
    """What the door makes of the last import, after those before it were let in."""
    known = LedgerState()
    for number, entries in enumerate(imports, 1):
        buffer = ImportBuffer(submissions(entries))
        admission = Validation(known, buffer, load_rulebook()).run()
        if number == len(imports):
            return admission
        assert not admission.refusals, [str(refusal) for refusal in admission.refusals]
        rows = Appending(admission.fresh, known, WHEN, "clerk", "head")
        known.fold(map(row_of, count(known.position + 1), rows))
    raise AssertionError("an import to ask about")


def let_in(*imports):
    """The ids that the last import adds; nothing may be refused."""
    admission = at_the_door(*imports)
    assert not admission.refusals, [str(refusal) for refusal in admission.refusals]
    return list(admission.fresh.ids())


def turned_away(*imports):
    """What is refused of the last import, as (id, field)."""
    admission = at_the_door(*imports)
    assert admission.refusals
    return [(refusal.id, refusal.field) for refusal in admission.refusals]


TOWN = [
    unit("V001"),
    unit("V002"),
    {**EXAMPLES["notice"], "units": ["V001"]},
    batch("B-7"),
    EXAMPLES["supervised_case"],
    EXAMPLES["commendation"],
]
"""One of each kind that is referred to, and one that is not."""

REFERENCES = [
    (kind, field, of) for kind in BY_KIND for field, of in BY_KIND[kind].REFERENCES.items()
]


def referring(kind, field, to):
    """An entry of a kind whose reference names an id."""
    value = [to] if FIELDS[kind][field] == "refs" else to
    entry = {**EXAMPLES[kind], "id": "NEW-1", field: value}
    if (kind, field) == ("screening_report", "notice"):
        del entry["month"]
    return entry


def test_every_field_that_names_an_entry_is_known_as_a_reference():
    named = {
        (kind, name)
        for kind, name in EACH_FIELD
        if FIELDS[kind][name] in {"ref", "refs", "optional_ref"} and name != "replaces"
    }
    assert named == {(kind, field) for kind, field, _ in REFERENCES} | {("reversal", "of")}


@pytest.mark.parametrize(("kind", "field", "of"), REFERENCES)
def test_a_reference_to_nothing_is_refused(kind, field, of):
    admission = at_the_door(TOWN, [referring(kind, field, "NONE-1")])
    assert [(each.field, each.message) for each in admission.refusals] == [
        (field, f"there is no {of} NONE-1; record it first")
    ]


@pytest.mark.parametrize(("kind", "field", "of"), REFERENCES)
def test_a_reference_to_another_kind_is_refused(kind, field, of):
    for other in TOWN:
        admission = at_the_door(TOWN, [referring(kind, field, other["id"])])
        if other["kind"] == of:
            assert not admission.refusals
        else:
            assert [(each.field, each.message) for each in admission.refusals] == [
                (field, f"{other['id']} is a {other['kind']}, not a {of}")
            ]


def test_each_unit_of_a_notice_is_looked_for():
    notice = {**EXAMPLES["notice"], "id": "N-2", "units": ["V001", "V008", "V002", "V009"]}
    admission = at_the_door(TOWN, [notice])
    assert ["V008" in each.message or "V009" in each.message for each in admission.refusals] == [
        True,
        True,
    ]


def test_what_is_referred_to_may_come_in_the_same_import_and_later_in_it():
    book = [response(), batch(), unit()]
    for order in permutations(book):
        assert set(let_in(list(order))) == {"R-1", "B-1", "V001"}


def test_an_entry_may_not_refer_to_a_refused_line_of_another_kind():
    assert turned_away([unit(), response(batch_id="V001")]) == [("R-1", "batch")]


# The same again, and something else under the same number


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_same_content_again_is_skipped(kind):
    book = [*TOWN, *([] if EXAMPLES[kind] in TOWN else [EXAMPLES[kind]])]
    admission = at_the_door(book, [EXAMPLES[kind]])
    assert (list(admission.fresh.ids()), admission.refusals) == ([], [])
    assert admission.skipped == [EXAMPLES[kind]["id"]]


@pytest.mark.parametrize(
    "again",
    [
        batch(repeated=False, key_person=False),
        batch(note=None, host_unit=None),
        batch(occurred_at="2016-03-01T02:00:00Z"),
        batch(occurred_at="2016-03-01 10:00"),
        dict(reversed(batch().items())),
        batch(matter="  XF-2016-0031 "),
    ],
)
def test_the_same_content_written_another_way_is_skipped(again):
    admission = at_the_door([unit(), batch()], [again])
    assert (admission.skipped, list(admission.fresh.ids()), admission.refusals) == (["B-1"], [], [])


def test_points_are_the_same_however_many_zeros_they_have():
    admission = at_the_door([unit(), finding(points="0.5")], [finding(points="0.500")])
    assert (admission.skipped, admission.refusals) == (["F-1"], [])


@pytest.mark.parametrize(
    ("changed", "differing"),
    [
        ({"headcount": 13}, "headcount"),
        ({"level": "town", "abnormal": False}, "level, abnormal"),
        ({"repeated": True}, "repeated"),
        ({"note": "更正"}, "note"),
        ({"occurred_at": "2016-03-01T10:00:00Z"}, "occurred_at"),
    ],
)
def test_other_content_is_a_conflict_that_names_what_differs(changed, differing):
    admission = at_the_door([unit(), batch()], [batch(**changed)])
    (refusal,) = admission.refusals
    assert (refusal.id, refusal.field) == ("B-1", "id")
    assert f"at position 2 by clerk (differs in {differing});" in refusal.message
    assert "tally correct B-1" in refusal.message


def test_another_kind_under_the_same_number_is_a_conflict():
    admission = at_the_door([unit()], [batch("V001", unit="V001")])
    (refusal,) = admission.refusals
    assert refusal.message == (
        "is the number of a unit, recorded at position 1 by clerk; give this entry a number of its "
        "own"
    )


def test_a_conflict_in_one_import_names_the_line():
    admission = at_the_door([unit(), batch(), batch(headcount=13), batch()])
    (refusal,) = admission.refusals
    assert refusal.line == 3
    assert refusal.message == (
        "stands with other content on line 2 of this import (differs in headcount); keep one of "
        "the two or give this entry a number of its own"
    )
    assert admission.skipped == ["B-1"]


def test_a_conflict_and_every_other_bad_entry_are_told_at_once():
    book = [
        batch(headcount=13),
        response("R-9", "B-9"),
        reversal("X-9", "B-9"),
        ruling("RU-9", reading="nothing"),
        batch("B-10", unit="V009", replaces="B-9"),
    ]
    assert turned_away([unit(), batch()], book) == [
        ("B-1", "id"),
        ("R-9", "batch"),
        ("X-9", "of"),
        ("RU-9", "reading"),
        ("B-10", "unit"),
        ("B-10", "replaces"),
    ]


# One alone may stand

BOOK = [unit(), unit("V002"), batch(), response(), finding(), ruling()]

SECONDS = [
    (response("R-2"), "R-1", "batch"),
    (finding("F-2", points="1"), "F-1", "unit"),
    (finding("F-2"), "F-1", "unit"),
    (ruling("RU-2", value=5), "RU-1", "year"),
    (ruling("RU-2", value="6"), "RU-1", "year"),
]


@pytest.mark.parametrize(("second", "first", "field"), SECONDS)
def test_a_second_one_is_refused_while_the_first_stands(second, first, field):
    for imports in ((BOOK, [second]), ([*BOOK, second],)):
        (refusal,) = at_the_door(*imports).refusals
        assert (refusal.id, refusal.field) == (second["id"], field)
        assert refusal.message.startswith(f"{first} stands for ")
        assert f"tally reverse {first}" in refusal.message
        assert f"tally correct {first}" in refusal.message


@pytest.mark.parametrize(("second", "first", "field"), SECONDS)
def test_a_second_one_is_let_in_after_a_reversal(second, first, field):
    assert let_in(BOOK, [reversal("X-1", first)], [second]) == [second["id"]]
    for together in permutations([second, reversal("X-1", first), dict(second)]):
        assert set(let_in(BOOK, list(together))) == {"X-1", second["id"]}
    assert turned_away(BOOK, [second, reversal("X-1", first)], [{**second, "id": "THIRD"}])[0] == (
        "THIRD",
        field,
    )


@pytest.mark.parametrize(("second", "first"), [each[:2] for each in SECONDS])
def test_a_second_one_is_let_in_in_the_first_one_s_place(second, first):
    correction = [reversal("X-1", first), {**second, "replaces": first}]
    assert set(let_in(BOOK, correction)) == {"X-1", second["id"]}


@pytest.mark.parametrize(
    "other",
    [
        response("R-2", unit="V002"),
        response("R-2", batch_id="B-2"),
        finding("F-2", unit="V002"),
        finding("F-2", year=2017),
        finding("F-2", item="1.3"),
        ruling("RU-2", year=2017),
        ruling("RU-2", reading="veto_rank", value="last"),
    ],
)
def test_one_for_something_else_is_let_in(other):
    assert let_in([*BOOK, batch("B-2")], [other]) == [other["id"]]


CORRECTED = [reversal("X-1", "B-1"), batch("B-1.2", headcount=13, replaces="B-1")]


def test_a_response_stands_for_the_corrected_batch_too():
    assert turned_away(BOOK, CORRECTED, [response("R-2", "B-1.2")]) == [("R-2", "batch")]
    assert turned_away(BOOK, CORRECTED, [response("R-2", "B-1")]) == [("R-2", "batch")]
    assert turned_away(BOOK, [*CORRECTED, response("R-2", "B-1.2")]) == [("R-2", "batch")]
    assert turned_away([*BOOK, *CORRECTED, response("R-2", "B-1.2")]) == [("R-2", "batch")]
    taken_back = reversal("X-2", "R-1")
    assert let_in(BOOK, CORRECTED, [taken_back], [response("R-2", "B-1.2")]) == ["R-2"]


def test_a_response_stands_through_any_number_of_corrections():
    again = [reversal("X-3", "B-1.2"), batch("B-1.3", headcount=14, replaces="B-1.2")]
    for imports in ((BOOK, CORRECTED, again), (BOOK, [*again, *CORRECTED])):
        assert turned_away(*imports, [response("R-2", "B-1.3")]) == [("R-2", "batch")]


def test_a_finding_stands_for_the_corrected_unit_too():
    corrected = [reversal("X-1", "V001"), unit("V001.2", name="六门闸社区", replaces="V001")]
    assert turned_away(BOOK, corrected, [finding("F-2", unit="V001.2")]) == [("F-2", "unit")]
    assert turned_away(BOOK, corrected, [response("R-2", unit="V001.2")]) == [("R-2", "batch")]


def test_a_reversed_batch_leaves_its_response_standing():
    assert turned_away(BOOK, [reversal("X-1", "B-1")], [response("R-2")]) == [("R-2", "batch")]


# Reversals and replacements


@pytest.mark.parametrize("together", [True, False], ids=["one import", "two"])
def test_reversals_that_are_refused(together):
    def after(*before):
        return lambda *now: turned_away([*before, *now]) if together else turned_away(before, now)

    known = (unit(), batch(), reversal("X-1", "B-1"))
    assert after(*known)(reversal("X-2", "NONE")) == [("X-2", "of")]
    assert after(*known)(reversal("X-2", "X-1")) == [("X-2", "of")]
    assert after(*known)(reversal("X-2", "X-2")) == [("X-2", "of")]
    assert after(*known)(reversal("X-2", "B-1")) == [("X-2", "of")]


def test_a_second_reversal_is_told_who_took_the_entry_back():
    (refusal,) = at_the_door(
        [unit(), batch()], [reversal("X-1", "B-1")], [reversal("X-2", "B-1")]
    ).refusals
    assert refusal.message == (
        "B-1 was taken back already, by X-1 (clerk, 2026-01-01 00:00:00 UTC, position 6)"
    )


def test_an_entry_and_its_reversal_may_come_together_in_any_order():
    book = [unit(), batch(), reversal("X-1", "B-1"), batch("B-2", replaces="B-1")]
    for order in permutations(book):
        assert set(let_in(list(order))) == {"V001", "B-1", "X-1", "B-2"}


@pytest.mark.parametrize(
    ("now", "refused_ids"),
    [
        pytest.param([batch("B-2", replaces="B-1")], ["B-2"], id="without a reversal"),
        pytest.param([batch("B-2", replaces="NONE")], ["B-2"], id="of nothing"),
        pytest.param([batch("B-2", replaces="B-2")], ["B-2"], id="of itself"),
        pytest.param(
            [reversal("X-1", "B-1"), response("R-2", replaces="B-1", unit="V002")],
            ["R-2"],
            id="by another kind",
        ),
        pytest.param(
            [reversal("X-1", "B-1"), reversal("X-2", "R-1") | {"replaces": "B-1"}],
            ["X-2"],
            id="by a reversal",
        ),
        pytest.param(
            [reversal("X-1", "B-1"), batch("B-2", replaces="B-1"), batch("B-3", replaces="B-1")],
            ["B-3"],
            id="twice",
        ),
        pytest.param(
            [
                reversal("X-2", "B-2"),
                reversal("X-3", "B-3"),
                batch("B-2", replaces="B-3"),
                batch("B-3", replaces="B-2"),
            ],
            ["B-2", "B-3"],
            id="in a circle",
        ),
        pytest.param(
            [reversal("X-2", "B-2"), batch("B-2", replaces="B-2")],
            ["B-2"],
            id="of itself, reversed",
        ),
        pytest.param(
            [
                *(reversal(f"X-{one}", f"B-{one}") for one in (2, 3, 4)),
                batch("B-2", replaces="B-3"),
                batch("B-3", replaces="B-4"),
                batch("B-4", replaces="B-2"),
                response("R-4", "B-3"),
            ],
            ["B-2", "B-3", "B-4"],
            id="in a circle of three",
        ),
    ],
)
def test_replacements_that_are_refused(now, refused_ids):
    found = turned_away(BOOK, now)
    assert sorted({entry_id for entry_id, _ in found}) == refused_ids
    assert {field for _, field in found} == {"replaces"}


def test_a_replacement_may_follow_a_reversal_of_before():
    assert let_in(BOOK, [reversal("X-1", "B-1")], [batch("B-2", replaces="B-1")]) == ["B-2"]


def test_a_second_replacement_is_refused_while_the_first_stands():
    first = [*BOOK, reversal("X-1", "B-1"), batch("B-2", replaces="B-1")]
    assert turned_away(first, [batch("B-3", replaces="B-1")]) == [("B-3", "replaces")]
    taken_back = [reversal("X-2", "B-2")]
    assert let_in(first, taken_back, [batch("B-3", replaces="B-1")]) == ["B-3"]


def test_what_several_imports_take_one_import_takes():
    """A ledger read out into one file goes into another ledger."""
    steps = [
        BOOK,
        [reversal("X-1", "B-1"), batch("B-2", replaces="B-1")],
        [reversal("X-2", "B-2")],
        [batch("B-3", headcount=14, replaces="B-1")],
    ]
    let_in(*steps)
    let_in([entry for step in steps for entry in step])


def test_the_order_of_an_import_does_not_matter():
    book = [*BOOK, *CORRECTED, reversal("X-2", "R-1"), response("R-2", "B-1.2")]
    forwards, backwards = let_in(book), let_in(book[::-1])
    assert sorted(forwards) == sorted(backwards) == sorted(entry["id"] for entry in book)
    shuffled = book[1::2] + book[::2]
    assert sorted(let_in(shuffled)) == sorted(forwards)


# What the measure has against rulings and findings


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (ruling(reading="collective"), "reading"),
        (ruling(reading="Collective_From"), "reading"),
        (ruling(value=7), "value"),
        (ruling(value=-5), "value"),
        (ruling(value=True), "value"),
        (ruling(value=None), "value"),
        (ruling(value=10**30), "value"),
        (ruling(reading="overstay_factor", value="0.9"), "value"),
        (ruling(reading="key_person_stacks", value=1), "value"),
        (finding(points="1.01"), "points"),
        (finding(item="5.1", points="1.6"), "points"),
        (finding(item="2.5", points="1000"), "points"),
    ],
)
def test_what_the_measure_has_no_room_for(entry, field):
    admission = at_the_door([unit()], [entry])
    assert [refusal.field for refusal in admission.refusals] == [field]


@pytest.mark.parametrize(
    "entry",
    [
        ruling(value="5"),
        ruling(reading="overstay_factor", value="1.5"),
        ruling(reading="overstay_factor", value=None),
        ruling(reading="key_person_stacks", value=True),
        ruling(reading="thirty_people", value="top tier"),
        finding(points="0"),
        finding(points="1"),
        finding(item="5.1", points="1.5"),
        finding(item="1.2", points=None, missing=4),
        finding(item="6", points=None, missing=0),
    ],
)
def test_what_the_measure_has_room_for(entry):
    assert let_in([unit()], [entry]) == [entry["id"]]


# The words themselves

BAD_LINES = {
    "not JSON": b'{"kind": "unit", "id": "V001"',
    "not UTF-8": "六门闸村".encode("gbk"),
    "no object": b"[]",
    "no kind": line("unit", kind="village"),
    "no headcount": line("petition_batch", headcount={"$raw": "null"}),
    "a headcount of 0": line("petition_batch", headcount=0),
    "a headcount of a trillion": line("petition_batch", headcount=10**12),
    "a level from elsewhere": line("petition_batch", level="county"),
    "no day of the calendar": line("commendation", issued_on="2016-02-30"),
    "a date with a time": line("commendation", issued_on="2016-02-29T10:00"),
    "no month": line("case_report", month="2016-13"),
    "no time": line("petition_batch", occurred_at="2016-03-01"),
    "points as a number": line("inspection_finding", points={"$raw": "0.5"}),
    "points beyond all": line("inspection_finding", points="1001"),
    "a mobile number": line("petition_batch", note=f"联系人{MOBILE}"),
    "a mobile number for an id": line("unit", id=MOBILE, name=""),
    "a key twice": line("unit").replace(b'"name"', b'"type": "farm", "name"'),
    "an unknown field": line("reversal", colour="red"),
    "a field missing": raw({"kind": "yellow_card", "id": "Y-1"}).encode(),
    "an empty matter": line("information_report", matters=["XF-1", ""]),
    "both month and notice": line("screening_report", notice="N-1"),
    "a counted item": line("inspection_finding", item="3"),
    "a control character": line("reversal", reason="行\n行"),
}

BAD_BOOKS = {
    "a reference to nothing": ([unit()], [response()]),
    "a reference to another kind": ([unit(), batch()], [batch("B-2", unit="B-1")]),
    "a conflict": ([unit(), batch()], [batch(headcount=13, level="town")]),
    "a second response": (BOOK, [response("R-2")]),
    "a second ruling": (BOOK, [ruling("RU-2", value=5)]),
    "a reversal of nothing": ([reversal("X-1", "B-1")],),
    "a reversal of a reversal": (
        [unit(), batch(), reversal("X-1", "B-1")],
        [reversal("X-2", "X-1")],
    ),
    "a second reversal": ([unit(), batch(), reversal("X-1", "B-1")], [reversal("X-2", "B-1")]),
    "a replacement of what stands": (BOOK, [batch("B-2", replaces="B-1")]),
    "a replacement of another kind": (
        BOOK,
        [reversal("X-1", "B-1"), unit("V003", replaces="B-1")],
    ),
    "no reading": ([ruling(reading="moon")],),
    "no value": ([ruling(value=7)],),
    "too many points": ([unit()], [finding(points="1.5")]),
}


def told():
    """Every refusal of the golden file, each under a heading of its own."""
    for heading, bad in BAD_LINES.items():
        yield heading, refused(bad)
    for heading, imports in BAD_BOOKS.items():
        yield heading, at_the_door(*imports).refusals


def test_refusals_word_for_word():
    """Run with UPDATE_GOLDEN=1 to write them anew, then read what changed."""
    text = "\n".join(
        "\n".join([f"# {heading}", *map(str, refusals), ""]) for heading, refusals in told()
    )
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
