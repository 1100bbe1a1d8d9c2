"""Write the pages as a static site that opens from a folder, without a server."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from cli.language.translating import translator
from cli.pages.books import Books
from cli.pages.rendering import STATIC, render_page
from cli.pages.site_paths import FileNames, SiteLinks, SitePaths
from cli.pages.views.audit import PARTS, audit_page
from cli.pages.views.bulletins import bulletin_page
from cli.pages.views.clauses import clause_page, clauses_page
from cli.pages.views.corrections import corrections_page
from cli.pages.views.costs import costs_page
from cli.pages.views.differences import compare, differences_page
from cli.pages.views.entries import entries_page
from cli.pages.views.margins import margins_page
from cli.pages.views.measure import measure_page
from cli.pages.views.open_points import open_page
from cli.pages.views.overview import overview_page
from cli.pages.views.page import PageContext
from cli.pages.views.ranking import ranking_page
from cli.pages.views.sensitivity import sensitivity_page
from cli.pages.views.units import period_page, unit_page
from cli.parameters.times import PERIOD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cli.pages.query import PageQuery
    from cli.pages.views.page import Page
    from cli.pages.year_data import YearData
    from cli.session import Session
    from ledger.state import LedgerState


class File(NamedTuple):
    """A file of the site: its path in the folder, and its content."""

    path: str
    content: bytes


class PageTask(NamedTuple):
    """A page to write: its name and parameters decide the path, `make` the content."""

    data: YearData
    name: str
    parameters: dict[str, str]
    make: Callable[[PageContext], Page]


class Site:
    """The site of some years in one state of the ledger."""

    def __init__(self, session: Session, query: PageQuery, years: Sequence[int]) -> None:
        """Take the years to show; none for the latest."""
        self._query, self._books = query, Books(session, waits=True)
        self._translate = translator(query.language)
        scores = query.scores
        point = self._books.point(scores.as_of, "--as-of")
        wanted = sorted(set(years)) or [self._books.latest(point)]
        self.years: list[YearData] = [
            self._books.year_data_at(point, year, scores.through, provisional=scores.provisional)
            for year in wanted
        ]
        """Data of each year that the site shows."""
        state = self.years[-1].state
        self._subjects = _subjects_by_owner(state)
        self._editions = [
            f"{period}#{edition.number}"
            for period in sorted(state.editions)
            if int(period[:4]) in wanted
            for edition in state.editions[period]
        ]
        periods = {
            data.year: {
                score.unit: [period.name for period in score.periods] for score in data.scores.units
            }
            for data in self.years
        }
        self._paths = SitePaths(
            FileNames(
                [
                    *self._subjects,
                    *(unit for of_unit in periods.values() for unit in of_unit),
                    *(one for of_unit in periods.values() for of in of_unit.values() for one in of),
                    *state.editions,
                ]
            ),
            {subject: owner for owner, ids in self._subjects.items() for subject in ids},
            periods,
            frozenset(self._editions),
        )

    def count(self) -> int:
        """Return how many pages the site has."""
        return sum(1 for _ in self._tasks()) + len(self._editions)

    def files(self) -> Iterator[File]:
        """Yield every file; each page is rendered when it is asked for."""
        for path in sorted(STATIC.iterdir()):
            yield File(f"static/{path.name}", path.read_bytes())
        for task in self._tasks():
            yield self._render(task)
        for start in self._editions:
            found = compare(self._books, start, "", self._query)
            make = partial(differences_page, comparison=found, start=start)
            yield self._render(PageTask(found.after, "differences", {"from": start}, make))

    def _tasks(self) -> Iterator[PageTask]:
        """Yield every page but the differences from editions."""
        for data in self.years:
            yield PageTask(data, "overview", {}, overview_page)
            yield PageTask(data, "ranking", {}, ranking_page)
            yield PageTask(data, "open", {}, open_page)
            yield PageTask(data, "margins", {}, margins_page)
            yield PageTask(data, "sensitivity", {}, sensitivity_page)
            yield PageTask(data, "clauses", {}, clauses_page)
            yield PageTask(data, "measure", {}, measure_page)
            yield PageTask(data, "differences", {}, partial(differences_page, comparison=None))
            yield PageTask(data, "costs", {}, partial(costs_page, parameters={}))
            yield PageTask(data, "corrections", {}, partial(corrections_page, parameters={}))
            yield PageTask(data, "audit", {}, partial(audit_page, parameters={}))
            for name in PARTS:
                given = {"list": name}
                yield PageTask(data, "audit", given, partial(audit_page, parameters=given))
            for edition in self._editions:
                name, _, number = edition.partition("#")
                if int(name[:4]) == data.year:
                    given = {"period": name, "number": number}
                    make = partial(
                        bulletin_page,
                        period=PERIOD.parse(name),
                        edition=int(number),
                        parameters={},
                    )
                    yield PageTask(data, "bulletin", given, make)
            for slug in data.measure.clauses:
                yield PageTask(data, "clause", {"id": slug}, partial(clause_page, slug=slug))
            for score in data.scores.units:
                unit = score.unit
                yield PageTask(data, "unit", {"id": unit}, partial(unit_page, unit_id=unit))
                for period in score.periods:
                    parameters = {"unit": unit, "period": period.name}
                    make = partial(period_page, unit_id=unit, number=period.number)
                    yield PageTask(data, "period", parameters, make)
        for owner, subjects in self._subjects.items():
            make = partial(entries_page, subjects=subjects, owner=owner, years=self.years)
            yield PageTask(self.years[-1], "entry", {"id": subjects[0]}, make)

    def _render(self, task: PageTask) -> File:
        path = self._paths.path(task.name, task.data.year, task.parameters)
        assert path is not None, f"the site has no {task.name} {task.parameters}"
        links = SiteLinks(self._paths, path, task.data.year)
        context = PageContext(task.data, links, self._translate)
        return File(path, render_page(task.make(context), context).encode())


def _subjects_by_owner(state: LedgerState) -> dict[str, list[str]]:
    """Return the ids of entries and objections by unit, or by the entry of the whole town."""
    owners: dict[str, list[str]] = {}
    for entry_id in state.entries:
        owners.setdefault(_owner(entry_id, state), []).append(entry_id)
    for objection in state.objections.values():
        owners.setdefault(state.root(objection.event.unit), []).append(objection.id)
    return owners


def _owner(entry_id: str, state: LedgerState) -> str:
    """Return the id whose file an entry is in: of its unit, or else its own first one."""
    entry = (state.get(state.subject(entry_id)) or state.entries[entry_id]).entry
    unit: str | None = getattr(entry, "unit", None)
    return state.root(entry.id if unit is None else unit)
