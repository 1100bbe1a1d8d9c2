"""The last number of the ids that the ledger gives, and writers who ask for the next at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

from ledger.stores import create_store, open_store
from tests.stores.stored import ledger, record, unit
from tests.support import submissions


def test_finds_the_highest_number_of_a_series(url):
    with closing(create_store(url)) as store:
        ids = ["SR-2016-0003", "SR-2016-0012", "SR-2016-0012.R", "SR-2016-99", "SR-2016-00x9"]
        ids += ["SR-2016-A001", "SR-2017-0044", "XSR-2016-0055", "SR-2016-00100", "sr-2016-0077"]
        record(store, *map(unit, ids))
        assert store.last_number("SR-2016-") == 12
        assert store.last_number("SR-2017-") == 44
        assert store.last_number("SR-2018-") == 0


def test_finds_numbers_of_more_than_four_digits(url):
    with closing(create_store(url)) as store:
        record(store, *map(unit, ["SR-2016-9999", "SR-2016-10000", "SR-2016-10001"]))
        assert store.last_number("SR-2016-") == 10001


def test_concurrent_writers_get_different_numbers(url):
    create_store(url).close()
    writers, turns = 4, 5

    def write(number):
        with closing(open_store(url)) as store:
            entries = [{**unit(""), "name": f"village {number} {turn}"} for turn in range(turns)]
            for entry in entries:
                del entry["id"]
            book = ledger(store)
            return [
                one for entry in entries for one in book.record(submissions([entry]), "clerk").given
            ]

    with ThreadPoolExecutor(writers) as pool:
        found = sorted(one for given in pool.map(write, range(writers)) for one in given)
    year = date.today().year  # noqa: DTZ011 - the ledger's own clock
    assert found == [f"UN-{year}-{number:04d}" for number in range(1, writers * turns + 1)]
