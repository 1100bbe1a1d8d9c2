"""The signed heads that a SQLite ledger keeps of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.persistence import IntegrityError

from ledger.errors import StoreError
from ledger.saying import Said
from ledger.stores import as_shown

if TYPE_CHECKING:
    from ledger.stores.sqlite_recorder import LedgerDatastore


class SQLiteCheckpoints:
    """The signed heads that the file keeps."""

    def __init__(self, datastore: LedgerDatastore) -> None:
        """In the ledger's own file."""
        self._datastore = datastore

    def keep(self, size: int, note: str) -> None:
        """Keeps the note of a size; see `Checkpoints`."""
        try:
            with self._datastore.transaction(commit=True) as c:
                c.execute("SELECT note FROM checkpoints WHERE size = ?", (size,))
                row = c.fetchone()
                if row is None:
                    c.execute("INSERT INTO checkpoints (size, note) VALUES (?, ?)", (size, note))
        except IntegrityError as error:
            raise StoreError(
                Said("{url} refused a checkpoint: {error}.", url=self._datastore.url, error=error)
            ) from error
        if row is not None and row[0] != note:
            raise StoreError(
                Said(
                    "{url} keeps another checkpoint of size {size}; it stays.",
                    url=self._datastore.url,
                    size=size,
                )
            )

    def kept(self) -> list[tuple[int, str]]:
        """Every size with its note, oldest first."""
        with self._datastore.transaction(commit=False) as c:
            c.execute("SELECT size, IFNULL(CAST(note AS BLOB), x'') FROM checkpoints ORDER BY size")
            return [(size, as_shown(note)) for size, note in c.fetchall()]
