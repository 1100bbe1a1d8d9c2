"""Prove that an entry's events are in the ledger, and that it extends an older head.

`verify_proof` verifies such a proof offline, with the ledger's public key alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ledger.errors import TallyError
from ledger.integrity.checkpoint import Head, open_checkpoint, prove_extends
from ledger.integrity.errors import DamagedError, NoteError, ProofError
from ledger.integrity.leaves import leaf_hash, leaf_hashes
from ledger.integrity.merkle import (
    HASH_SIZE,
    consistency_proof,
    inclusion_proof,
    levels_of,
    verify_consistency,
    verify_inclusion,
)
from ledger.integrity.note import from_base64, to_base64
from ledger.message import Message
from ledger.stores import StoredRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.integrity.note import Verifier
    from ledger.stores import Store


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ProvenEvent(_Part):
    """One event with its audit path to the root."""

    position: int
    id: str
    version: int
    topic: str
    state: str
    """The stored JSON, byte for byte."""
    path: list[str]
    """The audit path from the leaf at index `position` - 1 up, in base64 (RFC 6962 §2.1.1)."""

    def row(self) -> StoredRow:
        """Return the event as it is stored."""
        return StoredRow(self.position, self.id, self.version, self.topic, self.state.encode())


class Consistency(_Part):
    """The proof that the tree of the checkpoint extends an older one."""

    size: int
    root: str
    path: list[str]
    """The consistency proof, in base64 (RFC 6962 §2.1.2)."""


class Proof(_Part):
    """The proof that `tally prove --json` prints."""

    format: Literal["tally.proof/1"] = "tally.proof/1"
    checkpoint: str
    """The signed note of the tree."""
    events: list[ProvenEvent]
    consistency: Consistency | None = None


class NotProvableError(TallyError):
    """The entry is not in the ledger, or no checkpoint covers it."""


class ProvenTree:
    """The Merkle tree of the last kept checkpoint."""

    def __init__(self, note: str, hashes: Sequence[bytes]) -> None:
        self._note, self.hashes = note, hashes
        self.levels = levels_of(hashes)

    @property
    def size(self) -> int:
        """Return the number of its leaves: the last position that it covers."""
        return len(self.hashes)

    def proof(self, rows: Iterable[StoredRow], consistency: Consistency | None = None) -> Proof:
        """Return the proof of events that it covers."""
        events = [
            ProvenEvent(
                position=row.position,
                id=row.originator_id,
                version=row.originator_version,
                topic=row.topic,
                state=row.state.decode(),
                path=[to_base64(one) for one in inclusion_proof(self.levels, row.position - 1)],
            )
            for row in rows
        ]
        return Proof(checkpoint=self._note, events=events, consistency=consistency)


def proven_tree(store: Store, verifiers: Sequence[Verifier]) -> ProvenTree:
    """Return the tree of the last kept checkpoint, which the ledger must still have.

    Raises:
        DamagedError: the ledger is not what the checkpoint says.
        NotProvableError: there is no checkpoint.
    """
    kept = store.checkpoints.kept()
    if not kept:
        raise NotProvableError(
            Message("{url} has no checkpoint yet; run `tally checkpoint` first", url=store.url)
        )
    size, note = kept[-1]
    hashes = leaf_hashes(store, to=size)
    prove_extends(store.url, hashes, [(size, note)], verifiers)
    return ProvenTree(note, hashes)


def prove(
    store: Store, verifiers: Sequence[Verifier], entry_id: str | None, since: Head | None = None
) -> Proof:
    """Prove all events of an entry by the last kept checkpoint.

    Args:
        store: the ledger.
        verifiers: its public keys.
        entry_id: the entry; None to prove no events.
        since: an older head; prove that the checkpoint extends it.

    Raises:
        DamagedError: the ledger is not what the checkpoint says.
        NotProvableError: no such entry, or no checkpoint covers all its events.
    """
    return prove_in(proven_tree(store, verifiers), store, entry_id, since)


def prove_in(
    tree: ProvenTree, store: Store, entry_id: str | None, since: Head | None = None
) -> Proof:
    """Prove all events of an entry by a tree of the ledger; see `prove`."""
    size = tree.size
    rows = [] if entry_id is None else store.raw_of(entry_id)
    if entry_id is not None and not rows:
        raise NotProvableError(Message("{entry_id} is not in this ledger", entry_id=entry_id))
    if rows and rows[-1].position > size:
        raise NotProvableError(
            Message(
                "{entry_id}: the last checkpoint covers {size} events, not position "
                "{position}; run `tally checkpoint` first",
                entry_id=entry_id,
                size=size,
                position=rows[-1].position,
            )
        )
    for row in rows:
        # A tree may have been made before the rows were read.
        if leaf_hash(row) != tree.hashes[row.position - 1]:
            words = Message("position {position} is not as it was signed", position=row.position)
            raise DamagedError(store.url, words)
    consistency = None
    if since is not None:
        path = [to_base64(one) for one in consistency_proof(tree.levels, since.size)]
        consistency = Consistency(size=since.size, root=to_base64(since.root), path=path)
    return tree.proof(rows, consistency)


def verify_proof(
    raw: bytes, verifiers: Sequence[Verifier], since: Head | None = None
) -> tuple[Head, list[StoredRow]]:
    """Verify a proof offline; return the head and the events that it proves.

    Args:
        raw: the output of `tally prove --json`.
        verifiers: the trusted public keys, from another source than the proof.
        since: an older head that somebody kept, which the ledger must extend.

    Raises:
        ProofError: the proof is malformed, or proves something else.
    """
    try:
        proof = Proof.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ProofError(
            Message(
                "it is not a proof by tally: {field} {message}", field=place, message=first["msg"]
            )
        ) from None
    try:
        head = open_checkpoint(proof.checkpoint, verifiers)
        for event in proof.events:
            path = [from_base64(one, HASH_SIZE) for one in event.path]
            leaf = leaf_hash(event.row())
            verify_inclusion(leaf, event.position - 1, head.size, path, head.root)
        if since is not None:
            _verify_consistency(proof, head, since)
    except NoteError as error:
        raise ProofError(Message("its checkpoint or a hash {error}", error=error)) from None
    except ValueError as error:
        raise ProofError(Message("an event is not valid: {error}", error=error)) from None
    return head, [event.row() for event in proof.events]


def _verify_consistency(proof: Proof, head: Head, since: Head) -> None:
    shown = proof.consistency
    if shown is None or (shown.size, shown.root) != (since.size, to_base64(since.root)):
        raise ProofError(Message("it does not prove that the ledger extends the given checkpoint"))
    path = [from_base64(one, HASH_SIZE) for one in shown.path]
    verify_consistency(since.size, head.size, path, since.root, head.root)


def as_json(proof: Proof) -> dict[str, Any]:
    """Return the JSON of a proof."""
    return proof.model_dump(mode="json", exclude_none=True)
