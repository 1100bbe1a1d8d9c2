"""How the office works: who recorded and verified how much and how fast, as tables of numbers.

Every table is a list of rows of JSON values, with its columns in order (`COLUMNS`), so that the
command, its CSV and the pages show and sort the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.accounts import same_account
from ledger.entries import Reversal
from ledger.instants import instant_of, instant_text
from ledger.vocabulary import OFFICE_TIME
from projections.corrections import corrections
from projections.costs import share
from projections.effective import Effective
from projections.known import Known
from projections.listing import unit_of
from projections.occurrence import day_of, year_of_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ledger.entries import Entry
    from ledger.state import EntryState, LedgerState
    from ledger.stores import Store
    from projections.adopted import Measures

Rows = list[dict[str, Any]]

SECONDS, DAYS = 60, 30
"""Within how many seconds an entry counts as verified quickly, and from how many days on as
recorded late, unless asked otherwise."""

_COUNTS: Final = ("recorded", "verified", "own", "returned", "reversals", "late", "quick")
_ENTRY: Final = ("id", "kind", "unit")

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "people": ("name", *_COUNTS),
    "months": ("month", *_COUNTS),
    "months_by_name": ("month", "name", *_COUNTS),
    "pairs": ("recorded_by", "verified_by", "entries", "of_recorded", "of_verified"),
    "waits": ("up_to_seconds", "entries", "share"),
    "papers": ("kind", "entries", "without", "share"),
    "quick": (*_ENTRY, "recorded_by", "recorded_at", "verified_by", "verified_at", "seconds"),
    "late": (*_ENTRY, "dated", "recorded_at", "days", "recorded_by", "verified_by"),
    "corrected": (
        *_ENTRY, "edition", "reversal", "reversed_by", "reversed_at", "reason", "replaced_by",
    ),
    "without_papers": (*_ENTRY, "dated", "recorded_by", "recorded_at", "verified_by"),
    "returned": (
        *_ENTRY, "recorded_by", "returned_by", "returned_at", "reason", "verified_by",
        "verified_at",
    ),
    "imports": (
        "import", "entries", "recorded_by", "recorded_at", "verified_by", "verified_at", "seconds",
    ),
}  # fmt: skip
"""By table, its columns in order. In `months` an event counts in the month in which it was
recorded (UTC+08:00), by whoever recorded that event; `late` by who recorded the entry, `quick` and
`own` by who verified it."""

LISTS: Final = ("quick", "late", "corrected", "without_papers", "returned", "imports")
"""The tables that have a row for each entry or import."""

_WAITS: Final = (0, 10, 60, 600, 3_600, 86_400, 604_800, 2_592_000)
"""Bounds of the distribution of waits, in seconds; 0: verified in the moment of recording."""


class OfficeWork(NamedTuple):
    """The tables of one year, and the numbers of entries that they are made from."""

    tables: dict[str, Rows]
    entries: int
    verified: int
    seconds: int
    days: int
    accounts_from: int | None
    """The position from which on names are accounts; None without accounts."""


def office_work(
    store: Store, state: LedgerState, year: int, *, seconds: int = SECONDS, days: int = DAYS
) -> OfficeWork:
    """Return how the entries of a year, and those of no year, were recorded and verified.

    Args:
        store: of the ledger.
        state: its whole state at a position.
        year: the assessment year.
        seconds: within how many of them an entry counts as verified quickly.
        days: from how many days between its own day and its recording on it counts as late.

    Raises:
        NoMeasureError: the year has no measure.
    """
    from ledger.account_proofs import accounts_since  # noqa: PLC0415 - not for --help
    from ledger.positions import import_numbers  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415

    measures = Measures(state.adoptions)
    measures.of(year, provisional=True)  # refuses a year without one
    imports = import_numbers(store, state.position)
    made = _Making(state, measures, year, seconds, days)
    for one in made.entries:
        made.count(one)
    made.lists["quick"].sort(key=itemgetter("seconds"))
    made.lists["late"].sort(key=itemgetter("days"), reverse=True)
    tables = {
        "people": _summed(made.counts, name=1),
        "months": _summed(made.counts, month=0),
        "months_by_name": _summed(made.counts, month=0, name=1),
        "pairs": _pairs(made.pairs),
        "waits": _waits(made.waits),
        "papers": _papers(made.kinds),
        **made.lists,
        "corrected": _corrected(state, measures, year),
        "imports": _imports(imports, state, {one.entry.id for one in made.entries}),
    }
    ordered = {name: tables[name] for name in COLUMNS}
    verified, since = sum(made.pairs.values()), accounts_since(store, state.position)
    return OfficeWork(ordered, len(made.entries), verified, seconds, days, since)


class _Making:
    """The tables while entries are counted."""

    def __init__(
        self, state: LedgerState, measures: Measures, year: int, seconds: int, days: int
    ) -> None:
        self._state, self._seconds, self._days = state, seconds, days
        self._effective = Effective(state, provisional=True)
        # An import has one time for all of its entries.
        self._month, self._time, self._day = Known(_month), Known(_time), Known(_day)
        self._waited = Known[tuple[str, str], float](_waited)
        self._is_own = Known[tuple[str, str], bool](lambda names: same_account(*names))
        self.counts = defaultdict[tuple[str, str], Counter[str]](Counter)
        """By month and name."""
        self.pairs = Counter[tuple[str, str]]()
        self.waits = Counter[int | None]()
        self.kinds = defaultdict[str, Counter[bool]](Counter)
        self.lists: dict[str, Rows] = {name: [] for name in _PICKED}
        known, wanted = state.entries, {None, year}
        self.entries = [
            one
            for one in known.values()
            if year_of_entry(_subject(one, known), state, self._effective, measures) in wanted
        ]

    def count(self, one: EntryState) -> None:
        """Count one entry in every table."""
        entry, recorded, verified = one.entry, one.recorded, one.verified
        is_reversal = isinstance(entry, Reversal)
        counted = self.counts[self._month[recorded.time[:13]], recorded.by]
        counted["recorded"] += 1
        counted["reversals"] += is_reversal
        lists, more = list[str](), dict[str, Any]()
        dated = day_of(entry, self._state, self._effective)
        if dated is not None:
            days = (self._day[recorded.time] - dated).days
            if days >= self._days:
                counted["late"] += 1
                lists.append("late")
                more["days"] = days
        if verified is not None:
            waited = self._waited[recorded.time, verified.time]
            at = bisect_left(_WAITS, waited)
            self.waits[_WAITS[at] if at < len(_WAITS) else None] += 1
            self.pairs[recorded.by, verified.by] += 1
            counted = self.counts[self._month[verified.time[:13]], verified.by]
            counted["verified"] += 1
            counted["own"] += self._is_own[recorded.by, verified.by]
            if waited <= self._seconds:
                counted["quick"] += 1
                lists.append("quick")
                more["seconds"] = int(waited)
        if one.returned is not None:
            ref, more["reason"] = one.returned
            self.counts[self._month[ref.time[:13]], ref.by]["returned"] += 1
            lists.append("returned")
            more |= {"returned_by": ref.by, "returned_at": self._time[ref.time]}
        if one.reversed is None and not is_reversal:
            self.kinds[entry.KIND][not entry.evidence] += 1
            if not entry.evidence:
                lists.append("without_papers")
        if lists:
            row = {**self._row(one, dated), **more}
            for name in lists:
                columns, pick = _PICKED[name]
                self.lists[name].append(dict(zip(columns, pick(row), strict=True)))

    def _row(self, one: EntryState, dated: date | None) -> dict[str, Any]:
        """Return what the lists show of every entry."""
        verified = one.verified
        return {
            "id": one.entry.id,
            "kind": one.entry.KIND,
            "unit": unit_of(one.entry, self._state),
            "dated": None if dated is None else dated.isoformat(),
            "recorded_by": one.recorded.by,
            "recorded_at": self._time[one.recorded.time],
            "verified_by": None if verified is None else verified.by,
            "verified_at": None if verified is None else self._time[verified.time],
        }


_PICKED: Final = {
    name: (COLUMNS[name], itemgetter(*COLUMNS[name]))
    for name in ("quick", "late", "without_papers", "returned")
}
"""Of the lists of entries: the columns, and what picks them from a row of all."""


def _subject(one: EntryState, known: Mapping[str, EntryState]) -> Entry:
    """Return an entry; of a reversal, what it takes back."""
    if isinstance(one.entry, Reversal):
        return known.get(one.entry.of, one).entry
    return one.entry


def _time(stored: str) -> str:
    return instant_text(instant_of(stored))


def _day(stored: str) -> date:
    return instant_of(stored).astimezone(OFFICE_TIME).date()


def _waited(stored: tuple[str, str]) -> float:
    """Return the seconds from a recording to its verification."""
    recorded, verified = map(instant_of, stored)
    return (verified - recorded).total_seconds()


def _month(hour: str) -> str:
    """Return the office's month of an hour in UTC: 2016-03 of 2016-02-29T16."""
    return f"{instant_of(f'{hour}:00:00Z').astimezone(OFFICE_TIME):%Y-%m}"


def _summed(counts: Mapping[tuple[str, str], Counter[str]], **keys: int) -> Rows:
    """Return the counts by month, by name or by both: by the parts of the key that are named."""
    found = defaultdict[tuple[str, ...], Counter[str]](Counter)
    for key, counted in counts.items():
        found[tuple(key[part] for part in keys.values())].update(counted)
    return [
        {**dict(zip(keys, key, strict=True)), **{name: counted[name] for name in _COUNTS}}
        for key, counted in sorted(found.items())
    ]


def _pairs(pairs: Counter[tuple[str, str]]) -> Rows:
    """Return who verified whose entries, with the shares of what each recorded and verified."""
    of_recorder, of_verifier = Counter[str](), Counter[str]()
    for (recorder, verifier), count in pairs.items():
        of_recorder[recorder] += count
        of_verifier[verifier] += count
    return [
        {
            "recorded_by": recorder,
            "verified_by": verifier,
            "entries": count,
            "of_recorded": share(count, of_recorder[recorder]),
            "of_verified": share(count, of_verifier[verifier]),
        }
        for (recorder, verifier), count in pairs.most_common()
    ]


def _waits(waits: Counter[int | None]) -> Rows:
    """Return the distribution of the time from recording to verification, in steps."""
    return [
        {
            "up_to_seconds": bound,
            "entries": waits[bound],
            "share": share(waits[bound], waits.total()),
        }
        for bound in (*_WAITS, None)
    ]


def _papers(kinds: Mapping[str, Counter[bool]]) -> Rows:
    return [
        {
            "kind": kind,
            "entries": counts.total(),
            "without": counts[True],
            "share": share(counts[True], counts.total()),
        }
        for kind, counts in sorted(kinds.items())
    ]


def _corrected(state: LedgerState, measures: Measures, year: int) -> Rows:
    """Return the entries that were taken back after an edition that counted them."""
    return [
        {
            "id": one.entry.id,
            "kind": one.entry.KIND,
            "unit": one.unit,
            "edition": " ".join(one.published_in),
            "reversal": one.reversal,
            "reversed_by": one.reversed.by,
            "reversed_at": instant_text(one.reversed.at),
            "reason": one.reason,
            "replaced_by": " ".join(replacement.id for replacement in one.replacements),
        }
        for one in corrections(state, measures, year)
        if one.published_in
    ]


def _imports(imports: Mapping[str, int], state: LedgerState, counted: set[str]) -> Rows:
    """Return the imports of several entries that were verified in one act, corrections apart."""
    by_number = defaultdict[int, list["EntryState"]](list)
    for name, number in imports.items():
        known = state.entries.get(name)
        if known is not None:
            by_number[number].append(known)
    return [_import_row(number, some) for number, some in _whole(by_number, counted)]


def _whole(
    by_number: Mapping[int, list[EntryState]], counted: set[str]
) -> Iterator[tuple[int, list[EntryState]]]:
    for number, some in by_number.items():
        if len(some) > 1 and counted.intersection(one.entry.id for one in some):
            first = some[0].verified
            corrects = all(one.entry.KIND == "reversal" or one.entry.replaces for one in some)
            if first is not None and not corrects and _is_one_act(some):
                yield number, some


def _is_one_act(some: Iterable[EntryState]) -> bool:
    """Return whether entries were verified at one time by one name."""
    return len({one.verified and (one.verified.time, one.verified.by) for one in some}) == 1


def _import_row(number: int, some: list[EntryState]) -> dict[str, Any]:
    recorded, verified = some[0].recorded, some[0].verified
    assert verified is not None
    return {
        "import": number,
        "entries": len(some),
        "recorded_by": recorded.by,
        "recorded_at": instant_text(recorded.at),
        "verified_by": verified.by,
        "verified_at": instant_text(verified.at),
        "seconds": int((verified.at - recorded.at).total_seconds()),
    }
