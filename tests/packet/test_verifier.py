"""The parts of `verify.py` against the vectors of their RFCs and against other implementations."""

from __future__ import annotations

import io
import random
import tomllib
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.packet import verify
from ledger.integrity.leaves import leaf_hash
from ledger.integrity.merkle import hash_leaf, inclusion_proof, levels_of, root_of
from ledger.integrity.note import Signer
from ledger.stores import StoredRow

ROOT = Path(__file__).parents[2]
TOMLS = sorted([*(ROOT / "projections").rglob("*.toml"), *(ROOT / "tests").rglob("*.toml")])

RFC_8032 = {
    "TEST 1": """
        d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a
        |
        | e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c
        f9b46bd25bf5f0595bbe24655141438e7a100b""",
    "TEST 2": """
        3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c
        | 72
        | 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0
        f11d8c387b2eaeb4302aeeb00d291612bb0c00""",
    "TEST 3": """
        fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025
        | af82
        | 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f76098
        4dc6594a7c15e9716ed28dc027beceea1ec40a""",
    "TEST SHA(abc)": """
        ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf
        | ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3
        feebbd454d4423643ce80e2a9ac94fa54ca49f
        | dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c664
        31e0303dca179c138ac17ad9bef1177331a704""",
}
"""Public key, message and signature (RFC 8032 §7.1)."""


@pytest.mark.parametrize("name", RFC_8032)
def test_ed25519_verifies_the_vectors_of_rfc_8032_and_no_neighbour(name):
    public, message, signature = map(bytes.fromhex, RFC_8032[name].split("|"))
    assert verify.ed25519_verifies(public, message, signature)
    assert not verify.ed25519_verifies(public, message + b"x", signature)
    for at in range(0, 64, 7):
        changed = bytearray(signature)
        changed[at] ^= 1
        assert not verify.ed25519_verifies(public, message, bytes(changed))
    assert not verify.ed25519_verifies(bytes(32), message, signature)
    assert not verify.ed25519_verifies(public[:31], message, signature)
    assert not verify.ed25519_verifies(public, message, signature[:63])


def test_ed25519_takes_no_second_form_of_a_signature():
    """S + L has the same product: it must be below L (RFC 8032 §5.1.7, step 1)."""
    public, message, signature = map(bytes.fromhex, RFC_8032["TEST 3"].split("|"))
    s = int.from_bytes(signature[32:], "little") + verify.L
    assert not verify.ed25519_verifies(public, message, signature[:32] + s.to_bytes(32, "little"))


def test_ed25519_agrees_with_another_library():
    chance = random.Random(8032)
    for _ in range(20):
        key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        message = chance.randbytes(chance.randrange(200))
        assert verify.ed25519_verifies(
            key.public_key().public_bytes_raw(), message, key.sign(message)
        )


RFC_6962_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
"""The first leaves of the test tree of Certificate Transparency's reference implementation."""
RFC_6962_ROOT = "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"
"""Root of the seven leaves."""


def test_inclusion_proofs_lead_to_the_root_and_no_changed_one_does():
    leaves = [hash_leaf(bytes.fromhex(one)) for one in RFC_6962_LEAVES]
    assert root_of(leaves).hex() == RFC_6962_ROOT
    for size in range(1, 18):
        hashes = [hash_leaf(bytes([n])) for n in range(size)]
        levels, root = levels_of(hashes), root_of(hashes)
        for index in range(size):
            path = inclusion_proof(levels, index)
            assert verify.root_by_path(hashes[index], index, size, path) == root
            assert verify.root_by_path(hashes[index], index, size, [*path, root]) is None
            for other in {index + 1, index - 1, size, -1}:
                assert verify.root_by_path(hashes[index], other, size, path) != root
            for at in range(len(path)):
                changed = [*path[:at], bytes(32), *path[at + 1 :]]
                assert verify.root_by_path(hashes[index], index, size, changed) != root


def test_a_leaf_is_hashed_as_the_ledger_hashes_it():
    for version in (1, 2**40, -3):
        row = StoredRow(7, "B-1.村", version, "tally.EntryVerified", '{"by":"王"}'.encode())
        assert verify.leaf_hash(verify.Event(*row, {})) == leaf_hash(row)


@pytest.mark.parametrize("path", TOMLS, ids=lambda path: str(path.relative_to(ROOT)))
def test_toml_is_read_as_the_standard_library_reads_it(path):
    text = path.read_text("utf-8")
    try:
        expected = as_texts(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError:
        pytest.skip("not TOML")
    assert verify.Toml(text).read() == expected


def as_texts(value):
    """Return a value with its days as texts."""
    if isinstance(value, dict):
        return {name: as_texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_texts(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("text", ["a = ", "a = [1,, 2]", "= 1", "[a", 'a = "x', "a = 1 b = 2"])
def test_toml_that_is_not_understood_is_an_error_with_its_line(text):
    with pytest.raises(verify.ProofError, match="line 2 of a TOML file is not understood"):
        verify.Toml("# first\n" + text).read()


FILES = [("清单.txt", b"1"), ("measure/a.toml", b""), ("x", bytes(range(256)))]


def test_the_zip_is_one_that_others_open():
    with zipfile.ZipFile(io.BytesIO(verify.zip_of(FILES))) as opened:
        assert opened.testzip() is None
        assert [(one.filename, opened.read(one)) for one in opened.infolist()] == FILES


def test_every_changed_added_or_lacking_byte_of_a_zip_is_found():
    """A byte of a file's content is not: its checksum is of the zip, its hash of the manifest."""
    whole = verify.zip_of(FILES)
    assert list(verify.files_of_zip(whole).items()) == FILES
    for at in range(len(whole)):
        for changed in (
            whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
            whole[:at] + whole[at + 1 :],
            whole[:at] + b"\0" + whole[at:],
        ):
            with pytest.raises((verify.ProofError, UnicodeDecodeError)):
                verify.files_of_zip(changed)


def test_a_zip_packed_anew_is_found(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made:
        for name, data in FILES:
            made.writestr(name, data)
    with pytest.raises(verify.ProofError, match="packed anew"):
        verify.files_of_zip((tmp_path / "x.zip").read_bytes())


def test_a_note_is_opened_by_its_key_alone():
    signer, other = Signer.make("tally/a"), Signer.make("tally/a")
    keys, others = (verify.parse_keys(str(one.verifier).encode()) for one in (signer, other))
    note = signer.sign("tally.packet/1\n")
    assert verify.open_note(note, keys) == ("tally.packet/1\n", keys[0])
    for changed in (note.replace("/1", "/2"), note + "\n", note[:-1], note.replace("—", "-")):
        with pytest.raises(verify.ProofError):
            verify.open_note(changed, keys)
    with pytest.raises(verify.ProofError, match="unknown key"):
        verify.open_note(note, others)
