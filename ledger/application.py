"""The one application service that writes: it records, verifies and reads events back."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Literal

from ledger.accounts import account, same_person
from ledger.errors import (
    DamagedLedgerError,
    EntriesRefusedError,
    LedgerMovedError,
    Refusal,
)
from ledger.knowledge import Knowledge
from ledger.receipts import Receipt
from ledger.register import Register
from ledger.replay import recorded_at, replay
from ledger.saying import Said, said_by
from ledger.watching import watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from eventsourcing.persistence import Notification, StoredEvent

    from ledger.door import Measure
    from ledger.events import FiguresPublished, LedgerEvent
    from ledger.intake import Source
    from ledger.register import EntryLife
    from ledger.stores import Row, Store
    from ledger.view.view import View

PAGE = 5_000
"""Events read at a time."""

PATIENCE = 30
"""Seconds for which an append is tried anew after other writers came first."""

_SPACING = 0.05
"""Seconds between two tries, at most."""


class Ledger:
    """An open ledger: entries in, events out. Knows no points."""

    def __init__(
        self,
        store: Store,
        measure: Measure,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        view: Callable[[], View | None] = lambda: None,
    ) -> None:
        """On an open store, under a measure.

        Args:
            store: where the events are.
            measure: what the door asks about rulings and findings.
            clock: the ledger's own time, in UTC.
            view: opens the ledger's view; None where the ledger is small, or has none.
        """
        self.store = store
        self._measure = measure
        self._clock = clock
        self._knowledge = Knowledge(store, view)

    def events(self, after: int = 0, to: int | None = None) -> Iterator[tuple[int, LedgerEvent]]:
        """The events behind a position, in order, up to and with position `to`."""
        from eventsourcing.persistence import MapperDeserialisationError  # noqa: PLC0415

        from ledger.mapper import EventMapper  # noqa: PLC0415 - a replay of rows does without

        recorder, mapper = self.store.recorder, EventMapper()
        while True:
            page: Sequence[Notification] = recorder.select_notifications(after + 1, PAGE, stop=to)
            for notification in page:
                if notification.id != after + 1:
                    raise DamagedLedgerError(after + 1, Said("there is no such event"))
                after = notification.id
                try:
                    event = mapper.to_domain_event(notification)
                except MapperDeserialisationError as error:
                    raise DamagedLedgerError(after, said_by(error)) from error
                yield after, event
            if len(page) < PAGE:
                return

    def position(self) -> int:
        """The ledger's last position, 0 where it is empty."""
        return self.store.position()

    def register(self) -> Register:
        """The lives of all entries, as of now; the same object at every call, caught up."""
        return self._knowledge.whole()

    def register_at(self, position: int) -> Register:
        """The lives of all entries as they were known up to a position."""
        rows = watched(self.store.rows(to=position), Said("replaying"), lambda: position)
        return replay(Register(), rows)

    def life(self, entry_id: str, position: int) -> EntryLife | None:
        """The life of one entry as it was known at a position, read by itself."""
        rows = self.store.rows_of([entry_id], position)
        return replay(Register(), rows, partly=True).get(entry_id)

    def position_at(self, time: datetime) -> int:
        """The position of the last event recorded by a time, 0 for none."""
        low, high = 0, self.position()
        while low < high:
            middle = (low + high + 1) // 2
            at = self._recorded_at(middle)
            low, high = (middle, high) if at <= time else (low, middle - 1)
        return low

    def _recorded_at(self, position: int) -> datetime:
        for row in self.store.rows(position - 1, position):
            return recorded_at(row)
        raise DamagedLedgerError(position, Said("there is no such event"))

    def record(
        self,
        submissions: Source,
        by: str,
        verify_by: str | None = None,
        *,
        at_position: int | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Appends all of the submissions or, where one is wrong, nothing.

        An entry recorded before with the same content is counted as skipped.

        Args:
            submissions: entries that have passed their own checks, read once, with refusals of
                those that have not; or what makes entries of the newest state of the ledger.
            by: who records.
            verify_by: who verifies what is new in the same append, never `by`.
            at_position: append only if the ledger still ends there.
            dry_run: stop short of the append; `position` stays where it is.

        Raises:
            EntriesRefusedError: every refusal at once; nothing was written.
            LedgerMovedError: the ledger does not end at `at_position`; nothing was written.
        """
        by = account(by, "by")
        if verify_by is not None:
            verify_by = account(verify_by, "verify_by")
            if same_person(by, verify_by):
                raise EntriesRefusedError(
                    [
                        Refusal(
                            Said(
                                "{verify_by} cannot verify what {by} records",
                                verify_by=verify_by,
                                by=by,
                            ),
                            "verify_by",
                        )
                    ]
                )

        # Whoever only reads does not wait for what writing needs.
        from ledger.intake import Intake  # noqa: PLC0415
        from ledger.recording import Recordings  # noqa: PLC0415

        intake = Intake(submissions, self._measure)

        def decide(register: Register) -> tuple[Sequence[StoredEvent], Receipt]:
            admission = intake.admit(register)
            events = Recordings(admission.fresh, register, self._now(register), by, verify_by)
            receipt = Receipt(
                recorded=len(admission.fresh),
                verified=len(admission.fresh) if verify_by is not None else 0,
                skipped=len(admission.skipped),
                entries=list(admission.fresh.ids()),
            )
            return events, receipt

        try:
            receipt = self._append(
                decide,
                lambda: intake.known(self._knowledge),
                at_position=at_position,
                dry_run=dry_run,
            )
            if receipt.skipped and verify_by is not None:
                receipt.remarks.append(
                    Said(
                        "{skipped} recorded before and skipped: --verify-by verifies what is new; "
                        "`tally verify --all` verifies the rest",
                        skipped=receipt.skipped,
                    )
                )
            if dry_run:
                receipt.entries = []
            else:
                receipt.remarks.extend(intake.oddities())
        finally:
            intake.close()
        return receipt

    def publish(self, figures: Callable[[Register], FiguresPublished], by: str) -> Receipt:
        """Appends an edition of a quarter's figures, made of the newest state of the ledger.

        Args:
            figures: makes the event; the version, time and name in it are filled in here.
            by: who publishes.
        """
        by = account(by, "by")

        def decide(register: Register) -> tuple[Sequence[StoredEvent], Receipt]:
            event = figures(register)
            filled = {"by": by, "at": self._now(register)}
            return self._stored([event.model_copy(update=filled)]), Receipt()

        return self._append(decide)

    def object(self, subject: str, unit: str, reason: str, by: str) -> Receipt:
        """Appends a unit's objection to an entry, or to a posting such as `2016Q2:screening`.

        Raises:
            EntriesRefusedError: there is no such entry, posting or unit.
        """
        by = account(by, "by")

        def decide(register: Register) -> tuple[Sequence[StoredEvent], Receipt]:
            from ledger.objections import objection_to  # noqa: PLC0415 - only for objections

            at = self._now(register)
            name, event = objection_to(register, subject, unit, reason, at=at, by=by)
            return self._stored([event]), Receipt(entries=[name])

        return self._append(decide)

    def decide(
        self, objection_id: str, outcome: Literal["upheld", "dismissed"], reason: str, by: str
    ) -> Receipt:
        """Appends the office's decision on an objection.

        Raises:
            EntriesRefusedError: there is no such objection, or it is decided already.
        """
        by = account(by, "by")

        def decide(register: Register) -> tuple[Sequence[StoredEvent], Receipt]:
            from ledger.objections import decision_on  # noqa: PLC0415 - only for objections

            at, found = self._now(register), register.objections.get(objection_id)
            event = decision_on(found, objection_id, outcome, reason, at=at, by=by)
            return self._stored([event]), Receipt()

        return self._append(decide)

    def verify(self, ids: Iterable[str] | None, by: str) -> Receipt:
        """Verifies entries (核定): the named ones, or with None all that `by` may.

        Raises:
            EntriesRefusedError: an id is unknown, or `by` recorded it; nothing was written.
        """
        by = account(by, "by")
        named = None if ids is None else list(dict.fromkeys(ids))

        def decide(register: Register) -> tuple[Sequence[StoredEvent], Receipt]:
            from ledger.verifying import verification  # noqa: PLC0415 - only for verifying

            events, receipt = verification(register, named, by, self._now(register))
            return self._stored(events), receipt

        if named is None:
            return self._append(decide)
        return self._append(decide, lambda: self._knowledge.of_ids(named))

    def _now(self, register: Register) -> datetime:
        """The ledger's time, which never runs backwards: as-of a time is as-of a position."""
        now = self._clock()
        return now if register.last_at is None else max(now, register.last_at)

    def _append(
        self,
        decide: Callable[[Register], tuple[Sequence[StoredEvent], Receipt]],
        know: Callable[[], Register] | None = None,
        *,
        at_position: int | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Decides on the newest state and appends behind it; anew if another came first."""
        until = time.monotonic() + PATIENCE
        while True:
            register = self.register() if know is None else know()
            if at_position is not None and register.position != at_position:
                raise LedgerMovedError(at_position, register.position)
            events, receipt = decide(register)
            receipt.position = register.position
            if dry_run or not events:
                return receipt
            try:
                self.store.recorder.insert_events(events, after=register.position)
            except LedgerMovedError:
                if time.monotonic() > until:
                    raise
                time.sleep(random.random() * _SPACING)  # noqa: S311 - mere spacing
                continue
            receipt.position = register.position + len(events)
            if len(events) <= PAGE:
                # What was just appended is known: no need to read it back.
                replay(register, map(_row, count(register.position + 1), events))
            return receipt

    def _stored(self, events: Iterable[LedgerEvent]) -> list[StoredEvent]:
        from ledger.mapper import EventMapper  # noqa: PLC0415

        return list(map(EventMapper().to_stored_event, events))


def _row(position: int, event: StoredEvent) -> Row:
    return position, str(event.originator_id), event.originator_version, event.topic, event.state
