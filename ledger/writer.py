"""Append to an open ledger: its time, who signs, and the one way in for every event."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from ledger.accounts import account_id
from ledger.appending import append
from ledger.clock import ledger_time, system_time
from ledger.errors import EntriesRefusedError, Refusal
from ledger.reader import LedgerReader
from ledger.receipts import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from eventsourcing.persistence import StoredEvent

    from ledger.account_proofs import AccountKey
    from ledger.accounts import Accounts, AccountState
    from ledger.appending import Decide
    from ledger.events import Event
    from ledger.integrity.head import KeptHead
    from ledger.read_model.read_model import ReadModel
    from ledger.rules import MeasureAt
    from ledger.signing import Signing
    from ledger.state import LedgerState
    from ledger.stores import Store


class LedgerWriter(LedgerReader):
    """An open ledger to append to."""

    def __init__(
        self,
        store: Store,
        measure_at: MeasureAt,
        clock: Callable[[], datetime] = system_time,
        read_model: Callable[[], ReadModel | None] = lambda: None,
        *,
        trust_clock: bool = False,
        head: Callable[[], KeptHead | None] = lambda: None,
        unlock: Callable[[AccountState], AccountKey] | None = None,
    ) -> None:
        """Work on an open store, under the measures that it adopted.

        Args:
            store: where the events are.
            measure_at: gives what rulings and findings are checked against.
            clock: the ledger's own time, in UTC.
            read_model: opens the read model of a large ledger; returns None where there is none, or
                it was given up.
            trust_clock: write even if the clock seems to be wrong.
            head: returns the last acknowledged event, which is kept beside the ledger's key.
            unlock: returns the key by which an account signs what it appends.
        """
        super().__init__(store, read_model)
        self._trust_clock, self._head = trust_clock, cache(head)
        self._measure_at = measure_at
        self._clock, self._unlock_key = clock, unlock

    @cached_property
    def signing(self) -> Signing:
        """The accounts, by which appends are signed."""
        from ledger.signing import Signing  # noqa: PLC0415 - not for reading

        return Signing(self.store, self.position, self._unlock_key)

    def who(self, by: str, topic: str, unit: str | None = None) -> str:
        """Return the name of who appends, as `Signing.who`, if the role allows it.

        Asked before anything is decided, previewed or unlocked.

        Args:
            by: the name as it was typed.
            topic: of an event that is appended.
            unit: the unit of an objection.

        Raises:
            EntriesRefusedError: the name is not valid, of no open account, or the account may not.
        """
        name = self.signing.who(by)
        account = self.signing.accounts().get(account_id(name))
        if account is not None:
            from ledger.account_proofs import rights_problem  # noqa: PLC0415 - with accounts

            problem = rights_problem(account, topic, unit)
            if problem is not None:
                raise EntriesRefusedError([Refusal(problem, "by", code="account")])
        return name

    def append_made(self, make: Callable[[datetime], Sequence[StoredEvent]], by: str) -> Receipt:
        """Append what is made of the time; see `ledger/integrity/accepting.py`."""
        return self._append(
            lambda state: (make(self._now(state)), Receipt()),
            self.asides.state,  # however damaged: it may be what was lost
            by=by,
            head=None,
        )

    def change_account(
        self,
        make: Callable[[Accounts, datetime], tuple[str, Event]],
        by: str,
        founder: AccountState | None = None,
    ) -> int:
        """Append what is made of the accounts and the time; see `ledger/account_changes.py`.

        Returns:
            The position of this event; its signature follows.
        """

        def decide(state: LedgerState) -> tuple[Sequence[StoredEvent], Receipt]:
            from ledger.batch import stored_after  # noqa: PLC0415 - not for reading

            name, event = make(state.accounts, self._now(state))
            # Rows that no account signed have versions too.
            taken = (row.originator_version for row in self.store.raw_of(name))
            return [stored_after(name, taken, event)], Receipt(entries=[name])

        def know() -> LedgerState:
            state = self.asides.state()
            state.accounts = dict(self.signing.accounts(state.position))
            return state

        return self._append(decide, know, by=by, founder=founder).position - 1

    def _now(self, state: LedgerState) -> datetime:
        """Return the ledger's time, which never runs backwards, so that positions follow it.

        Raises:
            ClockError: the clock is plainly wrong, or was when the last event was recorded.
        """
        now, last = self._clock(), state.last_at
        if self._trust_clock:
            return now if last is None else max(now, last)
        return ledger_time(now, last, self.store.time)

    def _append_one(
        self, name: str, make: Callable[[LedgerState, datetime], StoredEvent], by: str
    ) -> Receipt:
        """Append the row that is made of the newest state of the stream `name` and of the time."""
        return self._append(
            lambda state: ([make(state, self._now(state))], Receipt(entries=[name])),
            lambda: self.state_of([name]),
            by=by,
        )

    def _append(
        self,
        decide: Decide,
        know: Callable[[], LedgerState] | None = None,
        *,
        by: str,
        founder: AccountState | None = None,
        dry_run: bool = False,
        **terms: Any,
    ) -> Receipt:
        """Append what `by` decides on the newest state, or on what is known; see `append`."""
        if not dry_run:
            # Before anything is decided: a person may be asked for a passphrase.
            self.signing.unlock(by)

        def finished(state: LedgerState) -> tuple[Sequence[StoredEvent], Receipt]:
            from ledger.setting_aside import renumbered  # noqa: PLC0415 - not for reading

            events, receipt = decide(state)
            events = renumbered(events, self.asides)
            if not dry_run:
                events = self.signing.signed(events, state.position, by, founder)
            return events, receipt

        know = self.state if know is None else know
        terms.setdefault("head", self._head())
        return append(self.store, finished, know, dry_run=dry_run, **terms)
