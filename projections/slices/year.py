"""A year's part of a ledger, read in a few passes: memory grows with the year, not with all events.

What is left out cannot bear on the year: it is dated in another one, it neither takes another
entry's place nor was taken back, and nothing that belongs to the year refers to it. What is
kept beside that does no harm: clauses ask for the day of all that they look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import BY_KIND, Notice, PetitionBatch, Reversal, SpecialPeriod, Unit
from ledger.events import (
    EntryReversed,
    EntryVerified,
    FiguresPublished,
    ObjectionDecided,
    ObjectionRaised,
)
from ledger.marks import (
    REPLACES,
    dated_in,
    mark_of,
    outdated,
    text_of,
    topics_of,
)
from ledger.register import Mark, Register
from ledger.replay import end_at, replay
from ledger.shapes import glance_decoder
from ledger.stores import Wanted
from projections.calendar import first_day, year_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.stores import Row, Store

_FRAME = Wanted(
    (
        *topics_of("unit", "special_period", "notice", "ruling", "reversal"),
        *(FiguresPublished.TOPIC, ObjectionRaised.TOPIC, ObjectionDecided.TOPIC),
    )
)
"""What holds for every unit, and is little: read whole."""

CALENDAR = frozenset({"screening_report", "case_report"})
"""Kinds that are owed by the calendar."""

HAPPENINGS = frozenset(
    {
        *("information_report", "on_site_response", "case_resolution", "inspection_finding"),
        *("commendation", "criticism", "yellow_card", "research_site"),
    }
)
"""Kinds that tell of what happened."""

_RECORDINGS = frozenset(topics_of(*BY_KIND))
_BATCHES = topics_of("petition_batch")

_BY_DAY = (
    ("screening_report", "case_report"),
    ("commendation", "criticism", "yellow_card"),
    ("research_site",),
)
"""Kinds that belong to a year by their own day or month, those with one name for it together."""

_REFERRING = topics_of("on_site_response", "case_resolution")
_INFORMATION = topics_of("information_report")
_SCREENING = topics_of("screening_report")
_BATCH, _CASE, _NOTICE = map(mark_of, ("batch", "case", "notice"))

SOMEBODY = Mark(0, "1970-01-01T00:00:00.000000Z", "")
"""Stands for a verification that nobody asks for the details of."""


def year_register(
    store: Store, year: int, to: int, *, marks: bool = False, idle: bool = False
) -> Register:
    """The lives of the entries that can bear on an assessment year, as known at a position.

    Args:
        store: the ledger.
        year: the assessment year.
        to: the position; the register says that it ends there.
        marks: read when, where and by whom each was verified, and not only whether.
        idle: keep what is dated in the year and bears on no score: information reports on what
            did not come up, resolutions of cases that fell due in another year.

    Raises:
        DamagedLedgerError: something stored cannot be what this program wrote.
    """
    reading = YearReading(store, year, to, idle=idle)
    return reading.close(CALENDAR | HAPPENINGS, marks=marks)


class YearReading:
    """The passes over the rows, each needing what the one before it found."""

    def __init__(self, store: Store, year: int, to: int, *, idle: bool = False) -> None:
        """Reads the frame: what holds for every unit, and what others refer to."""
        self.register = Register()
        self._store, self._year, self._to = store, year, to
        self._idle = idle
        self._reported = dated_in("information_report", year)
        self._resolved = dated_in("case_resolution", year)
        self._corrected, self._named, self.lone = set[str](), set[str](), set[str]()
        self._spoken_of: list[Row] = []
        if not to:
            return
        replay(self.register, self._first_pass(), partly=True)
        self._named = self._corrected | self._taken_back() | self._objected()
        self.lone = store.lone(to)
        self._spoken_of = list(store.rows_of(self._named, to))
        self._add(row for row in self._spoken_of if row[2] == 1)
        earlier = range(self._first_year_of_a_period(), year - 1)
        texts = [b"%b%d-" % (mark_of("occurred_at"), one) for one in earlier]
        if texts:
            self._add(store.rows_wanted([Wanted(_BATCHES, tuple(texts))], to))
        self._complete()

    def close(self, kinds: frozenset[str], *, marks: bool = False) -> Register:
        """Reads the entries of some kinds besides; the register of all that was read.

        Of the other kinds, what was corrected, objected to or awaits verification is read too.
        """
        if self._to:
            (newest,) = self._store.rows(self._to - 1, self._to)
            self._add(self._others(kinds))
            if kinds < CALENDAR | HAPPENINGS:
                self._add(row for row in self._store.rows_of(self.lone, self._to))
            self._verify(marks=marks)
            end_at(self.register, newest)
        return self.register

    def _add(self, rows: Iterable[Row]) -> None:
        """Takes recordings in, but for those that are there already."""
        lives = self.register.lives
        fresh = (row for row in rows if row[1] not in lives and row[3] in _RECORDINGS)
        replay(self.register, fresh, partly=True)

    def _first_pass(self) -> Iterator[Row]:
        """The frame, with what others refer to, in one reading; what was taken back is noted."""
        since = self._year - 1
        batches = (*dated_in("petition_batch", self._year), *dated_in("petition_batch", since))
        wanted = [
            _FRAME,
            Wanted((EntryReversed.TOPIC,)),
            self._wanted(("petition_batch",), *batches),
            self._wanted(("supervised_case",), *dated_in("supervised_case", self._year)),
        ]
        for row in self._store.rows_wanted(wanted, self._to):
            if row[3] == EntryReversed.TOPIC:
                self._corrected.add(row[1])
            else:
                yield row

    def _taken_back(self) -> set[str]:
        """What reversals take back: their marks come behind them and may lie behind `to`."""
        entries = (life.entry for life in self.register.lives.values())
        return {entry.of for entry in entries if isinstance(entry, Reversal)}

    def _objected(self) -> set[str]:
        objections = self.register.objections.values()
        return {one.event.entry for one in objections if one.event.entry is not None}

    def _complete(self) -> None:
        """Reads the targets whose place others take: what refers to them has moved on."""
        lives, asked = self.register.lives, set[str]()
        while (
            missing := {
                life.entry.replaces
                for life in lives.values()
                if life.entry.replaces is not None and life.entry.replaces not in lives
            }
            - asked
        ):
            asked |= missing
            self._add(self._store.rows_of(missing, self._to))

    def _wanted(self, kinds: tuple[str, ...], *texts: bytes) -> Wanted:
        return Wanted(topics_of(*kinds), (*texts, REPLACES, *outdated(kinds)))

    def _first_year_of_a_period(self) -> int:
        """The calendar year from which a batch can spoil a special period that ends in the year."""
        starts = [
            life.entry.starts_on
            for life in self.register.lives.values()
            if isinstance(life.entry, SpecialPeriod) and year_of(life.entry.ends_on) == self._year
        ]
        early = [day for day in starts if day < first_day(self._year)]
        return min(early).year if early else self._year

    def _others(self, kinds: frozenset[str]) -> Iterator[Row]:
        """What belongs to the year by its own day, or refers to what does."""
        wanted = [
            self._wanted(together, *dated_in(together[0], self._year))
            for together in _BY_DAY
            if together[0] in kinds
        ]
        if kinds >= CALENDAR:
            wanted.append(Wanted(_SCREENING, (_NOTICE,)))
        if kinds >= HAPPENINGS:
            wanted.append(self._wanted(("inspection_finding",), b'"year":%d,' % self._year))
            wanted += [Wanted(_REFERRING), Wanted(_INFORMATION)]
        notices, lives = self._notices_of_the_year(), self.register.lives
        came_up, glance = self._came_up(), glance_decoder("information_report", "unit", "matters")
        none = frozenset[str]()
        for row in self._store.rows_wanted(wanted, self._to):
            topic, state = row[3], row[4]
            if topic in _INFORMATION:
                # Only what tells of a matter that came up bears on a score.
                entry = glance(state).entry
                kept = not came_up.get(entry.unit, none).isdisjoint(entry.matters)
                kept = kept or self._awaited(row[1], state, self._reported)
            elif topic in _REFERRING:
                target = text_of(state, _BATCH) or text_of(state, _CASE)
                kept = target.decode() in lives or self._awaited(row[1], state, self._resolved)
            elif topic in _SCREENING and (notice := text_of(state, _NOTICE)):
                kept = notice in notices
            else:
                kept = True
            if kept or REPLACES in state:
                yield row

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

    def _awaited(self, name: str, state: bytes, dated: tuple[bytes, ...]) -> bool:
        """Whether an entry that bears on no score is dated in the year and yet to be told of."""
        if not self._idle and name not in self.lone:
            return False
        return any(text in state for text in dated)

    def _verify(self, *, marks: bool) -> None:
        """Who verified what, as far as it is asked for; and what was taken back."""
        lives, lone = self.register.lives, self.lone
        done = [Wanted((EntryVerified.TOPIC, EntryReversed.TOPIC))]
        if marks:
            rows = self._store.rows_wanted(done, self._to)
        else:
            for name, life in lives.items():
                if name not in lone and name not in self._corrected:
                    life.verified = SOMEBODY
            rows = (row for row in self._spoken_of if row[3] in done[0].topics)
        replay(self.register, (row for row in rows if row[1] in lives), partly=True)
