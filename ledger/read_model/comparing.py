"""Compare the index of a read model with one made anew from the ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from ledger.message import Message
from ledger.read_model.database import ReadModelDatabase
from ledger.read_model.index import Index
from ledger.read_model.segments import TABLES
from ledger.stores.sqlite_url import file_uri

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.stores import Store


def copied(path: Path, to: Path) -> None:
    """Copy a read model as it is at one moment, whoever writes into it.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    with (
        closing(sqlite3.connect(f"{file_uri(path)}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        source.backup(target)


def index_departures(database: ReadModelDatabase, store: Store, folder: Path) -> list[Message]:
    """List the tables of the index that differ from what the ledger's events give, a sentence each.

    Args:
        database: a copy of the read model, which nobody writes into.
        store: its ledger, found whole.
        folder: where the index is made anew.

    Raises:
        ForgedError: the index was changed.
    """
    kept = Index(database, store)
    end, head = kept.end(), store.position()
    position = end.position
    if position > head:
        return [
            Message(
                "it knows position {position}, but the ledger ends at {head}: later entries are "
                "missing",
                position=position,
                head=head,
            )
        ]
    if kept.outdated(end):
        return []  # the next reader empties it
    if not kept.is_of_the_ledger():
        return [Message("it was made of another ledger, or of this one before it was restored")]
    anew = ReadModelDatabase(folder / "made-anew.view", database.seal)
    try:
        fresh = Index(anew, store)
        fresh.catch_up(position)
        pairs = ((table, kept.rows(table), fresh.rows(table)) for table in TABLES)
        return [_differing(*pair) for pair in pairs if pair[1] != pair[2]]
    finally:
        anew.close()


def _differing(table: str, kept: list[int], anew: list[int]) -> Message:
    return Message(
        "{table}: {more} rows too many, {less} missing",
        table=table,
        more=len({*kept} - {*anew}),
        less=len({*anew} - {*kept}),
    )
