"""The clauses: their text, amounts and readings, and what was scored under each."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.output.settings import SettingWords
from cli.pages.formatting import sign_class, signed_points
from cli.pages.query import MissingError
from cli.pages.views.page import MAX_ROWS, Link, Page, PageContext
from cli.pages.views.postings import amount_row
from cli.pages.views.results import ResultRow, result_row
from ledger.message import Message, Series
from projections.measure.model import ByReading, MeasureData
from projections.postings import ZERO, Flag, Posting
from projections.ruling import law_json, reading_json

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from decimal import Decimal

    from projections.measure import Clause
    from projections.scores import UnitScore

KIND_WORDS = {
    "due": Message("reports owed by a day: in time, late or missing"),
    "quota": Message("so many owed in a span; each one short costs, surplus may earn"),
    "occurrence": Message("each entry costs or earns by its fields"),
    "warned": Message("an occurrence costs unless it was reported before"),
    "graded": Message("an inspection grades an item"),
    "checklist": Message("what a check finds missing costs"),
    "milestone": Message("done by a day; later costs points"),
    "rate": Message("in proportion to a rate, or a cost below a threshold"),
    "clean": Message("earned if nothing of a sort happened"),
    "all_done": Message("earned if all that fell due was done in time"),
    "flag": Message("entries set a flag alone"),
    "rank": Message("by place among the units"),
}
"""By kind of clause, what it does."""


class UnitResults(NamedTuple):
    """Points, postings and flags of one unit under a clause."""

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
    measure = context.data.measure
    by_clause: dict[str, list[UnitResults]] = {
        slug: [] for slug in (*measure.clauses, *measure.sections)
    }
    for score in context.units:
        results: dict[str, list[Posting | Flag]] = defaultdict(list)
        for flag in score.raised():
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


def readings_shown(
    names: Container[str], context: PageContext
) -> list[tuple[dict[str, Any], Link | None]]:
    """Return the named readings as `rules` has them, each with a link to the ruling on it."""
    town = context.data.scores.town
    readings = [
        reading_json(one, town) for name, one in town.measure.readings.items() if name in names
    ]
    return [
        (reading, context.entry_link(reading["by_entry"]) if reading["by_entry"] else None)
        for reading in readings
    ]


def _readings_of(clause: Clause) -> set[str]:
    """Return the names of the readings that a clause declares, or that decide on a part of it."""
    found = {reading.name for reading in clause.reading}
    for part in _parts(clause):
        if isinstance(part, ByReading):
            found.add(part.reading)
        found |= set(getattr(part, "condition", ()))
    return found


def _parts(value: object) -> Iterator[MeasureData]:
    """Yield a piece of a measure's file and all pieces within it."""
    if isinstance(value, list):
        for one in value:
            yield from _parts(one)
    elif isinstance(value, MeasureData):
        yield value
        for name in value.__struct_fields__:
            yield from _parts(getattr(value, name))


def _clause_values(
    clause: Clause, units: Sequence[UnitResults], context: PageContext
) -> dict[str, Any]:
    """Return the values that both templates show of a clause.

    Args:
        clause: the clause.
        units: what each unit has under it.
        context: of the page.
    """
    law = [note for note in context.data.measure.law if clause.slug in note.clause]
    return {
        "clause": clause,
        "section": _section_name(clause.section, context),
        "totals": _totals(units),
        "amounts": [amount_row(amount, clause.slug, context) for amount in clause.amount],
        "readings": readings_shown(_readings_of(clause), context),
        "law": [law_json(note) for note in law],
    }


def _section_name(slug: str, context: PageContext) -> str:
    """Return the title of a section; empty for clauses that give no points."""
    section = context.data.measure.sections.get(slug)
    return "" if section is None else context.translate.bilingual(section.title)


def _with_minus(text: str) -> str:
    """Return a text with the minus sign of typography; dates keep their hyphens."""
    return re.sub(r"(?<!\w)-(?=\d)", "−", text)


def _facts(clause: Clause, context: PageContext) -> list[tuple[str, str]]:
    """Return what a clause says beside its sentence and amounts, as (label, text)."""
    data, translate = context.data, context.translate
    kinds = sorted(data.measure.reads(clause.slug))
    found = [
        (translate("Kind of clause"), f"{clause.kind} – {translate(KIND_WORDS[clause.kind])}"),
        (translate("Section"), _section_name(clause.section, context)),
        (
            translate("Entries read"),
            translate(Series(translate.kind(data.kinds_of_year, one) for one in kinds)),
        ),
    ]
    settings = SettingWords(context.words, data.scores.town).of_clause(clause)
    found += [(label.capitalize(), _with_minus(text)) for label, text in settings]
    return [(label, text) for label, text in found if text]


def clauses_page(context: PageContext) -> Page:
    """Return the page of all clauses, in the order of the measure."""
    measure, by_clause = context.data.measure, _unit_results(context)
    clauses = [
        {
            **_clause_values(clause, by_clause[slug], context),
            "href": context.links.clause(slug),
        }
        for slug, clause in measure.clauses.items()
    ]
    sections = [
        (section, _totals(by_clause[slug]))
        for slug, section in measure.sections.items()
        if by_clause[slug]
    ]
    values = {
        "clauses": clauses,
        "sections": sections,
        "source": measure.source,
        "adding": measure.adding,
    }
    title = context.translate("Clauses {year}", year=context.data.year)
    return Page("clauses.html", title, [], values, {}, "clauses")


def clause_page(context: PageContext, slug: str) -> Page:
    """Return the page of one clause, with its results by unit in rank order.

    Raises:
        MissingError: the measure has no such clause.
    """
    clauses = context.data.measure.clauses
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
        "facts": _facts(clause, context),
        "units": rows,
        "listed": sum(len(row.results) for row in rows) <= MAX_ROWS,
        "untouched": len(context.units) - len(rows),
    }
    title = context.translate("Clauses {year}", year=context.data.year)
    crumbs = [Link(title, context.links.clauses(slug))]
    return Page("clause.html", context.clause_name(clause), crumbs, values, {"id": slug}, "clauses")
