"""Sign appends: from the first account on, each append ends with its account's signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, overload

from eventsourcing.persistence import StoredEvent
from msgspec.structs import replace

from ledger import codec
from ledger.account_proofs import RIGHTS, accounts_at, key_id, rights_problem, signed_text
from ledger.accounts import account, account_id, same_person
from ledger.batch import row_of, stored
from ledger.errors import DamagedLedgerError, EntriesRefusedError, Refusal
from ledger.events import ACCOUNT, ASIDE, SIGNED, AppendSigned, ObjectionRaised
from ledger.instants import instant_text
from ledger.integrity.leaves import leaf_hash, leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.message import Message, Series
from ledger.omitting import row_at

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

    def __init__(
        self,
        store: Store,
        position: Callable[[], int],
        unlock: Callable[[AccountState], AccountKey] | None,
    ) -> None:
        """Use an open store.

        Args:
            store: the ledger.
            position: returns its last position, once it has learned what was set aside till then.
            unlock: returns the key of an account; it may ask for a passphrase.
        """
        self._store, self._position, self._unlock = store, position, unlock
        self._keys: dict[str, AccountKey] = {}
        """By public key."""
        self._known: tuple[int, Accounts] | None = None
        """The accounts that were read last, which takes a signature for each, and as of where."""

    def accounts(self, to: int | None = None) -> Accounts:
        """Return the accounts as of a position, by now by default; none: names as typed."""
        position = self._position() if to is None else to
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
        unlock = self._unlock
        self._keys, self._unlock = {key.public: key}, None
        try:
            yield
        finally:
            self._keys, self._unlock = {}, unlock

    def unlock(self, by: str) -> None:
        """Unlock the key of who is about to append, if the ledger has accounts."""
        accounts = self.accounts()
        if accounts:
            self.key(open_account_of(accounts, by))

    def _refuse_unproved(self, events: Sequence[StoredEvent]) -> None:
        """Refuse to append by typed names where there were accounts, but for settings aside.

        Raises:
            DamagedLedgerError: a row is of accounts or a signature, and no account is proved.
        """
        found = [one for prefix in (ACCOUNT, SIGNED) for one in self._store.positions_with(prefix)]
        if found and not all(str(one.originator_id).startswith(ASIDE) for one in events):
            words = Message(
                "it is of an account or a signature, but no account of this ledger is proved, so "
                "nothing is recorded under a typed name"
            )
            raise DamagedLedgerError(min(found), words)

    def _before(self, position: int, *, founding: bool) -> bytes:
        """Return what a signature states of what stands before its append."""
        if founding:
            return root_of(leaf_hashes(self._store, position))
        row = row_at(self._store, position)
        if row is None:
            raise DamagedLedgerError(position, Message("there is no such event"))
        return leaf_hash(row)

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
            DamagedLedgerError: there were accounts, and none is proved.
        """
        if not events:
            return events
        accounts = self.accounts(position)
        if not accounts:
            self._refuse_unproved(events)
            if founder is None:
                return events
        made_by = founder if founder and not accounts else open_account_of(accounts, by)
        first = position + 1
        taken = {row.originator_version for row in self._store.raw_of(f"{SIGNED}{first}")}
        place = _Place(
            first,
            self._before(position, founding=not accounts),
            next(version for version in count(1) if version not in taken),
        )
        return _Signed(events, place, made_by, self.key(made_by))


class _Place(NamedTuple):
    """Where an append comes to stand."""

    first: int
    """Position of its first event."""
    before: bytes
    """What its signature states of what stands before."""
    version: int
    """Of its signature: rows that others put into the stream have versions too."""


class _Signed(Sequence[StoredEvent]):
    """The events of an append, made one by one, and then the signature of them all.

    Iterating raises `EntriesRefusedError` where the account may not append an event.
    """

    def __init__(
        self, events: Sequence[StoredEvent], place: _Place, account: AccountState, key: AccountKey
    ) -> None:
        self._events, self._place, self._account, self._key = events, place, account, key

    def __len__(self) -> int:
        return len(self._events) + 1

    def __iter__(self) -> Iterator[StoredEvent]:
        first, before, version = self._place
        leaves, position = sha256(), first
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
        public = self._account.public
        assert self._key.public == public, "the key is the account's"
        signature = AppendSigned(
            at=at,
            by=self._account.name,
            first=first,
            rows=position - first,
            before=before.hex(),
            leaves=leaves.hexdigest(),
            key=key_id(public),
            signature="",
        )
        signature = replace(signature, signature=self._key.sign(signed_text(signature)))
        yield stored(f"{SIGNED}{first}", version, signature)

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
