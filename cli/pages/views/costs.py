"""Which clauses cost and earn how many points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.output.audit import SHARES, cell
from cli.output.costs import TITLES, total_of
from cli.pages.formatting import points_text
from cli.pages.views.page import Link, Page
from cli.pages.views.tables import sortable
from projections.costs import clause_costs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.pages.views.page import PageContext


def costs_page(context: PageContext, parameters: Mapping[str, str]) -> Page:
    """Return the page of the points lost and gained under each clause, the costliest first.

    Raises:
        OptionError: the address sorts by no column.
    """
    data, translate = context.data, context.translate
    given = {"sort": parameters["sort"]} if parameters.get("sort") else {}
    rows = clause_costs(context.units, data.measure)

    def cells(column: str, row: Mapping[str, Any]) -> list[Link]:
        if column == "title":
            slug = row["clause"]
            name = translate.bilingual(data.measure.heading(slug).title)
            is_clause = slug in data.measure.clauses
            return [Link(name, context.links.clause(slug) if is_clause else None)]
        value = row[column]
        if value is None:
            return []
        return [Link(cell(column, value) if column in SHARES else str(value), None)]

    title = translate("Points by clause {year}", year=data.year)
    values = {
        "table": sortable(
            context,
            "costs",
            given,
            name="costs",
            title=title,
            columns=TITLES,
            rows=rows,
            cells=cells,
            numbers={*TITLES} - {"citation", "title"},
        ),
        "lost": points_text(total_of(rows, "lost")),
        "gained": points_text(total_of(rows, "gained")),
    }
    crumbs = [Link(translate("Clauses {year}", year=data.year), context.links.clauses())]
    return Page("costs.html", title, crumbs, values, given, "clauses")
