"""Checkpoints (c2sp.org/tlog-checkpoint): the signed head of a ledger, kept as it grows."""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from ledger.integrity.errors import DamagedError, NoteError
from ledger.integrity.keys import KeyPlaces, load_verifiers
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import HASH_SIZE, roots_at
from ledger.integrity.note import from_base64, open_note, to_base64
from ledger.saying import Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ledger.integrity.note import Signer, Verifier
    from ledger.stores import Store

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_LINES = 3


class Head(NamedTuple):
    """What a checkpoint says: whose tree, of how many events, with which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text: origin, decimal size, base64 root, a line each."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def parse_head(text: str) -> Head:
    """c2sp.org/tlog-checkpoint, "Note text"; extension lines are passed over.

    Raises:
        NoteError: it is no checkpoint.
    """
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < _LINES or not all(lines):
        raise NoteError(Said("is no checkpoint: origin, size and root must stand on a line each"))
    origin, size, root = lines[:_LINES]
    if not _SIZE.fullmatch(size):
        raise NoteError(Said("{size!r} is no size of a ledger", size=size[:40]))
    return Head(origin, int(size), from_base64(root, HASH_SIZE))


def open_checkpoint(note: str | bytes, verifiers: Iterable[Verifier]) -> Head:
    """What a checkpoint says that a known key of that origin has signed; raises `NoteError`."""
    known = list(verifiers)
    raw = note.encode() if isinstance(note, str) else note
    head = parse_head(open_note(raw, known))
    if head.origin not in {verifier.name for verifier in known}:
        raise NoteError(Said("is of another ledger, {origin}", origin=head.origin))
    return head


def checkpoint_text(store: Store, key: Signer, to: int | None = None) -> str:
    """Signs and keeps the head of a ledger, or gives the kept checkpoint of that size again.

    Never signs a tree that does not extend every checkpoint kept before, in the ledger and
    beside its key.

    Args:
        store: the ledger.
        key: its private key.
        to: sign the tree up to this position instead of the head; kept only if it is the largest.

    Raises:
        DamagedError: the ledger does not extend a kept checkpoint, or has a hole.
    """
    places = KeyPlaces(store.url)
    # What was signed is read before the leaves: others may append and sign meanwhile.
    beside = read_beside(places)
    witnesses = [] if beside is None else [beside]
    note, leaves = sign_head(store, key, load_verifiers(store.url), witnesses, to)
    if leaves is not None and note.encode() != beside:
        _keep_beside(places, note, leaves)
    return note


def sign_head(
    store: Store,
    key: Signer,
    verifiers: Sequence[Verifier],
    witnesses: Sequence[bytes] = (),
    to: int | None = None,
) -> tuple[str, Sequence[bytes] | None]:
    """The work of `checkpoint_text`; gives the note and, if it is the newest, its leaves' hashes.

    Args:
        store: the ledger.
        key: its private key.
        verifiers: the public keys of earlier checkpoints.
        witnesses: checkpoints kept elsewhere that the tree must extend too.
        to: as in `checkpoint_text`.
    """
    kept = store.checkpoints.kept()
    hashes = leaf_hashes(store)
    size = len(hashes) if to is None else to
    if size > len(hashes):
        raise DamagedError(
            store.url,
            Said("it ends at position {count}, before {size}", count=len(hashes), size=size),
        )
    known = [key.verifier, *verifiers]
    prove_extends(store.url, hashes, [*kept, *((None, note) for note in witnesses)], known)
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
    """That a tree extends checkpoints: each is signed and has the tree's own root at its size.

    The leaves are all here, so that the roots are made anew, as RFC 6962 §2.1 defines them; a
    consistency proof (§2.1.2) is for those who do not have the leaves.

    Raises:
        DamagedError: it does not.
    """
    heads = []
    for size, note in notes:
        try:
            head = open_checkpoint(note, verifiers)
        except NoteError as error:
            raise DamagedError(
                url, Said("the checkpoint of size {size} {error}", size=size, error=error)
            ) from None
        if size is not None and head.size != size:
            raise DamagedError(
                url,
                Said("the checkpoint of size {size} says {said}", size=size, said=head.size),
            )
        heads.append(head)
    roots = roots_at(hashes, [head.size for head in heads])
    for head in heads:
        if head.size > len(hashes):
            raise DamagedError(
                url,
                Said(
                    "it has {count} events, its checkpoint {size}",
                    count=len(hashes),
                    size=head.size,
                ),
            )
        if roots[head.size] != head.root:
            raise DamagedError(
                url, Said("its first {size} events are not those signed before", size=head.size)
            )


def read_beside(places: KeyPlaces) -> bytes | None:
    """The checkpoint beside the key, as its file has it; None where there is none."""
    try:
        return places.checkpoint.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NoteError(
            Said("{checkpoint} cannot be read: {error}", checkpoint=places.checkpoint, error=error)
        ) from None


def _keep_beside(places: KeyPlaces, note: str, hashes: Sequence[bytes]) -> None:
    """The checkpoint and the leaves' hashes once more, beside the key: outside the ledger.

    Whoever cuts events and their checkpoint from the ledger leaves these. Where they cannot be
    written, the ledger's own checkpoint still stands.
    """
    with contextlib.suppress(OSError):
        replace_file(places.leaves, b"".join(hashes))
        replace_file(places.checkpoint, note.encode())


def replace_file(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
