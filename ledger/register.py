"""What is known of every entry: the fold of the ledger's events into the lives of its entries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import DamagedLedgerError
from ledger.instants import instant_of
from ledger.saying import Said
from ledger.statements import Decided, Published, Raised, stated
from ledger.topics import OBJECTION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.entries import Entry
    from ledger.events import LedgerEvent


class Mark:
    """That something was done to an entry: where in the ledger, when and by whom."""

    __slots__ = ("_at", "by", "position")

    def __init__(self, position: int, at: datetime | str, by: str) -> None:
        """The time may be as it is stored; it is then read when somebody asks for it."""
        self.position, self._at, self.by = position, at, by

    @property
    def at(self) -> datetime:
        """The recorded time, in UTC."""
        return instant_of(self._at) if isinstance(self._at, str) else self._at

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mark):
            return NotImplemented
        return (self.position, self.at, self.by) == (other.position, other.at, other.by)

    def __hash__(self) -> int:
        return hash(self.position)

    def __repr__(self) -> str:
        return f"Mark({self.position}, {self.at}, {self.by!r})"


def without_its_past(event: str, name: str) -> Said:
    """What is said of an event of something that is not there."""
    return Said("{event} {id} without what went before it", event=event, id=name)


class Reversed(NamedTuple):
    """That an entry was taken back, and by which reversal."""

    mark: Mark
    by_entry: str
    reason: str


@dataclass(slots=True)
class EntryLife:
    """One entry with all that has happened to it so far."""

    entry: Entry
    recorded: Mark
    version: int = 1
    verified: Mark | None = None
    reversed: Reversed | None = None


class Edition(NamedTuple):
    """One edition of a quarter's published figures."""

    mark: Mark
    number: int
    event: Published


@dataclass(slots=True)
class Objection:
    """An objection with what the office decided about it, if it has."""

    id: str
    raised: Mark
    event: Raised
    decided: Mark | None = None
    decision: Decided | None = None


@dataclass(slots=True)
class Register:
    """Every entry of the ledger up to a position, by id; publications and objections too."""

    lives: dict[str, EntryLife] = field(default_factory=dict)
    replacements: dict[str, list[str]] = field(default_factory=dict)
    """Of a replaced entry the ids of those recorded in its place, oldest first."""
    editions: dict[str, list[Edition]] = field(default_factory=dict)
    """Of each quarter (2016Q2) what was published, oldest first."""
    objections: dict[str, Objection] = field(default_factory=dict)
    position: int = 0
    last_at: datetime | None = None

    def fold(self, events: Iterable[tuple[int, LedgerEvent]]) -> Register:
        """Takes in further events, in the order of their positions; returns itself."""
        for position, event in events:
            self.apply(position, event)
        return self

    def apply(self, position: int, event: LedgerEvent) -> None:
        """Takes in the event at a position."""
        if position != self.position + 1:
            raise DamagedLedgerError(
                position, Said("comes after position {position}", position=self.position)
            )
        mark = Mark(position, event.at, event.by)
        try:
            self._take_in(event, mark)
        except (KeyError, TypeError) as error:
            what = without_its_past(event.NAME, event.originator_id)
            raise DamagedLedgerError(position, what) from error
        self.position, self.last_at = position, event.at

    def _take_in(self, event: LedgerEvent, mark: Mark) -> None:
        from ledger.events import (  # noqa: PLC0415 - a replay of rows does without
            EntryRecorded,
            EntryReversed,
            EntryVerified,
            FiguresPublished,
            ObjectionDecided,
            ObjectionRaised,
        )

        if isinstance(event, EntryRecorded):
            entry = event.entry
            self.lives[entry.id] = EntryLife(entry, mark)
            if entry.replaces is not None:
                self.replacements.setdefault(entry.replaces, []).append(entry.id)
        elif isinstance(event, EntryVerified):
            life = self.lives[event.originator_id]
            life.verified, life.version = mark, event.originator_version
        elif isinstance(event, EntryReversed):
            life = self.lives[event.originator_id]
            life.reversed = Reversed(mark, event.by_entry, event.reason)
            life.version = event.originator_version
        elif isinstance(event, FiguresPublished):
            self.publish(mark, event.originator_version, stated(Published, event))
        elif isinstance(event, ObjectionRaised):
            self.object(mark, event.originator_id, stated(Raised, event))
        elif isinstance(event, ObjectionDecided):
            self.decide(mark, event.originator_id, stated(Decided, event))
        else:
            raise TypeError(Said("{name} is of no known kind", name=type(event).__name__))

    def publish(self, mark: Mark, number: int, event: Published) -> None:
        """Takes in an edition of a quarter's figures."""
        self.editions.setdefault(event.quarter, []).append(Edition(mark, number, event))

    def object(self, mark: Mark, originator_id: str, event: Raised) -> None:
        """Takes in an objection."""
        objection_id = originator_id.removeprefix(OBJECTION)
        self.objections[objection_id] = Objection(objection_id, mark, event)

    def decide(self, mark: Mark, originator_id: str, decision: Decided) -> None:
        """Takes in the decision on an objection; `KeyError` where there is none."""
        objection = self.objections[originator_id.removeprefix(OBJECTION)]
        objection.decided, objection.decision = mark, decision

    def branch(self, *changing: str) -> Register:
        """A register that may go another way: this one is not touched by what the other takes in.

        Args:
            changing: ids of the entries known here to which something will happen there.
        """
        lives = dict(self.lives)
        lives.update((entry_id, replace(lives[entry_id])) for entry_id in changing)
        return replace(
            self,
            lives=lives,
            replacements={key: list(ids) for key, ids in self.replacements.items()},
            editions={key: list(editions) for key, editions in self.editions.items()},
            objections={key: replace(one) for key, one in self.objections.items()},
        )

    def get(self, entry_id: str) -> EntryLife | None:
        """The life of an entry, if it was ever recorded."""
        return self.lives.get(entry_id)

    def root(self, entry_id: str) -> str:
        """The first of the entries that an entry replaces, through any number of corrections."""
        life = self.lives.get(entry_id)
        while life is not None and life.entry.replaces is not None:
            entry_id = life.entry.replaces
            life = self.lives.get(entry_id)
        return entry_id

    def unverified(self) -> list[str]:
        """Ids of entries not yet verified, in the order in which they were recorded."""
        return [entry_id for entry_id, life in self.lives.items() if life.verified is None]
