"""The pages as files that open from a folder: one a page, entries together by unit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cli.pages.books import Books
from cli.pages.links import FileNames, SiteLinks
from cli.pages.rendering import render
from cli.pages.views.changes import compare, differences_page
from cli.pages.views.clauses import clause_page, clauses_page
from cli.pages.views.entries import entries_page
from cli.pages.views.open import open_page
from cli.pages.views.page import Desk
from cli.pages.views.ranking import ranking_page
from cli.pages.views.units import quarter_page, unit_page
from cli.pages.words import speech
from ledger.entries import Reversal
from projections.calendar import quarter_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.pages.asking import Asked
    from cli.pages.books import View
    from cli.pages.views.page import Page
    from cli.session import Session
    from ledger.register import Register

STATIC = Path(__file__).parent / "static"


class File(NamedTuple):
    """A file of the site: its path in the folder, and what it holds."""

    path: str
    content: bytes


class Site:
    """The site of some years in one state of knowledge."""

    def __init__(self, session: Session, asked: Asked, years: Sequence[int]) -> None:
        """Of the years given, or of the latest."""
        self._asked = asked
        self._books = Books(session)
        first = self._books.view(asked)
        wanted = sorted(set(years)) or [first.year]
        self._views = [self._view(year) for year in wanted]
        register = self._views[-1].register
        self._files = _files_of(register)
        names = FileNames([*self._files, *self._views[-1].by_unit, *_units(self._views)])
        self._names = names
        self._homes = {
            subject: names.get(home) or "" for home, ids in self._files.items() for subject in ids
        }
        self._editions = [
            (quarter, edition.number)
            for quarter in sorted(register.editions)
            if int(quarter[:4]) in wanted
            for edition in register.editions[quarter]
        ]
        self._links = SiteLinks(
            names,
            self._homes,
            {
                view.year: {score.unit: len(score.quarters) for score in view.scores.units}
                for view in self._views
            },
            frozenset(f"{quarter}-{number}" for quarter, number in self._editions),
        )
        self._say = speech(asked.language)

    def _view(self, year: int) -> View:
        through = self._asked.through
        point = self._books.point(self._asked.as_of, "--as-of")
        from cli.options import day  # noqa: PLC0415

        until = day("--through", through)
        return self._books.view_at(point, year, until, provisional=self._asked.provisional)

    @property
    def views(self) -> list[View]:
        """What the site shows, year by year."""
        return self._views

    def count(self) -> int:
        """How many pages it will have."""
        of_years = sum(
            4
            + len(view.rulebook.clauses)
            + sum(1 + len(score.quarters) for score in view.scores.units)
            for view in self._views
        )
        return of_years + len(self._files) + len(self._editions)

    def files(self) -> Iterator[File]:
        """Every file, made when it is asked for."""
        for path in sorted(STATIC.iterdir()):
            yield File(f"static/{path.name}", path.read_bytes())
        for view in self._views:
            yield from self._year(view)
        for home, subjects in self._files.items():
            path = f"entries/{self._names.get(home)}.html"
            desk = self._desk(path, self._views[-1])
            yield self._file(path, desk, entries_page(desk, subjects, home, self._views))
        for quarter, number in self._editions:
            yield self._difference(quarter, number)

    def _desk(self, path: str, view: View) -> Desk:
        return Desk(view, self._links.at(path, view.year), self._say)

    @staticmethod
    def _file(path: str, desk: Desk, page: Page) -> File:
        return File(path, render(page, desk).encode())

    def _year(self, view: View) -> Iterator[File]:
        year, links = view.year, self._links
        desk = self._desk(path := links.ranking_file(year), view)
        yield self._file(path, desk, ranking_page(desk))
        for name, make in (("open", open_page), ("clauses", clauses_page)):
            desk = self._desk(path := f"{year}/{name}.html", view)
            yield self._file(path, desk, make(desk))
        desk = self._desk(path := f"{year}/differences.html", view)
        yield self._file(path, desk, differences_page(desk, None, "", ""))
        for slug in view.rulebook.clauses:
            desk = self._desk(path := f"{year}/clauses/{slug}.html", view)
            yield self._file(path, desk, clause_page(desk, slug))
        for score in view.scores.units:
            path = links.unit_file(score.unit, year) or ""
            desk = self._desk(path, view)
            yield self._file(path, desk, unit_page(desk, score.unit))
            for quarter in score.quarters:
                path = links.quarter_file(score.unit, quarter_name(year, quarter.quarter)) or ""
                desk = self._desk(path, view)
                yield self._file(path, desk, quarter_page(desk, score.unit, quarter.quarter))

    def _difference(self, quarter: str, number: int) -> File:
        start = f"{quarter}#{number}"
        comparison = compare(self._books, start, "", self._asked)
        path = f"{quarter[:4]}/differences/{quarter}-{number}.html"
        desk = self._desk(path, comparison.after)
        return self._file(path, desk, differences_page(desk, comparison, start, ""))


def _units(views: Sequence[View]) -> Iterator[str]:
    for view in views:
        yield from view.by_unit


def _files_of(register: Register) -> dict[str, list[str]]:
    """By unit (or town-wide entry), the entries and objections that stand in one file."""
    files: dict[str, list[str]] = {}
    for entry_id in register.lives:
        files.setdefault(_home(entry_id, register), []).append(entry_id)
    for objection in register.objections.values():
        home = register.root(objection.event.unit)
        files.setdefault(home, []).append(objection.id)
    return files


def _home(entry_id: str, register: Register) -> str:
    entry = register.lives[entry_id].entry
    if isinstance(entry, Reversal) and entry.of in register.lives:
        entry = register.lives[entry.of].entry
    unit: str | None = getattr(entry, "unit", None)
    return register.root(entry.id if unit is None else unit)
