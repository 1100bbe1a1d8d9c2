"""A measure: its clauses by slug, sections, calendar, flags, and the readings in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.entries import (
    CarriedQuarter,
    InspectionFinding,
    MeasureEntry,
    PetitionBatch,
    Ruling,
    Unit,
)
from ledger.kinds import assessed_day, fields_of, year_named, year_said
from ledger.message import Bilingual, Message, Series
from ledger.vocabulary import OUTSIDE
from projections.measure.calendar import MeasureCalendar
from projections.measure.model import ByReading, Words, number_of, resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ledger.entries import Entry
    from ledger.entries.base import Field
    from ledger.entries.own import OwnKind
    from projections.measure.files import Folder
    from projections.measure.head import Coded, Section
    from projections.measure.model import Clause, Reading

_OF_A_TOWN = frozenset({"村", "场", "社区"})
"""Titles of the units that a town has."""

_OUTSIDE = Bilingual("outside party, not assessed", "非考核单位")

_SECONDARY = frozenset({"warned", "flag", "clean"})
"""Kinds of clauses that entries are not first of all recorded for."""


class Heading(NamedTuple):
    """Title, citation and sentence of a clause, or of a section that postings belong to."""

    slug: str
    citation: str
    title: Words
    sentence: Words


class Measure:
    """The content of one measure's folder, loaded and checked."""

    def __init__(
        self,
        folder: Folder,
        own_kinds: Mapping[str, OwnKind],
        content: Mapping[str, str],
        sha256: str,
    ) -> None:
        """Index the parts of a measure; use `projections.measure.load_measure`."""
        self.content, self.sha256 = dict(content), sha256
        self.source, self.adding, self.rank = folder.measure, folder.total, folder.rank
        self.id = folder.measure.id
        self.units, self.scales, self.bands = folder.units, folder.scale, folder.band
        self.batches, self.law = folder.batches, folder.law
        self.calendar = MeasureCalendar(folder.calendar, folder.period)
        self._counts_from = folder.calendar.counts_from
        self._own_kinds = dict(own_kinds)
        self.clauses: dict[str, Clause] = {clause.slug: clause for clause in folder.clause}
        self.sections: dict[str, Section] = {one.slug: one for one in folder.section}
        self.section_of = {slug: clause.section for slug, clause in self.clauses.items()}
        self.flags = {one.flag: one for one in folder.flag}
        self.readings: dict[str, Reading] = {one.name: one for *_, one in folder.placed_readings()}
        self.own_readings = tuple(folder.reading)
        self.places = tuple(clause for clause in folder.clause if clause.kind == "rank")
        """Clauses that compare all units: none is scored from its own entries alone."""
        self.of_a_period = self._of("period")
        self.beside_a_period = self._of("beside")
        self.adjusted = tuple(
            one
            for one in folder.section
            if one.floor is not None or one.cap is not None or one.weight != 1
        )
        """Sections whose sums are cut or weighted."""
        self.of_the_year = tuple(one for one in folder.section if one.of in ("year", "beside"))
        self._clauses_of = self._relevance()

    def _of(self, of: str) -> tuple[Section, ...]:
        return tuple(one for one in self.sections.values() if one.of == of)

    def in_force(self, rulings: Mapping[str, object]) -> dict[str, str]:
        """Return the value in force of every reading, given a year's rulings."""
        chosen = {name: reading.default for name, reading in self.readings.items()}
        for name, value in rulings.items():
            reading = self.reading(name)
            canonical = None if reading is None else reading.canonical(value)
            if reading is not None and canonical is not None:
                chosen[reading.name] = canonical
        return chosen

    def reading(self, name: str) -> Reading | None:
        """Return a reading by its name, or by one that it had."""
        former = (one for one in self.readings.values() if name in one.former)
        return self.readings.get(name) or next(former, None)

    def collective_from(self, readings: Mapping[str, str]) -> int:
        """Return the headcount from which a batch is collective."""
        return 0 if self.batches is None else int(resolved(self.batches.collective_from, readings))

    def counts_from(self, year: int, readings: Mapping[str, str]) -> date:
        """Return the first day of a year that counts."""
        first = self.calendar.first_day(year)
        since = resolved(self._counts_from, readings)
        since = date.fromisoformat(since) if isinstance(since, str) else since
        return first if since is None else max(first, since)

    def ranked_last(self, readings: Mapping[str, str]) -> Sequence[str]:
        """Return the flags whose units rank behind all others."""
        return resolved(self.rank.last, readings) or []

    def period_order(self, readings: Mapping[str, str]) -> str:
        """Return how a period's bulletin orders units: `with_beside`, `score` or `none`."""
        order = resolved(self.rank.period_order, readings)
        return str(order or ("none" if self.rank.none else "score"))

    def band_of(self, total: Decimal) -> str | None:
        """Return the name of the band that a total lies in."""
        reached = {one.bound: one.name for one in self.bands if one.bound <= total}
        return reached[max(reached)] if reached else None

    def heading(self, slug: str) -> Heading:
        """Return what is shown of a clause, or of a section that postings belong to."""
        clause = self.clauses.get(slug)
        if clause is not None:
            return Heading(slug, clause.citation, clause.title, clause.sentence)
        section = self.sections[slug]
        return Heading(slug, section.citation, section.title, section.sentence)

    def title(self, slug: str | None) -> str | None:
        """Return the Chinese title of a clause or section; None where the measure has neither.

        An objection may be to a clause of a measure that is in force no longer.
        """
        found = self.clauses.get(slug or "") or self.sections.get(slug or "")
        return None if found is None else found.title.zh

    def section_under(self, slug: str) -> str:
        """Return the section of a posting by its slug: a clause's, or the section's own."""
        return self.section_of.get(slug, slug)

    # What validation asks (`ledger.rules.Measure`).

    def kinds(self) -> Mapping[str, OwnKind]:
        """Return the measure's own kinds of entries by name."""
        return self._own_kinds

    def kind_of(self, entry: Entry) -> OwnKind | None:
        """Return the definition of an entry's kind; None if it is built in."""
        return self._own_kinds.get(entry.KIND)

    def differing_years(self) -> Mapping[int, Measure]:
        """Return nothing: there is one definition of each kind."""
        return {}

    def year_declaring(self, kind: str, value_of: Callable[[str], Any]) -> int | None:  # noqa: ARG002
        """Return the year that the text names, if the kind is declared."""
        return self.source.year if kind in self._own_kinds else None

    def year_awaiting(self, day: date) -> int | None:  # noqa: ARG002 - no year is asked about
        """Return None: whether it is adopted is not asked."""
        return None

    def unit_types(self) -> tuple[str, ...]:
        """Return the types of units that the measure assesses."""
        return tuple(one.value for one in self.units.type)

    def year_of(self, day: date) -> int:
        """Return the assessment year of a day; whether it is adopted for it is not asked."""
        return self.calendar.year_of(day)

    def coded(self) -> dict[tuple[str, str], dict[str, Bilingual | None]]:
        """Return by built-in kind and field the values that are declared here, with their titles.

        Who is outside a town (镇外单位) has the vocabulary's word; other offices have no such town.
        """
        types, of_visitors = self.units.type, [] if self.batches is None else self.batches.group
        of_town = {one.title.zh for one in types} <= _OF_A_TOWN
        return {
            ("unit", "type"): {**_titles(types), OUTSIDE: None if of_town else _OUTSIDE},
            ("unit", "group"): _titles(self.units.group),
            ("petition_batch", "group"): _titles(of_visitors),
        }

    def fields(self, kind: str) -> Mapping[str, Field]:
        """Return the fields of a kind of entry; none for an unknown one."""
        return fields_of(kind, self._own_kinds)

    def year_named(self, entry: MeasureEntry) -> int | None:
        """Return the assessment year of an entry whose kind is dated by a year, not by a day."""
        return year_named(entry, self)

    def assessed_day(self, entry: Entry) -> date | None:
        """Return the day whose year an entry belongs to, as far as it says so itself.

        Of a report it is the day on which it was due, in the year before or after at most.
        """
        from projections.kinds.due_days import due_day  # noqa: PLC0415 - the kinds import this package

        own = assessed_day(entry)
        if not isinstance(entry, MeasureEntry) or own is None:
            return own
        about = (self.year_of(own) + step for step in (0, -1, 1))
        days = (due_day(self, entry, year) for year in about)
        return next((day for day in days if day is not None), own)

    def notice_of(self, entry: Entry) -> str | None:
        """Return the id of the notice that a report of an own kind is for."""
        from projections.kinds.due_days import notice_of  # noqa: PLC0415 - the kinds import this package

        return notice_of(self, entry)

    def year_of_entry(self, entry: Entry) -> int | None:
        """Return the year that an entry names or that its day is in; None if it says neither."""
        return year_said(entry, self)

    def years_without(self, kind: str) -> frozenset[int]:
        """Return the year that the text names, if no clause reads a kind of entry."""
        return frozenset() if kind in self.entry_kinds() else frozenset({self.source.year})

    def objections(self, entry: Entry) -> Iterator[tuple[str, str]]:
        """Yield what the measure does not provide for in an entry, as (field, message)."""
        if isinstance(entry, Ruling):
            yield from self._ruling_objections(entry)
        elif isinstance(entry, InspectionFinding | MeasureEntry):
            yield from self._finding_objections(entry)
        elif isinstance(entry, CarriedQuarter):
            yield from self._carried_objections(entry)
        elif isinstance(entry, PetitionBatch) and entry.group is not None:
            yield from _group_objections(entry, [] if self.batches is None else self.batches.group)
        elif isinstance(entry, Unit) and self.units.group:
            required = self.units.group_required and entry.type in self.unit_types()
            if required or entry.group is not None:
                yield from _group_objections(entry, self.units.group)

    def warnings(self, entry: Entry) -> Iterator[Message]:
        """Yield what the clauses make less of than whoever records an entry may expect."""
        from projections.measure.entry_warnings import warnings  # noqa: PLC0415 - for recording

        return warnings(entry, self)

    def _ruling_objections(self, entry: Ruling) -> Iterator[tuple[str, str]]:
        reading = self.reading(entry.reading)
        if reading is None:
            message = Message(
                "is not a reading of the measure; choose one of {readings}",
                readings=Series(self.readings),
            )
            yield "reading", message
        elif reading.canonical(entry.value) is None:
            message = Message(
                "{reading} may be {choices}", reading=entry.reading, choices=reading.choices()
            )
            yield "value", message

    def _carried_objections(self, entry: CarriedQuarter) -> Iterator[tuple[str, str]]:
        if self.calendar.named(entry.period) is None:
            names = Series(period.name for period in self.calendar.periods(entry.year))
            yield "period", Message("is not a period of the measure; it has {names}", names=names)
        of_periods = [one.slug for one in (*self.of_a_period, *self.beside_a_period)]
        unknown = [slug for slug in entry.sections if slug not in of_periods]
        if unknown:
            message = Message(
                "{slugs}: not a section of a period of the measure; it has {known}",
                slugs=Series(unknown),
                known=Series(of_periods),
            )
            yield "sections", message

    def _finding_objections(
        self, entry: InspectionFinding | MeasureEntry
    ) -> Iterator[tuple[str, str]]:
        items = self._items(entry.KIND)
        if not items and isinstance(entry, MeasureEntry):
            return
        item = _value(entry, "item")
        # Of several clauses, for different units, an entry does not say which is its unit's.
        clauses = items.get(item)
        if clauses is None:
            message = Message(
                "is not an item of the measure; choose one of {items}", items=Series(items)
            )
            yield "item", message
            return
        points, missing = _value(entry, "points"), _value(entry, "missing")
        if points is not None:
            full = self._most(clauses)
            if not any(clause.parameters.graded for clause in clauses):
                message = Message("item {item} is counted: give missing, not points", item=item)
                yield "missing", message
            elif full is not None and not 0 <= Decimal(points) <= full:
                message = Message("at item {item} must be 0 to {value}", item=item, value=full)
                yield "points", message
        elif missing is not None:
            limits = [clause.parameters.most_missing for clause in clauses]
            most = None if None in limits else max(limits)
            if not any(amount.of == "missing" for one in clauses for amount in one.amount):
                message = Message("item {item} is graded: give points, not missing", item=item)
                yield "points", message
            elif most is not None and missing > most:
                message = Message("at item {item} must be 0 to {most}", item=item, most=most)
                yield "missing", message
        else:
            yield "points", Message("give either points or missing, one of the two")

    def _items(self, kind: str) -> dict[str, list[Clause]]:
        """Return the items that entries of a kind are findings on, with the clauses of each."""
        items: dict[str, list[Clause]] = {}
        for clause in self.clauses.values():
            if clause.kind == "graded" and clause.parameters.entry == kind:
                items.setdefault(clause.parameters.item, []).append(clause)
        return items

    def _most(self, clauses: Sequence[Clause]) -> Decimal | None:
        """Return the most points that clauses give an item under any readings."""
        amounts = [amount for clause in clauses for amount in clause.amount]
        stated = [one.points for one in amounts if one.of == "full"]
        rulings: list[dict[str, object]] = [{}]
        for points in stated:
            if isinstance(points, ByReading):
                values = self.readings[points.reading].value
                rulings += ({points.reading: one.value} for one in values)
        numbers = [number_of(one, self.in_force(ruled)) for one in stated for ruled in rulings]
        return max([number for number in numbers if number is not None], default=None)

    # Which clauses read an entry.

    def _relevance(self) -> dict[str, tuple[str, ...]]:
        from projections.kinds import reads  # noqa: PLC0415 - the kinds import this package

        found: dict[str, list[tuple[int, str]]] = {}
        for slug, clause in self.clauses.items():
            own = getattr(clause.parameters, "entry", None)
            for kind in reads(clause):
                order = 2 if clause.kind in _SECONDARY else int(kind != own)
                found.setdefault(kind, []).append((order, slug))
        return {
            kind: tuple(slug for _, slug in sorted(ranked, key=lambda one: one[0]))
            for kind, ranked in found.items()
        }

    def clauses_of(self, entry: Entry) -> tuple[str, ...]:
        """Return the slugs of the clauses that read an entry, the one it is recorded for first."""
        slugs = self._clauses_of.get(entry.KIND, ())
        item = getattr(entry, "item", None) or getattr(entry, "values", {}).get("item")
        if item is None:
            return slugs
        return tuple(
            slug for slug in slugs if getattr(self.clauses[slug].parameters, "item", item) == item
        )

    def clause_of(self, entry: Entry, unit: Entry | None = None) -> str | None:
        """Return the slug of the clause that an entry is recorded for, first one for its unit."""
        found = self.clauses_of(entry)
        tos = [] if unit is None else [(slug, self.clauses[slug].applies_to) for slug in found]
        of_unit = [slug for slug, to in tos if to is None or to.includes(unit)]
        return next(iter([*of_unit, *found]), None)

    def entry_kinds(self) -> frozenset[str]:
        """Return the kinds of entries that an office records under the measure."""
        carried = ["carried_quarter"] if self.calendar.count else []
        return frozenset({"unit", "ruling", "reversal", *carried, *self._clauses_of})

    def reads(self, slug: str) -> frozenset[str]:
        """Return the kinds of entries that a clause reads."""
        return frozenset(kind for kind, slugs in self._clauses_of.items() if slug in slugs)


def _titles(coded: Sequence[Coded]) -> dict[str, Bilingual | None]:
    return {one.value: one.title.text for one in coded}


def _value(entry: InspectionFinding | MeasureEntry, name: str) -> Any:
    return entry.of_field(name) if isinstance(entry, MeasureEntry) else getattr(entry, name)


def _group_objections(
    entry: PetitionBatch | Unit, groups: Sequence[Coded]
) -> Iterator[tuple[str, str]]:
    known = [one.value for one in groups]
    if entry.group is None:
        yield "group", Message("is missing; groups of the measure are {known}", known=Series(known))
    elif entry.group not in known:
        message = Message("is not a group of the measure; it has {known}", known=Series(known))
        yield "group", message
