"""Signed notes: the published example verifies, and every malformed note is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.integrity.checkpoint import Head, open_checkpoint, parse_head
from ledger.integrity.errors import NoteError
from ledger.integrity.note import (
    MOST_SIGNATURES,
    Signer,
    Verifier,
    from_base64,
    open_note,
    parse_note,
    to_base64,
)

# The example of golang.org/x/mod/sumdb/note: keys that its documentation publishes.
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb"
    "6KE6RyyBwJnAM=\n"
)
NOTE = f"{TEXT}\n{LINE}"
VERIFIER, SIGNER = Verifier.parse(VKEY), Signer.parse(SKEY)
OTHER = Signer("tally/other", bytes(32))
ROOT = bytes(range(32))


def test_verifies_and_reproduces_the_published_example():
    assert open_note(NOTE.encode(), [VERIFIER]) == TEXT
    assert SIGNER.sign(TEXT) == NOTE
    assert str(VERIFIER) == VKEY
    assert SIGNER.verifier == VERIFIER
    assert SIGNER.secret() == SKEY
    assert "AYEKFALV" not in repr(SIGNER)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.sampled_from("abc甲/."))
def test_signed_note_round_trips(text, name):
    signer = Signer.make(f"tally/{name}")
    note = signer.sign(text + "\n")
    assert open_note(note.encode(), [OTHER.verifier, signer.verifier]) == text + "\n"
    assert Signer.parse(signer.secret()) == signer
    assert Verifier.parse(str(signer.verifier)) == signer.verifier


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_refuses_a_changed_byte(place, change):
    raw = bytearray(NOTE.encode())
    raw[place] ^= change
    with pytest.raises(NoteError):
        open_note(bytes(raw), [VERIFIER])


def test_ignores_signatures_of_unknown_keys():
    both = NOTE + OTHER.sign(TEXT).removeprefix(f"{TEXT}\n")
    assert open_note(both.encode(), [VERIFIER]) == TEXT
    assert open_note(both.encode(), [OTHER.verifier]) == TEXT
    with pytest.raises(NoteError, match="by none of the known keys"):
        open_note(both.encode(), [Signer.make("PeterNeumann").verifier])


def test_one_wrong_signature_of_a_known_key_invalidates_the_note():
    wrong = OTHER.sign("something else\n").removeprefix("something else\n\n")
    with pytest.raises(NoteError, match="the signature of tally/other is wrong"):
        open_note((NOTE + wrong).encode(), [VERIFIER, OTHER.verifier])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        TEXT.encode(),
        f"{TEXT}\n".encode(),
        NOTE.encode()[:-1],
        NOTE.replace("\n", "\r\n").encode(),
        NOTE.replace("—", "-").encode(),
        f"{TEXT}\n{LINE}\n".encode(),
        f"{TEXT}{LINE}".encode(),
        NOTE.replace("= ", "=").replace("PeterNeumann ", "PeterNeumann  ").encode(),
        NOTE.replace("PeterNeumann", "Peter+Neumann").encode(),
        NOTE.replace("PeterNeumann", "Peter\u3000Neumann").encode(),
        NOTE.replace("AM=", "AN=").encode(),
        NOTE.replace("AM=", "AM").encode(),
        f"{TEXT}\n— PeterNeumann x08gow==\n".encode(),
        NOTE.encode("utf-16"),
        b"\xff" + NOTE.encode(),
        f"\t{NOTE}".encode(),
        f"{TEXT}\n{LINE * (MOST_SIGNATURES + 1)}".encode(),
        f"{'x' * 100_000}\n\n{LINE}".encode(),
    ],
)
def test_refuses_a_malformed_note(raw):
    with pytest.raises(NoteError):
        open_note(raw, [VERIFIER])


def test_last_empty_line_separates_text_and_signatures():
    assert parse_note(f"a\n\nb\n\n{LINE}".encode()).text == "a\n\nb\n"


@pytest.mark.parametrize(
    "text",
    [
        VKEY.replace("c74f20a3", "c74f20a4"),
        VKEY.replace("+ARpc", "+AhpC"),
        VKEY[:-1],
        "PeterNeumann",
        VKEY.replace("PeterNeumann", ""),
        VKEY + "\n",
    ],
)
def test_refuses_a_malformed_verifier_key(text):
    with pytest.raises(NoteError):
        Verifier.parse(text)


@pytest.mark.parametrize("text", ["", VKEY, SKEY[:-1], SKEY.replace("c74f20a3", "00000000")])
def test_refuses_a_malformed_private_key_and_does_not_repeat_it(text):
    with pytest.raises(NoteError) as refused:
        Signer.parse(text)
    assert "AYEK" not in str(refused.value)


def test_refuses_base64_that_is_not_canonical():
    assert from_base64(to_base64(ROOT), 32) == ROOT
    for text in ("", "AA", "AA=", "AB==", "A A=", "AA==\n", "_-=="):
        with pytest.raises(NoteError):
            from_base64(text)


def test_checkpoint_round_trips():
    head = Head(OTHER.name, 128, ROOT)
    assert head.text() == f"tally/other\n128\n{to_base64(ROOT)}\n"
    assert open_checkpoint(OTHER.sign(head.text()), [OTHER.verifier]) == head
    assert parse_head(head.text() + "an extension\n") == head


@pytest.mark.parametrize(
    "text",
    [
        "tally/other\n128\n",
        f"\n128\n{to_base64(ROOT)}\n",
        f"tally/other\n0128\n{to_base64(ROOT)}\n",
        f"tally/other\n-1\n{to_base64(ROOT)}\n",
        f"tally/other\n１２\n{to_base64(ROOT)}\n",
        f"tally/other\n128\n{to_base64(ROOT[1:])}\n",
        f"tally/other\n128\n{to_base64(ROOT)}\n\nx\n",
        f"tally/other\n{'9' * 30}\n{to_base64(ROOT)}\n",
    ],
)
def test_refuses_a_malformed_checkpoint(text):
    with pytest.raises(NoteError):
        parse_head(text)


def test_refuses_a_checkpoint_of_another_origin():
    note = OTHER.sign(Head("tally/elsewhere", 1, ROOT).text())
    with pytest.raises(NoteError, match="of another ledger"):
        open_checkpoint(note, [OTHER.verifier])
