"""Bytes to events and back: topics, class versions, upcasting, decoding, validation.

A state is JSON. `decode` trusts that it was validated when it was written and reads types alone;
`validate` applies every rule of the declarations again, as `tally check` does.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, Encoder

from ledger.accounts import account_id
from ledger.declared import OF_STORED
from ledger.entries import STORED, AnyEntry, MeasureEntry
from ledger.errors import DamagedLedgerError
from ledger.events import (
    ADOPTION,
    ASIDE,
    SIGNED,
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
from ledger.unreadable import why_unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ledger.entries.base import Entry
    from ledger.stores import Row

VERIFIED = "tally.EntryVerified"
REVERSED = "tally.EntryReversed"
RETURNED = "tally.EntryReturned"
PUBLISHED = "tally.FiguresPublished"
EDITION_VERIFIED = "tally.EditionVerified"
EDITION_WITHDRAWN = "tally.EditionWithdrawn"
RAISED = "tally.ObjectionRaised"
DECIDED = "tally.ObjectionDecided"
ADOPTED = "tally.MeasureAdopted"
ADOPTION_WITHDRAWN = "tally.AdoptionWithdrawn"
SET_ASIDE = "tally.RowSetAside"
COPY_ACCEPTED = "tally.EarlierCopyAccepted"
ACCOUNT_OPENED = "tally.AccountOpened"
ACCOUNT_CLOSED = "tally.AccountClosed"
ACCOUNT_RESET = "tally.AccountKeyReset"
APPEND_SIGNED = "tally.AppendSigned"

RECORDED: dict[str, str] = {
    kind: f"tally.{entry_type.__name__}Recorded" for kind, entry_type in STORED.items()
}
"""By tag of a class, the topic of its recordings. A topic is stable: never a module's path."""

KIND_OF: dict[str, str] = {topic: kind for kind, topic in RECORDED.items()}
"""By topic of recordings, the tag of the class."""

TYPES: dict[str, Any] = {
    **{RECORDED[kind]: EntryRecorded[one] for kind, one in STORED.items()},  # type: ignore[valid-type]
    VERIFIED: EntryVerified,
    REVERSED: EntryReversed,
    RETURNED: EntryReturned,
    PUBLISHED: FiguresPublished,
    EDITION_VERIFIED: EditionVerified,
    EDITION_WITHDRAWN: EditionWithdrawn,
    RAISED: ObjectionRaised,
    DECIDED: ObjectionDecided,
    ADOPTED: MeasureAdopted,
    ADOPTION_WITHDRAWN: AdoptionWithdrawn,
    SET_ASIDE: RowSetAside,
    COPY_ACCEPTED: EarlierCopyAccepted,
    ACCOUNT_OPENED: AccountOpened,
    ACCOUNT_CLOSED: AccountClosed,
    ACCOUNT_RESET: AccountKeyReset,
    APPEND_SIGNED: AppendSigned,
}
"""By topic, the declared event."""


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(Message("a flag that is neither true nor false"))
    return value


def _with_periods(state: dict[str, Any]) -> dict[str, Any]:
    """Return a publication of version 1, of a quarter with fixed sections, as one of version 2."""
    state["period"] = state.pop("quarter")
    state["figures"] = [
        {
            "unit": one["unit"],
            "name": one["name"],
            "period": one["quarter"],
            "score": one["score"],
            "sections": {name: one[name] for name in ("basic_work", "abnormal_petitions")},
            "beside": {name: one[name] for name in ("rewards", "penalties")},
            "flags": [name for name in ("disqualified", "vetoed") if _truth(one[name])],
            "eligible": one["eligible"],
        }
        for one in state["figures"]
    ]
    return state


UPCASTS: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], ...]] = {
    PUBLISHED: (_with_periods,),
}
"""By topic, what makes a parsed state of class version n one of n + 1; the first is of 1."""

UNREADABLE = (MsgspecError, ValueError, KeyError, TypeError, RecursionError)
"""Errors that decoding or folding a damaged row may raise."""

_OF_SOMETHING = {
    VERIFIED,
    REVERSED,
    RETURNED,
    DECIDED,
    EDITION_VERIFIED,
    EDITION_WITHDRAWN,
    ADOPTION_WITHDRAWN,
    ACCOUNT_CLOSED,
    ACCOUNT_RESET,
}
"""The topics of events that happen to what an earlier event of their stream made."""

_TOPIC_OF = {one: topic for topic, one in TYPES.items() if topic not in KIND_OF}
_REPEATED = {VERIFIED: 256, ADOPTED: 16}
"""By topic, how many decoded states are kept: the same ones are decoded again and again.

An import verifies all of its entries with one state; every part of a ledger that is loaded has its
adoptions, of some 100 KB each.
"""
_encode = Encoder().encode


def recorded_topic(kind: str) -> str:
    """Return the topic of the recordings of a kind; all kinds of measures share one."""
    return RECORDED.get(kind, RECORDED[MeasureEntry.KIND])


def class_version(topic: str) -> int:
    """Return the class version that this program writes for a topic."""
    return len(UPCASTS.get(topic, ())) + 1


def prefix_of(topic: str) -> bytes:
    """Return how the states of a topic's present class version begin."""
    return b'{"class_version":%d,' % class_version(topic)


def topic_of(event: Event) -> str:
    """Return the topic under which an event is stored."""
    if isinstance(event, EntryRecorded):
        return recorded_topic(event.entry.KIND)
    return _TOPIC_OF[type(event)]


def encode_entry(entry: Entry) -> bytes:
    """Return the entry's JSON object as events hold it, without optional fields that are empty."""
    return _encode(entry.filled())


def encode(event: Event) -> bytes:
    """Return the state of an event."""
    filled = {
        name: value
        for name in event.__struct_fields__
        if (value := getattr(event, name)) is not None
    }
    filled["class_version"] = class_version(topic_of(event))
    if isinstance(event, EntryRecorded):
        filled["entry"] = event.entry.filled()
    return _encode(filled)


class _Reader(NamedTuple):
    prefix: bytes
    decode: Callable[[bytes], Event]


@cache
def _reader(topic: str) -> _Reader | None:
    """Return the reader of a topic, made when it is first met; None for an unknown topic."""
    declared = TYPES.get(topic)
    if declared is None:
        return None
    decode = Decoder(declared).decode
    kept = _REPEATED.get(topic)
    return _Reader(prefix_of(topic), decode if kept is None else lru_cache(kept)(decode))


def decode(topic: str, state: bytes) -> Event:
    """Return the event of a stored state, reading types alone.

    Raises:
        one of `UNREADABLE`: the state cannot be what this program wrote.
    """
    reader = _reader(topic)
    if reader is None:
        raise ValueError(Message("there is no such topic"))
    if not state.startswith(reader.prefix):
        state = upcast(topic, state)
    return reader.decode(state)


@cache
def entry_decoder() -> Callable[[bytes], AnyEntry]:
    """Return what decodes the JSON that `encode_entry` wrote, of any kind."""
    decoder: Decoder[AnyEntry] = Decoder(AnyEntry)
    return decoder.decode


def validate(name: str, topic: str, state: bytes) -> Event:
    """Return the event of a stored state with every rule of its declaration checked again.

    Args:
        name: the row's originator id.
        topic: the row's topic.
        state: the row's state.

    Raises:
        one of `UNREADABLE`: a rule is broken, or the state is of another entry.
    """
    if topic not in TYPES:
        raise ValueError(Message("there is no such topic"))
    event = _validator(topic)(upcast(topic, state))
    if isinstance(event, EntryRecorded) and event.entry.id != name:
        raise ValueError(Message("its state holds another entry"))
    if isinstance(event, MeasureAdopted) and f"{ADOPTION}{event.year}" != name:
        raise ValueError(Message("its state is of another year"))
    if isinstance(event, RowSetAside) and f"{ASIDE}{event.position}" != name:
        raise ValueError(Message("its state is of another position"))
    if isinstance(event, AppendSigned) and f"{SIGNED}{event.first}" != name:
        raise ValueError(Message("its state is of another append"))
    if isinstance(event, AccountOpened) and account_id(event.name) != name:
        raise ValueError(Message("its state is of another account"))
    return event


@cache
def _validator(topic: str) -> Callable[[bytes], Event]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - not for commands that only read

    return partial(TypeAdapter(TYPES[topic]).validate_json, context=OF_STORED)


def upcast(topic: str, state: bytes) -> bytes:
    """Return a state in the present class version of its topic."""
    if state.startswith(prefix_of(topic)):
        return state
    parsed: Any = json.loads(state)
    version = parsed.get("class_version") if isinstance(parsed, dict) else None
    if type(version) is not int or version < 1:
        raise ValueError(Message("it has no class version"))
    if version > class_version(topic):
        raise ValueError(
            Message("class version {version} is newer than this program", version=version)
        )
    for step in UPCASTS.get(topic, ())[version - 1 :]:
        parsed = step(parsed)
    parsed["class_version"] = class_version(topic)
    return json.dumps(parsed, ensure_ascii=False, separators=(",", ":")).encode()


class _Time(Struct):
    at: str


_decode_time = Decoder(_Time).decode


def recorded_at(row: Row) -> datetime:
    """Return when the event of a row was recorded, in UTC, whatever its topic.

    Raises:
        DamagedLedgerError: the row does not say.
    """
    position, name, _, topic, state = row
    try:
        return instant_of(_decode_time(state).at)
    except UNREADABLE as error:
        raise damaged(position, topic, name, error) from error


def damaged(position: int, topic: str, name: str, error: Exception) -> DamagedLedgerError:
    """Return the error that names the position of a row that cannot be read."""
    words = Message("{topic} {id}: {error}", topic=topic, id=name, error=why_unreadable(error))
    if isinstance(error, KeyError) and topic in _OF_SOMETHING:
        words = without_its_past(TYPES[topic].NAME, name)
    return DamagedLedgerError(position, words)


def without_its_past(event: str, name: str) -> Message:
    """Return the message for an event of something that was never recorded."""
    return Message("{event} {id} without what went before it", event=event, id=name)
