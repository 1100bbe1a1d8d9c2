"""Consistency of stored events: the fold, with each rule asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import same_account
from ledger.adoptions import Adoption
from ledger.damage import Versions, apply, chain_problems
from ledger.entries import Reversal
from ledger.events import (
    ADOPTION,
    PUBLICATION,
    AdoptionWithdrawn,
    EditionVerified,
    EditionWithdrawn,
    EntryReturned,
    EntryVerified,
    Event,
    FiguresPublished,
    MeasureAdopted,
)
from ledger.instants import instant_of
from ledger.integrity.findings import CheckFinding
from ledger.message import Message
from ledger.rules import Problem, UniqueKeys, problems, return_problem, verification_problem
from ledger.state import LedgerState, first_replaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ledger.editions import Edition
    from ledger.entries.base import Entry
    from ledger.rules import Measure, MeasureAt
    from ledger.state import EntryState, Reversed


class Consistency:
    """Folds the events of a ledger in order; yields what no honest ledger would hold."""

    def __init__(self, measure_at: MeasureAt | None = None) -> None:
        """Begin before the first event; `measure_at` gives the measure after adoptions."""
        self.state = LedgerState()
        self._measure_at = measure_at
        self._measures: list[tuple[int, Sequence[Measure]]] = []
        """Measures by the position from which they are adopted: those in force, then those that
        await verification too, under which entries were recorded by earlier versions."""
        self._take_measures(0)
        self._versions = Versions()
        self._unreadable: set[str] = set()
        self._left_out: set[str] = set()
        self._latest: datetime | None = None

    def pass_over(self, name: str, version: int) -> None:
        """Skip an event that cannot be read, without holding it against what follows it."""
        self._unreadable.add(name)
        self._versions.take(name, version)

    def leave_out(self, name: str, version: int) -> None:
        """Skip an event that was set aside; what refers to its entry is not held against it."""
        self._left_out.add(name)
        self._versions.omit(name, version)

    def take(self, position: int, name: str, version: int, event: Event) -> Iterator[CheckFinding]:
        """Apply one more event; yield what is wrong with it where it is stored."""
        expected = self._versions.following(name)
        chain = list(chain_problems(self.state, expected, name, version, event))
        others = list(self._problems(name, event))
        self._versions.take(name, version)
        lost = apply(self.state, position, name, version, event)
        if lost is not None:
            chain = [] if name in self._unreadable else [*chain, lost]
        for message in (*chain, *others):
            yield CheckFinding("implausible", message, position, name)
        if name.startswith(ADOPTION):
            self._take_measures(position)
        at = instant_of(event.at)
        self._latest = at if self._latest is None else max(self._latest, at)

    def _take_measures(self, position: int) -> None:
        if self._measure_at is not None:
            # A verification that follows changes the adoption in place.
            then = LedgerState(adoptions=self.state.adoptions).branch().adoptions
            both = self._measure_at(then), self._measure_at(then, provisional=True)
            self._measures.append((position, both))

    def _problems(self, name: str, event: Event) -> Iterator[Message]:
        at = instant_of(event.at)
        if self._latest is not None and at < self._latest:
            yield Message(
                "was recorded at {at}, after an event of {latest}", at=at, latest=self._latest
            )
        if isinstance(event, MeasureAdopted | AdoptionWithdrawn):
            yield from self._adoption_problems(name, event)
        if isinstance(event, FiguresPublished | EditionVerified | EditionWithdrawn):
            yield from self._edition_problems(event, self.state.editions.get(_period(name), []))
        known = self.state.verifiable(name)
        if known is not None and isinstance(event, EntryVerified | EditionVerified):
            problem = verification_problem(known, event.by, same_account)
            if problem is not None:
                yield problem
        entry_state = self.state.get(name)
        if entry_state is not None and isinstance(event, EntryReturned):
            problem = return_problem(entry_state, event.by, same_account)
            if problem is not None:
                yield problem

    def _adoption_problems(
        self, name: str, event: MeasureAdopted | AdoptionWithdrawn
    ) -> Iterator[Message]:
        if isinstance(event, AdoptionWithdrawn):
            adoption = self.state.verifiable(name)
            if isinstance(adoption, Adoption) and not adoption.awaits_verification:
                yield Message("withdraws an adoption that is in force, or was withdrawn before")
            return
        if event.founding and self._versions:
            yield Message("says that it was made with the ledger, but is not its first event")
        last = self.state.adoption(event.year, provisional=True)
        if last is not None and not last.effective:
            yield Message(
                "follows the adoption at position {position}, which nobody had verified",
                position=last.ref.position,
            )

    def _edition_problems(
        self,
        event: FiguresPublished | EditionVerified | EditionWithdrawn,
        editions: Sequence[Edition],
    ) -> Iterator[Message]:
        if isinstance(event, FiguresPublished):
            if editions and editions[-1].awaits_verification:
                yield Message(
                    "follows the edition at position {position}, which nobody had verified or "
                    "withdrawn",
                    position=editions[-1].ref.position,
                )
            return
        standing = [one.number for one in editions if one.withdrawn is None]
        if standing and event.edition != standing[-1]:
            yield Message(
                "is of edition {number}, but the last one not withdrawn is {last}",
                number=event.edition,
                last=standing[-1],
            )
        elif not standing and any(one.number == event.edition for one in editions):
            yield Message("is of edition {number}, which was withdrawn", number=event.edition)

    def close(self) -> Iterator[CheckFinding]:
        """Yield what entries owe to each other, once all are known."""
        keys = UniqueKeys(self.state.root)
        for entry_state in self.state.entries.values():
            known = _KnownThen(self, entry_state)
            found = [*self._entry_problems(entry_state, known), *self._reversals(entry_state)]
            if entry_state.entry.STANDS_FOR and not known.taken_back(entry_state):
                duplicate = keys.add(entry_state.entry, known.stands)
                found += [] if duplicate is None else [duplicate]
            for field, message, *_ in found:
                words = (
                    message
                    if field is None
                    else Message("{field}: {message}", field=field, message=message)
                )
                yield CheckFinding(
                    "implausible", words, entry_state.recorded.position, entry_state.entry.id
                )

    def _entry_problems(self, entry_state: EntryState, known: _KnownThen) -> list[Problem]:
        """Return what was wrong with an entry when it was recorded, under the measures of then."""
        position = entry_state.recorded.position
        then = (both for at, both in reversed(self._measures) if at < position)
        first: list[Problem] = []
        for measure in next(then, (None,)):
            found = list(problems(entry_state.entry, known, measure))
            if not found:
                return []
            first = first or found
        return first

    def _reversals(self, entry_state: EntryState) -> Iterator[Problem]:
        """Check that a reversal and the mark on what it takes back were appended together."""
        entry, done = entry_state.entry, entry_state.reversed
        if isinstance(entry, Reversal) and not self.is_unreadable(entry.of):
            other = self.state.get(entry.of)
            done_to = None if other is None else other.reversed
            if done_to is None or done_to.by_entry != entry.id:
                words = Message("takes back {of}, which does not bear its mark", of=entry.of)
                yield Problem(None, words)
            elif (done_to.ref.at, done_to.ref.by, done_to.reason) != (
                entry_state.recorded.at,
                entry_state.recorded.by,
                entry.reason,
            ):
                yield Problem(None, Message("does not agree with its mark on {of}", of=entry.of))
        if done is not None and not self.is_unreadable(done.by_entry):
            by = self.state.get(done.by_entry)
            if by is None or not isinstance(by.entry, Reversal) or by.entry.of != entry.id:
                words = Message(
                    "is reversed by {by_entry}, which is no reversal of it", by_entry=done.by_entry
                )
                yield Problem(None, words)
            if isinstance(entry, Reversal):
                yield Problem(None, Message("is a reversal that was reversed"))

    def is_unreadable(self, name: str) -> bool:
        """Return whether an event of the stream `name` could not be read, or was set aside."""
        return name in self._unreadable or name in self._left_out


def _period(name: str) -> str:
    return name.removeprefix(PUBLICATION)


class _KnownThen:
    """The state known when an entry was recorded, its own append included: `ledger.rules.Known`."""

    def __init__(self, consistency: Consistency, entry_state: EntryState) -> None:
        self._consistency, self._state, self._now = (
            consistency,
            consistency.state,
            entry_state.recorded,
        )

    def _entry_state(self, entry_id: str) -> EntryState | None:
        entry_state = self._state.get(entry_id)
        return (
            None if entry_state is None or entry_state.recorded.at > self._now.at else entry_state
        )

    def taken_back(self, entry_state: EntryState) -> bool:
        """Return whether an entry was reversed by then."""
        return entry_state.reversed is not None and entry_state.reversed.ref.at <= self._now.at

    def stands(self, entry_id: str) -> bool:
        """Return whether an entry was not reversed by then."""
        return self.reversal(entry_id) is None

    def entry(self, entry_id: str) -> Entry | None:
        entry_state = self._entry_state(entry_id)
        return None if entry_state is None else entry_state.entry

    def kind(self, entry_id: str) -> str | None:
        entry_state = self._entry_state(entry_id)
        return None if entry_state is None else entry_state.entry.KIND

    def reversal(self, entry_id: str) -> Reversed | None:
        entry_state = self._state.get(entry_id)
        return (
            None
            if entry_state is None or not self.taken_back(entry_state)
            else entry_state.reversed
        )

    def replaced_by(self, entry_id: str, before: str) -> Sequence[str]:
        here = self._state.replacements.get(entry_id, [])
        return here[: here.index(before)] if before in here else here

    def root(self, entry_id: str) -> str | None:
        return first_replaced(entry_id, self._state.replaced)

    def is_uncertain(self, entry_id: str) -> bool:
        return self._consistency.is_unreadable(entry_id)
