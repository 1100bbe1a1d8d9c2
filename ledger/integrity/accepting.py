"""Go on from an earlier copy of a ledger, on the record."""

from __future__ import annotations

from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.batch import stored
from ledger.errors import TallyError
from ledger.events import EarlierCopyAccepted, acceptance_id
from ledger.instants import instant_text
from ledger.integrity.checkpoint import prove_extends, read_beside
from ledger.integrity.errors import DamagedError
from ledger.integrity.head import KeptHead, RolledBackError
from ledger.integrity.keys import KeyPaths, load_key, load_verifiers
from ledger.integrity.leaves import leaf_hashes
from ledger.message import Message
from ledger.messages import reason_text
from ledger.read_model.read_model import drop_read_model

if TYPE_CHECKING:
    from datetime import datetime

    from eventsourcing.persistence import StoredEvent

    from ledger.application import Ledger
    from ledger.integrity.head import LastEvent
    from ledger.receipts import Receipt
    from ledger.stores import Store


class NothingToAcceptError(TallyError):
    """The ledger has all that was acknowledged."""

    def __init__(self, url: str) -> None:
        super().__init__(
            Message("{url} has all that was acknowledged here: nothing to accept", url=url)
        )


def accept_copy(url: str, ledger: Ledger, reason: str, by: str) -> tuple[Receipt, list[Path]]:
    """Record that the office goes on from the copy at a URL, and keep its end as the head.

    A checkpoint beside the key that the copy does not reach is set aside with the hashes of its
    leaves.

    Returns:
        The receipt, and where files were set aside.

    Raises:
        NothingToAcceptError: the copy has all that was acknowledged.
        EntriesRefusedError: the reason or the name is not valid.
        KeyFileError: there is no key, or the head cannot be read.
    """
    load_key(url)
    head, store = KeptHead(KeyPaths(url)), ledger.store
    try:
        head.check(store)
    except RolledBackError:
        lost = head.read()
        assert lost is not None, "it was rolled back from an event"
    else:
        raise NothingToAcceptError(store.url)
    by = ledger.signing.who(by)
    receipt = ledger.accept_copy(partial(_acceptance, lost, reason_text(reason), by), by)
    # It may have been made of what is lost now.
    drop_read_model(url)
    aside = _set_checkpoint_aside(url, store)
    for row in store.raw(receipt.position - 1, receipt.position):
        head.appended(store, row)
    return receipt, aside


def _acceptance(lost: LastEvent, reason: str, by: str, at: datetime) -> StoredEvent:
    event = EarlierCopyAccepted(at=instant_text(at), by=by, lost=lost.position, reason=reason)
    return stored(acceptance_id(*lost), 1, event)


def _set_checkpoint_aside(url: str, store: Store) -> list[Path]:
    """Rename the checkpoint beside the key, and its leaves, if the ledger does not extend it."""
    places = KeyPaths(url)
    note = read_beside(places)
    if note is None:
        return []
    try:
        prove_extends(store.url, leaf_hashes(store), [(None, note)], load_verifiers(url))
    except DamagedError:
        suffixes = (f".lost-{number}" for number in count(1))
        suffix = next(one for one in suffixes if not Path(f"{places.checkpoint}{one}").exists())
        files = (places.checkpoint, places.leaves)
        return [path.rename(f"{path}{suffix}") for path in files if path.exists()]
    return []
