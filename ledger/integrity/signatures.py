"""Check who appended: every append since the first account is signed by an account that may."""

from __future__ import annotations

from bisect import bisect_left
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ledger.accounts import account_id
from ledger.events import AccountKeyReset, AccountOpened, AppendSigned, ObjectionRaised
from ledger.integrity.findings import CheckFinding, FourEyes
from ledger.message import Message
from ledger.signing import key_id, rights_problem, signed_text, verifies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.accounts import Accounts, AccountState
    from ledger.events import Event
    from ledger.state import LedgerState
    from ledger.stores import Store

    What = tuple[str, str, str | None]
    """Topic and name of an event, and the unit of an objection."""


class _Append(NamedTuple):
    """An append whose signature was proved."""

    last: int
    """Position of its last event before the signature."""
    first: int
    account: str
    key: str


class Signatures:
    """Follows the rows of a ledger in order, beside the fold of its events."""

    def __init__(self, accounts: Accounts, hashes: Sequence[bytes]) -> None:
        """Begin before the first row.

        Args:
            accounts: those of the fold, which is always one row ahead.
            hashes: of the leaves by position, which grow with the rows.
        """
        self._accounts, self._hashes = accounts, hashes
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
        self, position: int, name: str, topic: str, event: Event | None, *, aside: bool = False
    ) -> Iterator[CheckFinding]:
        """Take the next row; yield what is wrong with it.

        Args:
            position: its position; rows in between are missing.
            name: its originator id.
            topic: its topic.
            event: its event, which was folded; None if it cannot be read.
            aside: whether it was set aside.
        """
        if aside:
            self._asides.add(position)
        if not self._start and not self._accounts:
            return
        self._start = self._start or position
        self._what += [None] * (position - self._start - len(self._what))
        if isinstance(event, AppendSigned):
            yield from self._signed(position, event)
            self._start, self._what = position + 1, []
            return
        if isinstance(event, AccountOpened | AccountKeyReset):
            holder = self._publics.setdefault(event.public, name)
            if holder != name:
                words = Message("has the key of {other}; each account has its own", other=holder)
                yield CheckFinding("signature", words, position, name)
        what = None
        if event is not None:
            unit = event.unit if isinstance(event, ObjectionRaised) else None
            what = (topic, event.by, unit)
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
        account = self._accounts.get(account_id(event.by))
        problem = self._account_problem(account, event)
        if problem is None and account is not None:
            leaves = sha256(b"".join(self._hashes[first - 1 : position - 1])).digest()
            text = signed_text(first, event.rows, event.at, event.by, leaves)
            if not verifies(account.key_for(first), text, event.signature):
                if self._asides.isdisjoint(range(first, position)):
                    words = Message(
                        "the signature of {name} is not that of the events {first}–{last}: it was "
                        "forged, or they were changed",
                        name=event.by,
                        first=first,
                        last=position - 1,
                    )
                    yield CheckFinding("signature", words, position)
                # Else nothing is proved of what stood beside the damaged row.
                return
            problem = self._rights_problem(account, self._what[first - self._start :])
        if problem is not None:
            yield CheckFinding("signature", problem, position)
        elif account is not None:
            known = account_id(account.name), account.key_for(first)
            self._appends.append(_Append(position - 1, first, *known))

    def _account_problem(self, account: AccountState | None, event: AppendSigned) -> Message | None:
        first = event.first
        if account is None or account.name != event.by:
            return Message("is signed by {name}, which is no account", name=event.by)
        founder = min(one.opened.position for one in self._accounts.values())
        if account.opened.position >= first > founder:
            return Message("is signed by {name}, which was opened later", name=event.by)
        if account.closed is not None and account.closed.position < first:
            return Message(
                "is signed by {name}, which was closed at position {position}",
                name=event.by,
                position=account.closed.position,
            )
        if event.key != key_id(account.key_for(first)):
            return Message("is signed by another key than that of {name}", name=event.by)
        return None

    def _rights_problem(
        self, account: AccountState, whats: Sequence[What | None]
    ) -> Message | None:
        for what in dict.fromkeys(whats):
            if what is None:
                continue
            topic, by, unit = what
            if by != account.name:
                return Message("{name} signed what {by} did", name=account.name, by=by)
            problem = rights_problem(account, topic, unit)
            if problem is not None:
                return problem
        return None

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
