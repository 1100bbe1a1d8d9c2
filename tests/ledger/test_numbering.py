"""Entries without an id get the next number of their kind and year."""

import re
from datetime import date
from threading import Barrier, Thread

import pytest

from ledger.application import Ledger
from ledger.entries import BY_KIND
from ledger.stores import create_store, open_store
from projections.adopted import Measures
from tests.ledger.examples import EXAMPLES, TOWN, batch, carried, finding, reversal, unit
from tests.ledger.imports import TERMS, validate
from tests.support import WHEN, submissions


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


def test_a_store_finds_the_last_number(tmp_path):
    store = create_store(f"sqlite:///{tmp_path}/numbers.db")
    ledger = Ledger(store, Measures, lambda: WHEN)
    ids = [*("SR-2016-0003", "SR-2016-0012", "SR-2016-0012.R", "SR-2016-99", "SR-2016-00x9")]
    ids += ["SR-2016-A001", "SR-2017-0044", "XSR-2016-0055", "SR-2016-00100"]
    ledger.record(submissions([unit(one, name=one) for one in ids]), "clerk")
    assert store.last_number("SR-2016-") == 12
    assert store.last_number("SR-2017-") == 44
    assert store.last_number("SR-2018-") == 0
    ids = ["SR-2016-9999", "SR-2016-10000", "SR-2016-10001"]
    ledger.record(submissions([unit(one, name=one) for one in ids]), "clerk")
    assert store.last_number("SR-2016-") == 10001
    store.close()


@pytest.mark.parametrize("writers", [4])
def test_concurrent_writers_get_different_numbers(tmp_path, writers):
    url = f"sqlite:///{tmp_path}/numbers.db"
    create_store(url).close()
    found, start = [], Barrier(writers)

    def write(number):
        store = open_store(url)
        ledger = Ledger(store, Measures)
        start.wait()
        for turn in range(5):
            entry = bare(unit(), name=f"village {number} {turn}")
            found.extend(ledger.record(submissions([entry]), "clerk").given)
        store.close()

    threads = [Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    year = date.today().year  # noqa: DTZ011 - the ledger's own clock
    assert sorted(found) == [f"UN-{year}-{number:04d}" for number in range(1, 5 * writers + 1)]
