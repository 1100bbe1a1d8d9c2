"""Read the values of an occurrence by which amounts are chosen.

Numbers are read as the edge of the range that they lie in, so that occurrences which cost the same
have equal cases, and a cost is computed once for each case.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from functools import cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ledger.message import Bilingual
from projections.kinds.compiling import imposed
from projections.measure.amounts import edges_of, holds
from projections.postings import Working

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

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
        more: Iterable[str] = (),
    ) -> None:
        """Prepare to read.

        Args:
            given: the clause, its measure and the readings in force.
            kind: the kind of entry that occurs.
            tables: the amounts to be chosen from.
            answer: the kind of entry that responds to it.
            where: conditions, of which those count that are imposed under the readings.
            more: further names to read, as they are.
        """
        measure, readings, tables = given.measure, given.readings, list(tables)
        self._where = imposed(where, readings)
        edges: dict[str, set[int]] = {name: set() for name in more}
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
        own, of_answer = measure.fields(kind), measure.fields(answer) if answer else {}
        numbers = [name for name, found in edges.items() if found]
        plain = [name for name in edges if not edges[name] and name != "role"]
        both = [name for name in plain if name in own and name in of_answer]
        of_entry = [name for name in plain if name in own and name not in both]
        self._plain = [*of_entry, *(["role"] if "role" in edges else [])]
        self._of_answer = [name for name in plain if name not in own]
        self._others = [*numbers, *both]
        read = partial(value_of, measure, readings, kind, answer=answer)
        others: list[Callable[[Occurrence], Any]] = [
            _edge_reader(read(name), edges[name]) for name in numbers
        ]
        others += [read(name) for name in both]
        if any(table.dated for table in tables):
            self._others.append("day")
            others.append(attrgetter("day"))
        self._is_plain = not self._of_answer and not others
        of_plain = _values_reader(measure, kind, self._plain, of="entry")
        self.key: Callable[[Occurrence], Any] = of_plain
        """Returns the values of an occurrence as a key of a cache."""
        if not self._is_plain:
            self.key = _key_reader(
                of_plain, _values_reader(measure, answer, self._of_answer), others
            )
        self.exclusion = cache(self._exclusion)

    def case(self, key: Any) -> dict[str, CaseValue]:
        """Return a key's values by name; None for one that is not recorded."""
        plain, of_answer, *others = (key, None) if self._is_plain else key
        found = dict(zip(self._others, others, strict=True))
        found.update(_by_name(self._plain, plain))
        if self._of_answer:
            recorded = of_answer is not None
            values = _by_name(self._of_answer, of_answer) if recorded else {}
            found.update({name: values.get(name) for name in self._of_answer})
        if self._collective_from is not None:
            is_collective = found["headcount"] >= self._collective_from
            found["manner"] = "collective" if is_collective else "individual"
        return found

    def counts(self, one: Occurrence) -> bool:
        """Return whether an occurrence fulfils the conditions."""
        return not self._where or self.exclusion(self.key(one)) is None

    def _exclusion(self, key: Hashable) -> Working | None:
        """Return why a case does not fulfil the conditions; None if it does."""
        case = self.case(key)
        for one in self._where:
            for name, condition in one.when.items():
                if case[name] is None or not holds(condition, case[name]):
                    words = one.words.text if one.words else Bilingual("does not count", "不计")
                    return Working("{}", (words,))
        return None


class _Edges(dict[Any, int | None]):
    """Edges that numbers have reached, by number."""

    def __init__(self, edges: list[int]) -> None:
        super().__init__({None: None})
        self._edges = edges

    def __missing__(self, value: Any) -> int:
        place = bisect_right(self._edges, value)
        found = self[value] = self._edges[place - 1] if place else self._edges[0] - 1
        return found


def _edge_reader(read: Callable[[Occurrence], Any], edges: Iterable[int]) -> Callable[..., Any]:
    """Return the function that reads a number as the edge that it has reached."""
    reached = _Edges(sorted(edges))
    return lambda one: reached[read(one)]


def _key_reader(
    plain: Callable[[Any], Any],
    of_answer: Callable[[Any], Any],
    others: Sequence[Callable[..., Any]],
) -> Callable[[Occurrence], Any]:
    """Return the function that reads plain values, those of the answer, and others, into a key."""

    def key(one: Occurrence) -> Any:
        answer = one.answer
        return (
            plain(one),
            None if answer is None else of_answer(answer),
            *[read(one) for read in others],
        )

    return key


def _values_reader(
    measure: Measure, kind: str | None, names: list[str], of: str | None = None
) -> Callable[[Any], Any]:
    """Return the function that reads values: a tuple, or the value of a single name.

    Args:
        measure: the measure, which has kinds of its own.
        kind: the kind of entry; None for no values.
        names: its fields, and `role`, which an occurrence has itself.
        of: the attribute that holds the entry; None if the entry is read itself.
    """
    if kind is None or not names:
        return lambda _: None
    if kind not in measure.kinds():
        return attrgetter(*[f"{of}.{name}" if of and name != "role" else name for name in names])
    readers = [
        value_of(measure, {}, kind, name) if of else field_reader(measure, kind, name)
        for name in names
    ]
    known = [one for one in readers if one is not None]
    if len(known) == 1:
        return known[0]
    return lambda source: tuple([read(source) for read in known])


def _by_name(names: list[str], values: Any) -> dict[str, Any]:
    return dict(zip(names, values if len(names) > 1 else (values,), strict=True)) if names else {}


def value_of(
    measure: Measure,
    readings: Mapping[str, str],
    kind: str,
    name: str,
    *,
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
        is_own = kind in measure.kinds()
        return (lambda one: of_entry(one.entry)) if is_own else attrgetter(f"entry.{name}")
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
