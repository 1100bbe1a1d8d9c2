"""The index of a view compared with one made anew: a view is never trusted blindly."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from ledger.message import Message
from ledger.view.index import Index
from ledger.view.recorder import INDEX_TABLES, ViewRecorder, uri_of

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.stores import Store


def copied(path: Path, to: Path) -> None:
    """Copies a view as it is at one moment, whoever writes into it.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    with (
        closing(sqlite3.connect(f"{uri_of(path)}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        source.backup(target)


def index_departures(recorder: ViewRecorder, store: Store, folder: Path) -> list[Message]:
    """A sentence for each table of the index that is not what the ledger's events make of it.

    Args:
        recorder: a copy of the view, which nobody writes into.
        store: its ledger, found whole.
        folder: where the index is made anew.
    """
    kept = Index(recorder, store)
    if not kept.is_of_the_ledger():
        return [Message("it was made of another ledger, or of this one before it was restored")]
    path = folder / "made-anew.view"
    anew = ViewRecorder(path)
    try:
        Index(anew, store).catch_up(kept.position)
        return _differing(recorder, path)
    finally:
        anew.close()


def _differing(recorder: ViewRecorder, anew: Path) -> list[Message]:
    found = []
    with closing(sqlite3.connect(recorder.path)) as connection:
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
