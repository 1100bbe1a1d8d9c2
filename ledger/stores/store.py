"""An open store of events: its interface, and the queries that both stores share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import StoreError
from ledger.message import Message
from ledger.vocabulary import DIGITS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from eventsourcing.persistence import ApplicationRecorder

    from ledger.stores.checkpoints import Checkpoints

PAGE = 1_000
"""Rows fetched at a time."""

LAST = 2**63 - 1
"""The largest position that a store can hold."""

_LONG_LIST = 10_000

Row = tuple[int, str, int, str, bytes]
"""Position, originator id, originator version, topic, state."""


class StoredRow(NamedTuple):
    """An event as it is stored, not decoded."""

    position: int
    originator_id: str
    originator_version: int
    topic: str
    state: bytes


class RowFilter(NamedTuple):
    """Select rows by topic and, unless `patterns` is empty, by bytes of their state."""

    topics: tuple[str, ...]
    patterns: tuple[bytes, ...] = ()
    """The state must contain at least one of these."""


class Dialect(NamedTuple):
    """Parts of SQL that each store spells in its own way; parameters are `?` in both."""

    events: str
    """The table of events, with a column `position`."""
    columns: str
    """The columns of a `Row`."""
    raw: str
    """The columns of a `StoredRow`, readable whatever damage they hold."""
    member: str
    """A condition that the expression `{}` is in the list given as one parameter."""
    contains: str
    """A condition that the state contains the bytes given as one parameter."""


class Store(ABC):
    """An open ledger. Every fault of the store is raised as a `StoreError`."""

    url: str
    """The store's URL without a password."""
    omitted: Mapping[int, int] = {}
    """Positions that were set aside, each with the one from which on every reading but `raw` leaves
    it out. `Asides` sets them."""
    keeps_logins = False
    """Whether it keeps who was logged in (`sessions`), which no copy of the ledger contains."""
    _sql: Dialect

    @property
    @abstractmethod
    def recorder(self) -> ApplicationRecorder:
        """Return the recorder, whose `insert_events` takes the position to append after.

        `insert_events(stored_events, after=position)` assigns the positions that follow, in one
        transaction; without `after` it appends at the end. It returns the positions. With
        `as_found=True` it takes rows of another ledger as they are, damaged ones too.

        Raises:
            LedgerMovedError: the ledger does not end at `after` (optimistic concurrency).
            EventsRejectedError: the store already holds one of these events.
            IntegrityError: the same, if `after` is not given.
            StoreError: the store failed.
        """

    @property
    @abstractmethod
    def checkpoints(self) -> Checkpoints:
        """Return the checkpoints that the ledger keeps of itself."""

    @abstractmethod
    def position(self) -> int:
        """Return the position of the last event, or 0."""

    @abstractmethod
    def time(self) -> datetime | None:
        """Return the time where the ledger is kept, in UTC, or None if that cannot be told."""

    @abstractmethod
    def audit(self) -> list[str]:
        """List what differs from the schema of a ledger, one sentence each.

        Unknown tables, missing or changed triggers, values of another type than their column's,
        and what the store's own check of itself finds.
        """

    @property
    @abstractmethod
    def file_identity(self) -> object:
        """Return device and inode of the ledger's file; None on a server."""

    @abstractmethod
    def close(self) -> None:
        """Close every connection."""

    @abstractmethod
    def _select(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Any]:
        """Yield the rows of a query, all of one moment."""

    def _stored_row(self, row: Any) -> StoredRow:
        return StoredRow._make(row)

    def sessions(self, positions: Sequence[int]) -> dict[int, str]:  # noqa: ARG002 - with roles
        """Return the store's own name of who appended events, by position, as far as it is known.

        That is the role of the session (`session_user`), whatever name an event gives.
        """
        return {}

    def upgrade(self) -> None:
        """Make anew what guards the tables of a ledger of this or an earlier tally.

        Raises:
            StoreError: the store has nothing of that kind, or this role does not own it.
        """
        raise StoreError(
            Message("{url} is a file: there is nothing to upgrade in it.", url=self.url)
        )

    def grant(self, role: str, *, checkpoints: bool = False) -> None:  # noqa: ARG002 - with roles
        """Let a role append and read and, with `checkpoints`, keep checkpoints; nothing else.

        Raises:
            StoreError: the store has no roles, or the role cannot be limited so.
        """
        raise StoreError(
            Message(
                "{url} is a file and has no roles; set the rights of the file and its folder "
                "instead.",
                url=self.url,
            )
        )

    def raw(self, after: int = 0, to: int | None = None) -> Iterator[StoredRow]:
        """Yield the rows after a position, up to and including `to`, exactly as stored.

        All rows are of one moment, however long the reading takes and whoever appends meanwhile.
        `after=0` starts at the very first row, whatever its position. A value of another type
        than its column's is converted as closely as possible; `audit` names it.
        """
        bounds = {"position > ?": after or None, "position <= ?": to}
        given = {test: bound for test, bound in bounds.items() if bound is not None}
        query = _query(self._sql.raw, self._sql.events, " AND ".join(given) or "TRUE")
        yield from map(self._stored_row, self._select(query, [*given.values()]))

    def raw_of(self, name: str) -> list[StoredRow]:
        """Return the rows of an originator id, by position, exactly as `raw` does."""
        query = _query(self._sql.raw, self._sql.events, "originator_id = ?")
        return [self._stored_row(row) for row in self._select(query, (name,))]

    def raw_with(self, prefix: str) -> list[StoredRow]:
        """Return the rows whose originator id begins with a text, by position, as `raw` does."""
        query = _query(self._sql.raw, self._sql.events, _WITH_PREFIX)
        return [self._stored_row(row) for row in self._select(query, _prefix_bounds(prefix))]

    def raw_at(self, positions: Sequence[int]) -> list[StoredRow]:
        """Return the rows at some positions, in order, exactly as `raw` does."""
        query = _query(self._sql.raw, self._sql.events, self._sql.member.format("position"))
        return [self._stored_row(row) for row in self._select(query, (list(positions),))]

    def rows(
        self, after: int = 0, to: int | None = None, *, as_of: int | None = None
    ) -> Iterator[Row]:
        """Yield the rows after a position, up to and including `to`, for a replay.

        Faster than `raw`, but fails on text that is not UTF-8.

        Args:
            after: the position before the first.
            to: the last position; the ledger's last by default.
            as_of: what was set aside up to here is left out; `to` by default.
        """
        since = to if as_of is None else as_of
        return self._rows("position > ? AND position <= ?", (after, _bound(to)), as_of=since)

    def rows_matching(self, filters: Sequence[RowFilter], to: int) -> Iterator[Row]:
        """Yield the rows that at least one filter selects, by position, up to `to`."""
        among, topics = _topics(filters)
        condition, parameters = self._selected_by(filters)
        return self._rows(
            f"position <= ? AND {among} AND ({condition})", (to, *topics, *parameters), as_of=to
        )

    def rows_of(self, ids: Collection[str], to: int | None = None) -> Iterator[Row]:
        """Yield all events of the entries with these ids, by position, up to `to`."""
        member = self._sql.member.format("originator_id")
        return self._rows(f"{member} AND position <= ?", (list(ids), _bound(to)), as_of=to)

    def rows_at(self, positions: Sequence[int]) -> Iterator[Row]:
        """Yield the events at these positions, in order."""
        return self._rows(self._sql.member.format("position"), (list(positions),))

    def ids_at(self, positions: Sequence[int]) -> list[str]:
        """Return the originator ids of the events at these positions."""
        member = self._sql.member.format("position")
        return [name for (name,) in self._rows(member, (list(positions),), "originator_id")]

    def omitted_at(self, to: int | None = None) -> list[int]:
        """Return the positions that were set aside by a position; by now by default."""
        return [one for one, since in self.omitted.items() if to is None or since <= to]

    def ids_with(self, prefix: str) -> list[str]:
        """Return the originator ids that begin with a text, in order."""
        query = (
            f"SELECT DISTINCT originator_id FROM {self._events()} "  # noqa: S608 - a constant
            f"WHERE {_WITH_PREFIX} ORDER BY originator_id"
        )
        return [name for (name,) in self._select(query, _prefix_bounds(prefix))]

    def positions_with(self, prefix: str, to: int | None = None) -> list[int]:
        """Return the positions up to `to` where an originator id begins with a text, in order."""
        found = self._rows(
            f"{_WITH_PREFIX} AND position <= ?", (*_prefix_bounds(prefix), _bound(to)), "position"
        )
        return [position for (position,) in found]

    def ids_between(self, low: str, high: str, most: int, *, last: bool = False) -> list[str]:
        """Return the first originator ids from `low` up to before `high`, in order.

        Args:
            low: the first that may be.
            high: the first that may not be.
            most: how many are returned at most.
            last: whether the last ones are wanted, in descending order.
        """
        query = (
            f"SELECT DISTINCT originator_id FROM {self._events()} "  # noqa: S608 - constants
            f"WHERE {_WITH_PREFIX} ORDER BY originator_id {'DESC' if last else 'ASC'} LIMIT ?"
        )
        return [name for (name,) in self._select(query, (low, high, most))]

    def last_number(self, series: str) -> int:
        """Return the highest number of the ids that are a series and digits, or 0.

        Args:
            series: what the ids begin with, as `SR-2016-`.
        """
        query = (
            f"SELECT originator_id FROM {self._events()} "  # noqa: S608 - a constant
            "WHERE originator_id >= ? AND originator_id < ? AND length(originator_id) = ? "
            "ORDER BY originator_id DESC"
        )
        last, digits = 0, DIGITS
        while True:
            bounds = f"{series}0", f"{series}:", len(series) + digits
            numbers = (name[len(series) :] for (name,) in self._select(query, bounds))
            found = next((one for one in numbers if one.isascii() and one.isdigit()), None)
            last = last if found is None else int(found)
            if last < 10**digits - 1:
                return last
            digits += 1

    def single_event_ids(self, to: int | None = None) -> set[str]:
        """Return the ids that have one event only up to `to`: nobody has verified them."""
        # SQLite answers this from the index of the key alone.
        query = (
            f"SELECT originator_id FROM {self._events(to)} "  # noqa: S608 - a constant
            "WHERE position <= ? GROUP BY originator_id HAVING COUNT(*) = 1"
        )
        return {name for (name,) in self._select(query, (_bound(to),))}

    def ids_without(self, topic: str, to: int) -> Iterator[str]:
        """Yield the ids that have no event of a topic up to `to`, in no certain order."""
        query = (
            f"SELECT originator_id FROM {self._events(to)} "  # noqa: S608 - a constant
            "WHERE position <= ? GROUP BY originator_id "
            "HAVING COUNT(CASE WHEN topic = ? THEN 1 END) = 0"
        )
        return (name for (name,) in self._select(query, (to, topic)))

    def _rows(
        self,
        condition: str,
        parameters: Sequence[object],
        columns: str | None = None,
        *,
        as_of: int | None = None,
    ) -> Iterator[Any]:
        """Yield columns, by default those of a `Row`, of the rows that a condition selects."""
        query = _query(columns or self._sql.columns, self._events(as_of), condition)
        return self._select(query, parameters)

    def _events(self, as_of: int | None = None) -> str:
        """Return the table of events, without the positions that were set aside by then."""
        gone = ", ".join(map(str, self.omitted_at(as_of)))
        if not gone:
            return self._sql.events
        return f"(SELECT * FROM {self._sql.events} WHERE position NOT IN ({gone})) AS sound"  # noqa: S608

    def _selected_by(self, filters: Sequence[RowFilter]) -> tuple[str, list[object]]:
        """Return the condition that at least one filter selects a row, and its parameters."""
        conditions, parameters = list[str](), list[object]()
        for one in filters:
            condition, topics = _topics([one])
            if one.patterns:
                condition += f" AND ({' OR '.join([self._sql.contains] * len(one.patterns))})"
            conditions.append(f"({condition})")
            parameters += [*topics, *one.patterns]
        return " OR ".join(conditions), parameters


_WITH_PREFIX = "originator_id >= ? AND originator_id < ?"


def _prefix_bounds(prefix: str) -> tuple[str, str]:
    """Return the parameters of `_WITH_PREFIX`."""
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _query(columns: str, events: str, condition: str) -> str:
    return f"SELECT {columns} FROM {events} WHERE {condition} ORDER BY position"  # noqa: S608


def _topics(filters: Sequence[RowFilter]) -> tuple[str, list[str]]:
    """Return the condition that a row's topic is of some filter, and its parameters.

    Most rows fail it, so it is cheaper to test it before the bytes of a state.
    """
    topics = [topic for one in filters for topic in one.topics]
    return f"topic IN ({', '.join('?' * len(topics))})", topics


def _bound(to: int | None) -> int:
    return LAST if to is None else to


def position_sequence(positions: range) -> Sequence[int]:
    """Return positions as recorders do, in a list, unless that would hold very many."""
    return list(positions) if len(positions) <= _LONG_LIST else positions


def decode_text(stored: bytes) -> str:
    r"""Decode UTF-8; write a byte that is not as `\xNN`, so that damaged text can be read."""
    return stored.decode("utf-8", "backslashreplace")
