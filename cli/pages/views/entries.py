"""The page of one entry, and the page of all entries of a unit: history and effect on scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.pages.query import MissingError
from cli.pages.views.history import EntryHistory, entry_history
from cli.pages.views.margins import MarginRow, rows_near_edge
from cli.pages.views.page import Link, Page, PageContext
from cli.pages.views.results import ResultRow, result_row
from ledger.entries import Reversal
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.pages.year_data import YearData
    from ledger.state import EntryState


class EntryDetails(NamedTuple):
    """An entry or objection with its history and its results."""

    history: EntryHistory
    results: list[tuple[Link, ResultRow]]
    """By unit, flags and postings of points that the entry led to."""
    zero_postings: list[tuple[Link, ResultRow]]
    """By unit, postings of 0 points that the entry led to."""
    margins: list[MarginRow] | None
    """What a small change of it would move; None while that is being computed."""
    work: frozenset[str]
    """Pages of the desk on which something can be done about it."""
    papers: list[tuple[str, str]]
    """Names and SHA-256 of the papers that it rests on."""


def _details(subject: str, context: PageContext, years: Sequence[YearData]) -> EntryDetails | None:
    """Return an entry with its results in some years; None if there is no such entry."""
    history = entry_history(subject, context)
    if history is None:
        return None
    rows, known = [], context.data.state_of(subject).get(subject)
    margins: list[MarginRow] | None = []
    for data in years:
        of_year = context._replace(data=data)
        found = rows_near_edge(of_year, entry=subject)
        margins = None if margins is None or found is None else [*margins, *found]
        for unit, result in data.results_by_entry.get(subject, []):
            if context.only not in (None, unit.unit):
                continue
            link = context.unit_link(unit.unit, unit.name)
            rows.append((link, result_row(result, unit.unit, of_year)))
    return EntryDetails(
        history,
        [row for row in rows if row[1].sign != "nought"],
        [row for row in rows if row[1].sign == "nought"],
        margins,
        _work(known),
        [] if known is None else [(one.name, one.sha256) for one in known.entry.evidence or ()],
    )


def _work(known: EntryState | None) -> frozenset[str]:
    """Return the pages of the desk that do something about an entry; none for an objection."""
    if known is None:
        return frozenset()
    found = {"verify"} if known.verified is None else set[str]()
    if known.reversed is None and not isinstance(known.entry, Reversal):
        found |= {"correct", "reverse"}
    return frozenset(found)


def entry_page(context: PageContext, subject: str) -> Page:
    """Return the page of one entry or objection.

    Raises:
        MissingError: there is none in this state of the ledger.
    """
    details = _details(subject, context, [context.data])
    if details is None:
        raise MissingError(
            Message(
                "{subject} is not in this ledger (as of position {position})",
                subject=subject,
                position=context.data.state.position,
            )
        )
    title = f"{details.history.kind} {subject}"
    return _page(context, title, [details], _unit_of(subject, context), {"id": subject})


def entries_page(
    context: PageContext, subjects: Sequence[str], owner: str, years: Sequence[YearData]
) -> Page:
    """Return the static site's page of several entries and objections.

    Args:
        context: of the latest year.
        subjects: their ids.
        owner: the unit that they are of, or the id of an entry that concerns the whole town.
        years: the years whose results are shown.
    """
    found = [one for subject in subjects if (one := _details(subject, context, years)) is not None]
    unit = context.data.unit_entry(owner)
    name = owner if unit is None else f"{owner} {unit.name}"
    return _page(context, context.translate("Entries of {name}", name=name), found, owner, {})


def _unit_of(subject: str, context: PageContext) -> str | None:
    """Return the unit of an entry or objection; of a reversal, the unit of its target."""
    state = context.data.state_of(subject)
    known = state.get(subject)
    if known is None:
        return state.objections[subject].event.unit
    entry = (state.get(state.subject(subject)) or known).entry
    unit: str | None = entry.id if entry.KIND == "unit" else getattr(entry, "unit", None)
    return unit


def _page(
    context: PageContext,
    title: str,
    details: list[EntryDetails],
    unit: str | None,
    parameters: dict[str, str],
) -> Page:
    crumbs = [context.ranking_link()]
    scored = None if unit is None else context.data.scored_unit_id(unit)
    if scored is not None:
        score = context.data.by_unit[scored]
        name = f"{score.unit} {score.name}"
        crumbs.append(Link(name, context.links.unit(scored), chinese=True))
    return Page("entries.html", title, crumbs, {"entries": details}, parameters)
