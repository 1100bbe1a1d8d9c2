"""Functions that the concurrency and kill tests run in processes of a clean fork server."""

import multiprocessing
import os
import random
import tempfile
import time
from contextlib import suppress

from ledger.errors import EntriesRefusedError, LedgerMovedError, TallyError
from ledger.stores import create_store, open_store
from projections.measure import BUILT_IN, read_measure
from tests.stores.stored import batch, events, ledger, record, reversal, unit
from tests.support import submissions

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.stores.workers"])

NOBODY = 65534

IMPORT = 150
"""Entries in each import that may be killed."""


def write(url, name, imports, size, start):
    """Record and verify `size` entries at a time, in that many imports."""
    store = open_store(url)
    book = ledger(store)
    start.wait()
    for number in range(imports):
        entries = [unit(f"{name}-{number}-{i}") for i in range(size)]
        while True:  # as the message advises: try again
            try:
                book.record(submissions(entries), "clerk", "head")
                break
            except LedgerMovedError:
                continue
    store.close()


def adopt(url, name, years, start):
    """Adopt a content of one's own for each year, unless another has; verify what another did.

    The content has some 100 KB.
    """
    store = open_store(url)
    book, files = ledger(store), read_measure(BUILT_IN)
    start.wait()
    for year in years:
        head = files["measure.toml"].replace("qianlianghu-2016", name)
        content = {**files, "measure.toml": head + "# " + "一" * 35_000}
        with suppress(EntriesRefusedError):
            book.adopt(year, name, content, "决定", name)
        with suppress(EntriesRefusedError):
            book.verify([f"measure:{year}"], name)
    store.close()


def append(url, name, appends, size, start):
    """Append events at the end as fast as possible, by the recorder alone."""
    store = open_store(url)
    start.wait()
    for number in range(appends):
        store.recorder.insert_events(events(f"{name}-{number}", size))
    store.close()


def duel(url, name, rounds, barrier, outcomes):
    """Record in each round the same id as the other process, or reverse the same entry."""
    store = open_store(url)
    book = ledger(store)
    for number in range(rounds):
        entry = (
            {**unit(f"U-{number}"), "note": name}
            if number % 2
            else reversal(f"X-{name}-{number}", f"B-{number}")
        )
        barrier.wait()
        try:
            receipt = book.record(submissions([entry]), name)
            outcomes.put((number, name, receipt.recorded))
        except EntriesRefusedError:
            outcomes.put((number, name, 0))
    store.close()


def prepare_duel(store, rounds):
    """Record the entries that a duel reverses."""
    record(store, unit("V"), *(batch(f"B-{n}", "V") for n in range(0, rounds, 2)))


def import_until_killed(url, first, acknowledged):
    """Import without end; acknowledge each import when it has returned."""
    store = open_store(url)
    book = ledger(store)
    for number in range(first, first + 10_000):
        entries = [unit(f"K{number}-{i}") for i in range(IMPORT)]
        book.record(submissions(entries), "clerk", "head")
        acknowledged.send(number)


def kill_one(url, first, chance):
    """Start an import loop and kill it at a random moment; return what it acknowledged."""
    receiving, sending = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=import_until_killed, args=(url, first, sending))
    process.start()
    sending.close()
    acknowledged = []
    if chance.random() < 0.8:  # otherwise it may die before it has opened the ledger
        receiving.poll(20)
    until = time.monotonic() + chance.uniform(0, 0.15)
    while time.monotonic() < until:
        if receiving.poll(max(0, until - time.monotonic())):
            acknowledged.append(receiving.recv())
    process.kill()
    process.join()
    try:
        while True:
            acknowledged.append(receiving.recv())
    except EOFError:
        receiving.close()
    return acknowledged


def without_rights(work, url, outcome):
    """Record an entry, or create a ledger, as a user who owns nothing; send the error.

    Late imports are done before: a user without rights may not even read Python's files.
    """
    with tempfile.TemporaryDirectory() as folder:
        _one_entry(f"sqlite:///{folder}/tally.db", "create")
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        _one_entry(url, work)
    except TallyError as error:
        outcome.send((type(error).__name__, str(error)))
    else:
        outcome.send(("nothing", ""))


def _one_entry(url, work):
    store = create_store(url) if work == "create" else open_store(url)
    record(store, unit("V-mine"))
    store.close()


def chance(seed):
    return random.Random(seed)
