"""Entries without an id get the next number of their kind and year."""

import re

from ledger.entries import BY_KIND
from tests.ledger.examples import EXAMPLES, TOWN, batch, carried, finding, reversal, unit
from tests.ledger.imports import TERMS, validate


def bare(entry, **more):
    """Return an entry without its id."""
    return {name: value for name, value in {**entry, **more}.items() if name != "id"}


def given(*imports, last=None):
    """Return the ids that the last import gives, after numbers that the ledger has."""
    numbers = (last or {}).__getitem__ if last else lambda _: 0
    admission = validate(*imports, terms=TERMS._replace(last_number=numbers))
    assert not admission.refusals, [str(refusal) for refusal in admission.refusals]
    assert set(admission.given) <= set(admission.fresh.ids())
    return admission.given


def test_the_year_is_that_of_the_day_the_year_named_or_now():
    entries = [
        bare(batch(), occurred_at="2015-12-31T23:59"),
        bare(EXAMPLES["yellow_card"], issued_on="2016-05-04"),
        bare(finding()),
        bare(carried()),
        bare(unit(), name="丁村"),
        bare(reversal("", "B-7")),
    ]
    assert given(TOWN, entries) == [
        *("PB-2015-0001", "YC-2016-0001", "IF-2016-0001", "CQ-2016-0001", "UN-2026-0001"),
        "RV-2026-0001",
    ]


def test_numbers_follow_the_last_one_and_leave_out_those_of_the_import():
    entries = [bare(batch(matter=f"XF-{number}")) for number in range(3)]
    own = batch("PB-2016-0008", matter="XF-9")
    assert given(TOWN, [*entries, own], last={"PB-2016-": 6}) == [
        *("PB-2016-0007", "PB-2016-0009", "PB-2016-0010")
    ]


def test_numbers_grow_beyond_four_digits():
    assert given(TOWN, [bare(batch())], last={"PB-2016-": 9999}) == ["PB-2016-10000"]


def test_every_kind_has_a_prefix_of_its_own():
    prefixes = [entry_type.PREFIX for entry_type in BY_KIND.values()]
    assert len(set(prefixes)) == len(prefixes)
    assert all(re.fullmatch("[A-Z]{2}", prefix) for prefix in prefixes)


def test_a_refused_entry_has_no_id():
    (refusal,) = validate([bare(batch(unit="V009"))]).refusals
    assert refusal.id is None
