"""Small ledgers of towns, each with its own entries, in files or on any server."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

from eventsourcing.persistence import StoredEvent

from ledger.application import Ledger
from ledger.stores import create_store, open_store
from projections.adopted import Measures
from projections.region.code_hash import code_hash
from projections.region.messages import ScoreQuestion, Task, encode
from tests.support import adopt, submissions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.region.messages import Question

QUESTION = ScoreQuestion(date(2016, 12, 31), 2016)


def make_town(url: str, number: int, *, adopts: bool = True) -> int:
    """Make a ledger of two villages, one with `number % 7` yellow cards; return its position."""
    units = [
        {"kind": "unit", "id": f"V00{n}", "name": f"样例村{n}", "type": "village"} for n in (1, 2)
    ]
    cards = [
        {"kind": "yellow_card", "id": f"HP-{n}", "unit": "V001", "issued_on": "2016-06-20"}
        for n in range(number % 7)
    ]
    with closing(create_store(url)) as store:
        ledger = Ledger(store, Measures)
        if adopts:
            adopt(ledger, 2016)
        ledger.record(submissions([*units, *cards]), "clerk", verify_by="head")
        return ledger.position()


def events_of(url: str) -> list[StoredEvent]:
    """Return all events of a ledger."""
    with closing(open_store(url)) as store:
        return [StoredEvent(*row[1:]) for row in store.raw()]


def restore(url: str, events: Sequence[StoredEvent]) -> None:
    """Make a ledger of the events of another."""
    with closing(create_store(url)) as store:
        store.recorder.insert_events(events, as_found=True)


def code_of(number: int) -> str:
    return f"{430681000 + number}"


def task(url: str, number: int, position: int, question: Question = QUESTION) -> bytes:
    return encode(Task(code_hash(), code_of(number), url, position, question))
