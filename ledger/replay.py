"""Replaying stored rows into a register, without checking again what the door has checked.

Every stored byte was validated when it was written, and `tally check` validates it anew. A
replay trusts it and reads the types alone; what was done to an entry (verified, taken back) is
only read when somebody looks at it. The register that comes of it is the very one that
`Register.apply` makes of the events (a test holds them equal), several times sooner.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import MsgspecError

from ledger.entries import BY_KIND, Entry
from ledger.errors import DamagedLedgerError
from ledger.instants import instant_of
from ledger.register import EntryLife, Mark, Register, Reversed, without_its_past
from ledger.saying import Said
from ledger.shapes import (
    at_decoder,
    content_decoder,
    contents_decoder,
    reversal_decoder,
    state_decoder,
    verification_decoder,
)
from ledger.statements import Decided, Published, Raised, statement_decoder
from ledger.topics import (
    DECIDED,
    KIND_OF,
    PUBLISHED,
    RAISED,
    RECORDED,
    REVERSED,
    VERIFIED,
    prefix_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ledger.events import LedgerEvent
    from ledger.stores import Row

_set = object.__setattr__
_STATED: dict[str, tuple[Callable[[bytes], tuple[str, str, Any]], Callable[..., None]]] = {
    PUBLISHED: (statement_decoder(Published), Register.publish),
    RAISED: (statement_decoder(Raised), Register.object),
    DECIDED: (statement_decoder(Decided), Register.decide),
}
"""How the statement of a topic's events is read, and how a register takes it in."""

UNREADABLE = (MsgspecError, ValueError, KeyError, TypeError)
"""What reading a damaged state may raise; the mapper's own error is a `ValueError`."""

_OF_WHAT_WENT_BEFORE = {VERIFIED: "verified", REVERSED: "reversed", DECIDED: "decided"}
"""What was done to something that must be there already."""


class _Reader(NamedTuple):
    """How the recordings of one kind are read."""

    prefix: bytes
    decode: Callable[[bytes], Any]
    make: Callable[[dict[str, Any]], Entry]


_REVERSED = prefix_of(REVERSED)


@cache
def _reader(topic: str) -> _Reader | None:
    """The reader of a topic, made when the first of it is met; None where it records nothing."""
    kind = KIND_OF.get(topic)
    if kind is None:
        return None
    return _Reader(prefix_of(RECORDED[kind]), state_decoder(kind), _maker(kind))


@cache
def _maker(kind: str) -> Callable[[dict[str, Any]], Entry]:
    """Makes entries of a kind of fields that were checked when they were stored."""
    entry_type = BY_KIND[kind]
    # In the order of the fields, which is that of the JSON of an entry.
    template = {
        name: None if declared.required else declared.default
        for name, declared in entry_type.FIELDS.items()
    }
    new = entry_type.__new__

    def make(read: dict[str, Any]) -> Entry:
        entry = new(entry_type)
        _set(entry, "__dict__", {**template, **read})
        return entry

    return make


@cache
def _content_reader(kind: str) -> tuple[Callable[[bytes], Any], Callable[[Any], Entry]]:
    return content_decoder(kind), _maker(kind)


def entry_of(kind: str, content: bytes) -> Any:
    """The entry of a kind whose JSON passed the door's checks before."""
    decode, make = _content_reader(kind)
    return make(decode(content))


@cache
def _contents_reader(kind: str) -> tuple[Callable[[Any], Any], Callable[[Any], Entry]]:
    return contents_decoder(kind), _maker(kind)


def entries_in(
    kind: str, array: bytes, wanted: Callable[[dict[str, Any]], bool]
) -> list[tuple[str, Entry]]:
    """The entries in an array of states of one kind, each behind its id.

    Args:
        kind: the kind.
        array: JSON; all states are of today's class version.
        wanted: whether an entry is to be made of its fields.
    """
    decode, make = _contents_reader(kind)
    contents = (state.entry for state in decode(array))
    return [(content["id"], make(content)) for content in contents if wanted(content)]


def replay(register: Register, rows: Iterable[Row], *, partly: bool = False) -> Register:
    """Takes stored rows into a register, in the order of their positions; returns it.

    Args:
        register: what is known already.
        rows: the rows that follow.
        partly: some rows of the ledger alone; of what they need, none may be left out.

    Raises:
        DamagedLedgerError: a row is missing or cannot be what this program wrote.
    """
    lives, replacements, told = register.lives, register.replacements, _Told()
    position, mark = register.position, None
    for number, entry_id, version, topic, state in rows:
        position += 1
        if number != position:
            if not partly:
                raise DamagedLedgerError(position, Said("there is no such event"))
            position = number
        try:
            if topic == VERIFIED and state.startswith(told.prefix):
                life, mark = lives[entry_id], Mark(position, *told[state])
                life.verified, life.version = mark, version
            elif (reader := _reader(topic)) is not None and state.startswith(reader.prefix):
                envelope = reader.decode(state)
                entry = reader.make(envelope.entry)
                mark = Mark(position, *told.of(envelope.at, envelope.by))
                lives[entry_id] = EntryLife(entry, mark)
                if entry.replaces is not None:
                    replacements.setdefault(entry.replaces, []).append(entry_id)
            elif topic == REVERSED and state.startswith(_REVERSED):
                read = reversal_decoder()(state)
                life, mark = lives[entry_id], Mark(position, *told.of(read.at, read.by))
                life.reversed, life.version = Reversed(mark, read.by_entry, read.reason), version
            else:
                mark = _otherwise(register, (number, entry_id, version, topic, state), told)
        except UNREADABLE as error:
            raise damaged(position, topic, entry_id, error) from error
    register.position = position
    if mark is not None:
        register.last_at = mark.at
    return register


def _otherwise(register: Register, row: Row, told: _Told) -> Mark | None:
    """Takes in what is rare: statements, and whatever an earlier version of a class wrote."""
    position, name, version, topic, state = row
    if topic not in _STATED or not state.startswith(prefix_of(topic)):
        register.position = position - 1
        register.apply(position, event_of(name, version, topic, state))
        return None
    decode, take = _STATED[topic]
    at, by, statement = decode(state)
    mark = Mark(position, *told.of(at, by))
    take(register, mark, version if topic == PUBLISHED else name, statement)
    return mark


def event_of(name: str, version: int, topic: str, state: bytes) -> LedgerEvent:
    """The event of a row's columns, checked; see `EventMapper.to_domain_event` for its errors."""
    from eventsourcing.persistence import StoredEvent  # noqa: PLC0415 - rarely needed

    from ledger.mapper import EventMapper  # noqa: PLC0415

    return EventMapper().to_domain_event(StoredEvent(name, version, topic, state))


def damaged(position: int, topic: str, name: str, error: Exception) -> DamagedLedgerError:
    """What is said of a row that cannot be read."""
    words = Said("{topic} {id}: {error}", topic=topic, id=name, error=error)
    if isinstance(error, KeyError) and topic in _OF_WHAT_WENT_BEFORE:
        words = without_its_past(_OF_WHAT_WENT_BEFORE[topic], name)
    return DamagedLedgerError(position, words)


def recorded_at(row: Row) -> datetime:
    """When the event of a row was recorded, of whatever kind it is.

    Raises:
        DamagedLedgerError: the row does not tell.
    """
    position, name, _, topic, state = row
    try:
        return instant_of(at_decoder()(state).at)
    except UNREADABLE as error:
        raise damaged(position, topic, name, error) from error


def end_at(register: Register, row: Row) -> Register:
    """Says that a register of some rows ends with a row, the newest that it knows of.

    Raises:
        DamagedLedgerError: the row does not tell when it was recorded.
    """
    register.last_at = recorded_at(row)
    register.position = row[0]
    return register


class _Told(dict[bytes, tuple[str, str]]):
    """When and by whom, of each state of a verification; an import has the same for all."""

    prefix = prefix_of(VERIFIED)

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], tuple[str, str]] = {}

    def __missing__(self, state: bytes) -> tuple[str, str]:
        read = verification_decoder()(state)
        self[state] = self.of(read.at, read.by)
        return self[state]

    def of(self, at: str, by: str) -> tuple[str, str]:
        """The pair, kept once; `ValueError` where the time is none."""
        pair = at, by
        known = self._pairs.get(pair)
        if known is None:
            instant_of(at)
            known = self._pairs[pair] = pair
        return known
