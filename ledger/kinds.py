"""The kinds of entries of one ledger: those of every ledger, and those of its measure."""

from __future__ import annotations

from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from ledger.calendar import first_of, month_end
from ledger.entries import BY_KIND, CaseReport, MeasureEntry, ScreeningReport
from ledger.entries.own import OwnEntry
from ledger.vocabulary import OUTSIDE, UNIT_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
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


def year_named(entry: Entry, own: Mapping[str, OwnKind]) -> int | None:
    """Return the assessment year that an entry names itself; None for one dated by a day.

    Args:
        entry: an entry of any kind.
        own: by name, the kinds that measures declare.
    """
    if not isinstance(entry, MeasureEntry):
        return getattr(entry, "year", None)
    kind = own.get(entry.KIND)
    return None if entry.dated or kind is None else entry.of_field(kind.DATED_BY or "")


def assessed_day(entry: Entry) -> date | None:
    """Return the day whose assessment year an entry belongs to, as far as it says so itself.

    Of a monthly report it is the last day of the month that it is for; else the entry's own day.
    """
    if isinstance(entry, ScreeningReport | CaseReport) and entry.month is not None:
        return month_end(first_of(entry.month))
    return entry.day()


def year_said(
    entry: Entry,
    own: Mapping[str, OwnKind],
    day_of: Callable[[Entry], date | None],
    year_of: Callable[[date], int | None],
) -> int | None:
    """Return the year that an entry names or that its day is in; None if it says neither.

    Args:
        entry: an entry of any kind.
        own: by name, the kinds that measures declare.
        day_of: returns the day whose year an entry belongs to, if it says so itself.
        year_of: returns the assessment year of a day, if it has one.
    """
    year = year_named(entry, own)
    day = day_of(entry) if year is None else None
    return year if day is None else year_of(day)


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


class Kinds:
    """By name, the declared class of each kind, and how an entry of any of them is validated."""

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

    @classmethod
    def of(cls, measure: Measure) -> Kinds:
        """Return the kinds that are recorded under a measure."""
        return cls(measure.kinds(), measure.unit_types(), measure.coded())

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
            fields = dict(self.by_name[kind].FIELDS)
            for (of_kind, name), titles in self._coded.items():
                if of_kind == kind and titles:
                    fields[name] = _choice(fields[name], titles)
            self._fields[kind] = fields
        return self._fields[kind]

    def words(self) -> dict[str, str]:
        """Return the Chinese of the names and choices of the measure's own kinds."""
        found: dict[str, str] = {}
        for kind in self.own.values():
            for name, field in kind.FIELDS.items():
                found |= {name: field.title, **field.words}
        return found | {name: kind.TITLE for name, kind in self.own.items()}

    def validate(self, raw: bytes) -> AnyEntry:
        """Return the entry that a JSON object holds, as it is stored.

        Raises:
            pydantic.ValidationError: a field is wrong.
        """
        entry = self._validator(raw)
        return entry.stored() if isinstance(entry, OwnEntry) else entry

    @cached_property
    def _validator(self) -> Any:
        """The function that validates an entry of any kind; it takes long to make."""
        from pydantic import Field, TypeAdapter  # noqa: PLC0415 - not for commands that only read

        union: Any = reduce(or_, self.by_name.values())
        return TypeAdapter(Annotated[union, Field(discriminator="kind")]).validate_json


BUILT_IN = Kinds()
"""The kinds of every ledger, under the measure that the program brings."""
