"""Damaged rows: those that are no events, or do not follow from what went before in their stream.

Whether a row is damaged is decided from its stream alone, in the same way when it is set aside,
when it is left out, and in `tally check`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger import codec
from ledger.events import AppendSigned, EntryRecorded, EntryReversed, Event
from ledger.message import Message
from ledger.state import LedgerState
from ledger.unreadable import why_unreadable

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from ledger.stores import StoredRow

LONGEST_MESSAGE = 400


class Versions:
    """The versions of streams, as their rows are read in order."""

    def __init__(self) -> None:
        """Begin before the first row."""
        self._last: dict[str, int] = {}
        self._omitted: dict[str, set[int]] = {}

    def __bool__(self) -> bool:
        """Return whether any row was read."""
        return bool(self._last)

    def take(self, name: str, version: int) -> None:
        """Note the next row of the stream `name`."""
        self._last[name] = version

    def omit(self, name: str, version: int) -> None:
        """Note a row that was set aside: its version is taken, and nothing follows from it."""
        self._omitted.setdefault(name, set()).add(version)

    def following(self, name: str) -> int:
        """Return the version that the next row of the stream `name` has."""
        version, omitted = self._last.get(name, 0) + 1, self._omitted.get(name, ())
        while version in omitted:
            version += 1
        return version


def chain_problems(
    state: LedgerState, expected: int, name: str, version: int, event: Event
) -> Iterator[Message]:
    """Yield why an event cannot follow in its stream.

    Args:
        state: what went before, in this stream at least.
        expected: the version that follows there.
        name: the event's originator id.
        version: its version.
        event: the event.
    """
    # A signature is found by its position: a forged one may have taken its version.
    if version != expected and not isinstance(event, AppendSigned):
        yield Message(
            "is version {version} where {expected} would follow", version=version, expected=expected
        )
    entry_state = state.get(name)
    if entry_state is None:
        return
    if isinstance(event, EntryRecorded):
        yield Message(
            "was recorded before, at position {position}", position=entry_state.recorded.position
        )
    elif isinstance(event, EntryReversed) and entry_state.reversed is not None:
        yield Message(
            "was reversed before, at position {position}",
            position=entry_state.reversed.ref.position,
        )


def apply(
    state: LedgerState, position: int, name: str, version: int, event: Event
) -> Message | None:
    """Apply an event to a state; return what is wrong if its subject was never recorded."""
    try:
        state.apply(position, name, version, event)
    except KeyError:
        return Message(
            "{event}, but nothing stands there that it could be said of", event=event.NAME
        )
    return None


def unreadable(row: StoredRow) -> str | None:
    """Return why a row is no event, by every rule of its declaration; None for a sound one."""
    try:
        codec.validate(row.originator_id, row.topic, row.state)
    except codec.UNREADABLE as error:
        return unreadable_words(row.topic, error)
    return None


def unreadable_words(topic: str, error: Exception) -> str:
    """Return the message of an error that one of `UNREADABLE` is, on one line of bounded length."""
    message = Message("cannot be read as {topic}: {why}", topic=topic, why=why_unreadable(error))
    short = " ".join(message.split())[:LONGEST_MESSAGE]
    return message if message == short else short


def damage_of(row: StoredRow, stream: Iterable[StoredRow], omitted: Container[int]) -> str | None:
    """Return what is wrong with a row by itself or in its stream; None for a sound one.

    Args:
        row: the row.
        stream: the rows of its stream, by position.
        omitted: positions that are set aside.
    """
    name = row.originator_id
    try:
        event = codec.decode(row.topic, row.state)
    except codec.UNREADABLE as error:
        return unreadable_words(row.topic, error)
    state, versions = LedgerState(), Versions()
    for one in stream:
        if one.position in omitted and one.position != row.position:
            versions.omit(name, one.originator_version)
        elif one.position < row.position:
            versions.take(name, one.originator_version)
            try:
                earlier = codec.decode(one.topic, one.state)
                state.apply(one.position, name, one.originator_version, earlier)
            except codec.UNREADABLE:
                continue
    expected = versions.following(name)
    version = row.originator_version
    return (
        next(chain_problems(state, expected, name, version, event), None)
        or apply(state, row.position, name, version, event)
        # Last: it imports pydantic, which most commands do without.
        or unreadable(row)
    )
