"""Check who appended: every append since the first account is signed by an account that may."""

from __future__ import annotations

from bisect import bisect_left
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ledger.account_proofs import accounts_with, append_problem, judges
from ledger.accounts import account_id
from ledger.events import (
    AccountClosed,
    AccountKeyReset,
    AccountOpened,
    AppendSigned,
    ObjectionRaised,
)
from ledger.integrity.findings import CheckFinding, FourEyes
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.account_proofs import What
    from ledger.accounts import Accounts
    from ledger.events import Event
    from ledger.state import LedgerState
    from ledger.stores import Store, StoredRow


class _Append(NamedTuple):
    """An append whose signature was proved."""

    last: int
    """Position of its last event before the signature."""
    first: int
    account: str
    key: str


class Signatures:
    """Follows the rows of a ledger in order, beside the fold of its events."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        """Begin before the first row.

        Args:
            hashes: of the leaves by position, which grow with the rows.
        """
        self._hashes = hashes
        self._accounts: Accounts = {}
        """Those that are proved so far."""
        self._changes: list[tuple[StoredRow, Event]] = []
        """What happened to accounts since the last signature."""
        self._start = 0
        """Position of the first event that no signature covers yet; 0 before the first account."""
        self._what: list[What | None] = []
        """Of each event since then; None for one that cannot be read."""
        self._known: dict[What, What] = {}
        self._asides: set[int] = set()
        self._publics: dict[str, str] = {}
        """By public key, the originator id of the account that had it first."""
        self._appends: list[_Append] = []

    def take(
        self, row: StoredRow, event: Event | None, *, aside: bool = False
    ) -> Iterator[CheckFinding]:
        """Take the next row; yield what is wrong with it.

        Args:
            row: the row; others in between are missing.
            event: its event; None if it cannot be read.
            aside: whether it was set aside.
        """
        position = row.position
        if aside:
            self._asides.add(position)
        if not self._start and not isinstance(event, AccountOpened | AppendSigned):
            return
        self._start = self._start or position
        self._what += [None] * (position - self._start - len(self._what))
        if isinstance(event, AppendSigned):
            yield from self._signed(position, event)
            self._start, self._what, self._changes = position + 1, [], []
            return
        if isinstance(event, AccountOpened | AccountKeyReset):
            holder = self._publics.setdefault(event.public, row.originator_id)
            if holder != row.originator_id:
                words = Message("has the key of {other}; each account has its own", other=holder)
                yield CheckFinding("signature", words, position, row.originator_id)
        if isinstance(event, AccountOpened | AccountKeyReset | AccountClosed):
            self._changes.append((row, event))
        what = None
        if event is not None:
            unit = event.unit if isinstance(event, ObjectionRaised) else None
            what = (row.topic, event.by, unit)
            what = self._known.setdefault(what, what)
        self._what.append(what)

    def _signed(self, position: int, event: AppendSigned) -> Iterator[CheckFinding]:
        """Check the signature of the events before it."""
        first = event.first
        if event.rows != position - first or not self._start <= first < position:
            words = Message("is a signature of other positions: it was moved, or rows were")
            yield CheckFinding("signature", words, position)
            yield from self._unsigned(position - 1)
            return
        yield from self._unsigned(first - 1)
        after = self._accounts
        for row, change in self._changes:
            if row.position >= first:
                with suppress(KeyError):  # the fold reports it
                    after = accounts_with(after, row, change)
        leaves = sha256(b"".join(self._hashes[first - 1 : position - 1])).digest()
        whats = [what for what in self._what[first - self._start :] if what is not None]
        problem = append_problem(judges(self._accounts, after), event, leaves, whats)
        if problem is None:
            signer = judges(self._accounts, after)[account_id(event.by)]
            known = account_id(signer.name), signer.public
            self._appends.append(_Append(position - 1, first, *known))
            self._accounts = after
        elif self._asides.isdisjoint(range(first, position)):
            # Else nothing is proved of what stood beside the damaged row.
            yield CheckFinding("signature", problem, position)

    def _unsigned(self, last: int) -> Iterator[CheckFinding]:
        """Report the events from the first that no signature covers up to a position."""
        first = self._start
        # Of a row that was set aside nobody knows whether it was their signature.
        if first > last or last in self._asides:
            return
        wrong = [one for one in range(first, last + 1) if one not in self._asides]
        words = Message(
            "the events {first}–{last} were appended without a signature of an account",
            first=wrong[0],
            last=wrong[-1],
        )
        yield CheckFinding("signature", words, wrong[0])

    def close(self, store: Store) -> Iterator[CheckFinding]:
        """Report what is left unsigned at the end, and appends by another login."""
        if self._start:
            yield from self._unsigned(self._start + len(self._what) - 1)
        bound = {
            name: one.event.login
            for name, one in self._accounts.items()
            if one.event.login is not None
        }
        appends = [one for one in self._appends if one.account in bound]
        logins = store.sessions([one.last for one in appends]) if appends else {}
        for one in appends:
            login = logins.get(one.last)
            if login is not None and login != bound[one.account]:
                words = Message(
                    "{name} is bound to the login {bound}, but {login} appended this",
                    name=self._accounts[one.account].name,
                    bound=bound[one.account],
                    login=login,
                )
                yield CheckFinding("signature", words, one.first)

    def four_eyes(self, state: LedgerState) -> FourEyes:
        """Count the verified entries of a state by what proves their recorder and verifier."""
        proved = verified = 0
        for one in state.entries.values():
            if one.verified is None:
                continue
            verified += 1
            recorder = self._append_of(one.recorded.position)
            verifier = self._append_of(one.verified.position)
            if recorder is None or verifier is None:
                continue
            proved += recorder.account != verifier.account and recorder.key != verifier.key
        return FourEyes(proved, verified - proved, len(self._accounts))

    def _append_of(self, position: int) -> _Append | None:
        found = bisect_left(self._appends, (position,))
        append = self._appends[found] if found < len(self._appends) else None
        return append if append is not None and append.first <= position else None
