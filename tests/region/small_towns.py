"""Small ledgers of towns, each with its own entries, in files or on any server."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

from ledger.application import Ledger
from ledger.stores import create_store
from projections.adopted import Measures
from projections.region.code_hash import code_hash
from projections.region.messages import ScoreQuestion, Task, encode
from tests.support import adopt, submissions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.region.messages import Question

QUESTION = ScoreQuestion(date(2016, 12, 31), 2016)


def make_town(url: str, number: int) -> int:
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
        adopt(ledger, 2016)
        ledger.record(submissions([*units, *cards]), "clerk", verify_by="head")
        return ledger.position()


def code_of(number: int) -> str:
    return f"{430681000 + number}"


def task(url: str, number: int, position: int, question: Question = QUESTION) -> bytes:
    return encode(Task(code_hash(), code_of(number), url, position, question))


def make_towns(urls: Sequence[str]) -> list[bytes]:
    """Make a ledger at each URL; return the tasks that score them."""
    return [task(url, number, make_town(url, number)) for number, url in enumerate(urls)]
