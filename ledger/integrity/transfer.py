"""Copy a ledger to another store in one transaction, and prove that the roots are equal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from eventsourcing.persistence import StoredEvent

from ledger.errors import NotALedgerError, StoreError, TallyError
from ledger.integrity.checkpoint import keep_beside, open_checkpoint, prove_extends
from ledger.integrity.keys import KeyPaths
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.message import Message
from ledger.progress import with_progress
from ledger.read_model.read_model import drop_read_model
from ledger.sidecar_paths import is_there
from ledger.stores import new_store, open_store

if TYPE_CHECKING:
    from ledger.integrity.note import Verifier
    from ledger.stores import Store, StoredRow


class NotEqualError(TallyError):
    """The copy of a ledger differs from its source."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(
            Message(
                "{target} differs from {source} after the copy: do not use it. Check the disk and "
                "the memory of this machine, and try again.",
                target=target,
                source=source,
            )
        )


class StoredEvents(Sequence[StoredEvent]):
    """The first rows of a store as events to append elsewhere, read as they are needed."""

    def __init__(self, store: Store, size: int) -> None:
        """Use the first `size` rows."""
        self._store, self._size = store, size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[StoredEvent]:
        rows = with_progress(self._store.raw(to=self._size), Message("copying"), lambda: self._size)
        for row in rows:
            yield _event(row)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._size)
            assert step == 1, "rows are read forward"
            rows = self._store.raw(start, stop) if start < stop else ()
            return [_event(row) for row in rows]
        position = range(1, self._size + 1)[index]
        return next(_event(row) for row in self._store.raw(position - 1, position))


def _event(row: StoredRow) -> StoredEvent:
    return StoredEvent(row.originator_id, row.originator_version, row.topic, row.state)


class Carried(NamedTuple):
    """Leaf hashes, Merkle root and newest checkpoint of a ledger that was copied."""

    leaves: Sequence[bytes]
    root: bytes
    note: str | None

    def keep_beside(self, url: str, verifiers: Sequence[Verifier]) -> None:
        """Keep the checkpoint and its leaves beside the key of the copy, unless one is there."""
        places = KeyPaths(url)
        if self.note is not None and not is_there(places.checkpoint):
            size = open_checkpoint(self.note, verifiers).size
            keep_beside(places, self.note, self.leaves[:size])


def transfer(
    source: Store,
    target: Store,
    verifiers: Sequence[Verifier],
    beside: bytes | None = None,
) -> Carried:
    """Copy all events and checkpoints of a store into an empty one.

    Args:
        source: the store to copy.
        target: the empty one.
        verifiers: the public keys of the checkpoints.
        beside: the checkpoint that is kept beside the source's key; the source must extend it too.

    Raises:
        DamagedError: the source does not match its checkpoints; nothing was written.
        NotEqualError: the target differs from the source.
    """
    kept = source.checkpoints.kept()
    hashes = leaf_hashes(source)
    witnesses = [] if beside is None else [(None, beside)]
    prove_extends(source.url, hashes, [*kept, *witnesses], verifiers)
    if hashes:
        target.recorder.insert_events(StoredEvents(source, len(hashes)), after=0, as_found=True)
    written = leaf_hashes(target)
    root = root_of(hashes)
    if len(written) != len(hashes) or root_of(written) != root:
        raise NotEqualError(source.url, target.url)
    for size, note in kept:
        target.checkpoints.keep(size, note)
    notes = [*(note for _, note in kept), *([] if beside is None else [beside.decode()])]
    newest = max(notes, key=lambda note: open_checkpoint(note, verifiers).size, default=None)
    return Carried(hashes, root, newest)


@contextmanager
def open_empty_store(url: str) -> Iterator[Store]:
    """Open the empty store at a URL, or create one, which appears when the block has filled it.

    Raises:
        StoreError: the store holds events or checkpoints.
    """
    try:
        there = open_store(url)
    except NotALedgerError:
        drop_read_model(url)
        with new_store(url) as made:
            yield made
        return
    with closing(there) as store:
        if store.checkpoints.kept() or next(store.raw(), None) is not None:
            raise StoreError(
                Message(
                    "{url} holds events or checkpoints already; nothing was changed. Name a ledger "
                    "that does not exist yet: it is made, without `tally init`.",
                    url=store.url,
                )
            )
        drop_read_model(url)
        yield store
