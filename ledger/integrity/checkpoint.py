"""Sign the head of a ledger as a checkpoint (c2sp.org/tlog-checkpoint), and keep it."""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from ledger.bounded import read_bounded
from ledger.integrity.errors import DamagedError, NoteError
from ledger.integrity.head import check_head
from ledger.integrity.keys import KeyPaths, load_verifiers
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import HASH_SIZE, roots_at
from ledger.integrity.note import from_base64, open_note, to_base64
from ledger.message import Message
from ledger.sidecar_paths import is_there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from ledger.integrity.note import Signer, Verifier
    from ledger.rules import MeasureAt
    from ledger.stores import Store

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_LINES = 3


class Head(NamedTuple):
    """The content of a checkpoint: origin of the ledger, number of events, Merkle root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the note's text: origin, size in decimal, root in base64, one line each."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def parse_head(text: str) -> Head:
    """Parse the text of a checkpoint (c2sp.org/tlog-checkpoint, "Note text").

    Extension lines are ignored.

    Raises:
        NoteError: it is not a checkpoint.
    """
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < _LINES or not all(lines):
        raise NoteError(
            Message("is not a checkpoint: it must have origin, size and root on one line each")
        )
    origin, size, root = lines[:_LINES]
    if not _SIZE.fullmatch(size):
        raise NoteError(
            Message("{size!r} is not a valid size: it must be a decimal number", size=size[:40])
        )
    return Head(origin, int(size), from_base64(root, HASH_SIZE))


def open_checkpoint(note: str | bytes, verifiers: Iterable[Verifier]) -> Head:
    """Verify and parse a checkpoint.

    Raises:
        NoteError: it is malformed, or no known key of its origin signed it.
    """
    known = list(verifiers)
    raw = note.encode() if isinstance(note, str) else note
    head = parse_head(open_note(raw, known))
    if head.origin not in {verifier.name for verifier in known}:
        raise NoteError(Message("is of another ledger, {origin}", origin=head.origin))
    return head


def checkpoint_text(
    store: Store, key: Signer, to: int | None = None, measure_at: MeasureAt | None = None
) -> str:
    """Sign and keep the head of a ledger, or return the checkpoint kept of that size.

    It is signed only if the tree extends every checkpoint kept before, in the ledger and beside
    its key, and `tally check` would find nothing wrong.

    Args:
        store: the ledger.
        key: its private key.
        to: sign the tree up to this position instead of the head; kept only if it is the largest.
        measure_at: gives what rulings and findings are asked about.

    Raises:
        DamagedError: the ledger does not extend a kept checkpoint, or is damaged.
        RolledBackError: it lacks the last acknowledged event.
    """
    from ledger.integrity.check import faults  # noqa: PLC0415 - it reads checkpoints too

    check_head(store)
    places = KeyPaths(store.url)
    # Read before the leaves: others may append and sign meanwhile.
    beside = read_beside(places)
    witnesses = [] if beside is None else [beside]
    verifiers = load_verifiers(store.url)
    known = list(dict.fromkeys([key.verifier, *verifiers]))

    def prove() -> None:
        wrong = faults(store, known, measure_at)
        if wrong is not None:
            raise DamagedError(store.url, wrong)

    note, leaves = sign_head(store, key, verifiers, witnesses, to, prove)
    if leaves is not None and note.encode() != beside:
        keep_beside(places, note, leaves)
    return note


def sign_head(
    store: Store,
    key: Signer,
    verifiers: Sequence[Verifier],
    witnesses: Sequence[bytes] = (),
    to: int | None = None,
    prove: Callable[[], None] = lambda: None,
) -> tuple[str, Sequence[bytes] | None]:
    """Sign the head of a ledger and keep it in the ledger; see `checkpoint_text`.

    Args:
        store: the ledger.
        key: its private key.
        verifiers: the public keys of earlier checkpoints.
        witnesses: checkpoints kept elsewhere that the tree must extend too.
        to: as in `checkpoint_text`.
        prove: raises an error if the ledger must not be signed.

    Returns:
        The note and, if it is the newest, the hashes of its leaves.

    Raises:
        DamagedError: as in `checkpoint_text`.
    """
    kept = store.checkpoints.kept()
    hashes = leaf_hashes(store)
    size = len(hashes) if to is None else to
    if size > len(hashes):
        raise DamagedError(
            store.url,
            Message("it ends at position {count}, before {to}", count=len(hashes), to=size),
        )
    known = [key.verifier, *verifiers]
    prove_extends(store.url, hashes, [*kept, *((None, note) for note in witnesses)], known)
    prove()
    newest = size >= max((kept_size for kept_size, _ in kept), default=0)
    note = dict(kept).get(size)
    if note is None:
        note = key.sign(Head(key.name, size, roots_at(hashes, [size])[size]).text())
        if newest:
            store.checkpoints.keep(size, note)
    return note, hashes[:size] if newest else None


def prove_extends(
    url: str,
    hashes: Sequence[bytes],
    notes: Iterable[tuple[int | None, str | bytes]],
    verifiers: Sequence[Verifier],
) -> None:
    """Check that a tree extends checkpoints: each is signed and has the tree's root at its size.

    All leaves are at hand, so the roots are recomputed (RFC 6962 §2.1); a consistency proof
    (§2.1.2) is for those who lack the leaves.

    Raises:
        DamagedError: it does not.
    """
    heads = []
    for size, note in notes:
        try:
            head = open_checkpoint(note, verifiers)
        except NoteError as error:
            raise DamagedError(
                url, Message("the checkpoint of size {size} {error}", size=size, error=error)
            ) from None
        if size is not None and head.size != size:
            raise DamagedError(
                url,
                Message(
                    "the checkpoint of size {size} states size {stated}",
                    size=size,
                    stated=head.size,
                ),
            )
        heads.append(head)
    roots = roots_at(hashes, [head.size for head in heads])
    for head in heads:
        if head.size > len(hashes):
            raise DamagedError(
                url,
                Message(
                    "it has {count} events, its checkpoint states {size}",
                    count=len(hashes),
                    size=head.size,
                ),
            )
        if roots[head.size] != head.root:
            raise DamagedError(
                url,
                Message("its first {size} events are not those that were signed", size=head.size),
            )


def read_beside(places: KeyPaths) -> bytes | None:
    """Return the bytes of the checkpoint beside the key; None for who sees none there.

    Raises:
        NoteError: the file cannot be read.
    """
    try:
        return read_bounded(places.checkpoint)
    except OSError as error:
        if not is_there(places.checkpoint):
            return None
        raise NoteError(
            Message(
                "{checkpoint} cannot be read: {error}", checkpoint=places.checkpoint, error=error
            )
        ) from None


def keep_beside(places: KeyPaths, note: str, hashes: Sequence[bytes]) -> None:
    """Write the checkpoint and the leaf hashes beside the key, outside the ledger.

    They show when events were cut from the ledger together with their checkpoint. If they cannot
    be written, the checkpoint in the ledger remains.
    """
    with contextlib.suppress(OSError):
        replace_file(places.leaves, b"".join(hashes))
        replace_file(places.checkpoint, note.encode())


def replace_file(path: Path, data: bytes) -> None:
    """Write a file atomically: whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
