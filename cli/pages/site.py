"""The pages as files that open from a folder: one a page, entries together by unit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cli.pages.books import Books
from cli.pages.rendering import render_page
from cli.pages.site_paths import FileNames, Plan, SiteLinks
from cli.pages.translation import speech
from cli.pages.views.clauses import clause_page, clauses_page
from cli.pages.views.differences import compare, differences_page
from cli.pages.views.entries import entries_page
from cli.pages.views.open_points import open_page
from cli.pages.views.page import Desk
from cli.pages.views.ranking import ranking_page
from cli.pages.views.units import quarter_page, unit_page
from ledger.entries import Reversal
from projections.calendar import quarter_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cli.pages.query import Asked
    from cli.pages.view import View
    from cli.pages.views.page import Page
    from cli.session import Session
    from ledger.state import LedgerState

STATIC = Path(__file__).parent / "static"


class File(NamedTuple):
    """A file of the site: its path in the folder, and what it holds."""

    path: str
    content: bytes


class Site:
    """The site of some years in one state of knowledge."""

    def __init__(self, session: Session, asked: Asked, years: Sequence[int]) -> None:
        """Of the years given, or of the latest."""
        self._asked, self._books, self._say = asked, Books(session), speech(asked.language)
        query = asked.query
        point = self._books.point(query.as_of, "--as-of")
        wanted = sorted(set(years)) or self._books.years(point)[-1:]
        self.views: list[View] = [
            self._books.view_at(point, year, query.through, provisional=query.provisional)
            for year in wanted
        ]
        """What the site shows, year by year."""
        state = self.views[-1].state
        self._subjects = _by_home(state)
        units = {unit for view in self.views for unit in view.by_unit}
        editions = [
            f"{quarter}#{edition.number}"
            for quarter in sorted(state.editions)
            if int(quarter[:4]) in wanted
            for edition in state.editions[quarter]
        ]
        self._editions = editions
        self._plan = Plan(
            FileNames([*self._subjects, *units]),
            {subject: home for home, ids in self._subjects.items() for subject in ids},
            {
                view.year: {score.unit: len(score.quarters) for score in view.scores.units}
                for view in self.views
            },
            frozenset(editions),
        )

    def count(self) -> int:
        """How many pages it will have."""
        of_years = sum(
            4
            + len(view.rulebook.clauses)
            + sum(1 + len(score.quarters) for score in view.scores.units)
            for view in self.views
        )
        return of_years + len(self._subjects) + len(self._editions)

    def files(self) -> Iterator[File]:
        """Every file, made when it is asked for."""
        for path in sorted(STATIC.iterdir()):
            yield File(f"static/{path.name}", path.read_bytes())
        for view in self.views:
            yield from self._year(view)
        newest = self.views[-1]
        for home, subjects in self._subjects.items():
            yield self._entries(newest, home, subjects)
        for start in self._editions:
            yield self._difference(start)

    def _file(
        self, view: View, name: str, own: dict[str, str], make: Callable[[Desk], Page]
    ) -> File:
        path = self._plan.file(name, view.year, own)
        assert path is not None, f"the plan has no {name} {own}"
        desk = Desk(view, SiteLinks(self._plan, path, view.year), self._say)
        return File(path, render_page(make(desk), desk).encode())

    def _year(self, view: View) -> Iterator[File]:
        yield self._file(view, "ranking", {}, ranking_page)
        yield self._file(view, "open", {}, open_page)
        yield self._file(view, "clauses", {}, clauses_page)
        yield self._file(view, "differences", {}, lambda desk: differences_page(desk, None, "", ""))
        for slug in view.rulebook.clauses:
            yield self._clause(view, slug)
        for score in view.scores.units:
            yield self._unit(view, score.unit)
            for quarter in score.quarters:
                yield self._quarter(view, score.unit, quarter.quarter)

    def _clause(self, view: View, slug: str) -> File:
        return self._file(view, "clause", {"id": slug}, lambda desk: clause_page(desk, slug))

    def _unit(self, view: View, unit: str) -> File:
        return self._file(view, "unit", {"id": unit}, lambda desk: unit_page(desk, unit))

    def _quarter(self, view: View, unit: str, number: int) -> File:
        own = {"unit": unit, "quarter": quarter_name(view.year, number)}
        return self._file(view, "quarter", own, lambda desk: quarter_page(desk, unit, number))

    def _entries(self, view: View, home: str, subjects: list[str]) -> File:
        def make(desk: Desk) -> Page:
            return entries_page(desk, subjects, home, self.views)

        return self._file(view, "entry", {"id": subjects[0]}, make)

    def _difference(self, start: str) -> File:
        found = compare(self._books, start, "", self._asked)

        def make(desk: Desk) -> Page:
            return differences_page(desk, found, start, "")

        return self._file(found.after, "differences", {"from": start}, make)


def _by_home(state: LedgerState) -> dict[str, list[str]]:
    """By unit (or town-wide entry), the entries and objections that stand in one file."""
    homes: dict[str, list[str]] = {}
    for entry_id in state.entries:
        homes.setdefault(_home(entry_id, state), []).append(entry_id)
    for objection in state.objections.values():
        homes.setdefault(state.root(objection.event.unit), []).append(objection.id)
    return homes


def _home(entry_id: str, state: LedgerState) -> str:
    entry = state.entries[entry_id].entry
    if isinstance(entry, Reversal) and entry.of in state.entries:
        entry = state.entries[entry.of].entry
    unit: str | None = getattr(entry, "unit", None)
    return state.root(entry.id if unit is None else unit)
