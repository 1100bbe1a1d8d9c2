"""Many submissions go by a temporary file: what comes of them is what comes of few."""

from __future__ import annotations

import json
import random

import ledger.intake
import ledger.spool
import pytest
from ledger.door import Door
from ledger.mapper import EventMapper
from ledger.recording import Recordings, recording
from ledger.spool import Spool

from ledger.application import Ledger
from ledger.errors import EntriesRefusedError, StoreError
from ledger.register import Register
from ledger.stores import create_store
from ledger.submissions import Place, Submission, parse
from projections.rulebook import load_rulebook
from tests.oracle import bare
from tests.oracle.generate import ledger as entries_of
from tests.support import WHEN, submissions

BOOK = bare(entries_of(3, n_entries=120))


@pytest.fixture
def small(monkeypatch):
    """Four submissions are many."""
    monkeypatch.setattr(ledger.spool, "FEW", 4)
    monkeypatch.setattr(ledger.intake, "FEW", 4)


def lines(entries):
    return [json.dumps(entry, ensure_ascii=False).encode() for entry in entries]


def read(raw_lines):
    """Submissions and refusals as a file gives them."""
    for number, raw in enumerate(raw_lines, 1):
        outcome = parse(raw, "book.jsonl", number)
        yield from [outcome] if isinstance(outcome, Submission) else outcome


def placed(entries):
    """The same as a workbook gives them: two sheets, each with its columns."""
    places = [Place("甲", {"id": 0, "unit": 1}, ["编号", "单位"]), Place(None, {}, [])]
    for number, one in enumerate(submissions(entries)):
        yield one._replace(place=places[number % 2], line=number + 3)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("given", [lambda: placed(BOOK), lambda: submissions(BOOK)])
def test_what_is_read_back_is_what_was_handed_in(given):
    spool, expected = Spool(given()), list(given())
    assert list(spool) == expected
    assert list(spool) == expected
    assert len(spool) == len(expected)
    numbers = list(range(len(expected)))
    random.Random(1).shuffle(numbers)
    for number in numbers:
        assert spool[number] == expected[number]
        assert json.loads(spool.content(number)) == expected[number].entry.content()
    spool.close()


@pytest.mark.usefixtures("small")
def test_a_spool_is_read_while_it_is_filled():
    spool = Spool(submissions(BOOK))
    for number, submission in enumerate(spool):
        assert spool[number // 2] == submissions(BOOK[number // 2 : number // 2 + 1])[0]._replace(
            line=number // 2 + 1
        )
        assert submission.line == number + 1
    spool.close()


@pytest.mark.parametrize("verify_by", [None, "head"])
@pytest.mark.parametrize("spooled", [False, True])
def test_rows_made_one_by_one_are_the_events_as_stored(request, verify_by, spooled):
    if spooled:
        request.getfixturevalue("small")
    known = Register()
    spool = Spool(submissions(BOOK))
    admission = Door(known, load_rulebook()).admit(spool if spooled else submissions(BOOK))
    assert not admission.refusals
    events = recording(admission.fresh, known, WHEN, "clerk", verify_by)
    expected = [EventMapper().to_stored_event(event) for event in events]
    made = Recordings(admission.fresh, known, WHEN, "clerk", verify_by)
    assert list(made) == expected
    assert (len(made), made[0], made[-1]) == (len(expected), expected[0], expected[-1])
    spool.close()


def outcome(folder, name, raw_lines):
    """What an import comes to: its receipt and the rows, or its refusals."""
    store = create_store(f"sqlite:///{folder}/{name}.db")
    book = Ledger(store, load_rulebook(), lambda: WHEN)
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
    """The book with lines that are wrong: bad JSON, doubles, conflicts, unknown names."""
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
def test_many_are_refused_as_few_are(tmp_path, monkeypatch, seed):
    raw = spoilt(random.Random(seed)) if seed else lines(BOOK)
    few = outcome(tmp_path, "few", raw)
    monkeypatch.setattr(ledger.spool, "FEW", 4)
    monkeypatch.setattr(ledger.intake, "FEW", 4)
    assert outcome(tmp_path, "many", raw) == few
    assert isinstance(few, list) == bool(seed)


@pytest.mark.usefixtures("small")
def test_a_full_disk_is_told_by_its_folder(tmp_path, monkeypatch):
    def full(**_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    with pytest.raises(StoreError, match="kept meanwhile, cannot be used: No space left on device"):
        Ledger(store, load_rulebook()).record(read(lines(BOOK)), "clerk")
    assert list(store.rows()) == []
    store.close()
