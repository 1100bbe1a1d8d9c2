"""Find the signatures of the appends in which events are, with what verifies them elsewhere."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from ledger.account_proofs import signature_of
from ledger.accounts import account_id
from ledger.events import ACCOUNT, SIGNED
from ledger.integrity.proof import NotProvableError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.stores import Store, StoredRow


class SignedAppend(NamedTuple):
    """An append by its signature."""

    row: StoredRow
    """The signature, directly behind the events that it signs."""
    first: int
    by: str
    """The originator id of the account."""


class AppendProofs:
    """The signatures of a ledger with accounts up to a position."""

    def __init__(self, store: Store, to: int) -> None:
        """Read all signatures up to a position, which is the end of an append."""
        self._by_first: dict[int, SignedAppend] = {}
        for row in store.raw_with(SIGNED):
            found = signature_of(row)
            if found is not None and row.position == found.first + found.rows <= to:
                by = account_id(found.by)
                self._by_first[found.first] = SignedAppend(row, found.first, by)
        self._firsts = sorted(self._by_first)
        self._of_accounts = [
            row
            for row in store.raw_with(ACCOUNT)
            if row.position in self._by_first and self._by_first[row.position].row.position <= to
        ]

    def covering(
        self, positions: Iterable[int], to: int
    ) -> tuple[list[SignedAppend], list[StoredRow]]:
        """Return the appends in which events are, and the rows of the accounts that signed them.

        The appends that opened or changed these accounts are among them, up to the first account.

        Args:
            positions: of the events; those before the first account have no signature.
            to: the last position of what happened to accounts.

        Raises:
            NotProvableError: an event after the first account has no signature.
        """
        if not self._of_accounts:
            return [], []
        founding = self._of_accounts[0].position
        rows = [row for row in self._of_accounts if row.position <= to]
        appends = {one.first: one for one in map(self._around, positions) if one.first >= founding}
        accounts, left = set[str](), [self._of_accounts[0].originator_id]
        left += [one.by for one in appends.values()]
        while left:
            account = left.pop()
            if account in accounts:
                continue
            accounts.add(account)
            for row in rows:
                if row.originator_id == account:
                    append = appends[row.position] = self._by_first[row.position]
                    left.append(append.by)
        found = [row for row in rows if row.originator_id in accounts]
        return sorted(appends.values(), key=lambda one: one.first), found

    def _around(self, position: int) -> SignedAppend:
        """Return the append in which an event is; an empty one for events before all accounts."""
        place = bisect_right(self._firsts, position)
        found = self._by_first[self._firsts[place - 1]] if place else None
        if found is not None and position <= found.row.position:
            return found
        if position < self._of_accounts[0].position:
            return SignedAppend(self._of_accounts[0], 0, "")
        raise NotProvableError(
            Message(
                "the event at position {position} was appended without a signature of an account; "
                "run `tally check`",
                position=position,
            )
        )
