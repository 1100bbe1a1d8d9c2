"""The signed heads that a town's schema keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.persistence import IntegrityError
from psycopg.sql import SQL, Identifier

from ledger.errors import StoreError
from ledger.saying import Said

if TYPE_CHECKING:
    from ledger.stores.postgres_datastore import LedgerDatastore


class PostgresCheckpoints:
    """The signed heads that the town's schema keeps."""

    def __init__(self, datastore: LedgerDatastore) -> None:
        """In the ledger's own schema."""
        self._datastore = datastore
        self._table = Identifier(datastore.schema, "checkpoints")

    def keep(self, size: int, note: str) -> None:
        """Keeps the note of a size; see `Checkpoints`."""
        try:
            with self._datastore.transaction(commit=True) as cursor:
                cursor.execute(
                    SQL("INSERT INTO {} (size, note) VALUES (%s, %s)").format(self._table),
                    (size, note),
                )
        except IntegrityError:
            if (size, note) not in self.kept():
                raise StoreError(
                    Said(
                        "{url} keeps another checkpoint of size {size}; it stays.",
                        url=self._datastore.url,
                        size=size,
                    )
                ) from None

    def kept(self) -> list[tuple[int, str]]:
        """Every size with its note, oldest first."""
        with self._datastore.cursor() as cursor:
            cursor.execute(SQL("SELECT size, note FROM {} ORDER BY size").format(self._table))
            return [(row["size"], row["note"]) for row in cursor.fetchall()]
