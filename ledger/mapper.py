"""Between domain events and the rows that a store keeps: the state is JSON, written by pydantic."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent

from ledger.events import TOPICS, EntryRecorded
from ledger.saying import Said, said_by

if TYPE_CHECKING:
    from eventsourcing.domain import DomainEventProtocol

    from ledger.events import LedgerEvent

_IN_COLUMNS = {"originator_id", "originator_version"}


class EventMapper(Mapper[str]):
    """Validates on the way in and on the way out; keeps the class version with every event.

    The library's own mapper fills `__dict__` and so leaves pydantic objects that neither
    compare nor copy; see the README of `docs/`.
    """

    def __init__(self) -> None:
        """Without transcoder, compressor or cipher: a state is plain JSON, readable for ever."""

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The row of an event."""
        event = cast("LedgerEvent", domain_event)
        return StoredEvent(
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=event.TOPIC,
            state=event.model_dump_json(exclude=_IN_COLUMNS, exclude_none=True).encode(),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> LedgerEvent:
        """The event of a row, upcast to today's version of its class.

        Raises:
            MapperDeserialisationError: the row's topic or state is of no known event.
        """
        event_type = TOPICS.get(stored_event.topic)
        if event_type is None:
            raise _unreadable(stored_event, Said("there is no such topic"))
        columns = (
            f'{{"originator_id":{json.dumps(stored_event.originator_id)},'
            f'"originator_version":{stored_event.originator_version},'
        ).encode()
        try:
            state = _upcast(event_type, bytes(stored_event.state))
            event = event_type.model_validate_json(columns + state[1:])
        except (ValueError, TypeError, KeyError, RecursionError, NotImplementedError) as error:
            raise _unreadable(stored_event, said_by(error)) from error
        row = stored_event.originator_id, stored_event.originator_version
        if (event.originator_id, event.originator_version) != row:
            raise _unreadable(stored_event, Said("its state names another entry or version"))
        if isinstance(event, EntryRecorded) and event.entry.id != stored_event.originator_id:
            raise _unreadable(stored_event, Said("its state holds another entry"))
        return event


def _unreadable(row: StoredEvent, why: str) -> MapperDeserialisationError:
    return MapperDeserialisationError(
        Said(
            "version {version} of {id} cannot be read as {topic}: {why}",
            version=row.originator_version,
            id=row.originator_id,
            topic=row.topic,
            why=why,
        )
    )


def _upcast(event_type: type[LedgerEvent], state: bytes) -> bytes:
    """The state in today's version of its class."""
    if state.startswith(b'{"class_version":%d,' % event_type.CLASS_VERSION):
        return state
    parsed: Any = json.loads(state)
    version = parsed.get("class_version") if isinstance(parsed, dict) else None
    if type(version) is not int or version < 1:
        raise ValueError(Said("it has no class version"))
    if version > event_type.CLASS_VERSION:
        raise ValueError(
            Said("class version {version} is newer than this program", version=version)
        )
    while version < event_type.CLASS_VERSION:
        parsed = event_type.upcast(parsed, version)
        version += 1
        parsed["class_version"] = version
    return json.dumps(parsed, ensure_ascii=False).encode()
