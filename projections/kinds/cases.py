"""Read the values of an occurrence by which amounts are chosen.

Numbers are read as the edge of the range that they lie in, so that occurrences which cost the same
have equal cases, and a cost is computed once for each case.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal, InvalidOperation
from functools import cached_property, partial
from itertools import compress
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ledger.message import Bilingual
from projections.kinds.compiling import imposed
from projections.known import Known
from projections.measure.amounts import edges_of, holds
from projections.postings import Working

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ledger.entries import MeasureEntry
    from projections.facts import Occurrence
    from projections.kinds.compiling import Compilation, Where
    from projections.measure.amounts import Amounts
    from projections.measure.measure import Measure
    from projections.measure.model import CaseValue


class CaseReader:
    """Reads the values that amounts and conditions ask for, from occurrences of one kind."""

    def __init__(
        self,
        given: Compilation,
        kind: str,
        tables: Iterable[Amounts] = (),
        *,
        answer: str | None = None,
        where: Sequence[Where] = (),
    ) -> None:
        """Prepare to read.

        Args:
            given: the clause, its measure and the readings in force.
            kind: the kind of entry that occurs.
            tables: the amounts to be chosen from.
            answer: the kind of entry that responds to it.
            where: conditions, of which those count that are imposed under the readings.
        """
        measure, readings, tables = given.measure, given.readings, list(tables)
        self._where = imposed(where, readings)
        edges: dict[str, set[int]] = {}
        for table in tables:
            for name in table.names:
                edges.setdefault(name, set()).update(table.edges(name))
        for one in self._where:
            for name, condition in one.when.items():
                edges.setdefault(name, set()).update(edges_of(condition))
        self._collective_from = None
        if "manner" in edges:
            # Whether a batch is collective follows from the edge that its headcount has reached.
            del edges["manner"]
            self._collective_from = measure.collective_from(readings)
            edges.setdefault("headcount", set()).update({1, self._collective_from})
        dated = any(table.dated for table in tables)
        self._names = [*edges, *(["day"] if dated else [])]
        self._compile = partial(_compiled, measure, kind, answer, edges, dated=dated)
        self._counts = Known[Any, bool](lambda key: self.exclusions[key] is None)
        self.exclusions = Known(self._exclusion)
        """By case, why it does not fulfil the conditions; None if it does."""

    @cached_property
    def keys(self) -> Callable[[Sequence[Occurrence]], list[tuple[Any, ...]]]:
        """The function that returns the case of each occurrence, as a key."""
        return self._compile()

    def case(self, key: tuple[Any, ...]) -> dict[str, CaseValue]:
        """Return a key's values by name; None for one that is not recorded."""
        found = dict(zip(self._names, key, strict=True))
        if self._collective_from is not None:
            is_collective = found["headcount"] >= self._collective_from
            found["manner"] = "collective" if is_collective else "individual"
        return found

    def counted(self, occurrences: Sequence[Occurrence]) -> Sequence[Occurrence]:
        """Return the occurrences that fulfil the conditions."""
        if not self._where:
            return occurrences
        return list(compress(occurrences, map(self._counts.__getitem__, self.keys(occurrences))))

    def _exclusion(self, key: tuple[Any, ...]) -> Working | None:
        """Return why a case does not fulfil the conditions; None if it does."""
        case = self.case(key)
        for one in self._where:
            for name, condition in one.when.items():
                if case[name] is None or not holds(condition, case[name]):
                    words = one.words.text if one.words else Bilingual("does not count", "不计")
                    return Working("{}", (words,))
        return None


def _compiled(
    measure: Measure, kind: str, answer: str | None, edges: Mapping[str, set[int]], *, dated: bool
) -> Callable[[Sequence[Occurrence]], list[tuple[Any, ...]]]:
    """Return the function that reads the values of occurrences, those of numbers as their edges.

    It is compiled, as `namedtuple` compiles its constructor: a clause about batches takes 1.6
    times as long if a function reads each value. The code has names of built-in kinds'
    fields alone, none that a measure brings.

    Args:
        measure: the measure, which has kinds of its own.
        kind: the kind of entry that occurs.
        answer: the kind of entry that responds to it.
        edges: by the name of a value, the numbers at which conditions on it begin or stop to hold.
        dated: whether the day of the occurrence comes last.
    """
    given: dict[str, Any] = {}

    def read(source: str, of: str | None, name: str) -> str | None:
        reader = None if of is None else field_reader(measure, of, name)
        if reader is None or of is None or of not in measure.kinds():
            return None if reader is None else f"{source}.{name}"
        given[f"{source}_{len(given)}"] = reader
        return f"{source}_{len(given) - 1}({source})"

    def value(name: str) -> str:
        if name == "role":
            return "one.role"
        own, of_answer = read("entry", kind, name), read("answer", answer, name)
        if of_answer is not None:
            of_answer = f"(None if answer is None else {of_answer})"
        if own is None or of_answer is None:
            return own or of_answer or "None"
        # Where both have a field, the entry's own value precedes.
        return f"({of_answer} if (own := {own}) is None else own)"

    values = []
    for name, some in edges.items():
        values.append(value(name))
        if some:
            given[f"reached_{len(given)}"] = Known(partial(_edge, sorted(some)))
            values[-1] = f"reached_{len(given) - 1}[{values[-1]}]"
    parts = "".join(f"{one}, " for one in [*values, *(["one.day"] if dated else [])])
    # A loop over a tuple of one is an assignment.
    loop = "for one in occurrences for entry in (one.entry,) for answer in (one.answer,)"
    return eval(f"lambda occurrences: [({parts}) {loop}]", given)  # type: ignore[no-any-return]  # noqa: S307


def _edge(edges: list[int], number: Any) -> int | None:
    """Return the edge that a number has reached; None for no number."""
    if number is None:
        return None
    place = bisect_right(edges, number)
    return edges[place - 1] if place else edges[0] - 1


def nothing(_: object) -> None:
    """Read a field that the kind of entry lacks."""


def total_of(read: Callable[[Any], Any], entries: Sequence[Any]) -> tuple[Any, tuple[str, ...]]:
    """Return the sum of a number of entries, and the ids of those that do not record it."""
    values = [read(one) for one in entries]
    if None not in values:
        return sum(values), ()
    total = sum([value for value in values if value is not None])
    named = zip(values, entries, strict=True)
    return total, tuple([one.id for value, one in named if value is None])


def field_reader(measure: Measure, kind: str, name: str) -> Callable[[Any], Any] | None:
    """Return the function that reads a field of an entry; None if the kind lacks the field."""
    fields = measure.fields(kind)
    if name not in fields:
        return None
    if kind not in measure.kinds():
        return attrgetter(name)
    # The entry may have been recorded when the measure, or another one, declared another type: a
    # value that does not fit is as one that is not recorded.
    readers = {"decimal": _decimal_value, "whole": _whole_value, "flag": _flag_value}
    return partial(readers.get(fields[name].form, _own_value), name)


def _own_value(name: str, entry: MeasureEntry) -> Any:
    return entry.of_field(name)


def _flag_value(name: str, entry: MeasureEntry) -> bool | None:
    value = entry.of_field(name)
    return value if isinstance(value, bool) else None


def _decimal_value(name: str, entry: MeasureEntry) -> Decimal | None:
    value = entry.of_field(name)
    try:
        return None if value is None or isinstance(value, bool) else Decimal(value)
    except InvalidOperation:
        return None


def _whole_value(name: str, entry: MeasureEntry) -> int | None:
    value = entry.of_field(name)
    if type(value) is int:
        return value
    number = _decimal_value(name, entry)
    return None if number is None or number % 1 else int(number)
