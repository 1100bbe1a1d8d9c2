"""Tables that a reader sorts: by links in their heads, in a file by the script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.pages.paging import PageLinks, page_of
from cli.sorting import sorted_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from cli.pages.views.page import Link, PageContext

ROWS = 200
"""Rows of a table on one page of a server."""
ROWS_OF_A_FILE = 2_000
"""Rows of a table in a file; what follows is not shown."""


class Head(NamedTuple):
    """The head of a column."""

    title: str
    href: str | None
    """Sorts by the column; None in a file, where the script does."""
    is_number: bool
    sorted: str
    """`ascending`, `descending` or empty."""


class Cell(NamedTuple):
    """A cell: texts, each perhaps a link."""

    links: list[Link]
    is_number: bool


class Table(NamedTuple):
    """A table in the order that the reader chose."""

    name: str
    """Its HTML id."""
    title: str
    heads: list[Head]
    rows: list[list[Cell]]
    marked: list[bool]
    """By row, whether it is set off: its `differs` is not empty."""
    total: int
    """Number of rows, those of other pages too."""
    paging: PageLinks | None
    is_cut: bool
    """Whether a file leaves rows out."""


def sortable(
    context: PageContext,
    page: str,
    given: Mapping[str, str],
    *,
    name: str,
    title: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    cells: Callable[[str, Mapping[str, Any]], list[Link]],
    numbers: Container[str] = (),
) -> Table:
    """Return a table in the order that the address asks for: `sort=TABLE.COLUMN`, or with `-`.

    Args:
        context: of the page.
        page: the page's name, for the addresses of its heads.
        given: the parameters of the page's own address.
        name: of the table.
        title: of the table.
        columns: the titles by column, in order.
        rows: JSON values by column, and what else `cells` needs.
        cells: returns what a cell shows.
        numbers: the columns of numbers.

    Raises:
        OptionError: the address names no column, or a malformed page.
    """
    asked = given.get("sort", "")
    of_table, _, column = asked.removeprefix("-").partition(".")
    chosen = f"{asked[: asked.startswith('-')]}{column}" if of_table == name else ""
    ordered = sorted_rows(rows, columns, chosen, "sort")
    is_server = context.links.answer(page) is not None
    paging = page_of(given.get("part", ""), len(rows), ROWS if is_server else ROWS_OF_A_FILE)
    kept = {key: value for key, value in given.items() if key not in {"sort", "part"}}
    heads = []
    for key, text in columns.items():
        is_sorted = chosen.removeprefix("-") == key
        downwards = chosen.startswith("-")
        # Numbers first come with the largest on top; a second time the other way round.
        sign = "-" if (not downwards if is_sorted else key in numbers) else ""
        href = context.links.answer(page, name, **kept, sort=f"{sign}{name}.{key}")
        order = ("descending" if downwards else "ascending") if is_sorted else ""
        heads.append(Head(context.translate(text).capitalize(), href, key in numbers, order))
    sort = {"sort": asked} if chosen else {}
    shown = ordered[paging.first : paging.last]
    return Table(
        name,
        title,
        heads,
        [[Cell(cells(key, row), key in numbers) for key in columns] for row in shown],
        [bool(row.get("differs")) for row in shown],
        len(rows),
        paging.links(context.links, page, {**kept, **sort}) if is_server else None,
        not is_server and paging.last < len(rows),
    )
