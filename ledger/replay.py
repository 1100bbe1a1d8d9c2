"""Replaying stored rows into a register, without checking again what the door has checked.

Every stored byte was validated when it was written, and `tally check` validates it anew. A
replay trusts it: the same models' own schemas, rid of their checks, read the state; what was
done to an entry (verified, taken back) is only read when somebody looks at it. The register
that comes of it is the very one that `Register.apply` makes of the events (a test holds them
equal), several times sooner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from pydantic_core import SchemaValidator, from_json

from ledger.entries import BY_KIND, Entry
from ledger.errors import DamagedLedgerError
from ledger.events import RECORDED, EntryVerified
from ledger.mapper import EventMapper
from ledger.register import EntryLife, Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.register import Register
    from ledger.stores import Row

_CHECKS = {"function-before", "function-after", "function-wrap"}
_BOUNDS = {"pattern", "max_length", "min_length", "ge", "le", "strip_whitespace", "serialization"}
_set = object.__setattr__


def _unchecked(schema: Any) -> Any:
    """A core schema that reads the same types and checks nothing of them."""
    if isinstance(schema, list):
        return [_unchecked(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("type"), str) and schema["type"] in _CHECKS:
        return _unchecked(schema["schema"])
    return {key: _unchecked(part) for key, part in schema.items() if key not in _BOUNDS}


def _fields_of(entry_type: type[Entry]) -> Any:
    """The schema of an entry's fields, without the model around them."""
    schema = _unchecked(entry_type.__pydantic_core_schema__)
    while schema["type"] != "model":
        schema = schema["schema"]
    return schema["schema"]


def _envelope(entry_type: type[Entry]) -> SchemaValidator:
    """Reads the state of a recording: who, when, and the entry's fields."""
    field = {"type": "model-field", "schema": {"type": "any"}}
    entry = {"type": "model-field", "schema": _fields_of(entry_type)}
    fields = {"class_version": field, "at": field, "by": field, "entry": entry}
    return SchemaValidator(cast("Any", {"type": "model-fields", "fields": fields}))


_READERS: dict[str, tuple[type[Entry], Callable[[bytes], Any], bytes]] = {
    RECORDED[kind].TOPIC: (
        entry_type,
        _envelope(entry_type).validate_json,
        b'{"class_version":%d,' % RECORDED[kind].CLASS_VERSION,
    )
    for kind, entry_type in BY_KIND.items()
}


def _entry(entry_type: type[Entry], read: tuple[dict[str, Any], None, set[str]]) -> Entry:
    """An entry of fields that were checked when they were stored."""
    entry = entry_type.__new__(entry_type)
    _set(entry, "__dict__", read[0])
    _set(entry, "__pydantic_fields_set__", read[2])
    _set(entry, "__pydantic_extra__", None)
    _set(entry, "__pydantic_private__", None)
    return entry


_CONTENTS: dict[str, Callable[[bytes], Any]] = {}


def entry_of(kind: str, content: bytes) -> Any:
    """The entry of a kind whose JSON passed the door's checks before."""
    reader = _CONTENTS.get(kind)
    if reader is None:
        schema = cast("Any", _fields_of(BY_KIND[kind]))
        reader = _CONTENTS[kind] = SchemaValidator(schema).validate_json
    return _entry(BY_KIND[kind], reader(content))


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
                raise DamagedLedgerError(position, "there is no such event")
            position = number
        try:
            if topic == verified and state.startswith(told.prefix):
                life, mark = lives[entry_id], Mark(position, *told[state])
                life.verified, life.version = mark, version
            elif (reader := _READERS.get(topic)) is not None and state.startswith(reader[2]):
                envelope = reader[1](state)[0]
                entry = _entry(reader[0], envelope["entry"])
                mark = Mark(position, *told.of(envelope["at"], envelope["by"]))
                lives[entry_id] = EntryLife(entry, mark)
                if entry.replaces is not None:
                    replacements.setdefault(entry.replaces, []).append(entry_id)
            else:
                register.position, mark = position - 1, None
                stored = StoredEvent(entry_id, version, topic, state)
                register.apply(position, mapper.to_domain_event(stored))
        except (MapperDeserialisationError, ValueError, KeyError, TypeError) as error:
            raise DamagedLedgerError(position, f"{topic} {entry_id}: {error}") from error
    register.position = position
    if mark is not None:
        register.last_at = mark.at
    return register


def end_at(register: Register, row: Row) -> Register:
    """Says that a register of some rows ends with a row, the newest that it knows of."""
    register.position = row[0]
    register.last_at = Mark(row[0], from_json(row[4])["at"], "").at
    return register


class _Told(dict[bytes, tuple[str, str]]):
    """When and by whom, of each state of a verification; an import has the same for all."""

    prefix = b'{"class_version":%d,' % EntryVerified.CLASS_VERSION

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
