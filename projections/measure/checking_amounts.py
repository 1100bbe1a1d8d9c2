"""Find cases of a draft for which a clause states two amounts, or none."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, product
from math import prod
from typing import TYPE_CHECKING, Any

from ledger.message import Message, Series
from projections.kinds import KINDS
from projections.measure.amounts import holds
from projections.measure.calendar import MeasureCalendar
from projections.measure.checking_readings import assignments, collective_from, imposed_by
from projections.measure.model import MOST, bounds
from projections.ruling import condition_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.measure.draft import Domain, Draft
    from projections.measure.model import Amount, Clause, Condition

    When = Mapping[str, Condition]
    Span = tuple[Any, Any]
    """First and last of some numbers or days, both included."""

MOST_CASES = 200_000
"""Cases of a clause that are looked at, at most; the first measure has some 500."""
_TOLD = 5
"""Cases without an amount that are told, at most."""
_ONE_DAY = timedelta(days=1)
_OTHER = object()
"""A text that no amount names."""


def _where(clause: Clause) -> list[Any]:
    """Return the conditions of the entries that amounts are stated for."""
    return clause.parameters.where if clause.kind == "occurrence" else []


def conflicts(draft: Draft, clause: Clause) -> Iterator[tuple[str, Message]]:
    """Yield each amount that is stated for a case of an earlier one too, as (key, message).

    Only amounts count that can be stated together: under the same readings, on the same day.
    """
    where = _where(clause)
    numbered = enumerate(clause.amount)
    for (first, one), (second, other) in combinations(numbered, 2):
        if one.of != other.of or not _on_one_day(one, other):
            continue
        if _joint(draft, [one.when, other.when]) is None:
            continue
        names = [*one.condition, *other.condition, *(name for w in where for name in w.condition)]
        for readings in assignments(draft, names):
            if not all(imposed_by(amount.condition, readings) for amount in (one, other)):
                continue
            imposed = [w.when for w in where if imposed_by(w.condition, readings)]
            case = _joint(draft, [one.when, other.when, *imposed])
            if case is not None:
                yield (
                    f"amount[{second}]",
                    Message(
                        "is stated for a case of amount[{first}] too: {case}",
                        first=first,
                        case=_words(case, readings),
                    ),
                )
                break


def _on_one_day(one: Amount, other: Amount) -> bool:
    return max(one.since or date.min, other.since or date.min) <= min(
        one.until or date.max, other.until or date.max
    )


def _joint(draft: Draft, whens: Sequence[When]) -> dict[str, Condition] | None:
    """Return the condition of all of some; None if they exclude each other."""
    found: dict[str, Condition] = {}
    for when in whens:
        for name, condition in when.items():
            both = condition if name not in found else _both(found[name], condition)
            if both is None:
                return None
            found[name] = both
    size = bounds(headcount) if isinstance(headcount := found.get("headcount"), str) else None
    manner = found.get("manner")
    manners = manner if size is not None and isinstance(manner, list) else None
    if manners is None or any(_possible(draft, one, size) for one in manners):
        return found
    return None


def _both(one: Condition, other: Condition) -> Condition | None:
    if isinstance(one, str) and isinstance(other, str):
        (low, high), (least, most) = bounds(one), bounds(other)
        low, high = max(low, least), min(high, most)
        return _range(low, high) if low <= high else None
    if isinstance(one, list) and isinstance(other, list):
        return [value for value in one if value in other] or None
    return one if one == other else None


def _possible(draft: Draft, manner: Any, size: Any) -> bool:
    """Return whether a batch of a size may be individual or collective under some ruling."""
    least, most = collective_from(draft)
    return bool(size[1] >= least if manner == "collective" else size[0] < most)


def gaps(draft: Draft, clause: Clause) -> Iterator[tuple[str, Message]]:
    """Yield the cases for which a clause states no amount, as (key, message)."""
    kind = KINDS[clause.kind]
    for of, only in kind.covered(clause).items() if hasattr(kind, "covered") else ():
        amounts = [amount for amount in clause.amount if amount.of == of]
        if not amounts:
            yield "amount", Message("states no amount of “{of}”", of=of)
            continue
        yield from _gaps(draft, clause, of, amounts, only)


def _gaps(
    draft: Draft,
    clause: Clause,
    of: str,
    amounts: list[Amount],
    only: Mapping[str, tuple[str, ...]],
) -> Iterator[tuple[str, Message]]:
    where = _where(clause)
    domains = draft.names(clause, of)
    used = [one.when for one in (*amounts, *where)]
    cells = {
        name: [
            one
            for one in _cells(domains[name], [when[name] for when in used if name in when])
            if one in only.get(name, (one,))
        ]
        for name in dict.fromkeys(name for when in used for name in when)
        if name in domains
    }
    if any(one.since or one.until for one in amounts):
        cells["day"] = _days(draft, amounts)
    if prod(map(len, cells.values())) > MOST_CASES:
        yield "amount", Message("tells too many cases of “{of}” apart to be checked", of=of)
        return
    names = [name for one in (*amounts, *where) for name in one.condition]
    choices = list(assignments(draft, names))
    missing: dict[tuple[Any, ...], list[Mapping[str, str]]] = {}
    for readings in choices:
        imposed = [one.when for one in where if imposed_by(one.condition, readings)]
        stated = [one for one in amounts if imposed_by(one.condition, readings)]
        for values in product(*cells.values()):
            case = dict(zip(cells, values, strict=True))
            if not _exists(draft, case) or not all(_holds(when, case) for when in imposed):
                continue
            if not any(_holds(one.when, case) and _in_time(one, case) for one in stated):
                missing.setdefault(values, []).append(readings)
    for values, under in list(missing.items())[:_TOLD]:
        case = dict(zip(cells, values, strict=True))
        told: Mapping[str, str] = {} if len(under) == len(choices) else under[0]
        yield (
            "amount",
            Message("there is no amount of “{of}” for {case}", of=of, case=_words(case, told)),
        )
    if len(missing) > _TOLD:
        yield (
            "amount",
            Message(
                "there is none of “{of}” for {number} more cases",
                of=of,
                number=len(missing) - _TOLD,
            ),
        )


def _cells(domain: Domain, conditions: list[Condition]) -> list[Any]:
    """Return the values between which the conditions on a name make a difference."""
    found: list[Any] = [None] if domain.optional else []
    match domain.form:
        case "choice":
            return [*domain.values, *found]
        case "flag":
            return [True, False, *found]
        case "text":
            named = [
                one for condition in conditions if isinstance(condition, list) for one in condition
            ]
            return [*dict.fromkeys(named), _OTHER, *found]
    ends = [bounds(one) for one in conditions if isinstance(one, str)]
    edges = sorted({domain.least, *(low for low, _ in ends), *(high + 1 for _, high in ends)})
    edges = [edge for edge in edges if domain.least <= edge <= MOST]
    return [*zip(edges, [*(edge - 1 for edge in edges[1:]), MOST], strict=True), *found]


def _days(draft: Draft, amounts: list[Amount]) -> list[Span]:
    """Return the parts of the measure's year in which different amounts are stated."""
    calendar = MeasureCalendar(draft.folder.calendar, draft.folder.period)
    year = draft.folder.measure.year
    first, last = calendar.first_day(year), calendar.last_day(year)
    edges = {first}
    for one in amounts:
        edges |= {one.since} if one.since else set()
        edges |= {one.until + _ONE_DAY} if one.until else set()
    starts = sorted(edge for edge in edges if first <= edge <= last)
    return [*zip(starts, [*(day - _ONE_DAY for day in starts[1:]), last], strict=True)]


def _exists(draft: Draft, case: Mapping[str, Any]) -> bool:
    size, manner = case.get("headcount"), case.get("manner")
    return size is None or manner is None or _possible(draft, manner, size)


def _holds(when: When, case: Mapping[str, Any]) -> bool:
    """Return whether conditions hold: a range of a case lies wholly within one, or outside."""
    found = ((condition, case[name]) for name, condition in when.items() if name in case)
    return all(holds(one, v[0] if isinstance(v, tuple) else v) for one, v in found)


def _in_time(amount: Amount, case: Mapping[str, Any]) -> bool:
    return "day" not in case or all(map(amount.is_of, case["day"]))


def _words(case: Mapping[str, Any], readings: Mapping[str, str]) -> Message | Series:
    said = Series(
        Message("{name} {value}", name=name, value=_value(one)) for name, one in case.items()
    )
    found = said if case else Message("every case")
    if not readings:
        return found
    under = Series(
        Message("{name} = {value}", name=name, value=one) for name, one in readings.items()
    )
    return Message("{case} (where {readings})", case=found, readings=under)


def _value(value: Any) -> object:
    if value is None:
        return Message("not recorded")
    if value is _OTHER:
        return Message("another one")
    if isinstance(value, tuple):
        if isinstance(value[0], int) and value[0] < 0:
            return Message("less than {number}", number=value[1] + 1)
        return _range(*value) if isinstance(value[0], int) else f"{value[0]}–{value[1]}"
    return condition_words(value)


def _range(low: int, high: int) -> str:
    return f"{low}-" if high >= MOST else f"{low}-{high}" if low < high else f"{low}"
