"""The clauses: their text, amounts and readings, and what was scored under each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.pages.formatting import sign_class, signed_points
from cli.pages.query import MissingError
from cli.pages.views.page import MAX_ROWS, Link, Page, PageContext
from cli.pages.views.postings import amount_row
from cli.pages.views.results import ResultRow, result_row
from ledger.message import Message, Series
from projections.postings import ZERO, Flag, Posting
from projections.ruling import rules_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from projections.rulebook import Clause

    from projections.scores import UnitScore


class UnitResults(NamedTuple):
    """What one unit has under a clause."""

    score: UnitScore
    effective: list[Posting | Flag]
    """Flags, and postings of points."""
    zero_postings: int

    @property
    def points(self) -> Decimal:
        """Their sum in points."""
        return sum((one.points for one in self.effective if isinstance(one, Posting)), ZERO)


class ClauseTotals(NamedTuple):
    """The postings and flags of all units under a clause."""

    points: str
    sign: str
    effective: int
    """Flags, and postings of points."""
    zero_postings: int
    units: int
    """Number of units that have points or a flag."""


class UnitRow(NamedTuple):
    """One unit on the page of a clause."""

    unit: Link
    unit_id: str
    points: str
    sign: str
    results: list[ResultRow]


def _unit_results(context: PageContext) -> dict[str, list[UnitResults]]:
    """Return what each unit has under each clause, by clause and in rank order."""
    by_clause: dict[str, list[UnitResults]] = {slug: [] for slug in context.data.rulebook.clauses}
    for score in context.data.scores.units:
        results: dict[str, list[Posting | Flag]] = defaultdict(list)
        for flag in score.flags():
            results[flag.clause].append(flag)
        for posting in score.postings():
            results[posting.clause].append(posting)
        for slug, found in results.items():
            effective = [one for one in found if isinstance(one, Flag) or one.points]
            by_clause[slug].append(UnitResults(score, effective, len(found) - len(effective)))
    return by_clause


def _totals(units: Sequence[UnitResults]) -> ClauseTotals:
    points = sum((one.points for one in units), ZERO)
    return ClauseTotals(
        signed_points(points),
        sign_class(points),
        sum(len(one.effective) for one in units),
        sum(one.zero_postings for one in units),
        sum(bool(one.effective) for one in units),
    )


def _clause_values(
    clause: Clause, units: Sequence[UnitResults], context: PageContext
) -> dict[str, Any]:
    """Return the values that both templates show of a clause."""
    data = context.data
    rules = rules_json(data.rulebook, data.scores.town, clause.slug)["clauses"][0]
    return {
        "clause": clause,
        "totals": _totals(units),
        "amounts": [amount_row(amount, context.translate) for amount in clause.amount],
        "readings": [
            (reading, reading["by_entry"] and context.entry_link(reading["by_entry"]))
            for reading in rules["readings"]
        ],
    }


def clauses_page(context: PageContext) -> Page:
    """Return the page of all clauses, in the order of the regulation."""
    rulebook, by_clause = context.data.rulebook, _unit_results(context)
    clauses = [
        {**_clause_values(clause, by_clause[slug], context), "href": context.links.clause(slug)}
        for slug, clause in rulebook.clauses.items()
    ]
    values = {"clauses": clauses, "source": rulebook.source, "adding": rulebook.adding}
    title = context.translate("Clauses {year}", year=context.data.year)
    return Page("clauses.html", title, [], values, {}, "clauses")


def clause_page(context: PageContext, slug: str) -> Page:
    """Return the page of one clause, with its results by unit in rank order.

    Raises:
        MissingError: the measure has no such clause.
    """
    clauses = context.data.rulebook.clauses
    clause = clauses.get(slug)
    if clause is None:
        raise MissingError(
            Message("no clause {clause!r}; one of {known}", clause=slug, known=Series(clauses))
        )
    units = _unit_results(context)[slug]
    rows = [
        UnitRow(
            context.unit_link(one.score.unit, one.score.name),
            one.score.unit,
            signed_points(one.points),
            sign_class(one.points),
            [result_row(result, one.score.unit, context) for result in one.effective],
        )
        for one in units
        if one.effective
    ]
    values = {
        **_clause_values(clause, units, context),
        "units": rows,
        "listed": sum(len(row.results) for row in rows) <= MAX_ROWS,
        "untouched": len(context.data.scores.units) - len(rows),
    }
    title = context.translate("Clauses {year}", year=context.data.year)
    crumbs = [Link(title, context.links.clauses(slug))]
    return Page("clause.html", context.clause_name(clause), crumbs, values, {"id": slug}, "clauses")
