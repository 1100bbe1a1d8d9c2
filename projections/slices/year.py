"""A year's part of a ledger, read in a few passes: memory grows with the year, not with all events.

What is left out cannot bear on the year: it is dated in another one, it neither takes another
entry's place nor was taken back, and nothing that belongs to the year refers to it. What is
kept beside that does no harm: clauses ask for the day of all that they look at.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ledger.entries import Notice, PetitionBatch, Unit
from ledger.marks import REPLACES, dated_in, mark_of, outdated, text_of, topics_of
from ledger.register import EntryLife, Mark, Register
from ledger.replay import UNREADABLE, end_at, entries_in, replay
from ledger.saying import Said
from ledger.shapes import glances_decoder
from ledger.stores import CHUNK, RowFilter
from ledger.topics import RECORDED, REVERSED, VERIFIED, prefix_of
from ledger.watching import watched
from projections.calendar import year_of
from projections.slices.frame import YearFrame, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.stores import Row, Store

    _Wish = tuple[RowFilter, Callable[[bytes], None]]
    """Rows that are wished for in arrays, with what takes an array in."""

CALENDAR = ("screening_report", "case_report")
"""Kinds that are owed by the calendar."""

_FINDING = ("inspection_finding",)
_BY_DAY = (CALENDAR, ("commendation", "criticism", "yellow_card"), ("research_site",))
"""Kinds that belong to a year by their own day or month, those with one name for it together."""

_REFERRING = topics_of("on_site_response", "case_resolution")
_INFORMATION = topics_of("information_report")
_SCREENING = topics_of("screening_report")
_BATCH, _CASE, _NOTICE = map(mark_of, ("batch", "case", "notice"))
_DONE = (VERIFIED, REVERSED)

SOMEBODY = Mark(0, "1970-01-01T00:00:00.000000Z", "")
"""Stands for a recording or verification that nobody asks for the details of."""


def year_register(store: Store, year: int, to: int, *, idle: bool = False) -> Register:
    """The lives of the entries that can bear on an assessment year, as known at a position.

    Args:
        store: the ledger.
        year: the assessment year.
        to: the position; the register says that it ends there.
        idle: keep what is dated in the year and bears on no score: information reports on what
            did not come up, resolutions of cases that fell due in another year.

    Raises:
        DamagedLedgerError: something stored cannot be what this program wrote.
    """
    reading = YearReading(store, year, to, idle=idle)
    reading.read_calendar()
    reading.read_inspection()
    reading.read_happenings()
    return reading.close()


class YearReading:
    """The passes over the rows behind the frame."""

    def __init__(
        self,
        store: Store,
        year: int,
        to: int,
        *,
        idle: bool = False,
        targets: bool = True,
        single_event_ids: Callable[[], set[str]] | None = None,
    ) -> None:
        """Reads the frame of the year; see `YearFrame`, and `year_register` for `idle`."""
        self._frame = YearFrame(store, year, to, targets=targets, single_event_ids=single_event_ids)
        self._store, self._year, self._to = store, year, to
        self._idle = idle
        self._found = wanted(_FINDING, b'"year":%d,' % year)
        self.register, self.single_event_ids = self._frame.register, self._frame.single_event_ids
        self._put_off = list[str]()

    def read_calendar(self) -> None:
        """Reads the monthly reports and those that notices asked for."""
        wishes = [wanted(CALENDAR, *dated_in(CALENDAR[0], self._year))]
        wishes.append(RowFilter(_SCREENING, (_NOTICE,)))
        notices = self._notices_of_the_year()

        def owed(row: Row) -> bool:
            notice = text_of(row[4], _NOTICE)
            return not notice or notice in notices or REPLACES in row[4]

        self._frame.add(self._store.rows_matching(wishes, self._to), owed)

    def read_calendar_in_arrays(self) -> None:
        """The same, several times sooner: it is not told where and when each was recorded.

        For who judges these reports alone. Those that were corrected, or that an objection is
        to, the frame has read.
        """
        if any(outdated(CALENDAR)):
            self.read_calendar()
            return
        lives, notices = self.register.lives, self._notices_of_the_year()

        def wanted_here(content: dict[str, Any]) -> bool:
            notice = content.get("notice")
            return content["id"] not in lives and (notice is None or notice.encode() in notices)

        wishes: list[_Wish] = []
        for kind in CALENDAR:
            asked = [_NOTICE] if kind == CALENDAR[0] else []
            wish = RowFilter(topics_of(kind), (*dated_in(kind, self._year), *asked))
            wishes.append((wish, self._taking(kind, wish, wanted_here)))
        self._read_arrays(*wishes)

    def _read_arrays(self, *wishes: _Wish) -> None:
        """Reads arrays in one pass; then, by rows, what was put off until it is over."""
        self._put_off.clear()
        arrays = self._store.json_arrays([wish for wish, _ in wishes], self._to)
        for stretch in watched(arrays, Said("reading"), lambda: -(-self._to // CHUNK)):
            for (_, take), array in zip(wishes, stretch, strict=True):
                if array is not None:
                    take(array)
        self._frame.add(self._store.rows_of(self._put_off, self._to))

    def _taking(
        self, kind: str, wish: RowFilter, wanted_here: Callable[[dict[str, Any]], bool]
    ) -> Callable[[bytes], None]:
        """Takes in the entries of one kind's arrays, without where and when they were recorded."""
        lives = self.register.lives

        def taken(content: dict[str, Any]) -> bool:
            if "replaces" in content:
                # Of two that count at once the first stands: their places in the ledger decide.
                self._put_off.append(content["id"])
                return False
            return wanted_here(content)

        def take(array: bytes) -> None:
            for name, entry in self._told(wish, partial(entries_in, kind, array, taken)):
                lives[name] = EntryLife(entry, SOMEBODY)

        return take

    def _told(self, wish: RowFilter, read: Callable[[], list[Any]]) -> list[Any]:
        """What an array tells; of a damaged one, row by row, where the damage is."""
        try:
            return read()
        except UNREADABLE:
            replay(Register(), self._store.rows_matching([wish], self._to), partly=True)
            raise

    def read_awaiting(self) -> None:
        """Reads what awaits verification, of whatever kind and year."""
        self._frame.add(self._store.rows_of(self.single_event_ids, self._to))

    def read_inspection(self) -> None:
        """Reads what was found at the year's inspection."""
        self._frame.add(self._store.rows_matching([self._found], self._to))

    def read_happenings(self) -> None:
        """Reads what tells of what happened."""
        self._read_arrays(self._informing())
        self._read_by_rows()

    def read_happenings_and_inspection(self) -> None:
        """What happened, and the findings of the year's inspection, in arrays where they can be.

        For who asks of a finding's place in the ledger only where it was corrected, or where an
        objection is to it, or where it awaits verification: read that first.
        """
        wishes, lives = [self._informing()], self.register.lives
        if any(outdated(_FINDING)):
            self.read_inspection()
        else:
            wish = RowFilter(topics_of(*_FINDING), self._found.patterns)
            new = self._taking(_FINDING[0], wish, lambda content: content["id"] not in lives)
            wishes.append((wish, new))
        self._read_arrays(*wishes)
        self._read_by_rows()

    def _read_by_rows(self) -> None:
        wishes = [wanted(kinds, *dated_in(kinds[0], self._year)) for kinds in _BY_DAY[1:]]
        wishes.append(RowFilter(_REFERRING))
        if earlier := tuple(outdated(["information_report"])):
            older = self._store.rows_matching([RowFilter(_INFORMATION, earlier)], self._to)
            self._frame.add(older)
        self._frame.add(self._store.rows_matching(wishes, self._to), self._refers)

    def _refers(self, row: Row) -> bool:
        """Whether what refers to a batch or case refers to one of the year."""
        _, name, _, topic, state = row
        if topic not in _REFERRING or REPLACES in state:
            return True
        target = text_of(state, _BATCH) or text_of(state, _CASE)
        if target.decode() in self.register.lives:
            return True
        awaited = self._idle or name in self.single_event_ids
        return awaited and any(text in state for text in dated_in("case_resolution", self._year))

    def _informing(self) -> _Wish:
        """Puts off the reports on a matter that came up, or that await verification in the year."""
        kind, none = "information_report", frozenset[str]()
        came_up, single_event_ids, idle = self._came_up(), self.single_event_ids, self._idle
        any_day = idle or bool(single_event_ids)
        decode = glances_decoder(
            kind, "id", "unit", "matters", *(["submitted_at"] if any_day else [])
        )
        current = RowFilter(_INFORMATION, (prefix_of(RECORDED[kind]),))

        def take(array: bytes) -> None:
            for glance in self._told(current, partial(decode, array)):
                entry = glance.entry
                if not came_up.get(entry.unit, none).isdisjoint(entry.matters) or (
                    any_day
                    and (idle or entry.id in single_event_ids)
                    and year_of(entry.submitted_at) == self._year
                ):
                    self._put_off.append(entry.id)

        return current, take

    def _notices_of_the_year(self) -> set[bytes]:
        """Ids of the notices that fall due in the year, or did before or after a correction."""
        root = self.register.root
        notices = {
            name: life.entry
            for name, life in self.register.lives.items()
            if isinstance(life.entry, Notice)
        }
        due = {root(name) for name, one in notices.items() if year_of(one.due_on) == self._year}
        return {name.encode() for name in notices if root(name) in due}

    def _came_up(self) -> dict[str, set[str]]:
        """The matters of each unit's batches, under every id that the unit ever had."""
        lives, root = self.register.lives, self.register.root
        of_root: dict[str, set[str]] = {}
        for life in lives.values():
            if isinstance(life.entry, PetitionBatch):
                of_root.setdefault(root(life.entry.unit), set()).add(life.entry.matter)
        units = (name for name, life in lives.items() if isinstance(life.entry, Unit))
        return {name: of_root[root(name)] for name in units if root(name) in of_root}

    def close(self) -> Register:
        """The register of all that was read; of what was done to it, only whether it was."""
        if self._to:
            replay(self.register, self._done(), partly=True)
            (newest,) = self._store.rows(self._to - 1, self._to)
            end_at(self.register, newest)
        return self.register

    def _done(self) -> Iterator[Row]:
        """What was done to entries that were corrected; the others are marked as verified."""
        lives, frame = self.register.lives, self._frame
        for name, life in lives.items():
            if name not in frame.single_event_ids and name not in frame.corrected:
                life.verified = SOMEBODY
        return (row for row in frame.spoken_of if row[3] in _DONE and row[1] in lives)
