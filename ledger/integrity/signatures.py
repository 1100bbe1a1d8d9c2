"""Check who appended: every append since the first account is signed by an account that may."""

from __future__ import annotations

from bisect import bisect_left
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ledger.account_proofs import Append, judged, signature_of
from ledger.accounts import account_id
from ledger.events import ACCOUNT, SIGNED, AccountKeyReset, AccountOpened, ObjectionRaised
from ledger.integrity.findings import CheckFinding, FourEyes
from ledger.integrity.merkle import root_of
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.account_proofs import What
    from ledger.accounts import Accounts
    from ledger.events import AppendSigned, Event
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
        self.accounts: Accounts = {}
        """Those that are proved so far."""
        self._first = 0
        """Position of the first row of an account or a signature; 0 before it."""
        self._start = 0
        """Position of the first event since then that no signature covers yet."""
        self._what: list[What | None] = []
        """Of each event since `_start`; None for one that cannot be read."""
        self._changes: list[StoredRow] = []
        """Those of them in the streams of accounts."""
        self._known: dict[What, What] = {}
        self._asides: set[int] = set()
        self._publics: dict[str, str] = {}
        """By public key, the originator id of the account that had it first."""
        self._appends: list[_Append] = []
        self._unproved: list[tuple[int, int]] = []

    def take(
        self, row: StoredRow, event: Event | None, *, aside: bool = False
    ) -> Iterator[CheckFinding]:
        """Take the next row; yield what is wrong with it.

        Args:
            row: the row; others in between are missing.
            event: its event; None if it cannot be read.
            aside: whether it was set aside.
        """
        position, name = row.position, row.originator_id
        if aside:
            self._asides.add(position)
        if not self._first:
            if aside or not name.startswith((ACCOUNT, SIGNED)):
                return
            self._first = self._start = position
        self._what += [None] * (position - self._start - len(self._what))
        signature = None if aside else signature_of(row)
        if signature is not None:
            yield from self._signed(position, signature)
            self._start, self._what, self._changes = position + 1, [], []
            return
        if isinstance(event, AccountOpened | AccountKeyReset):
            holder = self._publics.setdefault(event.public, name)
            if holder != name:
                words = Message("has the key of {other}; each account has its own", other=holder)
                yield CheckFinding("signature", words, position, name)
        if name.startswith(ACCOUNT) and not aside:
            self._changes.append(row)
        what = None
        if event is not None:
            unit = event.unit if isinstance(event, ObjectionRaised) else None
            what = (row.topic, event.by, unit)
            what = self._known.setdefault(what, what)
        self._what.append(what)

    def _signed(self, position: int, signature: AppendSigned) -> Iterator[CheckFinding]:
        """Check the signature of the events before it."""
        first, last, hashes = signature.first, position - 1, self._hashes
        if signature.rows != position - first or not self._start <= first < position:
            words = Message("is a signature of other positions: it was moved, or rows were")
            yield CheckFinding("signature", words, position)
            yield from self._unsigned(last)
            return
        founding, behind_aside = first == self._first, first - 1 in self._asides
        # By this signature another row stood there, perhaps theirs; else it was never one.
        lost = behind_aside and hashes[first - 2].hex() != signature.before
        yield from self._unsigned(first - 1, lost=lost)
        leaves = sha256(b"".join(hashes[first - 1 : last])).digest()
        # Nothing is proved of what stands beside a damaged row of its append.
        lost = leaves.hex() != signature.leaves and self._asides_in(first, last)
        append = Append(
            signature,
            None if founding or behind_aside else hashes[first - 2],
            None if lost else leaves,
            [what for what in self._what[first - self._start :] if what is not None],
            [row for row in self._changes if row.position >= first],
        )
        known = self.accounts
        self.accounts, problem = judged(known, append, founding=founding)
        if problem is not None:
            yield CheckFinding("signature", problem, position)
        elif lost:
            self._unproved.append((first, last))
        else:
            signer = (known or self.accounts)[account_id(signature.by)]
            self._appends.append(_Append(last, first, account_id(signer.name), signer.public))
        if founding and problem is None and root_of(hashes[: first - 1]).hex() != signature.before:
            if self._asides_in(1, first - 1):
                self._unproved.append((1, first - 1))
                return
            words = Message("other events stood before the first account when it was opened")
            yield CheckFinding("signature", words, position)

    def _asides_in(self, first: int, last: int) -> bool:
        return any(first <= one <= last for one in self._asides)

    def _unsigned(self, last: int, *, lost: bool = False) -> Iterator[CheckFinding]:
        """Report the events from the first that no signature covers up to a position.

        Args:
            last: the position.
            lost: whether they may have had a signature, which was damaged and set aside.
        """
        wrong = [one for one in range(self._start, last + 1) if one not in self._asides]
        if wrong and lost:
            self._unproved.append((wrong[0], wrong[-1]))
        elif wrong:
            words = Message(
                "the events {first}–{last} were appended without a signature of an account",
                first=wrong[0],
                last=wrong[-1],
            )
            yield CheckFinding("signature", words, wrong[0])

    def close(self, store: Store) -> Iterator[CheckFinding]:
        """Report what is left unsigned at the end, and appends by another login."""
        if self._first:
            yield from self._unsigned(self._start + len(self._what) - 1)
        bound = {
            name: one.event.login
            for name, one in self.accounts.items()
            if one.event.login is not None
        }
        appends = [one for one in self._appends if one.account in bound]
        logins = store.sessions([one.last for one in appends]) if appends else {}
        for one in appends:
            login = logins.get(one.last)
            if login is not None and login != bound[one.account]:
                words = Message(
                    "{name} is bound to the login {bound}, but {login} appended this",
                    name=self.accounts[one.account].name,
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
        return FourEyes(proved, verified - proved, len(self.accounts), self._unproved)

    def _append_of(self, position: int) -> _Append | None:
        found = bisect_left(self._appends, (position,))
        append = self._appends[found] if found < len(self._appends) else None
        return append if append is not None and append.first <= position else None
