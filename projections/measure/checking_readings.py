"""Check the readings of a draft, and what is decided by them."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

from msgspec import ValidationError, convert
from msgspec.structs import fields

from ledger.malformed import parts
from ledger.message import Message, Series
from projections.measure.draft import Problem, by_readings
from projections.measure.model import ByReading, MeasureData, is_imposed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from projections.measure.draft import Draft
    from projections.measure.model import Number, Reading

_FREE = frozenset({"points", "factor"})
"""Quantities of an amount that a reading may leave undetermined."""


def reading_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with the declarations of readings."""
    seen: dict[str, str] = {}
    for file, slug, reading in draft.folder.placed_readings():
        place = ".".join(filter(None, (slug, f"reading {reading.name}")))
        for name in (reading.name, *reading.former):
            if name in seen:
                words = Message(
                    "the reading {name} is declared twice, in {file} too",
                    name=name,
                    file=seen[name],
                )
                yield Problem(file, place, words)
            seen[name] = file
        for words in _reading(reading):
            yield Problem(file, place, words)


def _reading(reading: Reading) -> Iterator[Message]:
    if not reading.citation.strip():
        yield Message("the citation is empty")
    if reading.number is not None:
        yield from _number(reading, reading.number)
    values = [one.value for one in reading.value]
    if not values and reading.number is None:
        yield Message("has no value")
    elif reading.canonical(reading.default) != reading.default:
        yield Message(
            "the default {default!r} is none of its values; they are {known}",
            default=reading.default,
            known=reading.choices(),
        )
    for one in reading.value:
        for name in (one.value, *one.aliases):
            if reading.canonical(name) != one.value:
                yield Message("{name!r} names two of its values", name=name)
        if values.count(one.value) > 1:
            yield Message("the value {value!r} is declared twice", value=one.value)


def _number(reading: Reading, number: Number) -> Iterator[Message]:
    if number.least > number.most:
        yield Message("least lies above most")
        return
    for one in reading.value:
        if one.value.replace(".", "", 1).isdecimal() and number.read(one.value) is None:
            yield Message(
                "the value {value!r} is not {range}", value=one.value, range=number.words()
            )


def conditions(
    draft: Draft, condition: Mapping[str, str | list[str]], at: str
) -> Iterator[tuple[str, Message]]:
    """Yield the readings and values of an `if` that are not declared."""
    for name, wanted in condition.items():
        if name not in draft.readings:
            yield at, _undeclared(draft, name)
            continue
        for value in [wanted] if isinstance(wanted, str) else wanted:
            yield from ((f"{at}.{name}", words) for words in _value(draft, name, value))


def _undeclared(draft: Draft, name: str) -> Message:
    return Message(
        "there is no reading {name!r}; declared are {known}",
        name=name,
        known=Series(draft.readings),
    )


def _value(draft: Draft, name: str, value: str) -> Iterator[Message]:
    reading = draft.readings[name]
    if reading is not None and reading.canonical(value) != value:
        yield Message(
            "{value!r} is not a value of {reading}; there are {known}",
            value=value,
            reading=name,
            known=reading.choices(),
        )


def decided_problems(
    draft: Draft, part: MeasureData, at: str = ""
) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong where a value is decided by a reading: `{ reading = …, is = … }`."""
    for place, name, holder, decided in by_readings(part, at):
        if decided.reading not in draft.readings:
            yield place, _undeclared(draft, decided.reading)
            continue
        for value in decided.values or ():
            yield from ((place, words) for words in _value(draft, decided.reading, value))
        reading = draft.readings[decided.reading]
        if reading is not None:
            yield from ((place, words) for words in _resolved(reading, decided, holder, name))


def _resolved(
    reading: Reading, decided: ByReading, holder: MeasureData, name: str
) -> Iterator[Message]:
    """Yield the values of a reading under which what it decides has no value, or a wrong one."""
    types = list(parts(next(one.type for one in fields(holder) if one.name == name)))
    expected: Any = None
    for one in types:
        if one is not ByReading:
            expected = one if expected is None else expected | one
    optional = type(None) in types
    undetermined = name in _FREE and hasattr(holder, "of")
    for value in values_of(reading):
        found = decided.resolve({reading.name: value})
        if found is None:
            if not optional:
                yield Message(
                    "`is` has nothing for the value {value!r} of {reading}",
                    value=value,
                    reading=reading.name,
                )
            continue
        try:
            convert(found, expected, strict=False)
        except ValidationError:
            if not undetermined:
                yield Message(
                    "{found!r} is not possible here, which is so where {reading} is {value}",
                    found=found,
                    reading=reading.name,
                    value=value,
                )


def values_of(reading: Reading) -> list[str]:
    """Return the named values of a reading, and both ends of its numbers."""
    found = [one.value for one in reading.value]
    if reading.number is not None:
        found += [format(reading.number.least, "f"), format(reading.number.most, "f")]
    return list(dict.fromkeys(found))


def assignments(draft: Draft, names: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield each combination of the values of some readings."""
    known = [one for name in dict.fromkeys(names) if (one := draft.readings.get(name)) is not None]
    for values in product(*map(values_of, known)):
        yield {one.name: value for one, value in zip(known, values, strict=True)}


def imposed_by(condition: Mapping[str, str | list[str]], readings: Mapping[str, str]) -> bool:
    """Return whether an `if` holds under some readings; one that is not among them is ignored."""
    known = {name: wanted for name, wanted in condition.items() if name in readings}
    return is_imposed(known, readings)


def collective_from(draft: Draft) -> tuple[int, int]:
    """Return the least and the greatest headcount from which a batch may be collective."""
    batches = draft.folder.batches
    if batches is None:
        return 0, 0
    given = batches.collective_from
    if isinstance(given, int):
        return given, given
    reading = draft.readings.get(given.reading)
    found = (
        []
        if reading is None
        else [
            int(Decimal(value))
            for one in values_of(reading)
            if str(value := given.resolve({reading.name: one})).isdecimal()
        ]
    )
    return (min(found), max(found)) if found else (0, 0)
