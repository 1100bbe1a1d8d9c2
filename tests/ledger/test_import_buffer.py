"""An import buffered in a temporary file has the same outcome as one buffered in memory."""

from __future__ import annotations

import json
import random

import pytest

from ledger import application, import_buffer
from ledger.application import Ledger
from ledger.batch import stored
from ledger.errors import EntriesRefusedError, StoreError
from ledger.events import EntryRecorded, EntryReversed, EntryVerified
from ledger.import_buffer import ImportBuffer
from ledger.instants import instant_text
from ledger.state import LedgerState
from ledger.stores import create_store
from ledger.submissions import SheetPosition, Submission, parse
from projections.adopted import Measures
from tests.oracle import bare
from tests.oracle.generate import ledger as entries_of
from tests.support import WHEN, appended, submissions

BOOK = bare(entries_of(3, n_entries=120))


@pytest.fixture
def small(monkeypatch):
    """Use a file for every buffer, and treat imports of more than four entries as long."""
    monkeypatch.setattr(import_buffer, "IN_MEMORY", 1)
    monkeypatch.setattr(application, "FEW", 4)


def lines(entries):
    """Return the JSON line of each entry."""
    return [json.dumps(entry, ensure_ascii=False).encode() for entry in entries]


def read(raw_lines):
    """Yield submissions and refusals as `read_file` does."""
    for number, raw in enumerate(raw_lines, 1):
        outcome = parse(raw, "book.jsonl", number)
        yield from [outcome] if isinstance(outcome, Submission) else outcome


def placed(entries):
    """The same as a workbook gives them: two sheets, each with its columns."""
    places = [
        SheetPosition("甲", {"id": 0, "unit": 1}, ["编号", "单位"]),
        SheetPosition(None, {}, []),
    ]
    for number, one in enumerate(submissions(entries)):
        yield one._replace(place=places[number % 2], line=number + 3)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("given", [lambda: placed(BOOK), lambda: submissions(BOOK)])
def test_a_buffer_returns_what_was_put_in(given):
    buffer, expected = ImportBuffer(given()), list(given())
    assert list(buffer) == expected
    assert list(buffer) == expected
    assert len(buffer) == len(expected)
    numbers = list(range(len(expected)))
    random.Random(1).shuffle(numbers)
    for number in numbers:
        assert buffer[number] == expected[number]
        assert json.loads(buffer.content(number)) == expected[number].entry.content()
    buffer.close()


@pytest.mark.usefixtures("small")
def test_a_buffer_can_be_read_while_it_is_filled():
    buffer = ImportBuffer(submissions(BOOK))
    for number, submission in enumerate(buffer):
        assert buffer[number // 2] == submissions(BOOK[number // 2 : number // 2 + 1])[0]._replace(
            line=number // 2 + 1
        )
        assert submission.line == number + 1
    buffer.close()


@pytest.mark.parametrize("verify_by", [None, "head"])
def test_rows_of_an_import_are_its_events_encoded(verify_by):
    state = LedgerState()
    made = appended(BOOK, state, verify_by)
    entries = [one.entry for one in submissions(BOOK)]
    at = instant_text(WHEN)
    expected = [
        stored(one.id, 1, EntryRecorded(at=at, by="clerk", import_number=1, entry=one))
        for one in entries
    ]
    versions = {one.id: 1 for one in entries}
    for one in entries:
        if one.KIND == "reversal":
            versions[one.of] += 1
            mark = EntryReversed(at=at, by="clerk", by_entry=one.id, reason=one.reason)
            expected.append(stored(one.of, versions[one.of], mark))
    if verify_by is not None:
        done = EntryVerified(at=at, by=verify_by)
        expected += [stored(one.id, versions[one.id] + 1, done) for one in entries]
    assert list(made) == expected
    assert (len(made), made[0], made[-1]) == (len(expected), expected[0], expected[-1])


def outcome(folder, name, raw_lines):
    """Return the receipt of an import with the rows, or its refusals."""
    store = create_store(f"sqlite:///{folder}/{name}.db")
    book = Ledger(store, Measures, lambda: WHEN, trust_clock=True)
    book.record(submissions(BOOK[:20]), "clerk")
    try:
        receipt = book.record(read(raw_lines), "clerk", "head")
    except EntriesRefusedError as error:
        return [str(refusal) for refusal in error.refusals]
    finally:
        rows = list(store.rows())
        store.close()
    return receipt.as_json(), receipt.remarks, receipt.entries, rows


def spoilt(chance):
    """Return the lines of the book with faults: bad JSON, doubles, conflicts, unknown ids."""
    book = [dict(entry) for entry in BOOK]
    for entry in chance.sample(book[25:], 12):
        field = chance.choice(["unit", "batch", "case", "notice", "of", "replaces", "id", "note"])
        if field in entry or field == "note":
            entry[field] = chance.choice(["X-0", book[30]["id"], "注"])
    book += [{**entry, "id": f"{entry['id']}.b"} for entry in chance.sample(book, 8)]
    raw = lines(book)
    for number in chance.sample(range(25, len(raw)), 3):
        raw[number] = raw[number][:-9]
    return raw


@pytest.mark.parametrize("seed", range(12))
def test_a_long_import_has_the_outcome_of_a_short_one(tmp_path, monkeypatch, seed):
    raw = spoilt(random.Random(seed)) if seed else lines(BOOK)
    few = outcome(tmp_path, "few", raw)
    monkeypatch.setattr(import_buffer, "IN_MEMORY", 1)
    monkeypatch.setattr(application, "FEW", 4)
    assert outcome(tmp_path, "many", raw) == few
    assert isinstance(few, list) == bool(seed)


@pytest.mark.usefixtures("small")
def test_a_full_disk_is_reported(tmp_path, monkeypatch):
    def full(**_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    with pytest.raises(StoreError, match="kept meanwhile, cannot be used: No space left on device"):
        Ledger(store, Measures).record(read(lines(BOOK)), "clerk")
    assert list(store.rows()) == []
    store.close()


@pytest.mark.usefixtures("small")
def test_a_fault_of_the_source_is_not_blamed_on_the_temporary_file():
    def failing():
        yield from submissions(BOOK)
        raise OSError(5, "Input/output error")

    buffer = ImportBuffer(failing())
    with pytest.raises(OSError, match="Input/output error"):
        list(buffer)
    buffer.close()
