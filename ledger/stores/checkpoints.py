"""The signed heads that a ledger keeps of itself, append-only as its events are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from eventsourcing.persistence import IntegrityError

from ledger.errors import StoreError
from ledger.message import Message
from ledger.stores.store import decode_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager


class _Datastore(Protocol):
    url: str

    def transaction(self, *, commit: bool) -> AbstractContextManager[Any]: ...


class Checkpoints:
    """The table of checkpoints in either store."""

    def __init__(
        self,
        datastore: Callable[[], _Datastore],
        insert: str,
        select: Callable[[], Iterable[tuple[int, bytes]]],
    ) -> None:
        """Use the ledger's own table.

        Args:
            datastore: returns where the table is, to write into it.
            insert: the statement that inserts a size and a note.
            select: returns sizes and notes, the latter in bytes, by size.
        """
        self._datastore, self._insert, self._select = datastore, insert, select

    def keep(self, size: int, note: str) -> None:
        """Keep the note of a size; do nothing if the same note is kept already.

        Raises:
            StoreError: another note of that size is kept, or the store rejected this one.
        """
        datastore = self._datastore()
        try:
            with datastore.transaction(commit=True) as cursor:
                cursor.execute(self._insert, (size, note))
        except IntegrityError as error:
            kept = dict(self.kept()).get(size)
            if kept is None:
                raise StoreError(
                    Message(
                        "{url} rejected a checkpoint: {error}; run `tally check`.",
                        url=datastore.url,
                        error=error,
                    )
                ) from error
            if kept != note:
                raise StoreError(
                    Message(
                        "{url} keeps another checkpoint of size {size}; it stays.",
                        url=datastore.url,
                        size=size,
                    )
                ) from None

    def kept(self) -> list[tuple[int, str]]:
        """Return every size with its note, smallest first."""
        return [(size, decode_text(note)) for size, note in self._select()]
