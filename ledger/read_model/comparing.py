"""Compare the index of a read model with one made anew from the ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from ledger.message import Message
from ledger.read_model.database import INDEX_TABLES, ReadModelDatabase
from ledger.read_model.index import Index
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
        database: a copy of the read_model, which nobody writes into.
        store: its ledger, found whole.
        folder: where the index is made anew.
    """
    kept = Index(database, store)
    if not kept.is_of_the_ledger():
        return [Message("it was made of another ledger, or of this one before it was restored")]
    path = folder / "made-anew.view"
    anew = ReadModelDatabase(path)
    try:
        Index(anew, store).catch_up(kept.position)
        return _differing(database, path)
    finally:
        anew.close()


def _differing(database: ReadModelDatabase, anew: Path) -> list[Message]:
    found = []
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("ATTACH DATABASE ? AS anew", (str(anew),))
        for table in INDEX_TABLES:
            one, other = f"SELECT * FROM main.{table}", f"SELECT * FROM anew.{table}"  # noqa: S608 - constants
            more, less = connection.execute(
                f"SELECT (SELECT count(*) FROM ({one} EXCEPT {other})), "  # noqa: S608
                f"(SELECT count(*) FROM ({other} EXCEPT {one}))"
            ).fetchone()
            if more or less:
                found.append(
                    Message(
                        "{table}: {more} rows too many, {less} missing",
                        table=table,
                        more=more,
                        less=less,
                    )
                )
    return found
