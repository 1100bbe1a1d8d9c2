"""Rules of reversals and of the entries that replace reversed ones."""

from itertools import permutations

import pytest

from tests.ledger.examples import BOOK, CORRECTION, batch, response, reversal, unit
from tests.ledger.imports import admitted, refused, validate


@pytest.mark.parametrize("together", [True, False], ids=["one import", "two"])
def test_refuses_a_reversal_of_nothing_or_of_a_reversal_or_twice(together):
    known = [unit(), batch(), reversal("X-1", "B-1")]
    for of in ("NONE", "X-1", "X-2", "B-1"):
        wrong = reversal("X-2", of)
        imports = ([*known, wrong],) if together else (known, [wrong])
        assert refused(*imports) == [("X-2", "of")], of


def test_names_who_reversed_the_entry_before():
    (refusal,) = validate(
        [unit(), batch()], [reversal("X-1", "B-1")], [reversal("X-2", "B-1")]
    ).refusals
    assert refusal.message == (
        "B-1 was taken back already, by X-1 (clerk, 2026-01-01 08:00, position 6)"
    )


def test_accepts_an_entry_with_its_reversal_in_any_order():
    entries = [unit(), batch(), reversal("X-1", "B-1"), batch("B-2", replaces="B-1")]
    for order in permutations(entries):
        assert set(admitted(list(order))) == {"V001", "B-1", "X-1", "B-2"}


@pytest.mark.parametrize(
    ("entries", "refused_ids"),
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
def test_refuses_a_wrong_replacement(entries, refused_ids):
    found = refused(BOOK, entries)
    assert sorted({entry_id for entry_id, _ in found}) == refused_ids
    assert {field for _, field in found} == {"replaces"}


def test_accepts_a_replacement_of_an_entry_reversed_before():
    assert admitted(BOOK, [reversal("X-1", "B-1")], [batch("B-2", replaces="B-1")]) == ["B-2"]


def test_refuses_a_second_replacement_while_the_first_counts():
    first = [*BOOK, reversal("X-1", "B-1"), batch("B-2", replaces="B-1")]
    assert refused(first, [batch("B-3", replaces="B-1")]) == [("B-3", "replaces")]
    assert admitted(first, [reversal("X-2", "B-2")], [batch("B-3", replaces="B-1")]) == ["B-3"]


def test_one_import_accepts_what_several_imports_accept():
    """So a ledger that was exported into one file can be imported into another ledger."""
    steps = [
        BOOK,
        [reversal("X-1", "B-1"), batch("B-2", replaces="B-1")],
        [reversal("X-2", "B-2")],
        [batch("B-3", headcount=14, replaces="B-1")],
    ]
    admitted(*steps)
    admitted([entry for step in steps for entry in step])


def test_the_order_within_an_import_does_not_matter():
    book = [*BOOK, *CORRECTION, reversal("X-2", "R-1"), response("R-2", "B-1.2")]
    forwards, backwards = admitted(book), admitted(book[::-1])
    assert sorted(forwards) == sorted(backwards) == sorted(entry["id"] for entry in book)
    shuffled = book[1::2] + book[::2]
    assert sorted(admitted(shuffled)) == sorted(forwards)
