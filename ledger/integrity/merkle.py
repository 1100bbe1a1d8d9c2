"""Compute the Merkle tree of RFC 6962: roots, inclusion proofs, consistency proofs."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ledger.integrity.errors import ProofError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HASH_SIZE = 32
"""Bytes of a SHA-256 hash."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962 §2.1)."""


def hash_leaf(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(0x00 || data) (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\0" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node: SHA-256(0x01 || left || right) (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\1" + left + right).digest()


class CompactRange:
    """A tree that grows by appending and keeps only the roots of its full subtrees.

    Their sizes are the powers of two in the binary form of `size`, largest first: the left
    subtrees of the recursion in RFC 6962 §2.1.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        """Make a tree without leaves."""
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf_hash: bytes) -> None:
        """Append a leaf; merge full subtrees of one size, as a binary counter carries."""
        node, carry = leaf_hash, self.size
        while carry & 1:
            node = hash_children(self._peaks.pop(), node)
            carry >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the Merkle tree hash of the leaves so far (RFC 6962 §2.1)."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for left in reversed(self._peaks[:-1]):
            node = hash_children(left, node)
        return node


def roots_at(leaf_hashes: Sequence[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """Return the root at each size that the leaves reach, in one pass."""
    tree, found = CompactRange(), dict[int, bytes]()
    for size in sorted({size for size in sizes if 0 <= size <= len(leaf_hashes)}):
        for leaf_hash in leaf_hashes[tree.size : size]:
            tree.append(leaf_hash)
        found[size] = tree.root()
    return found


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root of all leaves (RFC 6962 §2.1)."""
    return roots_at(leaf_hashes, [len(leaf_hashes)])[len(leaf_hashes)]


def levels_of(leaf_hashes: Sequence[bytes]) -> list[list[bytes]]:
    """Return all nodes by level, from the leaves to the root.

    A node without a sibling is moved up unchanged, which gives the tree of RFC 6962 §2.1: each
    left subtree is the largest possible power of two.
    """
    levels = [list(leaf_hashes)]
    while len(below := levels[-1]) > 1:
        above = [hash_children(below[n], below[n + 1]) for n in range(0, len(below) - 1, 2)]
        levels.append([*above, below[-1]] if len(below) % 2 else above)
    return levels


def inclusion_proof(levels: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """Return the audit path of the leaf at an index, from the leaf up (RFC 6962 §2.1.1).

    Raises:
        ProofError: there is no such leaf.
    """
    if not 0 <= index < len(levels[0]):
        raise ProofError(
            Message(
                "there is no leaf {index} in a tree of {count}", index=index, count=len(levels[0])
            )
        )
    path = []
    for level in levels[:-1]:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        index >>= 1
    return path


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Verify that a leaf is at an index of the tree of a size and root (RFC 9162 §2.1.3.2).

    Raises:
        ProofError: the path does not prove it.
    """
    _check_hashes(leaf_hash, root, *path)
    if not 0 <= index < size:
        raise ProofError(
            Message("index {index} is not in a tree of {size} leaves", index=index, size=size)
        )
    rest = leaf_hash
    for step, on_the_left in _climb(index, size - 1, path):
        rest = hash_children(step, rest) if on_the_left else hash_children(rest, step)
    if rest != root:
        raise ProofError(Message("the proof leads to another root"))


def _climb(node: int, last: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each step from a node to the root, with whether it is the left sibling.

    The loop that both verifications of RFC 9162 §2.1 share.

    Args:
        node: index of the node on its level (`fn` in the RFC).
        last: index of the last node of that level (`sn`).
        path: the proof.
    """
    for step in path:
        if last == 0:
            raise ProofError(Message("the proof is too long"))
        on_the_left = bool(node & 1) or node == last
        yield step, on_the_left
        while on_the_left and node and not node & 1:
            node, last = node >> 1, last >> 1
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofError(Message("the proof is too short"))


def consistency_proof(levels: Sequence[Sequence[bytes]], first: int) -> list[bytes]:
    """Return PROOF(first, D[n]): the tree extends that of its first leaves (RFC 6962 §2.1.2).

    Raises:
        ProofError: the tree has fewer leaves.
    """
    size = len(levels[0])
    if not 0 < first <= size:
        raise ProofError(
            Message(
                "a tree of {second} leaves does not extend one of {first}", second=size, first=first
            )
        )
    if first == size:
        return []
    node, last, depth, path = first - 1, size - 1, 0, list[bytes]()
    while node & 1:
        node, last, depth = node >> 1, last >> 1, depth + 1
    if node:
        path.append(levels[depth][node])
    while last:
        if node & 1:
            path.append(levels[depth][node - 1])
        elif node < last:
            path.append(levels[depth][node + 1])
        node, last, depth = node >> 1, last >> 1, depth + 1
    return path


def verify_consistency(
    first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes
) -> None:
    """Verify that the tree of the second size and root extends the first (RFC 9162 §2.1.4.2).

    Raises:
        ProofError: the path does not prove it.
    """
    _check_hashes(first_root, second_root, *path)
    if not 0 < first <= second:
        raise ProofError(
            Message(
                "a tree of {second} leaves does not extend one of {first}",
                second=second,
                first=first,
            )
        )
    if first == second:
        if path or first_root != second_root:
            raise ProofError(Message("the trees have the same size and different roots"))
        return
    steps = [*path] if first & (first - 1) else [first_root, *path]
    if not steps:
        raise ProofError(Message("the proof is too short"))
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step, on_the_left in _climb(node, last, steps[1:]):
        if on_the_left:
            old, new = hash_children(step, old), hash_children(step, new)
        else:
            new = hash_children(new, step)
    if old != first_root or new != second_root:
        raise ProofError(Message("the proof leads to other roots"))


def _check_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofError(Message("a hash must have {size} bytes", size=HASH_SIZE))
