"""The messages of validation, compared word for word with golden/refusals.txt."""

from pathlib import Path

from ledger import fields, messages
from tests.golden import assert_golden
from tests.ledger.examples import (
    BOOK,
    EXAMPLES,
    MOBILE,
    as_json,
    batch,
    finding,
    line,
    refusals_of,
    response,
    reversal,
    ruling,
    unit,
)
from tests.ledger.imports import validate

GOLDEN = Path(__file__).parent / "golden" / "refusals.txt"

BAD_LINES = {
    "not JSON": b'{"kind": "unit", "id": "V001"',
    "not UTF-8": "六门闸村".encode("gbk"),
    "not an object": b"[]",
    "an unknown kind": line("unit", kind="village"),
    "no headcount": line("petition_batch", headcount={"$raw": "null"}),
    "a headcount of 0": line("petition_batch", headcount=0),
    "a headcount of a trillion": line("petition_batch", headcount=10**12),
    "an unknown level": line("petition_batch", level="county"),
    "a date that does not exist": line("commendation", issued_on="2016-02-30"),
    "a date with a time": line("commendation", issued_on="2016-02-29T10:00"),
    "a month that does not exist": line("case_report", month="2016-13"),
    "a date instead of a time": line("petition_batch", occurred_at="2016-03-01"),
    "points as a number": line("inspection_finding", points={"$raw": "0.5"}),
    "too many points for any item": line("inspection_finding", points="1001"),
    "a mobile number": line("petition_batch", note=f"联系人{MOBILE}"),
    "a mobile number for an id": line("unit", id=MOBILE, name=""),
    "a key twice": line("unit").replace(b'"name"', b'"type": "farm", "name"'),
    "an unknown field": line("reversal", colour="red"),
    "a field missing": as_json({"kind": "yellow_card", "id": "Y-1"}).encode(),
    "an empty matter": line("information_report", matters=["XF-1", ""]),
    "both month and notice": line("screening_report", notice="N-1"),
    "points and missing": line("inspection_finding", item="3", missing=1),
    "evidence without a hash": line("unit", evidence=[{"name": "批复.pdf"}]),
    "a section without points": line("carried_quarter", sections={"basic_work": ""}),
    "a control character": line("reversal", reason="行\n行"),
    "a private-use character": line("unit", name="\ue000家村"),
}

BAD_IMPORTS = {
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
    "a replacement of an entry that is not reversed": (BOOK, [batch("B-2", replaces="B-1")]),
    "a replacement of another kind": (
        BOOK,
        [reversal("X-1", "B-1"), unit("V003", replaces="B-1")],
    ),
    "an unknown reading": ([ruling(reading="moon")],),
    "an unknown value of a reading": ([ruling(value=0)],),
    "points for a counted item": ([unit()], [finding(item="1.2")]),
    "a card for an outside unit": (
        [unit("V009", type="outside")],
        [{**EXAMPLES["yellow_card"], "unit": "V009"}],
    ),
    "a name of two units": (
        [unit("V001", name="甲村"), unit("V002", name="甲村"), batch(unit="甲村")],
    ),
    "too many points for the item": ([unit()], [finding(points="1.5")]),
}


def test_refusals_are_worded_as_in_the_golden_file():
    refusals = {heading: refusals_of(bad) for heading, bad in BAD_LINES.items()}
    refusals |= {heading: validate(*bad).refusals for heading, bad in BAD_IMPORTS.items()}
    text = "\n".join(
        "\n".join([f"# {heading}", *map(str, found), ""]) for heading, found in refusals.items()
    )
    assert_golden(GOLDEN, text)


def test_every_pattern_of_a_field_has_its_message():
    patterns = {value for name, value in vars(fields).items() if name.endswith("_PATTERN")}
    assert set(messages._PATTERNS) == patterns
