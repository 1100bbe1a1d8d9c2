"""In what two measures differ: clauses, amounts, readings, sections, and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import to_builtins
from msgspec.structs import fields

from projections.measure.model import Clause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from projections.measure.files import Folder
    from projections.measure.model import Amount, MeasureData

_OF_A_CLAUSE = tuple(
    one.name
    for one in fields(Clause)
    if one.name not in ("slug", "amount", "reading", "parameters")
)


class Difference(NamedTuple):
    """One thing that is not the same in two measures."""

    table: str
    """The table of a measure's files: calendar, period, clause, amount."""
    clause: str | None
    part: str | None
    """Which amount, reading, section, period or flag."""
    key: str | None
    """None for the whole of it."""
    before: Any
    """As JSON takes it; None if it is not there."""
    after: Any

    @property
    def of(self) -> str:
        """Return what differs: clause, amount, reading, section or measure."""
        return self.table if self.table in _OF else "measure"

    @property
    def name(self) -> str | None:
        """Return which of them it is, in one text for JSON and CSV; None for a whole clause."""
        table = self.table if self.of == "measure" else None
        place = " ".join(filter(None, (table, self.part)))
        return ": ".join(filter(None, (place, self.key))) or None


_OF = ("clause", "amount", "reading", "section")
_HEAD = ("measure", "calendar", "units", "batches", "total", "rank", "scale", "band")
_NAMED = {"period": "key", "flag": "flag", "section": "slug", "reading": "name"}


def differences(one: Folder, other: Folder) -> Iterator[Difference]:
    """Yield in what two measures differ, in the order of the first, then of the second."""
    for table in _HEAD:
        before, after = _plain(getattr(one, table)), _plain(getattr(other, table))
        yield from _keys(table, None, None, before, after)
    for table, key in _NAMED.items():
        of = ({getattr(part, key): part for part in getattr(f, table)} for f in (one, other))
        yield from _parts(table, None, *of)
    clauses, others = ({c.slug: c for c in f.clause} for f in (one, other))
    for slug in dict.fromkeys([*clauses, *others]):
        yield from _of_clause(slug, clauses.get(slug), others.get(slug))


def _of_clause(slug: str, one: Clause | None, other: Clause | None) -> Iterator[Difference]:
    if one is None or other is None:
        before, after = (None if c is None else c.sentence.zh for c in (one, other))
        yield Difference("clause", slug, None, None, before, after)
        return
    for key in _OF_A_CLAUSE:
        before, after = _plain(getattr(one, key)), _plain(getattr(other, key))
        if before != after:
            yield Difference("clause", slug, None, key, before, after)
    yield from _keys("clause", slug, None, _plain(one.parameters), _plain(other.parameters))
    yield from _parts("amount", slug, _amounts(one.amount), _amounts(other.amount))
    readings = ({r.name: r for r in clause.reading} for clause in (one, other))
    yield from _parts("reading", slug, *readings)


def _amounts(amounts: Iterable[Amount]) -> dict[str, Amount]:
    """Return amounts by their case; a case that is stated twice has a number."""
    found: dict[str, Amount] = {}
    for amount in amounts:
        cases = [f"{name} {_words(value)}" for name, value in amount.when.items()]
        cases += [f"{name} = {_words(value)}" for name, value in amount.condition.items()]
        if amount.since or amount.until:
            cases.append(f"{amount.since or ''}–{amount.until or ''}")
        name = amount.of + (f" ({', '.join(cases)})" if cases else "")
        number = 2
        while name in found:
            name, number = f"{name} {number}", number + 1
        found[name] = amount
    return found


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def _parts(
    table: str,
    clause: str | None,
    one: Mapping[str, MeasureData],
    other: Mapping[str, MeasureData],
) -> Iterator[Difference]:
    for name in dict.fromkeys([*one, *other]):
        before, after = _plain(one.get(name)), _plain(other.get(name))
        yield from _keys(table, clause, name, before, after)


def _keys(
    table: str, clause: str | None, part: str | None, one: Any, other: Any
) -> Iterator[Difference]:
    """Yield the keys in which two tables differ; the whole, if they are not both tables."""
    if one == other:
        return
    if not isinstance(one, dict) or not isinstance(other, dict):
        yield Difference(table, clause, part, None, one, other)
        return
    for key in dict.fromkeys([*one, *other]):
        if one.get(key) != other.get(key):
            yield Difference(table, clause, part, key, one.get(key), other.get(key))


def _plain(value: Any) -> Any:
    """Return a part of a measure as JSON takes it, without what is left out."""
    found = to_builtins(value)
    if isinstance(found, dict):
        return {key: one for key, one in found.items() if one is not None and one != {}}
    return found
