"""Read the values of an occurrence by which amounts are chosen.

Numbers are read as the edge of the range that they lie in, so that occurrences which cost the same
have equal cases, and a cost is computed once for each case.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ledger.entries import MeasureEntry
    from projections.facts import Occurrence
    from projections.measure.amounts import Amounts
    from projections.measure.measure import Measure
    from projections.measure.model import CaseValue


class CaseReader:
    """Reads the values that some tables of amounts ask for, from occurrences of one kind."""

    def __init__(
        self,
        measure: Measure,
        readings: Mapping[str, str],
        kind: str,
        tables: Iterable[Amounts],
        *,
        answer: str | None = None,
        more: Iterable[str] = (),
    ) -> None:
        """Prepare to read.

        Args:
            measure: for the fields of its own kinds and what is collective.
            readings: the value in force of every reading.
            kind: the kind of entry that occurs.
            tables: the amounts to be chosen from.
            answer: the kind of entry that responds to it.
            more: further names to read, as they are.
        """
        tables = list(tables)
        edges: dict[str, set[int]] = {name: set() for name in more}
        for table in tables:
            for name in table.names:
                edges.setdefault(name, set()).update(table.edges(name))
        dated = any(table.dated for table in tables)
        self.names = (*edges, *(["day"] if dated else []))
        getters = []
        for name, found in edges.items():
            getter = value_of(measure, readings, kind, name, answer)
            getters.append(partial(_edge, getter, sorted(found)) if found else getter)
        if dated:
            getters.append(attrgetter("day"))
        self._getters = getters

    def key(self, occurrence: Occurrence) -> tuple[Any, ...]:
        """Return the values of an occurrence, in the order of `names`."""
        return tuple([getter(occurrence) for getter in self._getters])

    def case(self, key: Sequence[Any]) -> dict[str, CaseValue]:
        """Return a key's values by name."""
        return dict(zip(self.names, key, strict=True))


def _edge(getter: Callable[[Occurrence], Any], edges: list[int], occurrence: Occurrence) -> Any:
    value = getter(occurrence)
    if value is None:
        return None
    place = bisect_right(edges, value)
    return edges[place - 1] if place else edges[0] - 1


def value_of(
    measure: Measure,
    readings: Mapping[str, str],
    kind: str,
    name: str,
    answer: str | None = None,
) -> Callable[[Occurrence], Any]:
    """Return the function that reads one value of an occurrence; None if it is not recorded.

    Beside the fields of the entry and of the response to it there are `role` (alone, liable,
    host) and, of a batch, `manner` (individual, collective). Where both have a field, the
    entry's own value precedes.
    """
    if name == "role":
        return attrgetter("role")
    if name == "manner":
        least = measure.collective_from(readings)
        return lambda one: "collective" if one.entry.headcount >= least else "individual"
    of_entry = field_reader(measure, kind, name)
    of_answer = None if answer is None else field_reader(measure, answer, name)
    if of_answer is None:
        if of_entry is None:
            return lambda _: None
        return lambda one: of_entry(one.entry)
    if of_entry is None:
        return lambda one: None if one.answer is None else of_answer(one.answer)

    def either(one: Occurrence) -> Any:
        value = of_entry(one.entry)
        return of_answer(one.answer) if value is None and one.answer is not None else value

    return either


def field_reader(measure: Measure, kind: str, name: str) -> Callable[[Any], Any] | None:
    """Return the function that reads a field of an entry; None if the kind lacks the field."""
    fields = measure.fields(kind)
    if name not in fields:
        return None
    if kind not in measure.kinds():
        return attrgetter(name)
    if fields[name].form == "decimal":
        return partial(_decimal_value, name)
    return partial(_own_value, name)


def _own_value(name: str, entry: MeasureEntry) -> Any:
    return entry.of_field(name)


def _decimal_value(name: str, entry: MeasureEntry) -> Decimal | None:
    value = entry.of_field(name)
    return None if value is None else Decimal(value)
