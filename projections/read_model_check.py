"""Compare a read model with a full replay, row by row and page by page."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import StoreError
from ledger.integrity.findings import CheckFinding
from ledger.message import Message, Series, message_of
from ledger.read_model import ForgedError
from ledger.read_model.comparing import copied, index_departures
from ledger.read_model.database import ReadModelDatabase, made_by
from ledger.read_model.read_model import ReadModel
from ledger.read_model.sealing import place_of
from projections.score_cache import ScoreCache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.application import Ledger

_ADVICE = Message(
    "the ledger itself is not concerned; run `tally rebuild` to make the read model anew"
)
_LISTED = 10


def read_model_findings(url: str, ledger: Ledger) -> Iterator[CheckFinding]:
    """Yield where a ledger's read model differs from a replay of all events.

    Args:
        url: the ledger's URL as it was given.
        ledger: the same ledger, open and found whole.
    """
    place = place_of(url)
    if place is None or made_by(place.path) != place.seal.made_by:
        # A read model of another version, or under another key, is never read, but rebuilt.
        return
    path = place.path
    try:
        with tempfile.TemporaryDirectory(prefix="tally-") as folder:
            # A copy of one moment, whoever records and reads meanwhile.
            copy = Path(folder) / "copy.view"
            copied(path, copy)
            database = ReadModelDatabase(copy, place.seal)
            try:
                for words in _departures(database, ledger, Path(folder)):
                    message = Message(
                        "{path}: {words}; {advice}", path=path, words=words, advice=_ADVICE
                    )
                    yield CheckFinding("read_model", message)
            finally:
                database.close()
    except (StoreError, sqlite3.Error, OSError) as error:
        message = Message(
            "{path} cannot be compared: {error}; {advice}", path=path, error=error, advice=_ADVICE
        )
        yield CheckFinding("read_model", message)


def _departures(database: ReadModelDatabase, ledger: Ledger, folder: Path) -> Iterator[str]:
    try:
        yield from index_departures(database, ledger.store, folder)
    except ForgedError as error:
        yield message_of(error)
    cache = ScoreCache(ReadModel(database, ledger.store), ledger.store)
    head = ledger.position()
    for position in sorted({position for _, position in cache.kept()}):
        if position > head:
            yield Message(
                "it shows position {position}, beyond the ledger's end", position=position
            )
            continue
        for name, wrong in cache.departures(ledger.state_at(position)):
            units = Series(wrong[:_LISTED])
            yield Message("sheet {name} is wrong for {units}", name=name, units=units)
