"""Sign appends: from the first account on, each append ends with its account's signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, overload

from eventsourcing.persistence import StoredEvent

from ledger import codec
from ledger.account_proofs import RIGHTS, accounts_at, key_id, rights_problem, signed_text
from ledger.accounts import account, account_id, same_person
from ledger.batch import row_of, stored
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import SIGNED, AppendSigned, ObjectionRaised
from ledger.instants import instant_text
from ledger.integrity.leaves import leaf_hash
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.account_proofs import AccountKey
    from ledger.accounts import Accounts, AccountState
    from ledger.stores import Store


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
        self._known: tuple[int, Accounts] | None = None
        """The accounts that were read last, which takes a signature for each, and as of where."""

    def accounts(self, to: int | None = None) -> Accounts:
        """Return the accounts as of a position, by now by default; none: names as typed."""
        position = self._store.position() if to is None else to
        if self._known is None or self._known[0] != position:
            self._known = position, accounts_at(self._store, position)
        return self._known[1]

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

    @contextmanager
    def lent(self, key: AccountKey) -> Iterator[None]:
        """Sign with a key within a block alone, and with no other."""
        self._keys = {key.public: key}
        try:
            yield
        finally:
            self._keys = {}

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
        public = self._account.public
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
