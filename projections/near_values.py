"""The values near the value of one field of an entry, the nearest first."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec.json import encode

from ledger.declared import OF_STORED
from ledger.entries import MeasureEntry
from ledger.vocabulary import OFFICE_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.entries import Entry
    from ledger.entries.base import Field
    from ledger.kinds import Kinds
    from projections.measure import Measure

Measured = Literal["things", "minutes", "time", "days", "points"]
"""What the distance between two values of a field is counted in; of a `time` in minutes."""

STEP = Decimal("0.01")
"""The least difference of two decimals that is tried, in points."""

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


class Reach(NamedTuple):
    """How far a value may be from an edge to be near it."""

    things: int = 2
    """People, cases, things missing."""
    minutes: int = 5
    """Of a stay, and of every other number of minutes."""
    time: int = 60
    """Minutes, of a time of day."""
    days: int = 1
    points: Decimal = Decimal("0.05")
    """Of a decimal field, and of a total."""

    @classmethod
    def of(cls, number: int | None) -> Reach:
        """Return the reach of a number of people, things, minutes and days; the default of None."""
        return cls() if number is None else cls(number, number, number, number)


class FieldValue(NamedTuple):
    """A number, time or day that an entry says."""

    name: str
    measured_in: Measured
    value: Any
    """`int`, `Decimal`, `date` or `datetime`."""

    def moved(self, by: int) -> Any:
        """Return the value some steps further; None beyond the calendar."""
        steps: dict[str, Any] = {"time": _MINUTE, "days": _DAY, "points": STEP}
        try:
            return self.value + by * steps.get(self.measured_in, 1)
        except OverflowError:
            return None

    def distance(self, by: int) -> int | Decimal:
        """Return the distance that some steps are, in what the field is measured in."""
        return abs(by) * STEP if self.measured_in == "points" else abs(by)

    def steps(
        self, reach: Reach, beside: Iterable[datetime], across: Iterable[datetime]
    ) -> list[int]:
        """Return the steps up to the nearest and the farthest value that may differ in effect.

        Numbers and days are all tried. Of a time only its day, its order among other times and
        whether it is some days away from one of them can have an effect: tried are the minutes
        around midnight, around the other times, and whole days before and after some of them.

        Args:
            reach: how far to go.
            beside: the times of entries that its order among may have an effect.
            across: times from which its distance in whole days may have an effect.
        """
        most = int(reach.points / STEP) if self.measured_in == "points" else self._most(reach)
        if self.measured_in != "time":
            return list(range(1, most + 1))
        midnight = datetime.combine(self.value.date(), time(), OFFICE_TIME)
        found = set[int]()
        gaps = [other - self.value for other in beside]
        for other in (midnight, *across):
            # The nearest moment that is whole days away from the other one, before and after.
            after = (other - self.value) % _DAY
            gaps += [after, after - _DAY]
        for whole in (gap // _MINUTE for gap in gaps):
            found.update((whole - 1, whole, whole + 1, whole + 2))
        return sorted({abs(one) for one in found if 0 < abs(one) <= most})

    def _most(self, reach: Reach) -> int:
        found: int = getattr(reach, self.measured_in)
        return found


def field_values(entry: Entry, fields: Mapping[str, Field]) -> Iterator[FieldValue]:
    """Yield the numbers, times and days that an entry says, but for the year that it names."""
    for name, field in fields.items():
        given = entry.of_field(name)
        if given is None or name == "year" or (name == entry.DATED_BY and field.form == "whole"):
            continue
        if field.form == "whole":
            if isinstance(given, int):
                minutes = name == "minutes" or name.endswith("_minutes")
                yield FieldValue(name, "minutes" if minutes else "things", given)
        elif field.form == "decimal":
            yield FieldValue(name, "points", Decimal(given))
        elif field.form == "day":
            day = given if isinstance(given, date) else date.fromisoformat(given)
            yield FieldValue(name, "days", day)
        elif field.form == "moment":
            moment = given if isinstance(given, datetime) else datetime.fromisoformat(given)
            yield FieldValue(name, "time", moment.astimezone(OFFICE_TIME))


def with_value(entry: Entry, name: str, value: Any, kinds: Kinds, measure: Measure) -> Entry | None:
    """Return an entry with another value of a field; None where it would be refused."""
    from pydantic import ValidationError  # noqa: PLC0415 - not for commands that only read

    from ledger.rules import MEASURED  # noqa: PLC0415 - beside it

    text = format(value, "f") if isinstance(value, Decimal) else value
    content = {**entry.content(), name: text}
    try:
        made = kinds.under(content).validate(encode(content), context=OF_STORED)
    except ValidationError:
        return None
    if isinstance(made, MEASURED) and any(True for _ in measure.objections(made)):
        return None
    return made


def fields_of(entry: Entry, kinds: Kinds) -> Mapping[str, Field]:
    """Return the fields of an entry's kind, as the year of the entry defines them."""
    if isinstance(entry, MeasureEntry):
        of_year = kinds.under(entry.content())
        return of_year.fields(entry.KIND) if entry.KIND in of_year else {}
    return type(entry).FIELDS
