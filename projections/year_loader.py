"""Load the part of a ledger that an assessment year's scores depend on.

Memory grows with the year, not with the ledger. An entry is left out if it is dated in another
year, neither replaces another entry nor was reversed or objected to, and nothing that belongs to
the year refers to it. Entries beyond that do no harm: clauses check the day of all that they read.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ledger.codec import (
    DECIDED,
    EDITION_VERIFIED,
    EDITION_WITHDRAWN,
    PUBLISHED,
    RAISED,
    RETURNED,
    REVERSED,
    UNREADABLE,
    VERIFIED,
    damaged,
    decode,
)
from ledger.entries import (
    STORED,
    CaseResolution,
    InformationReport,
    MeasureEntry,
    Notice,
    OnSiteResponse,
    PetitionBatch,
    Reversal,
    SpecialPeriod,
)
from ledger.events import EntryRecorded
from ledger.state import EventRef, LedgerState, adopted
from ledger.state_filters import filters_of, topics_of, year_key
from ledger.stores import RowFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.entries.base import Entry
    from ledger.stores import Row, Store
    from projections.measure.calendar import YearSpan

UNLOADED = EventRef(0, "1970-01-01T00:00:00.000000Z", "")
"""Placeholder for a verification whose position, time and name are not needed."""

_OF_EVERY_YEAR = ("unit", "special_period", "notice", "ruling", "reversal")
"""Kinds that concern every unit or year, and are few."""

_REFERRING = ("on_site_response", "case_resolution", "information_report")
"""Kinds that belong to the year of what they refer to: a batch, a case, a matter."""

_DATED = tuple(
    kind for kind in STORED if kind not in {*_OF_EVERY_YEAR, *_REFERRING, MeasureEntry.KIND}
)
_ALL = frozenset(STORED)
_CHANGES = (VERIFIED, REVERSED, RETURNED)
_STATEMENTS = (PUBLISHED, EDITION_VERIFIED, EDITION_WITHDRAWN, RAISED, DECIDED)


def load_year(
    store: Store,
    span: YearSpan,
    to: int,
    *,
    kinds: frozenset[str] = _ALL,
    idle: bool = False,
    since: int | None = None,
) -> LedgerState:
    """Return the state of the entries that can affect an assessment year.

    Args:
        store: the ledger.
        span: the assessment year.
        to: the last position to load; the position of the returned state.
        kinds: load these alone, with what concerns every year, was corrected or awaits
            verification.
        idle: keep entries that are dated in the year and affect no score: information reports on
            matters without a batch, resolutions of cases that fell due in another year.
        since: a position; of verifications after it, where, when and by whom is loaded too.

    Raises:
        DamagedLedgerError: something stored cannot be what this program wrote.
    """
    if not to:
        return LedgerState()
    state = _YearLoader(store, span, to, kinds, idle=idle).load()
    if since is not None:
        rows = store.rows_matching([RowFilter((VERIFIED,))], to)
        late = (row for row in rows if row[0] > since and row[1] in state.entries)
        last_at = state.last_at
        state.fold(late, partial=True)
        state.position, state.last_at = to, last_at
    return state


def _always(_: Entry) -> bool:
    return True


class _YearLoader:
    """The passes over the ledger, each of one query."""

    def __init__(
        self, store: Store, span: YearSpan, to: int, kinds: frozenset[str], *, idle: bool
    ) -> None:
        self._store, self._span, self._to, self._idle = store, span, to, idle
        self._kinds = kinds
        self._keys = range(year_key(span.first), year_key(span.last) + 1)
        self._state = adopted(store, to)
        self._marked, self._single = set[str](), set[str]()
        self._of_type = defaultdict[type["Entry"], list[Any]](list)

    def load(self) -> LedgerState:
        """Load what is dated in the year or concerns all years, then what refers to it."""
        state, store = self._state, self._store
        topics = (*topics_of(_OF_EVERY_YEAR), *_STATEMENTS, REVERSED, RETURNED)
        before, after = self._keys[0] - 1, self._keys[-1] + 1
        filters = [RowFilter(topics), *self._filters_of(_DATED, *self._keys)]
        filters += self._filters_of(["petition_batch"], before)
        # A report that a measure's own kind holds may come in after the year.
        filters += self._filters_of([MeasureEntry.KIND], *self._keys, after)
        self._add_selected(filters)
        self._single = store.single_event_ids(self._to)
        # The event on the reversed entry follows the reversal, perhaps after `to`. What was sent
        # back has two events, and perhaps nobody has verified it.
        corrected = self._marked | {entry.of for entry in self._of_type[Reversal]}
        about = list(store.rows_of(corrected | self._objected(), self._to))
        self._add(about)
        if self._kinds != _ALL:
            # What awaits verification is an open point, of whatever kind it is; statements
            # have been loaded.
            unverified = [name for name in self._single if ":" not in name]
            self._add(store.rows_of(unverified, self._to))
        self._load_earlier_batches()
        self._load_replaced()
        self._load_referring()
        for name, known in state.entries.items():
            if name not in self._single and name not in corrected:
                known.verified = UNLOADED
        changes = (row for row in about if row[3] in _CHANGES and row[1] in state.entries)
        state.fold(changes, partial=True)
        (newest,) = store.rows(self._to - 1, self._to)
        return state.end_at(newest)

    def _filters_of(self, kinds: Iterable[str], *years: int) -> list[RowFilter]:
        return filters_of((kind for kind in kinds if kind in self._kinds), *years)

    def _add_selected(
        self, filters: list[RowFilter], keep: Callable[[Any], bool] = _always
    ) -> None:
        self._add(self._store.rows_matching(filters, self._to), keep)

    def _add(self, rows: Iterable[Row], keep: Callable[[Any], bool] = _always) -> None:
        """Add statements and the recordings that `keep` accepts; note reversals and returns."""
        entries, apply, of_type = self._state.entries, self._state.apply, self._of_type
        for position, name, version, topic, data in rows:
            if topic in _CHANGES:
                self._marked.update([] if topic == VERIFIED else [name])
                continue
            try:
                event = decode(topic, data)
                if isinstance(event, EntryRecorded):
                    entry = event.entry
                    if name in entries or not keep(entry):
                        continue
                    of_type[type(entry)].append(entry)
                apply(position, name, version, event)
            except UNREADABLE as error:
                raise damaged(position, topic, name, error) from error

    def _objected(self) -> set[str]:
        objections = self._state.objections.values()
        return {one.event.entry for one in objections if one.event.entry is not None}

    def _load_earlier_batches(self) -> None:
        """Load batches of earlier years that lie in a special period of this one."""
        periods = self._of_type[SpecialPeriod]
        starts = [one.starts_on for one in periods if one.ends_on in self._span]
        first = min((day for day in starts if day < self._span.first), default=None)
        if first is not None and "petition_batch" in self._kinds:
            keys = range(year_key(first), self._keys[0] - 1)
            if keys:
                self._add_selected(self._filters_of(["petition_batch"], *keys))

    def _load_replaced(self) -> None:
        """Load replaced entries, because references to them lead to the replacements."""
        entry_states, loaded = self._state.entries, set[str]()
        while missing := self._state.replacements.keys() - entry_states.keys() - loaded:
            loaded |= missing
            self._add(self._store.rows_of(missing, self._to))

    def _load_referring(self) -> None:
        """Load reports on notices, responses, resolutions and information reports."""
        entries, span, single, idle = self._state.entries, self._span, self._single, self._idle
        notices, matters = self._notices(), self._matters()

        def dated(entry: Entry) -> bool:
            """Return whether an entry is dated in the year, and unverified or kept idle."""
            if not idle and entry.id not in single:
                return False
            day = entry.day()
            return day in span

        def affects(entry: Any) -> bool:
            kind = type(entry)
            if kind is InformationReport:
                return not matters.isdisjoint(entry.matters) or dated(entry)
            if entry.replaces is not None:
                return True
            if kind is OnSiteResponse:
                return entry.batch in entries
            if kind is CaseResolution:
                return entry.case in entries or dated(entry)
            return entry.notice in notices

        filters = self._filters_of(_REFERRING)
        if "screening_report" in self._kinds:
            filters.append(RowFilter(topics_of(["screening_report"]), (b'"notice":"',)))
        if filters:
            self._add_selected(filters, affects)
        self._load_batches_on_reported_matters()

    def _notices(self) -> set[str]:
        """Return ids of notices that fall due in the year, corrected ones included."""
        root = self._state.root
        notices = self._of_type[Notice]
        due = {root(one.id) for one in notices if one.due_on in self._span}
        return {one.id for one in notices if root(one.id) in due}

    def _matters(self) -> set[str]:
        """Return the matters of the batches."""
        return {batch.matter for batch in self._of_type[PetitionBatch]}

    def _load_batches_on_reported_matters(self) -> None:
        """Load batches of other years on matters that were reported: a report may precede them."""
        reported = {matter for one in self._of_type[InformationReport] for matter in one.matters}
        reported &= self._matters()
        if reported:
            topics = topics_of(["petition_batch"])
            self._add_selected([RowFilter(topics)], lambda batch: batch.matter in reported)
