"""What proves an append: the keys of accounts, their roles, and the signature at its end.

What is signed is bound to its place: the position of the first event, how many there are, the
hashes of their leaves (`ledger/integrity/leaves.py`), and that of the leaf before them. So the
appends are a chain from the first account on.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from ledger import codec
from ledger.accounts import account_id
from ledger.events import (
    ACCOUNT,
    SIGNED,
    AccountClosed,
    AccountKeyReset,
    AccountOpened,
    AppendSigned,
)
from ledger.integrity.leaves import leaf_hash
from ledger.message import Message
from ledger.state import LedgerState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ledger.accounts import Accounts, AccountState
    from ledger.events import Event
    from ledger.stores import Store, StoredRow

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


def signed_text(signature: AppendSigned) -> bytes:
    """Return what an account signs: all that its signature states, one value a line."""
    one = signature
    lines = DOMAIN, one.first, one.rows, one.at, one.by, one.before, one.leaves
    return "".join(f"{line}\n" for line in lines).encode()


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


class Append(NamedTuple):
    """An append as it is stored, to be compared with its signature."""

    signature: AppendSigned
    before: bytes | None
    """Hash of the leaf directly before it; None if that is not compared."""
    leaves: bytes | None
    """SHA-256 over the hashes of its leaves, one after another; None if that is not compared."""
    whats: Collection[What]
    """What its events are, as far as they can be read."""
    changes: Sequence[StoredRow]
    """Its rows in the streams of accounts."""


def judged(known: Accounts, append: Append, *, founding: bool) -> tuple[Accounts, Message | None]:
    """Return the accounts after an append, and why it is not proved; None if it is.

    Whoever appends and whoever checks the ledger both learn here what changes an account: one
    event, alone in its append.

    Args:
        known: the accounts that were proved before it.
        append: the append.
        founding: whether it has the first row of accounts in the ledger: an account may sign for
            itself there.
    """
    signature, whats, after = append.signature, append.whats, known
    if append.changes:
        row = append.changes[0]
        if signature.rows != 1:
            return known, Message("signs what happened to an account together with other events")
        try:
            event = codec.decode(row.topic, row.state)
            after = _accounts_with(known, row, event)
        except codec.UNREADABLE:
            return known, Message("signs what cannot happen to an account")
        whats = [(row.topic, event.by, None)]
    account = (after if founding else known).get(account_id(signature.by))
    problem = _signer_problem(account, signature)
    if account is not None and problem is None:
        problem = _text_problem(account, append) or _rights_problem(account, whats)
    return (after, None) if problem is None else (known, problem)


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


def _text_problem(account: AccountState, append: Append) -> Message | None:
    """Return what of an append is not as the account signed it."""
    signature, before, leaves = append.signature, append.before, append.leaves
    first, last = signature.first, signature.first + signature.rows - 1
    if not verifies(account.public, signed_text(signature), signature.signature):
        return Message("the signature of {name} was forged or changed", name=account.name)
    if before is not None and before.hex() != signature.before:
        return Message(
            "{name} signed the events {first}–{last} behind another event than the one that is "
            "before them: it was changed, or they are of another copy of the ledger",
            name=account.name,
            first=first,
            last=last,
        )
    if leaves is not None and leaves.hex() != signature.leaves:
        return Message(
            "the events {first}–{last} are not those that {name} signed",
            first=first,
            last=last,
            name=account.name,
        )
    return None


def _rights_problem(account: AccountState, whats: Iterable[What]) -> Message | None:
    """Return why an account may not append some events."""
    for topic, by, unit in dict.fromkeys(whats):
        if by != account.name:
            return Message("{name} signed what {by} did", name=account.name, by=by)
        problem = rights_problem(account, topic, unit)
        if problem is not None:
            return problem
    return None


def _accounts_with(known: Accounts, row: StoredRow, event: Event) -> Accounts:
    """Return accounts after an event of one of them, in a new mapping.

    Raises:
        KeyError: it is of something else, or of an account that was never opened.
    """
    name = row.originator_id
    opened = isinstance(event, AccountOpened) and account_id(event.name) == name
    if not opened and not isinstance(event, AccountClosed | AccountKeyReset):
        raise KeyError(name)
    state = LedgerState(accounts=known).branch()
    state.apply(row.position, name, row.originator_version, event)
    return state.accounts


def signature_of(row: StoredRow | None) -> AppendSigned | None:
    """Return the signature that a row holds, whatever its stream; None for another row."""
    if row is None or row.topic != codec.APPEND_SIGNED:
        return None
    try:
        event = codec.decode(row.topic, row.state)
    except codec.UNREADABLE:
        return None
    assert isinstance(event, AppendSigned)
    return event


def accounts_at(store: Store, to: int) -> Accounts:
    """Return the accounts of a ledger as of a position.

    What no account signed that may changes none of them, nor does a row that cannot be read:
    whoever reads the whole ledger reports it. What stood before the first account is compared
    there alone.
    """
    omitted = store.omitted
    rows = [
        row for row in store.raw_with(ACCOUNT) if row.position <= to and row.position not in omitted
    ]
    if not rows or store.positions_with(SIGNED, rows[0].position):
        return {}
    places = {row.position + step for row in rows for step in (-1, 1)}
    around = {row.position: row for row in store.raw_at([*places]) if row.position not in omitted}
    known: Accounts = {}
    for row in rows:
        position, founding = row.position, row is rows[0]
        signature = signature_of(around.get(position + 1))
        if signature is None or (signature.first, signature.rows) != (position, 1):
            continue
        before = None
        if not founding and position - 1 not in omitted:
            before = leaf_hash(around[position - 1]) if position - 1 in around else b""
        leaves = sha256(leaf_hash(row)).digest()
        append = Append(signature, before, leaves, (), [row])
        known, _ = judged(known, append, founding=founding)
    return known


def accounts_since(store: Store, to: int) -> int | None:
    """Return the position of the first account of a ledger as of a position; None without one."""
    opened = (one.opened.position for one in accounts_at(store, to).values())
    return min(opened, default=None)
