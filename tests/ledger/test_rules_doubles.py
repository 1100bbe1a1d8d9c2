"""Kinds of which one entry alone may count: a second one is refused."""

from itertools import permutations

import pytest

from tests.ledger.examples import BOOK, CORRECTION, batch, finding, response, reversal, ruling, unit
from tests.ledger.imports import admitted, refused, validate

# (second entry, id of the first in BOOK, field of the refusal)
SECONDS = [
    (response("R-2"), "R-1", "batch"),
    (finding("F-2", points="1"), "F-1", "unit"),
    (finding("F-2"), "F-1", "unit"),
    (ruling("RU-2", value=5), "RU-1", "year"),
    (ruling("RU-2", value="6"), "RU-1", "year"),
]


@pytest.mark.parametrize(("second", "first", "field"), SECONDS)
def test_refuses_a_second_entry_while_the_first_counts(second, first, field):
    for imports in ((BOOK, [second]), ([*BOOK, second],)):
        (refusal,) = validate(*imports).refusals
        assert (refusal.id, refusal.field) == (second["id"], field)
        assert refusal.message.startswith(f"{first} stands for ")
        assert f"tally reverse {first}" in refusal.message
        assert f"tally correct {first}" in refusal.message


@pytest.mark.parametrize(("second", "first", "field"), SECONDS)
def test_accepts_a_second_entry_after_a_reversal_of_the_first(second, first, field):
    assert admitted(BOOK, [reversal("X-1", first)], [second]) == [second["id"]]
    for together in permutations([second, reversal("X-1", first), dict(second)]):
        assert set(admitted(BOOK, list(together))) == {"X-1", second["id"]}
    assert refused(BOOK, [second, reversal("X-1", first)], [{**second, "id": "THIRD"}])[0] == (
        "THIRD",
        field,
    )


@pytest.mark.parametrize(("second", "first"), [each[:2] for each in SECONDS])
def test_accepts_a_second_entry_that_replaces_the_first(second, first):
    correction = [reversal("X-1", first), {**second, "replaces": first}]
    assert set(admitted(BOOK, correction)) == {"X-1", second["id"]}


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
def test_accepts_an_entry_for_another_unit_batch_year_or_item(other):
    assert admitted([*BOOK, batch("B-2")], [other]) == [other["id"]]


def test_a_response_counts_for_the_replacement_of_its_batch():
    """A second response is refused, whether it names the batch or its replacement."""
    assert refused(BOOK, CORRECTION, [response("R-2", "B-1.2")]) == [("R-2", "batch")]
    assert refused(BOOK, CORRECTION, [response("R-2", "B-1")]) == [("R-2", "batch")]
    assert refused(BOOK, [*CORRECTION, response("R-2", "B-1.2")]) == [("R-2", "batch")]
    assert refused([*BOOK, *CORRECTION, response("R-2", "B-1.2")]) == [("R-2", "batch")]
    taken_back = reversal("X-2", "R-1")
    assert admitted(BOOK, CORRECTION, [taken_back], [response("R-2", "B-1.2")]) == ["R-2"]


def test_a_response_counts_for_every_later_replacement():
    again = [reversal("X-3", "B-1.2"), batch("B-1.3", headcount=14, replaces="B-1.2")]
    for imports in ((BOOK, CORRECTION, again), (BOOK, [*again, *CORRECTION])):
        assert refused(*imports, [response("R-2", "B-1.3")]) == [("R-2", "batch")]


def test_a_finding_counts_for_the_replacement_of_its_unit():
    corrected = [reversal("X-1", "V001"), unit("V001.2", name="六门闸社区", replaces="V001")]
    assert refused(BOOK, corrected, [finding("F-2", unit="V001.2")]) == [("F-2", "unit")]
    assert refused(BOOK, corrected, [response("R-2", unit="V001.2")]) == [("R-2", "batch")]


def test_a_response_counts_after_its_batch_is_reversed():
    assert refused(BOOK, [reversal("X-1", "B-1")], [response("R-2")]) == [("R-2", "batch")]
