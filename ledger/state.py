"""The state of a ledger: the one fold of its events into the states of its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace
from msgspec.structs import replace as replace_struct

from ledger import codec
from ledger.accounts import Accounts, account_closed, account_opened, account_reset
from ledger.adoptions import Adoption, in_force
from ledger.asides import SetAside, aside_id
from ledger.editions import Edition, Withdrawn, edition_in_force
from ledger.entries import Reversal
from ledger.errors import DamagedLedgerError
from ledger.events import (
    ADOPTION,
    ADOPTION_IDS,
    ASIDE,
    OBJECTION,
    PUBLICATION,
    AccountClosed,
    AccountKeyReset,
    AccountOpened,
    AdoptionWithdrawn,
    AppendSigned,
    EarlierCopyAccepted,
    EditionVerified,
    EditionWithdrawn,
    EntryRecorded,
    EntryReturned,
    EntryReversed,
    EntryVerified,
    Event,
    FiguresPublished,
    MeasureAdopted,
    ObjectionDecided,
    ObjectionRaised,
    RowSetAside,
)
from ledger.instants import instant_of
from ledger.message import Message
from ledger.returns import Returned, entry_returned

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from datetime import datetime

    from ledger.entries.base import Entry
    from ledger.stores import Row, Store


class EventRef(Struct, frozen=True, gc=False):
    """Where in the ledger something happened, when, and by whom."""

    position: int
    time: str
    """The recorded time as stored."""
    by: str

    @property
    def at(self) -> datetime:
        """The recorded time, in UTC."""
        return instant_of(self.time)


class Reversed(NamedTuple):
    """The reversal of an entry: where, by which entry, and why."""

    ref: EventRef
    by_entry: str
    reason: str


class EntryState(Struct):
    """One entry with all that has happened to it so far."""

    entry: Entry
    recorded: EventRef
    version: int = 1
    verified: EventRef | None = None
    reversed: Reversed | None = None
    returned: Returned | None = None
    """Why it was sent back; whether it still waits for its recorder says `sent_back`."""

    @property
    def sent_back(self) -> Returned | None:
        """What sent it back, until it is verified after all, or taken back."""
        return self.returned if self.verified is None and self.reversed is None else None

    @property
    def effective(self) -> bool:
        """Whether it was verified; a reversal takes effect by itself."""
        return self.verified is not None


class Objection(Struct):
    """An objection with what the office decided about it, if it has."""

    id: str
    raised: EventRef
    event: ObjectionRaised
    decided: EventRef | None = None
    decision: ObjectionDecided | None = None


class LedgerState(Struct):
    """Every entry of the ledger up to a position, by id; what else the office stated too."""

    entries: dict[str, EntryState] = {}
    replacements: dict[str, list[str]] = {}
    """By replaced entry, the ids of those recorded in its place, oldest first."""
    editions: dict[str, list[Edition]] = {}
    """By period (2016Q2), what was published, oldest first."""
    objections: dict[str, Objection] = {}
    adoptions: dict[int, list[Adoption]] = {}
    """By year, the adoptions of its measure, oldest first; in a partial state all of them too."""
    asides: dict[int, list[SetAside]] = {}
    """By damaged position, what set it aside, oldest first; `Asides` says what is in force."""
    position: int = 0
    last_at: datetime | None = None
    accounts: Accounts = {}

    def fold(
        self, rows: Iterable[Row], *, partial: bool = False, omitted: Container[int] = ()
    ) -> LedgerState:
        """Apply stored rows in the order of their positions; return the state itself.

        Args:
            rows: the rows that follow.
            partial: rows may be missing; of what the given ones need, none may.
            omitted: positions whose rows were set aside and are missing.

        Raises:
            DamagedLedgerError: a row is missing or cannot be what this program wrote.
        """
        decode, apply = codec.decode, self.apply
        position, time = self.position, ""
        for number, name, version, topic, state in rows:
            position += 1
            if number != position:
                while not partial and position in omitted:
                    position += 1
                if not partial and number != position:
                    raise DamagedLedgerError(position, Message("there is no such event"))
                position = number
            try:
                event = decode(topic, state)
                if event.at != time:
                    time = event.at
                    self.last_at = instant_of(time)
                apply(position, name, version, event)
            except codec.UNREADABLE as error:
                raise codec.damaged(position, topic, name, error) from error
            # At once: if reading the next row fails, what was applied is not applied again.
            self.position = position
        return self

    def end_at(self, row: Row) -> LedgerState:
        """Set a partial state's position and time from the last row of its ledger.

        Raises:
            DamagedLedgerError: the row does not say when it was recorded.
        """
        self.last_at = codec.recorded_at(row)
        self.position = row[0]
        return self

    def apply(self, position: int, name: str, version: int, event: Event) -> None:
        """Apply one event of the aggregate `name`.

        Raises:
            KeyError: it happened to something that was never recorded.
        """
        _APPLY[type(event)](self, name, version, event, EventRef(position, event.at, event.by))

    def branch(self, *changing: str) -> LedgerState:
        """Return a copy that can be folded further without touching this state.

        Args:
            changing: ids of known entries to which something will happen in the copy.
        """
        entries = dict(self.entries)
        entries.update((entry_id, replace_struct(entries[entry_id])) for entry_id in changing)
        return replace(
            self,
            entries=entries,
            replacements={key: list(ids) for key, ids in self.replacements.items()},
            editions={key: list(map(replace, editions)) for key, editions in self.editions.items()},
            objections={key: replace_struct(one) for key, one in self.objections.items()},
            adoptions={
                year: list(map(replace, adoptions)) for year, adoptions in self.adoptions.items()
            },
            asides={position: list(map(replace, some)) for position, some in self.asides.items()},
            accounts={name: replace(one) for name, one in self.accounts.items()},
        )

    def get(self, entry_id: str) -> EntryState | None:
        """Return the state of an entry, if it was ever recorded."""
        return self.entries.get(entry_id)

    def adoption(self, year: int, *, provisional: bool = False) -> Adoption | None:
        """Return the adoption of the measure that is in force for a year.

        Args:
            year: the assessment year.
            provisional: whether one that awaits verification counts too.
        """
        return in_force(self.adoptions.get(year, ()), provisional=provisional)

    def edition(self, period: str) -> Edition | None:
        """Return the edition of a period's figures that is in force; None if there is none."""
        return edition_in_force(self.editions.get(period, ()))

    def subject(self, entry_id: str) -> str:
        """Return the id of what an entry is about: of a reversal, the entry that it takes back."""
        entry_state = self.entries.get(entry_id)
        if entry_state is not None and isinstance(entry_state.entry, Reversal):
            return entry_state.entry.of
        return entry_id

    def root(self, entry_id: str) -> str:
        """Return the first of the entries that an entry replaces, through all corrections."""
        return first_replaced(entry_id, self.replaced) or entry_id

    def replaced(self, entry_id: str) -> str | None:
        """Return the id of the entry whose place an entry takes, if it takes one."""
        entry_state = self.entries.get(entry_id)
        return None if entry_state is None else entry_state.entry.replaces

    def unverified(self) -> list[str]:
        """Return what nobody has verified yet, each in recorded order.

        The ids of adoptions, of positions set aside, of entries.
        """
        adopted = [
            f"{ADOPTION}{year}"
            for year, adoptions in self.adoptions.items()
            if adoptions[-1].awaits_verification
        ]
        adopted += [some[-1].name for some in self.asides.values() if not some[-1].effective]
        return adopted + [
            entry_id
            for entry_id, entry_state in self.entries.items()
            if entry_state.verified is None
        ]

    def verifiable(self, name: str) -> EntryState | Adoption | Edition | SetAside | None:
        """Return what a verification of an originator id is of.

        It is an entry, or the last adoption of a year, edition of a period or setting aside of a
        position.
        """
        entry_state = self.entries.get(name)
        if entry_state is not None:
            return entry_state
        if name.startswith(PUBLICATION):
            editions = self.editions.get(name.removeprefix(PUBLICATION), [None])
            return editions[-1]
        if name.startswith(ASIDE):
            return next((some[-1] for some in self.asides.values() if some[-1].name == name), None)
        named = (last for year, (*_, last) in self.adoptions.items() if name == f"{ADOPTION}{year}")
        return next(named, None)


def adopted(store: Store, to: int) -> LedgerState:
    """Return the state of all adoptions up to a position: what every part of a ledger begins with.

    They are few, and say what everything else is scored under.
    """
    state = LedgerState().fold(store.rows_of(ADOPTION_IDS, to), partial=True)
    state.position = to
    return state


def _record(
    state: LedgerState, name: str, version: int, event: EntryRecorded[Any], ref: EventRef
) -> None:
    entry = event.entry
    state.entries[name] = EntryState(entry, ref, version)
    if entry.replaces is not None:
        state.replacements.setdefault(entry.replaces, []).append(name)


def _verify(state: LedgerState, name: str, version: int, _: EntryVerified, ref: EventRef) -> None:
    verified = state.verifiable(name)
    if verified is None:
        raise KeyError(name)
    verified.verified, verified.version = ref, version


def _reverse(
    state: LedgerState, name: str, version: int, event: EntryReversed, ref: EventRef
) -> None:
    entry_state = state.entries[name]
    entry_state.reversed, entry_state.version = Reversed(ref, event.by_entry, event.reason), version


def _publish(
    state: LedgerState, _: str, version: int, event: FiguresPublished, ref: EventRef
) -> None:
    editions = state.editions.setdefault(event.period, [])
    editions.append(Edition(ref, len(editions) + 1, event, version))


def _verify_edition(
    state: LedgerState, name: str, version: int, event: EditionVerified, ref: EventRef
) -> None:
    edition = _edition(state, name, event.edition)
    edition.verified, edition.version = ref, version


def _withdraw(
    state: LedgerState, name: str, version: int, event: EditionWithdrawn, ref: EventRef
) -> None:
    edition = _edition(state, name, event.edition)
    edition.withdrawn, edition.version = Withdrawn(ref, event.reason), version


def _edition(state: LedgerState, name: str, number: int) -> Edition:
    editions = {one.number: one for one in state.editions[name.removeprefix(PUBLICATION)]}
    return editions[number]


def _object(state: LedgerState, name: str, _: int, event: ObjectionRaised, ref: EventRef) -> None:
    objection_id = name.removeprefix(OBJECTION)
    state.objections[objection_id] = Objection(objection_id, ref, event)


def _decide(state: LedgerState, name: str, _: int, event: ObjectionDecided, ref: EventRef) -> None:
    objection = state.objections[name.removeprefix(OBJECTION)]
    objection.decided, objection.decision = ref, event


def _adopt(state: LedgerState, _: str, version: int, event: MeasureAdopted, ref: EventRef) -> None:
    state.adoptions.setdefault(event.year, []).append(Adoption(ref, event, version))


def _withdraw_adoption(
    state: LedgerState, name: str, version: int, event: AdoptionWithdrawn, ref: EventRef
) -> None:
    adoption = state.verifiable(name)
    if not isinstance(adoption, Adoption):
        raise KeyError(name)
    adoption.withdrawn, adoption.version = Withdrawn(ref, event.reason), version


def _set_aside(
    state: LedgerState, name: str, version: int, event: RowSetAside, ref: EventRef
) -> None:
    if name != aside_id(event.position):
        raise KeyError(name)
    state.asides.setdefault(event.position, []).append(SetAside(ref, event, version))


def _accept(*_: object) -> None:
    """Change nothing: it is about the ledger or an append, and no entry."""


_APPLY: dict[type[Event], Callable[..., None]] = {
    EntryRecorded: _record,
    EntryVerified: _verify,
    EntryReversed: _reverse,
    EntryReturned: entry_returned,
    FiguresPublished: _publish,
    EditionVerified: _verify_edition,
    EditionWithdrawn: _withdraw,
    ObjectionRaised: _object,
    ObjectionDecided: _decide,
    MeasureAdopted: _adopt,
    AdoptionWithdrawn: _withdraw_adoption,
    RowSetAside: _set_aside,
    EarlierCopyAccepted: _accept,
    AccountOpened: account_opened,
    AccountClosed: account_closed,
    AccountKeyReset: account_reset,
    AppendSigned: _accept,
}


def first_replaced(entry_id: str, replaced: Callable[[str], str | None]) -> str | None:
    """Follow replacements back to the first entry; None where they form a circle."""
    earlier = replaced(entry_id)
    if earlier is None:
        # As of most entries: no set is made.
        return entry_id
    seen = {entry_id}
    while earlier is not None:
        if earlier in seen:
            return None
        seen.add(earlier)
        entry_id, earlier = earlier, replaced(earlier)
    return entry_id
