"""The frame of a year: units, periods, notices, rulings, corrections, and what others refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import BY_KIND, Reversal, SpecialPeriod
from ledger.marks import REPLACES, dated_in, mark_of, outdated, topics_of
from ledger.register import Register
from ledger.replay import UNREADABLE, replay
from ledger.stores import RowFilter
from ledger.topics import DECIDED, PUBLISHED, RAISED, REVERSED
from projections.calendar import first_day, year_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ledger.stores import Row, Store

_FRAME = RowFilter(
    (
        *topics_of("unit", "special_period", "notice", "ruling", "reversal"),
        *(PUBLISHED, RAISED, DECIDED),
    )
)
"""What holds for every unit, and is little: read whole."""

_RECORDINGS = frozenset(topics_of(*BY_KIND))
_BATCHES = topics_of("petition_batch")


def wanted(kinds: tuple[str, ...], *texts: bytes) -> RowFilter:
    """Recordings of kinds with one of some texts, and those that take another's place."""
    return RowFilter(topics_of(*kinds), (*texts, REPLACES, *outdated(kinds)))


class YearFrame:
    """What holds for every unit, and what others refer to: batches and supervised cases."""

    def __init__(
        self,
        store: Store,
        year: int,
        to: int,
        *,
        targets: bool = True,
        single_event_ids: Callable[[], set[str]] | None = None,
    ) -> None:
        """Reads it, as known at a position.

        Args:
            store: the ledger.
            year: the assessment year.
            to: the position.
            targets: whether batches and supervised cases are read too.
            single_event_ids: the ids with one event, if somebody else reads them.
        """
        self.register = Register()
        self._store, self._year, self._to = store, year, to
        self.corrected, self.named, self.single_event_ids = set[str](), set[str](), set[str]()
        self.spoken_of: list[Row] = []
        if not to:
            return
        replay(self.register, self._first_pass(targets=targets), partly=True)
        self.named = self.corrected | self._taken_back() | self._objected()
        self.single_event_ids = (
            store.single_event_ids(to) if single_event_ids is None else single_event_ids()
        )
        self.spoken_of = list(store.rows_of(self.named, to))
        self.add(self.spoken_of)
        if targets:
            self._add_earlier_batches()
        self._complete()

    def _add_earlier_batches(self) -> None:
        """Batches from before the last year that can spoil a special period of this one."""
        earlier = range(self._first_year_of_a_period(), self._year - 1)
        texts = [b"%b%d-" % (mark_of("occurred_at"), one) for one in earlier]
        if texts:
            self.add(self._store.rows_matching([RowFilter(_BATCHES, tuple(texts))], self._to))

    def add(self, rows: Iterable[Row], keeps: Callable[[Row], bool] = lambda _: True) -> None:
        """Takes recordings in, but for those that are there already.

        Args:
            rows: among them such recordings.
            keeps: whether one is wanted; what it cannot tell of a damaged row, the replay will.
        """

        def wanted_here(row: Row) -> bool:
            if row[1] in lives or row[3] not in _RECORDINGS:
                return False
            try:
                return keeps(row)
            except UNREADABLE:
                return True

        lives = self.register.lives
        replay(self.register, filter(wanted_here, rows), partly=True)

    def _first_pass(self, *, targets: bool) -> Iterator[Row]:
        """The frame, with what others refer to, in one reading; what was taken back is noted."""
        since = self._year - 1
        batches = (*dated_in("petition_batch", self._year), *dated_in("petition_batch", since))
        wishes = [_FRAME, RowFilter((REVERSED,))]
        if targets:
            wishes.append(wanted(("petition_batch",), *batches))
            wishes.append(wanted(("supervised_case",), *dated_in("supervised_case", self._year)))
        for row in self._store.rows_matching(wishes, self._to):
            if row[3] == REVERSED:
                self.corrected.add(row[1])
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
            self.add(self._store.rows_of(missing, self._to))

    def _first_year_of_a_period(self) -> int:
        """The calendar year from which a batch can spoil a special period that ends in the year."""
        starts = [
            life.entry.starts_on
            for life in self.register.lives.values()
            if isinstance(life.entry, SpecialPeriod) and year_of(life.entry.ends_on) == self._year
        ]
        early = [day for day in starts if day < first_day(self._year)]
        return min(early).year if early else self._year
