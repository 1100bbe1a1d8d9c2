"""Read selected rows of a ledger, and score it in every way, on either store."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import pytest

from ledger.read_model.read_model import open_read_model
from ledger.read_model.sealing import read_model_path
from ledger.stores import RowFilter
from ledger.units import standing_units
from projections.query import YearQuery
from projections.score_cache import ScoreCache
from projections.scores import score_year
from projections.year_loader import load_year
from tests.cli.shells import asked
from tests.oracle import bare, unverified_ids
from tests.oracle.generate import ledger as random_entries
from tests.stores.stored import RULEBOOK, Clock, ledger
from tests.support import shown, submissions

BATCH, VERIFIED = "tally.PetitionBatchRecorded", "tally.EntryVerified"


@pytest.fixture
def book(store, tmp_path, monkeypatch):
    """A random ledger of 150 entries, some of them unverified."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    entries = random_entries(12, n_entries=150)
    made = ledger(store, Clock())
    made.record(submissions(bare(entries)), "clerk")
    waiting = unverified_ids(entries)
    made.verify([entry["id"] for entry in entries if entry["id"] not in waiting], "head")
    return made


def plain(rows):
    return [(*row[:4], bytes(row[4])) for row in rows]


def test_filters_select_rows_by_topic_and_bytes(book):
    store = book.store
    every = plain(store.rows())
    head = len(every)
    for to in (head, head // 2):
        known = every[:to]
        selected = plain(store.rows_matching([RowFilter((BATCH, VERIFIED))], to))
        assert selected == [row for row in known if row[3] in {BATCH, VERIFIED}]
        texts = (b'"occurred_at":"2016-', b'"occurred_at":"2015-12')
        selected = plain(
            store.rows_matching([RowFilter((BATCH,), texts), RowFilter((VERIFIED,))], to)
        )
        assert selected == [
            row
            for row in known
            if row[3] == VERIFIED or (row[3] == BATCH and any(text in row[4] for text in texts))
        ]


def test_rows_of_returns_all_events_of_the_named_entries(book):
    store = book.store
    every = plain(store.rows())
    ids = sorted({row[1] for row in every})[::7]
    for to in (None, len(every) // 2):
        selected = plain(store.rows_of([*ids, "nobody's"], to))
        assert selected == [row for row in every[:to] if row[1] in ids]
    assert plain(store.rows_of([])) == []
    positions = [1, 5, len(every)]
    assert sorted(store.ids_at(positions)) == sorted(every[place - 1][1] for place in positions)


def test_single_event_ids_returns_the_ids_with_one_event(book):
    store = book.store
    every = sorted(plain(store.rows()), key=lambda row: (row[1], row[0]))
    for to in (None, 160):
        known = [row for row in every if to is None or row[0] <= to]
        streams = {name: list(rows) for name, rows in groupby(known, key=lambda row: row[1])}
        assert store.single_event_ids(to) == {
            name for name, rows in streams.items() if len(rows) == 1
        }


def test_ids_between_returns_the_first_or_the_last_ids_of_a_range(book):
    ids = sorted({row[1] for row in book.store.rows()})
    low, high = ids[10], ids[40]
    assert book.store.ids_between(low, high, 5) == ids[10:15]
    assert book.store.ids_between(low, high, 100) == ids[10:40]
    assert book.store.ids_between(low, high, 2, last=True) == [ids[39], ids[38]]
    assert book.store.ids_between(high, low, 2) == []


def test_the_shell_is_offered_units_and_entries_of_either_store(book):
    units = [one for one, _ in standing_units(book.state())]
    batches = sorted(name for name in book.state().entries if name.startswith("B-1"))
    url = book.store.url
    assert asked("tally score --unit ", url=url) == [f"plain,{one}" for one in units]
    assert asked("tally history B-1", url=url) == [f"plain,{one}" for one in batches]
    assert asked("tally explain U 2016Q1", url=url) == ["plain,2016Q1"]


def test_ids_without_returns_the_ids_without_an_event_of_a_topic(book):
    store = book.store
    every = plain(store.rows())
    for to in (len(every), 160):
        ids = {row[1] for row in every[:to]}
        verified = {row[1] for row in every[:to] if row[3] == VERIFIED}
        found = list(store.ids_without(VERIFIED, to))
        assert sorted(found) == sorted(ids - verified)
        assert ids - verified != store.single_event_ids(to), "some were reversed unverified"


def test_every_way_of_reading_gives_the_same_scores(book, url):
    store, head = book.store, book.state().position
    day = date(2016, 11, 30)
    right = shown(score_year(book.state(), RULEBOOK, 2016, day))
    asked = YearQuery(2016, day, provisional=False)
    assert (
        shown(score_year(load_year(store, RULEBOOK.calendar.span(2016), head), RULEBOOK, 2016, day))
        == right
    )
    view = open_read_model(url, store)
    assert view is not None
    try:
        assert read_model_path(url).exists()
        sheets = ScoreCache(view, store)
        assert shown(sheets.scores(asked, head)) == right
        assert shown(sheets.scores(asked, head)) == right
        unit = right["units"][0]["unit"]
        state = view.lookup.state(head, units=[unit], town=True)
        alone = score_year(state, RULEBOOK, 2016, day).unit(unit)
        assert str(alone.total) == str(
            score_year(book.state(), RULEBOOK, 2016, day).unit(unit).total
        )
    finally:
        view.close()
