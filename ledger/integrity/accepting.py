"""Go on from an earlier copy of a ledger, on the record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ledger.batch import stored
from ledger.codec import COPY_ACCEPTED
from ledger.errors import TallyError
from ledger.events import EarlierCopyAccepted, acceptance_id
from ledger.instants import instant_text
from ledger.integrity.checkpoint import open_checkpoint, prove_extends, read_beside
from ledger.integrity.errors import DamagedError, NoteError
from ledger.integrity.head import KeptHead, is_accepted, last_row, problem_in
from ledger.integrity.keys import KeyPaths, load_key, load_verifiers
from ledger.integrity.leaves import LastEvent, leaf_hashes
from ledger.message import Message
from ledger.messages import reason_text
from ledger.read_model.read_model import drop_read_model
from ledger.sidecar_paths import set_aside

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from eventsourcing.persistence import StoredEvent

    from ledger.application import Ledger
    from ledger.receipts import Receipt
    from ledger.stores import Store


class NothingToAcceptError(TallyError):
    """The ledger has all that was acknowledged."""

    def __init__(self, url: str) -> None:
        super().__init__(
            Message("{url} has all that was acknowledged here: nothing to accept", url=url)
        )


def accept_loss(url: str, ledger: Ledger, reason: str, by: str) -> tuple[Receipt, list[Path]]:
    """Record that the office goes on from the copy at a URL, and keep its end as the head.

    Lost is the last acknowledged event, or else what a checkpoint beside the key signed. Such a
    checkpoint is set aside with the hashes of its leaves. Each step may be done again: a loss that
    is accepted already is not recorded a second time, and what remains to be done is done.

    Returns:
        The receipt, and where files were set aside.

    Raises:
        NothingToAcceptError: the copy has all that was acknowledged.
        EntriesRefusedError: the reason or the name is not valid.
        KeyFileError: there is no key, or the head cannot be read.
        NoteError: there is no head, and the checkpoint beside the key is malformed.
    """
    load_key(url)
    head, store = KeptHead(KeyPaths(url)), ledger.store
    last, beyond = head.read(), _reaches_beyond(url, store)
    if last is not None and problem_in(store, last) is not None:
        lost = last
    elif beyond:
        lost = _signed(url)
    else:
        raise NothingToAcceptError(store.url)
    by = ledger.who(by, COPY_ACCEPTED)
    make = partial(_acceptance, store, lost, reason_text(reason), by)
    receipt = ledger.append_made(make, by)
    # It may have been made of what is lost now.
    drop_read_model(url)
    places = KeyPaths(url)
    aside = set_aside((places.checkpoint, places.leaves), "lost") if beyond else []
    head.appended(store, partial(last_row, store))
    return receipt, aside


def _acceptance(
    store: Store, lost: LastEvent, reason: str, by: str, at: datetime
) -> list[StoredEvent]:
    """Return the event, unless it is in the ledger."""
    if is_accepted(store, lost):
        return []
    event = EarlierCopyAccepted(at=instant_text(at), by=by, lost=lost.position, reason=reason)
    return [stored(acceptance_id(*lost), 1, event)]


def _reaches_beyond(url: str, store: Store) -> bool:
    """Return whether the ledger does not extend the checkpoint beside its key."""
    note = read_beside(KeyPaths(url))
    if note is None:
        return False
    try:
        prove_extends(store.url, leaf_hashes(store), [(None, note)], load_verifiers(url))
    except DamagedError:
        return True
    return False


def _signed(url: str) -> LastEvent:
    """Return the size of the checkpoint beside the key, and its root in place of a leaf."""
    places = KeyPaths(url)
    try:
        signed = open_checkpoint(read_beside(places) or b"", load_verifiers(url))
    except NoteError as error:
        source = Message("the checkpoint in {checkpoint}", checkpoint=places.checkpoint)
        raise NoteError(Message("{source} {error}", source=source, error=error)) from None
    return LastEvent(signed.size, signed.root)
