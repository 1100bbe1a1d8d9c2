"""Sign appends: from the first account on, each append ends with its account's signature.

What is signed is bound to its place: the position of the first event, how many there are, and the
hashes of their leaves (`ledger/integrity/leaves.py`), which contain their positions too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, overload

from eventsourcing.persistence import StoredEvent
from msgspec import Struct

from ledger import codec
from ledger.accounts import account, account_id, same_person
from ledger.batch import row_of, stored
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import ACCOUNT, SIGNED, AppendSigned, ObjectionRaised
from ledger.instants import instant_text
from ledger.integrity.leaves import leaf_hash
from ledger.message import Message, Series
from ledger.state import LedgerState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.accounts import Accounts, AccountState
    from ledger.stores import Store

DOMAIN = "tally.append/1"
"""First line of what is signed; version 1 of this format never changes."""

_VERIFYING = {codec.VERIFIED, codec.EDITION_VERIFIED}
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


def accounts_at(store: Store, to: int) -> Accounts:
    """Return the accounts of a ledger as of a position.

    A row that cannot be read gives no rights: whoever reads the whole ledger reports it.
    """
    known = LedgerState()
    for row in store.raw_with(ACCOUNT):
        if row.position > to or row.position in store.omitted:
            continue
        try:
            event = codec.decode(row.topic, row.state)
            known.apply(row.position, row.originator_id, row.originator_version, event)
        except codec.UNREADABLE:
            continue
    return known.accounts


def _refused(words: Message) -> EntriesRefusedError:
    return EntriesRefusedError([Refusal(words, "by", code="account")])


def open_account_of(accounts: Accounts, by: str) -> AccountState:
    """Return the open account of a name, however it is spelled.

    Raises:
        EntriesRefusedError: there is none.
    """
    found = accounts.get(account_id(by))
    if found is None:
        names = Series(one.name for one in accounts.values() if one.closed is None)
        raise _refused(
            Message("{by} is no account of this ledger; one of {names}", by=by, names=names)
        )
    if found.closed is not None:
        raise _refused(
            Message(
                "the account {name} was closed at position {position}",
                name=found.name,
                position=found.closed.position,
            )
        )
    return found


class Signing:
    """The accounts of a ledger, and the keys that sign what they append."""

    def __init__(self, store: Store, unlock: Callable[[AccountState], AccountKey] | None) -> None:
        """Use an open store.

        Args:
            store: the ledger.
            unlock: returns the key of an account; it may ask for a passphrase.
        """
        self._store, self._unlock = store, unlock
        self._keys: dict[str, AccountKey] = {}
        """By public key."""

    def accounts(self, to: int | None = None) -> Accounts:
        """Return the accounts as of a position, by now by default; none: names as typed."""
        return accounts_at(self._store, self._store.position() if to is None else to)

    def who(self, by: str) -> str:
        """Return the name of who acts: validated, and of an account as it was opened.

        Raises:
            EntriesRefusedError: the name is not valid, or of no open account.
        """
        name, accounts = account(by, "by"), self.accounts()
        return open_account_of(accounts, name).name if accounts else name

    def at_once(self, by: str, verify_by: str) -> str:
        """Return the validated name of who verifies what `by` records in the same append.

        Raises:
            EntriesRefusedError: it is the same person, or the ledger has accounts.
        """
        verify_by = account(verify_by, "verify_by")
        words = None
        if self.accounts():
            words = Message(
                "this ledger has accounts, and each signs its own append: import without it; then "
                "{verify_by} runs `tally verify --import N --by {verify_by}`",
                verify_by=verify_by,
            )
        elif same_person(by, verify_by):
            words = Message(
                "{verify_by} cannot verify what {by} records", verify_by=verify_by, by=by
            )
        if words is not None:
            raise EntriesRefusedError([Refusal(words, "verify_by")])
        return verify_by

    def key(self, account: AccountState) -> AccountKey:
        """Return the key of an account, unlocked once.

        Raises:
            EntriesRefusedError: there is no way to unlock it here.
            KeyFileError: it cannot be unlocked.
        """
        if account.public not in self._keys:
            if self._unlock is None:
                raise _refused(Message("there is no key here that signs for {by}", by=account.name))
            self._keys[account.public] = self._unlock(account)
        return self._keys[account.public]

    def keep(self, key: AccountKey) -> None:
        """Keep the key of an account that is about to be opened."""
        self._keys[key.public] = key

    def unlock(self, by: str) -> None:
        """Unlock the key of who is about to append, if the ledger has accounts."""
        accounts = self.accounts()
        if accounts:
            self.key(open_account_of(accounts, by))

    def signed(
        self, events: Sequence[StoredEvent], position: int, by: str, founder: AccountState | None
    ) -> Sequence[StoredEvent]:
        """Return the events of one append with its signature; as they are without accounts.

        Args:
            events: what is appended.
            position: the ledger's last position.
            by: who appends.
            founder: the first account, which these events open; `key` knows its key.

        Raises:
            EntriesRefusedError: `by` is no open account any more.
        """
        accounts = self.accounts(position)
        if not events or not (accounts or founder):
            return events
        made_by = founder if founder and not accounts else open_account_of(accounts, by)
        return _Signed(events, position + 1, made_by, self.key(made_by))


class _Signed(Sequence[StoredEvent]):
    """The events of an append, made one by one, and then the signature of them all.

    Iterating raises `EntriesRefusedError` where the account may not append an event.
    """

    def __init__(
        self, events: Sequence[StoredEvent], first: int, account: AccountState, key: AccountKey
    ) -> None:
        self._events, self._first, self._account, self._key = events, first, account, key

    def __len__(self) -> int:
        return len(self._events) + 1

    def __iter__(self) -> Iterator[StoredEvent]:
        first, leaves, position = self._first, sha256(), self._first
        allowed, update = self._allowed(), leaves.update
        at = ""
        for event in self._events:
            if event.topic not in allowed:
                self._refuse(event)
            row = row_of(position, event)
            at = at or instant_text(codec.recorded_at(row))
            update(leaf_hash(row))
            position += 1
            yield event
        by, rows = self._account.name, position - first
        text = signed_text(first, rows, at, by, leaves.digest())
        public = self._account.key_for(first)
        assert self._key.public == public, "the key is the account's"
        signature = AppendSigned(
            at=at, by=by, first=first, rows=rows, key=key_id(public), signature=self._key.sign(text)
        )
        yield stored(f"{SIGNED}{first}", 1, signature)

    def _allowed(self) -> Iterable[str]:
        # Of a unit's events each is looked into.
        role = self._account.event.role
        return frozenset[str]() if role == "unit" else RIGHTS[role]

    def _refuse(self, event: StoredEvent) -> None:
        found = codec.decode(event.topic, event.state)
        unit = found.unit if isinstance(found, ObjectionRaised) else None
        problem = rights_problem(self._account, event.topic, unit)
        if problem is not None:
            raise _refused(problem)

    @overload
    def __getitem__(self, index: int) -> StoredEvent: ...
    @overload
    def __getitem__(self, index: slice) -> list[StoredEvent]: ...
    def __getitem__(self, index: int | slice) -> StoredEvent | list[StoredEvent]:
        """Return one of them, at the cost of making and signing all."""
        return list(self)[index]
