"""How the office works: tables of numbers, and lists of the entries behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.options import OptionError
from cli.output.audit import NUMBERS, TITLES, cell, names_remark, title_of
from cli.pages.query import parameter_name, parse_parameter
from cli.pages.views.page import Link, Page
from cli.pages.views.tables import sortable
from cli.parameters.values import WHOLE
from ledger.message import Message, Series
from projections.audit import COLUMNS, DAYS, LISTS, SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.pages.views.page import PageContext
    from cli.pages.views.tables import Table
    from projections.audit import OfficeWork

PARTS: Final = (*LISTS, "months_by_name")
"""The tables that have pages of their own."""

_ENTRIES: Final = frozenset({"id", "reversal", "replaced_by"})


def audit_page(context: PageContext, parameters: Mapping[str, str]) -> Page:
    """Return the page of all tables of numbers, or of one list.

    Args:
        context: of the page.
        parameters: `list`, `sort`, `part`, `seconds`, `days`; `compute` where it takes long.

    Raises:
        OptionError: one of them is malformed.
    """
    given = {
        name: parameters[name]
        for name in ("list", "sort", "part", "seconds", "days", "compute")
        if parameters.get(name)
    }
    translate, data, links = context.translate, context.data, context.links
    chosen = given.get("list", "")
    if chosen and chosen not in PARTS:
        words = Message("no list {name!r}; one of {lists}", name=chosen, lists=Series(PARTS))
        raise OptionError("list", words)
    seconds = _whole(given, "seconds", SECONDS)
    days = _whole(given, "days", DAYS)
    title = translate("How the office works {year}", year=data.year)
    waits = "compute" not in given and links.answer("audit") is not None
    work = data.office_work(seconds, days, wait=waits)
    values: dict[str, Any] = {"work": work, "seconds": seconds, "days": days, "tables": []}
    if work is None:
        values["compute"] = links.answer("audit", **given, compute="1")
        return Page("audit.html", title, [], values, given, "audit")
    names = [chosen] if chosen else [name for name in COLUMNS if name not in PARTS]
    sorts = given.get("sort", "").removeprefix("-").partition(".")[0]
    if sorts and sorts not in names:
        words = Message(
            "{sort!r} sorts no table of this page; write TABLE.COLUMN or -TABLE.COLUMN, TABLE one "
            "of {tables}",
            sort=given["sort"],
            tables=Series(names),
        )
        raise OptionError("sort", words)
    kept = {name: text for name, text in given.items() if name not in {"list", "sort", "part"}}
    values |= {
        "tables": [_table(name, work, context, given) for name in names],
        "lists": [
            (
                translate(title_of(name, work)),
                links.answer("audit", **kept, list=name) or links.audit(name),
                len(work.tables[name]),
            )
            for name in PARTS
        ],
        "names": translate(names_remark(work.accounts_from)),
        "chosen": chosen,
    }
    crumbs = []
    if chosen:
        crumbs = [Link(title, links.audit())]
        title = translate(title_of(chosen, work))
    return Page("audit.html", title, crumbs, values, given, "audit")


def _whole(given: Mapping[str, str], name: str, default: int) -> int:
    """Return a number that a parameter gives, the default if it is left out.

    Raises:
        OptionError: it is not a whole number, or negative.
    """
    number = parse_parameter(WHOLE, given[name], name) if name in given else default
    if number < 0:
        raise OptionError(parameter_name(name), Message("must be 0 or more"))
    return number


def _table(name: str, work: OfficeWork, context: PageContext, given: Mapping[str, str]) -> Table:
    return sortable(
        context,
        "audit",
        given,
        name=name,
        title=context.translate(title_of(name, work)),
        columns={column: TITLES[column] for column in COLUMNS[name]},
        rows=work.tables[name],
        cells=lambda column, row: _links(column, row[column], context),
        numbers=NUMBERS,
    )


def _links(column: str, value: Any, context: PageContext) -> list[Link]:
    """Return what a cell shows."""
    if value is None and column != "up_to_seconds":
        return []
    if column in _ENTRIES:
        return [context.entry_link(name) for name in value.split()]
    if column == "unit":
        return unit_links(value, context)
    if column == "edition":
        return [edition_link(name, context) for name in value.split()]
    if column == "kind":
        return [Link(context.translate.kind(context.data.kinds, value), None)]
    text = cell(column, value)
    # A name that happens to be a word is not translated.
    return [Link(context.translate(text) if isinstance(text, Message) else text, None)]


def unit_links(unit: str, context: PageContext) -> list[Link]:
    """Return a unit's id with the link to its page, and its name."""
    entry = context.data.unit_entry(unit)
    name = [] if entry is None else [Link(entry.name, None, chinese=True)]
    return [context.unit_link(unit), *name]


def edition_link(name: str, context: PageContext) -> Link:
    """Return a link to an edition, by its name (2016Q2#1)."""
    period, _, number = name.partition("#")
    return Link(name, context.links.bulletin(period, int(number)))
