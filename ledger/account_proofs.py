"""What proves an append: the keys of accounts, their roles, and the signature at its end.

What is signed is bound to its place: the position of the first event, how many there are, and the
hashes of their leaves (`ledger/integrity/leaves.py`), which contain their positions too.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger import codec
from ledger.accounts import account_id
from ledger.events import ACCOUNT, SIGNED, AppendSigned
from ledger.integrity.leaves import leaf_hash
from ledger.message import Message
from ledger.state import LedgerState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.accounts import Accounts, AccountState
    from ledger.events import Event
    from ledger.stores import Row, Store

    What = tuple[str, str, str | None]
    """Topic and name of an event, and the unit of an objection."""

DOMAIN = "tally.append/1"
"""First line of what is signed; version 1 of this format never changes."""

_VERIFYING = {codec.VERIFIED, codec.EDITION_VERIFIED, codec.RETURNED}
_OF_ACCOUNTS = {codec.ACCOUNT_OPENED, codec.ACCOUNT_CLOSED, codec.ACCOUNT_RESET}
_ANY = frozenset(codec.TYPES) - {codec.APPEND_SIGNED}

RIGHTS = {
    "clerk": _ANY - _VERIFYING - _OF_ACCOUNTS,
    "verifier": _ANY,
    "auditor": frozenset[str](),
    "unit": frozenset({codec.RAISED}),
}
"""By role, the topics of the events that it may append. A unit's objections are of that unit alone;
nobody verifies what they recorded themselves, whatever their role."""


class AccountKey(Struct, frozen=True):
    """The private key of an account."""

    seed: bytes

    def __repr__(self) -> str:
        """Return the public key: the seed is in no traceback."""
        return f"AccountKey({self.public!r})"

    @classmethod
    def make(cls) -> AccountKey:
        """Generate a key."""
        import secrets  # noqa: PLC0415 - only to make a key

        return cls(secrets.token_bytes(32))

    @property
    def public(self) -> str:
        """The public key in hexadecimal."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow

        private = ed25519.Ed25519PrivateKey.from_private_bytes(self.seed)
        return private.public_key().public_bytes_raw().hex()

    def sign(self, text: bytes) -> str:
        """Return the signature of a text (Ed25519, RFC 8032) in hexadecimal."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow

        return ed25519.Ed25519PrivateKey.from_private_bytes(self.seed).sign(text).hex()


def verifies(public: str, text: bytes, signature: str) -> bool:
    """Return whether a public key's owner signed a text."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: str) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of a public key's bytes."""
    return sha256(bytes.fromhex(public)).hexdigest()[:16]


def signed_text(first: int, rows: int, at: str, by: str, leaves: bytes) -> bytes:
    """Return what the account signs: one value a line.

    Args:
        first: position of the first event of the append.
        rows: number of its events.
        at: the time of the signature, as stored.
        by: the account's name.
        leaves: SHA-256 over the hashes of the events' leaves, one after another.
    """
    return f"{DOMAIN}\n{first}\n{rows}\n{at}\n{by}\n{leaves.hex()}\n".encode()


def rights_problem(account: AccountState, topic: str, unit: str | None) -> Message | None:
    """Return why an account may not append an event; None if it may.

    Args:
        account: the account.
        topic: the event's topic.
        unit: the unit of an objection.
    """
    role = account.event.role
    if topic not in RIGHTS[role]:
        what = codec.TYPES[topic].NAME if topic in codec.TYPES else topic
        return Message(
            "{name} has the role {role}, which appends no event “{what}”",
            name=account.name,
            role=role,
            what=what,
        )
    if role == "unit" and unit != account.event.unit:
        return Message(
            "{name} objects for the unit {own} and not for {unit}",
            name=account.name,
            own=account.event.unit,
            unit=unit,
        )
    return None


def append_problem(
    accounts: Accounts, signature: AppendSigned, leaves: bytes, whats: Iterable[What]
) -> Message | None:
    """Return why an append is not proved to be made by an account that may; None if it is.

    Args:
        accounts: those that were proved before it.
        signature: its last event.
        leaves: SHA-256 over the hashes of the leaves of its other events.
        whats: what these are.
    """
    by = signature.by
    account = accounts.get(account_id(by))
    problem = _signer_problem(account, signature)
    if account is None or problem is not None:
        return problem
    text = signed_text(signature.first, signature.rows, signature.at, by, leaves)
    if not verifies(account.public, text, signature.signature):
        return Message(
            "the signature of {name} is not that of the events {first}–{last}: it was forged, or "
            "they were changed",
            name=by,
            first=signature.first,
            last=signature.first + signature.rows - 1,
        )
    for topic, who, unit in dict.fromkeys(whats):
        if who != by:
            return Message("{name} signed what {by} did", name=by, by=who)
        problem = rights_problem(account, topic, unit)
        if problem is not None:
            return problem
    return None


def _signer_problem(account: AccountState | None, signature: AppendSigned) -> Message | None:
    """Return why an account may sign nothing, or not with this key."""
    name = signature.by
    if account is None or account.name != name:
        return Message("is signed by {name}, which is no account", name=name)
    if account.closed is not None:
        return Message(
            "is signed by {name}, which was closed at position {position}",
            name=name,
            position=account.closed.position,
        )
    if signature.key != key_id(account.public):
        return Message("is signed by another key than that of {name}", name=name)
    return None


def accounts_with(known: Accounts, row: Row, event: Event) -> Accounts:
    """Return accounts after an event of one of them, in a new mapping.

    Raises:
        KeyError: it happened to an account that was never opened.
    """
    state = LedgerState(accounts=known).branch()
    state.apply(row[0], row[1], row[2], event)
    return state.accounts


def judges(known: Accounts, after: Accounts) -> Accounts:
    """Return the accounts that may sign an event of an account: those before it.

    The first account signs its own opening.
    """
    return known or after


def accounts_at(store: Store, to: int) -> Accounts:
    """Return the accounts of a ledger as of a position.

    What no account signed that may changes none of them, nor does a row that cannot be read:
    whoever reads the whole ledger reports it.
    """
    rows = [row for row in store.raw_with(ACCOUNT) if row.position <= to]
    signatures = {
        row[1]: row[4] for row in store.rows_of([f"{SIGNED}{row[0]}" for row in rows], to)
    }
    known: Accounts = {}
    for row in rows:
        if row.position in store.omitted:
            continue
        try:
            event = codec.decode(row.topic, row.state)
            signature = codec.decode(codec.APPEND_SIGNED, signatures[f"{SIGNED}{row.position}"])
            after = accounts_with(known, row, event)
        except codec.UNREADABLE:
            continue
        leaves = sha256(leaf_hash(row)).digest()
        what = row.topic, event.by, None
        assert isinstance(signature, AppendSigned)
        sound = (signature.first, signature.rows) == (row.position, 1)
        if sound and append_problem(judges(known, after), signature, leaves, [what]) is None:
            known = after
    return known
