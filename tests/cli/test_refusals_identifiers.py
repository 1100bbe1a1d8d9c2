"""Numbers of persons are refused, and never repeated on standard output or error."""

from __future__ import annotations

import unicodedata

import pytest

from tests.cli.entries import UNITS, batch

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_card(body):
    """Return 17 digits with their check digit, as an identity-card number (GB 11643)."""
    checked = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[checked % 11]


CARD = identity_card("43060219800229001")
CARD_WITH_X = identity_card("11010519491231002")
OLD_CARD = "110105491231002"
OLD_CARD_OF_A_NEWER_DISTRICT = "430602800228001"
"""Born in 1980, in a district whose code is of 1996: a card has the code of its day of issue."""
MOBILE = "13812345678"


def full_width(text):
    """Return a text with each ASCII character in its full-width form."""
    return "".join(chr(ord(ch) + 0xFEE0) for ch in text)


def test_the_numbers_of_these_tests_are_valid():
    assert CARD_WITH_X == "11010519491231002X"
    assert unicodedata.normalize("NFKC", full_width(CARD)) == CARD


# Lines of an import with a number at each place.
PLACES = {
    "matter": lambda number: batch("B-2", matter=number),
    "note": lambda number: batch("B-2", note=f"张某{number}，本村人"),
    "id": batch,
    "unit": lambda number: batch("B-2", unit=number),
    "level": lambda number: batch("B-2", level=number),
    "headcount": lambda number: batch("B-2", headcount=number),
    "occurred_at": lambda number: batch("B-2", occurred_at=number),
    "name of a field": lambda number: batch("B-2", **{number: 1}),
    "name of a field, in words": lambda number: batch("B-2", **{f"身份证{number}": 1}),
    "kind": lambda number: {**batch("B-2"), "kind": number},
    "nested": lambda number: batch("B-2", matter={number: [number]}),
    "item": lambda number: {
        "kind": "information_report",
        "id": "IR-1",
        "unit": "V001",
        "urgency": "urgent",
        "submitted_at": "2016-03-01T10:00",
        "matters": ["XF-1", number],
    },
    "reference": lambda number: {"kind": "reversal", "id": "B-1.R", "of": number, "reason": "x"},
    "reading": lambda number: {
        "kind": "ruling",
        "id": "RU-1",
        "year": 2016,
        "basis": "x",
        "reading": number,
        "value": number,
    },
    "key twice": lambda number: f'{{"kind": "unit", "id": "V3", "{number}": 1, "{number}": 2}}',
    "not JSON": lambda number: f'{{"kind": "unit", "id": "{number}", "name": {number}abc',
    "before the JSON": lambda number: number,
}

SPELLINGS = {
    "18 digits": CARD,
    "18 digits, X": CARD_WITH_X,
    "full width": full_width(CARD),
    "spaced": f"{CARD[:6]} {CARD[6:14]} {CARD[14:]}",
    "15 digits": OLD_CARD,
    "15 digits, newer district": OLD_CARD_OF_A_NEWER_DISTRICT,
    "mobile": MOBILE,
    "mobile, full width": full_width(MOBILE),
    "mobile, spaced": f"{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}",
}


def assert_not_repeated(run, number):
    """Check that neither stream has the number, however it is written."""
    for stream in (run.out, run.err):
        folded = unicodedata.normalize("NFKC", stream)
        digits = "".join(ch for ch in folded if ch.isalnum())
        assert unicodedata.normalize("NFKC", number).replace(" ", "") not in digits


@pytest.mark.parametrize("number", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("note", ["note", "matter"])
def test_import_refuses_a_number_in_a_text(town, refused_import, note, number):
    run = refused_import(town.file("bad.jsonl", PLACES[note](number)))
    assert_not_repeated(run, number)
    (error,) = run.json["errors"]
    assert (error["id"], error["field"]) == ("B-2", note)
    assert "identity-card, telephone or bank-card number" in error["message"]


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(CARD, id="card"),
        pytest.param(full_width(CARD), id="card, full width"),
        pytest.param(OLD_CARD, id="old card"),
        pytest.param(full_width(MOBILE), id="mobile, full width"),
    ],
)
def test_import_never_repeats_a_number_wherever_it_is(town, refused_import, number):
    for place, line in PLACES.items():
        run = refused_import(town.file("bad.jsonl", line(number)))
        assert_not_repeated(run, number)
        assert run.json["errors"], place


@pytest.mark.parametrize("number", [CARD, MOBILE])
def test_record_and_verify_refuse_a_number(town, number):
    before = town.stored()
    words = ["record", "yellow_card", "--unit", "V001", "--issued-on", "2016-03-01"]
    lines = [
        [*words, "--id", number, "--by", "clerk"],
        [*words, "--id", "Y-1", "--by", number],
        [*words, "--id", "Y-1", "--by", "clerk", "--note", number],
        ["verify", number, "--by", "head"],
        ["verify", "--all", "--by", number],
        ["import", town.file("units.jsonl", *UNITS), "--by", number],
        ["import", town.file("units.jsonl", *UNITS), "--by", "clerk", "--verify-by", number],
    ]
    for line in lines:
        for more in ([], ["--json"]):
            run = town(*line, *more).refused()
            assert_not_repeated(run, number)
    assert town.stored() == before


@pytest.mark.parametrize(
    "words",
    [
        ["history", MOBILE],
        ["explain", MOBILE],
        ["score", "--unit", MOBILE],
        ["rules", MOBILE],
    ],
    ids=lambda words: " ".join(words[:-1]),
)
def test_commands_that_read_do_not_repeat_a_number(town, words):
    run = town(*words).refused()
    assert_not_repeated(run, MOBILE)


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "V001", MOBILE],
        ["score", "--through", MOBILE],
        ["score", "--year", MOBILE],
        ["score", "--as-of", f"{MOBILE}x"],
        ["publish", MOBILE, "--by", "office"],
        ["correct", "B-1", "--set", f"人数={MOBILE}x", "--reason", "x", "--by", "clerk"],
        ["correct", "B-1", "--set", f"级别={MOBILE}", "--reason", "x", "--by", "clerk"],
        ["record", "petition_batch", "--abnormal", MOBILE],
        ["decide", "B-1.O", MOBILE, "--reason", "x", "--by", "head"],
    ],
    ids=lambda words: " ".join(words[:3]),
)
def test_errors_of_usage_do_not_repeat_a_number(town, words):
    assert_not_repeated(town(*words).misused(), MOBILE)
