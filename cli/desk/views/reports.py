"""Who has reported: units × what they owe, clause by clause, with the cells to record."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.desk.filters import choice_of
from cli.desk.owed import is_open, owed, year_kept
from cli.desk.work import OFFICE, RECORDERS, Attachment, Work
from cli.output.obligation_grid import CELL_STATES, state_words
from cli.output.workbooks.obligations import obligations_workbook
from cli.output.workbooks.saving import XLSX
from cli.pages.paging import Paging, page_of
from cli.pages.views.page import Page
from ledger.errors import TallyError
from ledger.lookalikes import unit_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.desk.owed import Owed
    from cli.desk.work import Desk, Given
    from cli.output.obligation_grid import Cell, Column, Grid

UNITS: Final = 100
"""Units on one page."""


class Filter(NamedTuple):
    """Which rows and columns are shown."""

    unit: str
    state: str
    month: str

    def rows(self, grid: Grid, names: dict[str, str]) -> dict[str, dict[Column, Cell]]:
        """Return the rows that the unit and the state select."""
        wanted = unit_key(self.unit) if self.unit else ""
        shown = {}
        for unit, row in grid.rows.items():
            named = wanted in unit_key(unit) or wanted in unit_key(names.get(unit, ""))
            if named and (not self.state or any(map(self.selects, row.values()))):
                shown[unit] = row
        return shown

    def selects(self, cell: Cell) -> bool:
        """Return whether a cell is of the state and the month."""
        in_month = not self.month or f"{cell.owed.due:%Y-%m}" == self.month
        return in_month and self.state in {"", cell.state}

    def of(self, grid: Grid, names: dict[str, str]) -> Grid:
        """Return a grid of the rows and columns that are selected alone."""
        rows = self.rows(grid, names)
        cells = [cell for row in rows.values() for cell in row.values() if self.selects(cell)]
        wanted = {(cell.owed.what, cell.owed.due) for cell in cells}
        return grid._replace(columns=[one for one in grid.columns if one in wanted], rows=rows)


class CellView(NamedTuple):
    """A cell as the page shows it."""

    style: str
    text: str
    entry: str | None
    """Address of its entry."""
    record: str | None
    """Address of the form that records it."""
    value: str
    """What the checkbox gives."""
    label: str
    unverified: bool


def _show(desk: Desk, given: Given) -> Page | Attachment:
    translate = desk.translate
    kept, links = year_kept(desk, given), desk.links
    state = choice_of(given, "state", CELL_STATES) or ""
    chosen = Filter(given.text("unit"), state, given.text("month"))
    title = translate("Who has reported {year}", year=desk.year)
    years = [
        (str(year), links.to("reports", year=str(year)))
        for year in desk.measures.years(provisional=True)
        if year != desk.year
    ]
    values: dict[str, Any] = {
        "years": years,
        "chosen": chosen,
        "kept": kept,
        "path": links.to("reports"),
    }
    try:
        known = owed(desk)
    except TallyError as error:
        why = [translate(one) for one in error.sentences()]
        return Page("desk/reports.html", title, [], {**values, "message": why}, {}, "reports")
    if given.text("format") == "xlsx":
        of_clauses = (chosen.of(grid, known.names) for grid in known.grids.values())
        book = obligations_workbook(of_clauses, known.names, known.town, scope="含未核定")
        return Attachment(f"报送情况-{desk.year}.xlsx", XLSX, book)
    named = {name: text for name, text in chosen._asdict().items() if text}
    slug = choice_of(given, "clause", known.grids) or next(iter(known.grids), "")
    values |= {
        "message": (),
        "grid": None,
        "clause": slug,
        "tabs": _tabs(known, slug, {**kept, **named}, desk),
        "states": [(name, translate(words)) for name, words in CELL_STATES.items()],
        "months": _months(known),
        "workbook": links.to("reports", **kept, **named, format="xlsx"),
        "through": known.town.through,
        "today": desk.today,
        "records": desk.role in RECORDERS,
        "paging": None,
    }
    if slug:
        grid = chosen.of(known.grids[slug], known.names)
        paging = page_of(given.text("part"), len(grid.rows), UNITS)
        parameters = {**kept, **named, "clause": slug}
        values |= _grid(grid, paging, known, desk, parameters)
    return Page("desk/reports.html", title, [], values, {}, "reports")


def _tabs(
    known: Owed, slug: str, kept: dict[str, str], desk: Desk
) -> list[tuple[str, str, int, bool]]:
    """Return of each clause its title, address, number of cells not in, and whether it is shown."""
    return [
        (
            desk.translate.bilingual(grid.clause.title),
            desk.links.to("reports", **kept, clause=one),
            sum(cell.state == "missing" for row in grid.rows.values() for cell in row.values()),
            one == slug,
        )
        for one, grid in known.grids.items()
    ]


def _months(known: Owed) -> list[str]:
    """Return the months in which something falls due."""
    columns = (column for grid in known.grids.values() for column in grid.columns)
    return sorted({f"{column.due:%Y-%m}" for column in columns})


def _grid(
    grid: Grid, paging: Paging, known: Owed, desk: Desk, parameters: dict[str, str]
) -> dict[str, Any]:
    links, records = desk.links, desk.role in RECORDERS
    kept = {name: text for name, text in parameters.items() if name in {"year", "clause"}}
    columns = []
    for column in grid.columns:
        cells_of = [row[column] for row in grid.rows.values() if column in row]
        is_any = any(is_open(one) and one.state != "later" for one in cells_of)
        to = links.to("reports/record", **kept, what=column.what) if records and is_any else None
        columns.append((column, grid.of_column(column), to))
    rows = []
    for unit in [*grid.rows][paging.first : paging.last]:
        row, name = grid.rows[unit], known.names.get(unit, "")
        cells = [
            _cell(row[column], grid, name, desk, kept) if column in row else None
            for column in grid.columns
        ]
        rows.append((unit, name, links.unit(unit), cells, grid.of_unit(unit)))
    first = next((column for column, _, to in columns if to is not None), None)
    return {
        "first_open": first,
        "grid": {"title": grid.clause, "columns": columns, "rows": rows},
        "spans": _spans(grid, known, desk),
        "paging": paging.links(desk.links, "reports", parameters),
        "any_open": records and any(cell and cell.record for row in rows for cell in row[3]),
    }


def _spans(grid: Grid, known: Owed, desk: Desk) -> list[tuple[str, int]]:
    """Return the periods of the assessment year that the columns fall due in, with their number.

    The year of a measure need not begin in January: its periods say where each column belongs.
    Empty where the measure has no periods.
    """
    periods = known.town.calendar.periods(known.town.year)
    if not periods:
        return []

    def named(column: Column) -> str:
        found = next((one for one in periods if one.first <= column.due <= one.last), None)
        return "" if found is None else desk.translate.bilingual(found.title)

    return [(name, len([*some])) for name, some in groupby(grid.columns, named)]


def _cell(cell: Cell, grid: Grid, name: str, desk: Desk, kept: dict[str, str]) -> CellView:
    one, translate = cell.owed, desk.translate
    record = None
    if desk.role in RECORDERS and is_open(cell):
        record = desk.links.to("reports/record", **kept, unit=one.unit, what=one.what)
    text = translate(state_words(cell, grid.clause))
    if one.on is not None and cell.state in {"in", "late"}:
        text = one.on.isoformat() if cell.state == "in" else f"{one.on} {text}"
    return CellView(
        cell.state,
        text,
        None if one.entry is None else desk.links.entry(one.entry),
        record,
        f"{one.unit} {one.what}",
        " ".join(_label(cell, name)),
        not cell.is_verified,
    )


def _label(cell: Cell, name: str) -> Iterator[str]:
    yield cell.owed.unit
    yield name
    yield cell.owed.what


REPORTS = Work("/reports", _show, readers=OFFICE)
