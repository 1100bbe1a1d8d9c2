"""The index of a view compared with one made anew: a view is never trusted blindly."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.saying import Said
from ledger.view.index import Index
from ledger.view.recorder import INDEX_TABLES, ViewRecorder

if TYPE_CHECKING:
    from ledger.stores import Store


def index_departures(recorder: ViewRecorder, store: Store) -> list[str]:
    """A sentence for each table of the index that is not what the ledger's events make of it.

    Args:
        recorder: the view, as it stands.
        store: its ledger, found whole.
    """
    head = store.recorder.max_notification_id() or 0
    kept = Index(recorder, store)
    if not kept.is_of(head):
        return [Said("it was made of another ledger, or of this one before it was restored")]
    with tempfile.TemporaryDirectory(prefix="tally-") as folder:
        path = Path(folder) / "made-anew.view"
        anew = ViewRecorder(path)
        try:
            Index(anew, store).catch_up(kept.position)
            return _differing(recorder, path)
        finally:
            anew.close()


def _differing(recorder: ViewRecorder, anew: Path) -> list[str]:
    found: list[str] = []
    with recorder.datastore.get_connection(commit=False) as connection:
        cursor = connection.cursor()
        cursor.execute("ATTACH DATABASE ? AS anew", (str(anew),))
        try:
            for table in INDEX_TABLES:
                one, other = f"SELECT * FROM main.{table}", f"SELECT * FROM anew.{table}"  # noqa: S608 - constants
                cursor.execute(
                    f"SELECT (SELECT count(*) FROM ({one} EXCEPT {other})), "  # noqa: S608
                    f"(SELECT count(*) FROM ({other} EXCEPT {one}))"
                )
                more, less = cursor.fetchone()
                if more or less:
                    found.append(
                        Said(
                            "{table}: {more} rows too many, {less} missing",
                            table=table,
                            more=more,
                            less=less,
                        )
                    )
        finally:
            cursor.execute("DETACH DATABASE anew")
    return found
