"""Replaying stored rows into a register, without checking again what the door has checked.

Every stored byte was validated when it was written, and `tally check` validates it anew. A
replay trusts it and reads the types alone; what was done to an entry (verified, taken back) is
only read when somebody looks at it. The register that comes of it is the very one that
`Register.apply` makes of the events (a test holds them equal), several times sooner.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from msgspec import MsgspecError
from pydantic_core import from_json

from ledger.entries import BY_KIND, Entry
from ledger.errors import DamagedLedgerError
from ledger.events import RECORDED, EntryReversed, EntryVerified
from ledger.mapper import EventMapper, prefix_of
from ledger.register import EntryLife, Mark, Reversed
from ledger.saying import Said
from ledger.shapes import content_decoder, contents_decoder, reversal_decoder, state_decoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.register import Register
    from ledger.stores import Row

_set = object.__setattr__
UNREADABLE = (MapperDeserialisationError, MsgspecError, ValueError, KeyError, TypeError)
"""What reading a damaged state may raise."""


class _Reader(NamedTuple):
    """How the recordings of one kind are read."""

    prefix: bytes
    decode: Callable[[bytes], Any]
    make: Callable[[dict[str, Any]], Entry]


_REVERSED = prefix_of(EntryReversed)
_TOPICS = {event.TOPIC: kind for kind, event in RECORDED.items()}


@cache
def _reader(topic: str) -> _Reader | None:
    """The reader of a topic, made when the first of it is met; None where it records nothing."""
    kind = _TOPICS.get(topic)
    if kind is None:
        return None
    return _Reader(prefix_of(RECORDED[kind]), state_decoder(kind), _maker(kind))


@cache
def _maker(kind: str) -> Callable[[dict[str, Any]], Entry]:
    """Makes entries of a kind of fields that were checked when they were stored."""
    entry_type = BY_KIND[kind]
    fields = entry_type.model_fields
    # In the order of the fields, which is that of the JSON of an entry.
    template = {name: field.get_default() for name, field in fields.items()}
    new, names = entry_type.__new__, set(fields)

    def make(read: dict[str, Any]) -> Entry:
        entry = new(entry_type)
        _set(entry, "__dict__", {**template, **read})
        _set(entry, "__pydantic_fields_set__", names)
        _set(entry, "__pydantic_extra__", None)
        _set(entry, "__pydantic_private__", None)
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
    kind: str, array: bytes | str, wanted: Callable[[dict[str, Any]], bool]
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
    lives, replacements, mapper = register.lives, register.replacements, EventMapper()
    verified, told = EntryVerified.TOPIC, _Told()
    position, mark = register.position, None
    for number, entry_id, version, topic, state in rows:
        position += 1
        if number != position:
            if not partly:
                raise DamagedLedgerError(position, Said("there is no such event"))
            position = number
        try:
            if topic == verified and state.startswith(told.prefix):
                life, mark = lives[entry_id], Mark(position, *told[state])
                life.verified, life.version = mark, version
            elif (reader := _reader(topic)) is not None and state.startswith(reader.prefix):
                envelope = reader.decode(state)
                entry = reader.make(envelope.entry)
                mark = Mark(position, *told.of(envelope.at, envelope.by))
                lives[entry_id] = EntryLife(entry, mark)
                if entry.replaces is not None:
                    replacements.setdefault(entry.replaces, []).append(entry_id)
            elif topic == EntryReversed.TOPIC and state.startswith(_REVERSED):
                read = reversal_decoder()(state)
                life, mark = lives[entry_id], Mark(position, *told.of(read.at, read.by))
                life.reversed, life.version = Reversed(mark, read.by_entry, read.reason), version
            else:
                register.position, mark = position - 1, None
                stored = StoredEvent(entry_id, version, topic, state)
                register.apply(position, mapper.to_domain_event(stored))
        except UNREADABLE as error:
            raise damaged(position, topic, entry_id, error) from error
    register.position = position
    if mark is not None:
        register.last_at = mark.at
    return register


def damaged(position: int, topic: str, name: str, error: Exception) -> DamagedLedgerError:
    """What is said of a row that cannot be read."""
    words = Said("{topic} {id}: {error}", topic=topic, id=name, error=error)
    return DamagedLedgerError(position, words)


def end_at(register: Register, row: Row) -> Register:
    """Says that a register of some rows ends with a row, the newest that it knows of."""
    register.position = row[0]
    register.last_at = Mark(row[0], from_json(row[4])["at"], "").at
    return register


class _Told(dict[bytes, tuple[str, str]]):
    """When and by whom, of each state of a verification; an import has the same for all."""

    prefix = prefix_of(EntryVerified)

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], tuple[str, str]] = {}

    def __missing__(self, state: bytes) -> tuple[str, str]:
        read = from_json(state)
        self[state] = self.of(read["at"], read["by"])
        return self[state]

    def of(self, at: str, by: str) -> tuple[str, str]:
        """The pair, kept once."""
        pair = at, by
        return self._pairs.setdefault(pair, pair)
