"""The Merkle tree agrees with certificate-transparency's test data and with pymerkle."""

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.integrity.errors import ProofError
from ledger.integrity.merkle import (
    EMPTY_ROOT,
    CompactRange,
    consistency_proof,
    hash_leaf,
    inclusion_proof,
    levels_of,
    root_of,
    roots_at,
    verify_consistency,
    verify_inclusion,
)

# github.com/google/certificate-transparency, merkletree test data: leaves, and the root of each
# tree of the first leaves.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
ONE = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
TWO = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
FOUR = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
INCLUSION = {  # (leaf counted from 1, size)
    (1, 1): [],
    (1, 8): [ONE, TWO, FOUR],
    (6, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[3],
    ],
    (3, 3): [ROOTS[1]],
    (2, 5): [ROOTS[0], TWO, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [ONE, TWO, FOUR],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[3],
    ],
    (2, 5): [TWO, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}
HASHES = [hash_leaf(leaf) for leaf in LEAVES]
sizes = st.integers(1, 130)


def entries(size):
    return [b"entry %d" % n for n in range(size)]


def hashes(size):
    return [hash_leaf(entry) for entry in entries(size)]


def pymerkle_tree(size):
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in entries(size):
        tree.append_entry(entry)
    return tree


def test_roots_match_the_test_data():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert roots_at(HASHES, range(9)) == {
        0: EMPTY_ROOT,
        **{size: bytes.fromhex(root) for size, root in enumerate(ROOTS, 1)},
    }


@pytest.mark.parametrize(("leaf", "size"), INCLUSION)
def test_inclusion_proofs_match_the_test_data(leaf, size):
    path = inclusion_proof(levels_of(HASHES[:size]), leaf - 1)
    assert [one.hex() for one in path] == INCLUSION[leaf, size]
    verify_inclusion(HASHES[leaf - 1], leaf - 1, size, path, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_consistency_proofs_match_the_test_data(first, second):
    path = consistency_proof(levels_of(HASHES[:second]), first)
    assert [one.hex() for one in path] == CONSISTENCY[first, second]
    roots = [bytes.fromhex(ROOTS[size - 1]) for size in (first, second)]
    verify_consistency(first, second, path, *roots)


@given(sizes)
def test_root_equals_that_of_pymerkle(size):
    root = pymerkle_tree(size).get_root()
    grown = CompactRange()
    for one in hashes(size):
        grown.append(one)
    assert root == root_of(hashes(size)) == grown.root() == levels_of(hashes(size))[-1][0]


@given(sizes, st.data())
def test_inclusion_proof_equals_that_of_pymerkle(size, data):
    index = data.draw(st.integers(0, size - 1))
    theirs = pymerkle_tree(size).prove_inclusion(index + 1).serialize()["path"]
    ours = inclusion_proof(levels_of(hashes(size)), index)
    # pymerkle's path begins with the leaf itself.
    assert [one.hex() for one in ours] == theirs[1:]


@given(sizes, st.data())
def test_consistency_is_proved_where_pymerkle_proves_it(size, data):
    first = data.draw(st.integers(1, size))
    old, new = root_of(hashes(first)), root_of(hashes(size))
    # Its proof has other nodes than RFC 6962's, so only the verdicts can be compared.
    pymerkle.verify_consistency(old, new, pymerkle_tree(size).prove_consistency(first, size))
    verify_consistency(first, size, consistency_proof(levels_of(hashes(size)), first), old, new)


@given(sizes, st.data())
def test_refuses_an_inclusion_proof_of_anything_else(size, data):
    index = data.draw(st.integers(0, size - 1))
    path, root = inclusion_proof(levels_of(hashes(size)), index), root_of(hashes(size))
    leaf = hashes(size)[index]
    verify_inclusion(leaf, index, size, path, root)
    wrong = [
        (hash_leaf(b"other"), index, size, path, root),
        (leaf, index, size, [*path, root], root),
        (leaf, index, size, path, hash_leaf(b"other")),
        (leaf, size, size, path, root),
        (leaf, -1, size, path, root),
        (leaf, index, size, [one[:-1] for one in path] or [b""], root),
    ]
    if path:
        wrong.append((leaf, index, size, path[:-1], root))
        wrong.append((leaf, index ^ 1, size, path, root))
    for arguments in wrong:
        with pytest.raises(ProofError):
            verify_inclusion(*arguments)


@given(st.integers(2, 130), st.data())
def test_refuses_a_consistency_proof_of_anything_else(size, data):
    first = data.draw(st.integers(1, size - 1))
    path = consistency_proof(levels_of(hashes(size)), first)
    old, new = root_of(hashes(first)), root_of(hashes(size))
    other = hash_leaf(b"other")
    for arguments in (
        (first, size, path, other, new),
        (first, size, path, old, other),
        (first, size, path[:-1], old, new),
        (first, size, [*path, other], old, new),
        (size, first, path, old, new),
        (0, size, path, EMPTY_ROOT, new),
        (size, size, path, new, new),
        (size, size, [], old, new),
    ):
        with pytest.raises(ProofError):
            verify_consistency(*arguments)


def test_proves_inclusion_in_a_large_tree():
    leaves = [n.to_bytes(32, "big") for n in range(100_000)]
    levels = levels_of(leaves)
    assert levels[-1][0] == root_of(leaves)
    path = inclusion_proof(levels, 77_777)
    verify_inclusion(leaves[77_777], 77_777, 100_000, path, root_of(leaves))


def test_refuses_to_prove_outside_the_tree():
    with pytest.raises(ProofError, match="no leaf 8"):
        inclusion_proof(levels_of(HASHES), 8)
    with pytest.raises(ProofError, match="does not extend one of 9"):
        consistency_proof(levels_of(HASHES), 9)
