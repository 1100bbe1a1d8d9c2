"""The measure of each assessment year, as the ledger adopted it."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.adoptions import in_force, measure_sha256
from ledger.entries import BY_KIND, Unit
from ledger.errors import TallyError
from ledger.kinds import assessed_day, year_said
from ledger.message import Message
from ledger.vocabulary import OFFICE_TIME
from projections.kinds.due_days import due_day, notice_of
from projections.measure import built_in, load_measure, read_measure, shipped
from projections.measure.files import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ledger.adoptions import Adoption
    from ledger.entries import Entry
    from ledger.entries.own import OwnKind
    from ledger.message import Bilingual
    from projections.measure import Measure
    from projections.measure.calendar import YearSpan

LEGACY_YEAR = 2016
"""The year of a ledger made before measures were adopted; the program's own measure is of it."""


class NoMeasureError(TallyError):
    """A year has no measure in force."""

    def __init__(self, year: int, awaiting: Adoption | None = None) -> None:
        words = Message(
            "year {year} has no measure: adopt one with `tally measure adopt ID|DIR --year {year}`",
            year=year,
        )
        if awaiting is not None:
            words = Message(
                "the measure of {year}, {measure}, awaits verification: `tally verify "
                "measure:{year}`, or add --provisional",
                year=year,
                measure=awaiting.event.measure,
            )
        super().__init__(words)


class MeasureInForce(NamedTuple):
    """The measure of a year, and its adoption; None in a ledger without adoptions."""

    measure: Measure
    adoption: Adoption | None

    def remark(self) -> Message | None:
        """Return what must be said of scores under it: that no measure was adopted."""
        if self.adoption is not None:
            return None
        return Message(
            "no measure was adopted in this ledger: 2016 is scored under the program's {measure}",
            measure=self.measure.id,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the contract's `measure`: id, SHA-256, position of the adoption."""
        adopted_at = None if self.adoption is None else self.adoption.ref.position
        return {"id": self.measure.id, "sha256": self.measure.sha256, "adopted_at": adopted_at}


class Measures:
    """The measures of a ledger in one of its states; `ledger.rules.Measure`."""

    def __init__(
        self, adoptions: Mapping[int, Sequence[Adoption]], *, provisional: bool = False
    ) -> None:
        """Read the adoptions of a state.

        Args:
            adoptions: of each year, oldest first.
            provisional: whether what is asked without a year, as by validation, counts adoptions
                that await verification too.
        """
        self._adoptions, self._provisional = adoptions, provisional
        founded = any(one.event.founding for some in adoptions.values() for one in some)
        self.legacy = not founded
        """Whether the ledger was made before measures were adopted, or is seen before it was made.

        Its year 2016 is under the program's own measure until it adopts one for that year.
        """
        self._year_of: dict[date, int | None] = {}
        self._years_without: dict[str, frozenset[int]] = {}

    def years(self, *, provisional: bool = False) -> tuple[int, ...]:
        """Return the years that have a measure in force, in order.

        Args:
            provisional: whether adoptions that await verification count too.
        """
        found = {LEGACY_YEAR} if self.legacy else set()
        for year, adoptions in self._adoptions.items():
            if in_force(adoptions, provisional=provisional) is not None:
                found.add(year)
        return tuple(sorted(found))

    def of(self, year: int, *, provisional: bool = False) -> MeasureInForce:
        """Return the measure of a year.

        Args:
            year: the assessment year.
            provisional: whether an adoption that awaits verification counts too.

        Raises:
            NoMeasureError: the year has none in force.
        """
        adoptions = self._adoptions.get(year, ())
        adoption = in_force(adoptions, provisional=provisional)
        if adoption is not None:
            return MeasureInForce(_measure(adoption), adoption)
        if self.legacy and year == LEGACY_YEAR:
            return MeasureInForce(built_in(), None)
        raise NoMeasureError(year, in_force(adoptions, provisional=True))

    def year_of(self, day: date) -> int | None:
        """Return the year with a measure that a day belongs to; None if it is in none.

        Of two years that have the day, the later.
        """
        if day not in self._year_of:
            found = (span.year for span in self._spans if day in span)
            self._year_of[day] = next(found, None)
        return self._year_of[day]

    @cached_property
    def _spans(self) -> list[YearSpan]:
        """The years with a measure, the latest first."""
        return [one.calendar.span(year) for year, one in reversed(self._by_year.items())]

    def year_awaiting(self, day: date) -> int | None:
        """Return the year that has a day and whose measure awaits verification, if there is one."""
        year = (
            None if self._provisional else Measures(self._adoptions, provisional=True).year_of(day)
        )
        return None if year in self._by_year else year

    @cached_property
    def _by_year(self) -> dict[int, Measure]:
        """The measures by year, the earliest first."""
        provisional = self._provisional
        years = self.years(provisional=provisional)
        return {year: self.of(year, provisional=provisional).measure for year in years}

    def departures(self) -> Iterator[Adoption]:
        """Yield the adoptions in force of measures that the program has another copy of now."""
        for year in self.years():
            adoption = self.of(year).adoption
            if adoption is not None and adoption.event.measure in shipped():
                own = measure_sha256(read_measure(adoption.event.measure))
                if own != adoption.event.sha256:
                    yield adoption

    # What validation asks (`ledger.rules.Measure`).

    def objections(self, entry: Entry) -> Iterable[tuple[str, str]]:
        """Return what the measure does not provide for in an entry, as (field, message).

        Nothing is known to be wrong where its year has no measure yet. A unit belongs to every
        year: one of the measures must provide for it.
        """
        if isinstance(entry, Unit):
            found = [list(one.objections(entry)) for one in self._by_year.values()]
            return found[-1] if found and all(found) else ()
        measure = self._measure_of(entry)
        if measure is None:
            return built_in().objections(entry) if self.legacy else ()
        return measure.objections(entry)

    def warnings(self, entry: Entry) -> Iterable[Message]:
        """Return what the measure's clauses make less of than whoever records it may expect.

        Of a unit the measure of the latest year is asked.
        """
        if isinstance(entry, Unit):
            return [*self._by_year.values()][-1].warnings(entry) if self._by_year else ()
        measure = self._measure_of(entry)
        return () if measure is None else measure.warnings(entry)

    def _measure_of(self, entry: Entry) -> Measure | None:
        """Return the measure of the year that an entry belongs to by itself."""
        year = self.year_of_entry(entry)
        return None if year is None else self._by_year.get(year)

    def assessed_day(self, entry: Entry) -> date | None:
        """Return the day whose year an entry belongs to, as far as it says so itself.

        Of a report it is the day on which some measure owed it in its year.
        """
        days = (due_day(one, entry, year) for year, one in reversed(self._by_year.items()))
        return next((day for day in days if day is not None), None) or assessed_day(entry)

    def notice_of(self, entry: Entry) -> str | None:
        """Return the id of the notice that a report of an own kind is for, by some measure."""
        found = (notice_of(one, entry) for one in self._by_year.values())
        return next((one for one in found if one is not None), None)

    def year_of_entry(self, entry: Entry) -> int | None:
        """Return the year that an entry names or that its day is in; None if it says neither."""
        return year_said(entry, self)

    def years_without(self, kind: str) -> frozenset[int]:
        """Return the years whose measure has no clause that reads a kind of entry."""
        if kind not in self._years_without:
            found = (year for year, one in self._by_year.items() if kind not in one.entry_kinds())
            self._years_without[kind] = frozenset(found)
        return self._years_without[kind]

    def kinds(self) -> Mapping[str, OwnKind]:
        """Return the measures' own kinds of entries by name; the latest year's where two differ."""
        return self._own_kinds

    @cached_property
    def _own_kinds(self) -> Mapping[str, OwnKind]:
        return {name: kind for one in self._by_year.values() for name, kind in one.kinds().items()}

    def kind_of(self, entry: Entry) -> OwnKind | None:
        """Return the definition of an entry's own kind that holds for its year.

        It is that of the latest year for an entry whose date lies in no year that declares it.
        """
        if entry.KIND not in self.kinds():
            return None
        year = self.year_declaring(entry.KIND, entry.of_field) if len(self._by_year) > 1 else None
        return (self.kinds() if year is None else self._by_year[year].kinds())[entry.KIND]

    def differing_years(self) -> Mapping[int, Measure]:
        """Return the measures by year if they define kinds or coded values differently."""
        found = [(one.content.get(ENTRIES), one.coded()) for one in self._by_year.values()]
        return {} if all(one == found[0] for one in found) else self._by_year

    def year_declaring(self, kind: str, value_of: Callable[[str], Any]) -> int | None:
        """Return the year whose measure declares a kind and in which an entry's own date lies.

        The date is of the field that dates the kind there, the year of that measure's calendar;
        the latest such year. An entry that only another year's field dates belongs to the year of
        that date. None if no year that declares the kind has a date of the entry.

        Args:
            kind: built in or of a measure's own.
            value_of: returns the value of the entry's field of a name, as in its JSON object.
        """
        elsewhere: int | None = None
        for span in self._spans:
            declared = self._by_year[span.year].kinds().get(kind) or BY_KIND.get(kind)
            if declared is None or declared.DATED_BY is None:
                continue
            given = value_of(declared.DATED_BY)
            day = _day(given)
            if given == span.year if type(given) is int else day in span:
                return span.year
            year = given if type(given) is int else None if day is None else self.year_of(day)
            if elsewhere is None and year in self._by_year:
                elsewhere = year
        declares = elsewhere is not None and kind in self._by_year[elsewhere].kinds()
        return elsewhere if declares else None

    def unit_types(self) -> tuple[str, ...]:
        """Return the types of units that the measures assess."""
        return tuple(
            dict.fromkeys(name for one in self._by_year.values() for name in one.unit_types())
        )

    def coded(self) -> dict[tuple[str, str], dict[str, Bilingual | None]]:
        """Return the measures' own values of built-in fields; the latest year's titles prevail."""
        found: dict[tuple[str, str], dict[str, Bilingual | None]] = {}
        for one in self._by_year.values():
            for field, titles in one.coded().items():
                found.setdefault(field, {}).update(titles)
        return found

    def entry_kinds(self) -> frozenset[str]:
        """Return the kinds of entries that an office records under any of the measures."""
        return frozenset(kind for one in self._by_year.values() for kind in one.entry_kinds())


def _measure(adoption: Adoption) -> Measure:
    """Return the measure of an adopted content."""
    return load_measure(adoption.event.content, adoption.event.sha256)


def _day(given: object) -> date | None:
    """Return the day of a day or time, or of the text of one; None for anything else."""
    try:
        found = datetime.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        return None
    if isinstance(found, datetime):
        return (found if found.tzinfo is None else found.astimezone(OFFICE_TIME)).date()
    return found if isinstance(found, date) else None
