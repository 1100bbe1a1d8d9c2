"""Sign and verify notes (c2sp.org/signed-note) with Ed25519 (RFC 8032)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from ledger.integrity.errors import NoteError
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterable

ED25519 = b"\x01"
"""Signature type (c2sp.org/signed-note, "Signature types")."""

LONGEST = 100_000
"""Bytes of a note at most."""

MOST_SIGNATURES = 64
KEY_SIZE, ID_SIZE = 32, 4
_DASH = "\N{EM DASH} "
_SECRET = "PRIVATE+KEY"  # noqa: S105 - a prefix, not a key


def to_base64(data: bytes) -> str:
    """Encode bytes in base64 (RFC 4648 §4)."""
    return base64.b64encode(data).decode()


def from_base64(text: str, length: int | None = None) -> bytes:
    """Decode base64 (RFC 4648 §4) in its canonical form.

    Raises:
        NoteError: it is malformed, empty, or not of `length` bytes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or to_base64(data) != text or length not in {None, len(data)}:
        raise NoteError(
            Message(
                "{text!r} is not base64 of {length} bytes",
                text=text[:100],
                length=length or Message("one or more"),
            )
        )
    return data


def _key_name(name: str) -> str:
    """Return a valid name of a key: no Unicode spaces, control characters or plus, not empty."""
    if not name or "+" in name or any(ch.isspace() or ord(ch) < ord(" ") for ch in name):
        raise NoteError(
            Message(
                "{name!r} is not a valid name of a key: it is empty or has a space or a plus",
                name=name,
            )
        )
    return name


def _key_id(name: str, public: bytes) -> bytes:
    """Return SHA-256(key name || 0x0A || 0x01 || public key)[:4]."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:ID_SIZE]


class Verifier(Struct, frozen=True):
    """A public key with its name."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that distinguish keys of one name."""
        return _key_id(self.name, self.public)

    def short(self) -> str:
        """Return name and id, by which a person compares keys: `<name>+<key id in hex>`."""
        return f"{self.name}+{self.key_id.hex()}"

    def __str__(self) -> str:
        """Return the vkey: `<name>+<key id in hex>+<base64 of 0x01 and the key>`."""
        return f"{self.short()}+{to_base64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Parse a vkey; raise `NoteError` if it is malformed."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        data = from_base64(encoded, 1 + KEY_SIZE)
        found = cls(_key_name(name), data[1:])
        if data[:1] != ED25519 or found.key_id.hex() != key_id:
            raise NoteError(Message("{text!r} is not a verifier key of Ed25519", text=text[:200]))
        return found

    def verifies(self, text: str, signature: bytes) -> bool:
        """Return whether this key made the signature of the text."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow to import
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class Signer(Struct, frozen=True):
    """A private key with its name."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        """Return the name alone: the seed is in no traceback."""
        return f"Signer({self.name!r})"

    @classmethod
    def make(cls, name: str) -> Signer:
        """Generate a key."""
        import secrets  # noqa: PLC0415 - only to make a key

        return cls(_key_name(name), secrets.token_bytes(KEY_SIZE))

    @property
    def verifier(self) -> Verifier:
        """Return the public key."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        private = ed25519.Ed25519PrivateKey.from_private_bytes(self.seed)
        return Verifier(self.name, private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return the signed note of a text."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        _check_text(text)
        signature = ed25519.Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{text}\n{_DASH}{self.name} {to_base64(self.verifier.key_id + signature)}\n"

    def secret(self) -> str:
        """Return the key file: `PRIVATE+KEY+<name>+<key id>+<base64 of 0x01 and the seed>`."""
        return "+".join(
            (_SECRET, self.name, self.verifier.key_id.hex(), to_base64(ED25519 + self.seed))
        )

    @classmethod
    def parse(cls, text: str) -> Signer:
        """Parse a key file; raise `NoteError`, which does not repeat it, if it is malformed."""
        try:
            private, key, name, key_id, encoded = text.split("+", 4)
            data = from_base64(encoded, 1 + KEY_SIZE)
            found = cls(_key_name(name), data[1:])
            honest = f"{private}+{key}" == _SECRET and data[:1] == ED25519
            if honest and found.verifier.key_id.hex() == key_id:
                return found
        except (ValueError, NoteError):
            pass
        raise NoteError(Message("it is not a private key of signed notes"))


class Signature(NamedTuple):
    """One signature of a note."""

    name: str
    key_id: bytes
    signature: bytes


class Note(NamedTuple):
    """A text with its signatures, not yet verified."""

    text: str
    signatures: tuple[Signature, ...]


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(ch < " " and ch != "\n" for ch in text):
        raise NoteError(
            Message(
                "is not a note: a note is text without control characters that ends in a newline"
            )
        )


def parse_note(raw: bytes) -> Note:
    """Parse a note (c2sp.org/signed-note, "Format"): text, a blank line, signatures.

    Raises:
        NoteError: it is malformed.
    """
    if len(raw) > LONGEST:
        raise NoteError(
            Message("is longer than the {most:,} bytes that a note may have", most=LONGEST)
        )
    try:
        whole = raw.decode()
    except UnicodeDecodeError:
        raise NoteError(Message("is not UTF-8")) from None
    _check_text(whole)
    text, blank, below = whole.rpartition("\n\n")
    lines = below.splitlines() if blank else []
    if not 0 < len(lines) <= MOST_SIGNATURES or below != "".join(f"{line}\n" for line in lines):
        raise NoteError(
            Message("is not a signed note: a blank line and signatures must follow the text")
        )
    return Note(text + "\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH):
        raise NoteError(Message("{line!r} is not a signature line", line=line[:100]))
    data = from_base64(encoded)
    if len(data) <= ID_SIZE:
        raise NoteError(Message("{line!r} has no signature", line=line[:100]))
    return Signature(_key_name(name), data[:ID_SIZE], data[ID_SIZE:])


def open_note(raw: bytes, verifiers: Iterable[Verifier]) -> str:
    """Verify a note and return its text (c2sp.org/signed-note, "Signatures").

    Signatures of unknown keys are ignored; a wrong one of a known key invalidates the note.

    Raises:
        NoteError: the note is malformed, or no known key signed it.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    note, signed = parse_note(raw), False
    for name, key_id, signature in note.signatures:
        verifier = known.get((name, key_id))
        if verifier is None:
            continue
        if not verifier.verifies(note.text, signature):
            raise NoteError(Message("the signature of {name} is wrong", name=name))
        signed = True
    if not signed:
        names = Series(f"{name}+{key_id.hex()}" for name, key_id, _ in note.signatures)
        raise NoteError(Message("is signed by {names} and by none of the known keys", names=names))
    return note.text
