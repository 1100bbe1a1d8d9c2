"""The kinds of entries of one ledger: those of every ledger, and those of its measure."""

from __future__ import annotations

from functools import cached_property, lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import MsgspecError
from msgspec.json import decode as json_decode

from ledger.calendar import first_of, month_end
from ledger.entries import BY_KIND, CaseReport, MeasureEntry, ScreeningReport
from ledger.entries.own import OwnEntry
from ledger.vocabulary import OUTSIDE, UNIT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from ledger.entries import AnyEntry, Entry
    from ledger.entries.base import Field
    from ledger.entries.own import OwnKind
    from ledger.message import Bilingual
    from ledger.rules import Measure

    Titles = Mapping[str, Bilingual | None]
    """By coded value, its titles in both languages; None where the vocabulary has the word."""


def fields_of(kind: str, own: Mapping[str, OwnKind]) -> Mapping[str, Field]:
    """Return the declared fields of a kind of entry, built in or one of `own`; none if unknown."""
    declared = own.get(kind) or BY_KIND.get(kind)
    return {} if declared is None else declared.FIELDS


def year_named(entry: Entry, measure: Measure) -> int | None:
    """Return the assessment year that an entry names itself; None for one dated by a day.

    Args:
        entry: an entry of any kind.
        measure: declares kinds of its own.
    """
    if not isinstance(entry, MeasureEntry):
        return getattr(entry, "year", None)
    kind = None if entry.dated else measure.kind_of(entry)
    return None if kind is None else entry.of_field(kind.DATED_BY or "")


def assessed_day(entry: Entry) -> date | None:
    """Return the day whose assessment year an entry belongs to, as far as it says so itself.

    Of a monthly report it is the last day of the month that it is for; else the entry's own day.
    """
    if isinstance(entry, ScreeningReport | CaseReport) and entry.month is not None:
        return month_end(first_of(entry.month))
    return entry.day()


def year_said(entry: Entry, measure: Measure) -> int | None:
    """Return the year that an entry names or that its day is in; None if it says neither."""
    year = year_named(entry, measure)
    day = measure.assessed_day(entry) if year is None else None
    return year if day is None else measure.year_of(day)


_TYPE = "unit", "type"


def _choice(field: Field, titles: Titles) -> Field:
    """Return a field that is one of some coded values."""
    known = {value: title for value, title in titles.items() if title is not None}
    return field._replace(
        choices=tuple(titles),
        words={value: title.zh for value, title in known.items()},
        english={value: str(title) for value, title in known.items()},
        form="choice",
    )


def _merged(declared: Sequence[Mapping[str, Field]]) -> dict[str, Field]:
    """Return the fields that any of some years gives a kind; what all ask for is required.

    Args:
        declared: fields by name in each year, the latest first, whose titles prevail.
    """
    found: dict[str, Field] = {}
    for name in dict.fromkeys(name for fields in declared for name in fields):
        given = [fields[name] for fields in declared if name in fields]
        first = given[0]
        if len(given) < len(declared) or not all(one.required for one in given):
            first = first._replace(default=None if first.required else first.default)
        words = [item for one in reversed(given) for item in one.words.items()]
        english = [item for one in reversed(given) for item in one.english.items()]
        if len({one.form for one in given}) > 1 or len(dict(words)) < len(set(words)):
            # What is written is read as the entry's own year has it.
            first = first._replace(form="code", choices=(), refers_to=None)
        elif first.choices:
            choices = tuple(dict.fromkeys(value for one in given for value in one.choices))
            first = first._replace(choices=choices, words=dict(words), english=dict(english))
        found[name] = first
    return found


@lru_cache(maxsize=8)
def _validator_of(classes: tuple[type[Entry], ...]) -> Any:
    """Return the function that validates an entry of any class; it takes long to make."""
    from pydantic import Field, TypeAdapter  # noqa: PLC0415 - not for commands that only read

    union: Any = reduce(or_, classes)
    return TypeAdapter(Annotated[union, Field(discriminator="kind")]).validate_json


class Kinds:
    """By name, the declared class of each kind, and how an entry of any of them is validated.

    Where measures of different years define a kind differently, the definition of the entry's own
    year holds (`under`); `fields` are then those of all years.
    """

    def __init__(
        self,
        own: Mapping[str, OwnKind] | None = None,
        unit_types: Sequence[str] = UNIT_TYPES,
        coded: Mapping[tuple[str, str], Titles] | None = None,
    ) -> None:
        """Take the measure's own kinds, the types of its units, and the titles of coded values.

        Args:
            own: by name, the kinds that the measure declares.
            unit_types: the types, without `outside`.
            coded: by kind and field, the values that the measure declares for a built-in kind.
        """
        self.own = dict(own or {})
        self.by_name: dict[str, type[Entry]] = {**BY_KIND, **self.own}
        self._coded = dict(coded or {})
        types = self._coded.get(_TYPE, {})
        self._coded[_TYPE] = {one: types.get(one) for one in (*unit_types, OUTSIDE)}
        self._fields: dict[str, Mapping[str, Field]] = {}
        self._of_years: dict[int, Kinds] = {}
        """The kinds of each year, the latest first; none where all years define them alike."""
        self._measure: Measure | None = None

    @classmethod
    def of(cls, measure: Measure) -> Kinds:
        """Return the kinds that are recorded under a measure, or under the measures of years."""
        found = cls(measure.kinds(), measure.unit_types(), measure.coded())
        found._measure = measure
        for year, one in sorted(measure.differing_years().items(), reverse=True):
            # A unit belongs to every year.
            coded = {key: titles for key, titles in one.coded().items() if key[0] != "unit"}
            found._of_years[year] = cls(
                {**found.own, **one.kinds()}, measure.unit_types(), {**measure.coded(), **coded}
            )
        return found

    def of_year(self, year: int) -> Kinds:
        """Return the kinds as the measure of a year defines them."""
        return self._of_years.get(year, self)

    def under(self, content: Mapping[str, Any]) -> Kinds:
        """Return the kinds as they are defined for the year of an entry, else for the latest one.

        Args:
            content: the entry's fields by name, as in its JSON object.
        """
        kind = content.get("kind")
        if not self._of_years or self._measure is None or not isinstance(kind, str):
            return self
        year = self._measure.year_declaring(kind, content.get)
        return self._of_years[max(self._of_years) if year is None else year]

    def of_line(self, raw: bytes) -> Kinds:
        """Return the kinds of the year of an entry that is one JSON object."""
        if not self._of_years:
            return self
        try:
            return self.under(json_decode(raw, type=dict[str, Any]))
        except MsgspecError:
            return self

    def __contains__(self, kind: object) -> bool:
        return kind in self.by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def title(self, kind: str) -> str:
        """Return what the office calls a kind."""
        return self.by_name[kind].TITLE

    def fields(self, kind: str) -> Mapping[str, Field]:
        """Return the fields of a kind; those with values of the measure have these as choices."""
        if kind not in self._fields:
            if self._of_years:
                of_years = [one.fields(kind) for one in self._of_years.values()]
                self._fields[kind] = _merged(of_years)
                return self._fields[kind]
            fields = dict(self.by_name[kind].FIELDS)
            for (of_kind, name), titles in self._coded.items():
                if of_kind == kind and titles:
                    fields[name] = _choice(fields[name], titles)
            self._fields[kind] = fields
        return self._fields[kind]

    def titles(self) -> dict[str, str]:
        """Return each kind by its title; of a kind that a year calls otherwise, by both."""
        found = {one.title(kind): kind for one in self._of_years.values() for kind in one}
        return found | {self.title(kind): kind for kind in self}

    def field_titles(self, kind: str) -> dict[str, str]:
        """Return each field of a kind by its title; of one that a year calls otherwise, by both."""
        years = [*self._of_years.values(), self]
        return {field.title: name for one in years for name, field in one.fields(kind).items()}

    def words(self) -> dict[str, str]:
        """Return the Chinese of the names and choices of the measure's own kinds."""
        found: dict[str, str] = {}
        for name in self.own:
            for field_name, field in self.fields(name).items():
                found |= {field_name: field.title, **field.words}
        return found | {name: kind.TITLE for name, kind in self.own.items()}

    def validate(self, raw: bytes, *, context: str | None = None) -> AnyEntry:
        """Return the entry that a JSON object holds, as it is stored.

        Args:
            raw: the JSON object.
            context: `OF_STORED` for what was admitted before, and is not held to later rules.

        Raises:
            pydantic.ValidationError: a field is wrong.
        """
        entry = self._validator(raw, context=context)
        return entry.stored() if isinstance(entry, OwnEntry) else entry

    @cached_property
    def _validator(self) -> Any:
        return _validator_of(tuple(self.by_name.values()))


BUILT_IN = Kinds()
"""The kinds of every ledger, under the measure that the program brings."""
