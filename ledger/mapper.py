"""Between domain events and the rows that a store keeps: the state is JSON, written by pydantic."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent
from eventsourcing.utils import TopicError, resolve_topic
from pydantic import ValidationError

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
        try:
            event_type = cast("type[LedgerEvent]", resolve_topic(stored_event.topic))
            columns = (
                f'{{"originator_id":{json.dumps(stored_event.originator_id)},'
                f'"originator_version":{stored_event.originator_version},'
            ).encode()
            state = self._upcast(event_type, bytes(stored_event.state))
            return event_type.model_validate_json(columns + state[1:])
        except (TopicError, ValidationError, ValueError, KeyError) as error:
            raise MapperDeserialisationError(
                f"version {stored_event.originator_version} of {stored_event.originator_id} "
                f"cannot be read as {stored_event.topic}: {error}"
            ) from error

    @staticmethod
    def _upcast(event_type: type[LedgerEvent], state: bytes) -> bytes:
        if state.startswith(b'{"class_version":%d,' % event_type.CLASS_VERSION):
            return state
        parsed: dict[str, Any] = json.loads(state)
        version = parsed["class_version"]
        if version > event_type.CLASS_VERSION:
            raise ValueError(f"class version {version} is newer than this program")
        while version < event_type.CLASS_VERSION:
            parsed = event_type.upcast(parsed, version)
            version += 1
            parsed["class_version"] = version
        return json.dumps(parsed, ensure_ascii=False).encode()
