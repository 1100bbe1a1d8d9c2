"""The one application service that writes: it records, verifies and reads events back."""

from __future__ import annotations

import random
import time
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from eventsourcing.persistence import EventStore, Notification
from pydantic import TypeAdapter, ValidationError

from ledger.door import Door, Measure
from ledger.entries import Reversal
from ledger.errors import EntriesRefusedError, LedgerMovedError, Refusal, TallyError
from ledger.events import RECORDED, EntryReversed, EntryVerified, LedgerEvent
from ledger.fields import Account
from ledger.mapper import EventMapper
from ledger.oddities import oddities
from ledger.register import Register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ledger.entries import AnyEntry
    from ledger.stores import Store
    from ledger.submissions import Submission

PAGE = 5_000
"""Events read at a time."""

ATTEMPTS = 20
"""How often an append is tried anew after another writer came first."""

_ACCOUNT: TypeAdapter[str] = TypeAdapter(Account)


@dataclass(slots=True)
class Receipt:
    """What an append came to; `position` is that of the ledger's last event."""

    recorded: int = 0
    verified: int = 0
    skipped: int = 0
    position: int = 0
    remarks: list[str] = field(default_factory=list)
    """Remarks for the person: what was passed over, what is recorded but looks mistaken."""

    def as_json(self) -> dict[str, int]:
        """The contract's receipt."""
        return {
            "recorded": self.recorded,
            "verified": self.verified,
            "skipped": self.skipped,
            "position": self.position,
        }


def account(name: str, option: str) -> str:
    """The account name of who acts, checked; raises `EntriesRefusedError`."""
    try:
        return _ACCOUNT.validate_python(name)
    except ValidationError as error:
        words = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise EntriesRefusedError([Refusal(words, option)]) from None


def same_person(one: str, other: str) -> bool:
    """Whether two account names are one, whatever their case or width."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


class Ledger:
    """An open ledger: entries in, events out. Knows no points."""

    def __init__(
        self,
        store: Store,
        measure: Measure,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """On an open store, under a measure.

        Args:
            store: where the events are.
            measure: what the door asks about rulings and findings.
            clock: the ledger's own time, in UTC.
        """
        self.store = store
        self._measure = measure
        self._clock = clock
        self._mapper = EventMapper()
        self._events: EventStore[str] = EventStore(self._mapper, store.recorder)
        self._register = Register()

    def events(self, after: int = 0, to: int | None = None) -> Iterator[tuple[int, LedgerEvent]]:
        """The events behind a position, in order, up to and with position `to`."""
        recorder = self.store.recorder
        while True:
            page: Sequence[Notification] = recorder.select_notifications(after + 1, PAGE, stop=to)
            for notification in page:
                if notification.id != after + 1:
                    raise TallyError(
                        f"{self.store.url}: position {after + 1} is missing; "
                        "run `tally check`, and restore the ledger from a backup"
                    )
                after = notification.id
                yield after, self._mapper.to_domain_event(notification)
            if len(page) < PAGE:
                return

    def register(self) -> Register:
        """The lives of all entries, as of now."""
        return self._register.fold(self.events(self._register.position))

    def record(
        self,
        submissions: Sequence[Submission],
        by: str,
        verify_by: str | None = None,
        *,
        dry_run: bool = False,
    ) -> Receipt:
        """Appends all of the submissions or, where one is wrong, nothing.

        An entry recorded before with the same content is counted as skipped.

        Args:
            submissions: entries that have passed their own checks.
            by: who records.
            verify_by: who verifies what is new in the same append, never `by`.
            dry_run: stop short of the append; `position` stays where it is.

        Raises:
            EntriesRefusedError: every refusal at once; nothing was written.
        """
        by = account(by, "by")
        if verify_by is not None:
            verify_by = account(verify_by, "verify_by")
            if same_person(by, verify_by):
                raise EntriesRefusedError(
                    [Refusal(f"{verify_by} cannot verify what {by} records", "verify_by")]
                )

        def decide(register: Register) -> tuple[list[LedgerEvent], Receipt]:
            admission = Door(register, self._measure).admit(submissions)
            if admission.refusals:
                raise EntriesRefusedError(admission.refusals)
            at = self._now(register)
            events = list(recording(admission.fresh, register, at, by, verify_by))
            receipt = Receipt(
                recorded=len(admission.fresh),
                verified=len(admission.fresh) if verify_by is not None else 0,
                skipped=len(admission.skipped),
            )
            return events, receipt

        receipt = self._append(decide, dry_run=dry_run)
        if receipt.recorded and not dry_run:
            entries = [submission.entry for submission in submissions]
            receipt.remarks.extend(oddities(entries, self.register()))
        return receipt

    def refusals(self, submissions: Sequence[Submission]) -> list[Refusal]:
        """What the door has against submissions, where others of their import are bad already."""
        return Door(self.register(), self._measure).admit(submissions).refusals

    def verify(self, ids: Iterable[str] | None, by: str) -> Receipt:
        """Verifies entries (核定): the named ones, or with None all that `by` may.

        Raises:
            EntriesRefusedError: an id is unknown, or `by` recorded it; nothing was written.
        """
        by = account(by, "by")
        named = None if ids is None else list(dict.fromkeys(ids))

        def decide(register: Register) -> tuple[list[LedgerEvent], Receipt]:
            refused, events, receipt = list[Refusal](), list[LedgerEvent](), Receipt()
            at = self._now(register)
            for entry_id in register.unverified() if named is None else named:
                life = register.get(entry_id)
                if life is None:
                    refused.append(Refusal("is not in this ledger", id=entry_id))
                elif life.verified is not None:
                    receipt.skipped += 1
                    receipt.remarks.append(f"{entry_id}: verified already by {life.verified.by}")
                elif same_person(life.recorded.by, by):
                    words = f"was recorded by {life.recorded.by}; somebody else must verify it"
                    refused.append(Refusal(words, "by", entry_id))
                else:
                    events.append(
                        EntryVerified(
                            originator_id=entry_id,
                            originator_version=life.version + 1,
                            at=at,
                            by=by,
                        )
                    )
            if refused and named is not None:
                raise EntriesRefusedError(refused)
            receipt.remarks.extend(str(refusal) for refusal in refused)
            receipt.verified = len(events)
            receipt.remarks.extend(_counting_twice(events, register))
            return events, receipt

        return self._append(decide)

    def _now(self, register: Register) -> datetime:
        """The ledger's time, which never runs backwards: as-of a time is as-of a position."""
        now = self._clock()
        return now if register.last_at is None else max(now, register.last_at)

    def _append(
        self,
        decide: Callable[[Register], tuple[list[LedgerEvent], Receipt]],
        *,
        dry_run: bool = False,
    ) -> Receipt:
        """Decides on the newest state and appends behind it; anew if another came first."""
        for attempt in range(ATTEMPTS):
            register = self.register()
            events, receipt = decide(register)
            receipt.position = register.position
            if dry_run or not events:
                return receipt
            try:
                self._events.put(cast("list[object]", events), after=register.position)  # type: ignore[arg-type]
            except LedgerMovedError:
                time.sleep(random.random() * 0.01 * (attempt + 1))  # noqa: S311 - mere spacing
                continue
            receipt.position += len(events)
            return receipt
        raise LedgerMovedError(register.position, None)


def _counting_twice(events: Sequence[LedgerEvent], register: Register) -> Iterator[str]:
    """Replacements that are verified while the reversal that they rest on is not."""
    now = {event.originator_id for event in events}
    for entry_id in now:
        replaced = register.lives[entry_id].entry.replaces
        life = None if replaced is None else register.get(replaced)
        if life is None or life.reversed is None or life.verified is None:
            continue
        reversal = life.reversed.by_entry
        if reversal not in now and register.lives[reversal].verified is None:
            yield (
                f"{entry_id}: {replaced}, which it replaces, counts beside it until "
                f"{reversal} is verified too"
            )


def recording(
    fresh: Sequence[AnyEntry], register: Register, at: datetime, by: str, verify_by: str | None
) -> Iterator[LedgerEvent]:
    """The events of one import: all recordings, then the reversals' marks, then verifications."""
    versions: dict[str, int] = {}
    for entry in fresh:
        versions[entry.id] = 1
        yield RECORDED[entry.kind](
            originator_id=entry.id, originator_version=1, at=at, by=by, entry=entry
        )
    for entry in fresh:
        if isinstance(entry, Reversal):
            life = register.get(entry.of)
            version = versions.get(entry.of, life.version if life is not None else 0) + 1
            versions[entry.of] = version
            yield EntryReversed(
                originator_id=entry.of,
                originator_version=version,
                at=at,
                by=by,
                by_entry=entry.id,
                reason=entry.reason,
            )
    if verify_by is not None:
        for entry in fresh:
            yield EntryVerified(
                originator_id=entry.id,
                originator_version=versions[entry.id] + 1,
                at=at,
                by=verify_by,
            )
