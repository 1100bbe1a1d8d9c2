"""Make the ledger of a worked case, without a store; entries are validated as by an import."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins
from msgspec.json import encode

from ledger.batch import Appending, Batch, row_of
from ledger.codec import VERIFIED
from ledger.kinds import Kinds
from ledger.message import Message
from ledger.state import LedgerState
from ledger.submissions import Submission, parse
from ledger.validation import Terms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ledger.errors import Refusal
    from projections.measure.cases import Case
    from projections.measure.measure import Measure

_WHEN = datetime(2199, 1, 1, tzinfo=UTC)
_BASIS = Message("worked case")
_MONTHLY = {"due": "screening_report", "quota": "case_report"}
"""By kind of clause, the built-in kind of monthly report."""


def state_of(
    entries: Iterable[dict[str, Any]], measure: Measure, *, unverified: Collection[str] = ()
) -> LedgerState:
    """Return the state of a ledger with entries of one import.

    Args:
        entries: the contract's JSON objects.
        measure: the measure under which they are recorded.
        unverified: ids of those that nobody has verified.

    Raises:
        EntriesRefusedError: entries are refused; all refusals are listed.
    """
    known, kinds = LedgerState(), _kinds_of(measure)
    batch = Batch(submissions(entries, kinds), 0)
    try:
        fresh = batch.admit(known, Terms(measure, _WHEN.date())).fresh
        rows = [
            row
            for row in Appending(fresh, known, _WHEN, "clerk", "head")
            if row.topic != VERIFIED or row.originator_id not in unverified
        ]
    finally:
        batch.close()
    return known.fold(map(row_of, range(1, len(rows) + 1), rows))


# Making the validators of all kinds takes as long as scoring a hundred cases.
_kinds_of = lru_cache(maxsize=8)(Kinds.of)


def submissions(entries: Iterable[dict[str, Any]], kinds: Kinds) -> Iterator[Submission | Refusal]:
    """Yield entries of the contract as an import reads them."""
    for number, entry in enumerate(entries, 1):
        outcome = parse(encode(to_builtins(entry)), None, number, kinds)
        if isinstance(outcome, Submission):
            yield outcome
        else:
            yield from outcome


def entries_of(case: Case, measure: Measure, year: int) -> list[dict[str, Any]]:
    """Return the entries of a case: its units, monthly reports, rulings, and its own."""
    units = [_unit(one, measure) for one in case.units]
    first = units[0]["id"] if units else None
    found = list(units)
    for unit in units if case.in_time else ():
        found += _monthly(str(unit["id"]), case, measure, year)
    numbers = Counter[str]()
    rulings = [
        {"kind": "ruling", "year": year, "reading": name, "value": value, "basis": str(_BASIS)}
        for name, value in case.rulings.items()
    ]
    for given in [*rulings, *case.entry]:
        kind = str(given.get("kind"))
        numbers[kind] += 1
        entry = {"id": f"{kind}-{numbers[kind]}", **given}
        if "unit" in measure.fields(kind):
            entry.setdefault("unit", first)
        found.append(entry)
    return found


def _unit(given: str | dict[str, Any], measure: Measure) -> dict[str, Any]:
    if isinstance(given, str):
        given = {"id": given}
    usual = {"kind": "unit", "name": given.get("id"), "type": measure.unit_types()[0]}
    return {**usual, **given}


def _monthly(unit: str, case: Case, measure: Measure, year: int) -> Iterator[dict[str, Any]]:
    """Yield the built-in monthly reports that a unit owes, each on the month's last day."""
    for clause in measure.clauses.values():
        kind = _MONTHLY.get(clause.kind)
        if kind is None or (clause.parameters.entry, clause.parameters.each) != (kind, "month"):
            continue
        for month, last in measure.calendar.months(year):
            counts = (one.count for one in clause.amount if one.of == "owed" and one.is_of(last))
            owed = next(counts, None)
            if f"{kind} {month}" not in case.without:
                report = {"kind": kind, "id": f"{kind}/{unit}/{month}", "unit": unit}
                more = {} if owed is None else {"cases": owed}
                yield {**report, "month": month, "submitted_on": last.isoformat(), **more}
