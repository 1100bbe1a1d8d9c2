"""The file of each page in the static site, and relative links between them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from cli.pages.links import Links, fragment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")
"""File names that Windows reserves for devices."""
_MAX_LENGTH = 40


class FileNames:
    """ASCII file names for ids, unique on case-insensitive file systems too."""

    def __init__(self, ids: Iterable[str]) -> None:
        """Take all ids that need a file name."""
        known = set(ids)
        folded = Counter(_UNSAFE.sub("_", one)[:_MAX_LENGTH].casefold() for one in known)
        self._names = {one: _name(one, folded) for one in known}

    def __getitem__(self, one: str) -> str:
        """Return the file name of an id, without its ending."""
        return self._names[one]


def _name(one: str, folded: Counter[str]) -> str:
    """Return the id itself if it is a safe and unique name, else one with a hash."""
    safe = _UNSAFE.sub("_", one)[:_MAX_LENGTH]
    if safe == one and folded[safe.casefold()] == 1 and not _RESERVED.fullmatch(one):
        return safe
    return f"{safe}~{hashlib.sha256(one.encode()).hexdigest()[:8]}"


class SitePaths(NamedTuple):
    """The pages of a site and their paths."""

    names: FileNames
    owners: Mapping[str, str]
    """By entry or objection, the id whose file of entries it is in."""
    periods: Mapping[int, Mapping[str, Sequence[str]]]
    """By year and unit, the names of the periods that have begun."""
    editions: frozenset[str]
    """Published editions (2016Q2#1), each compared with the newest state."""

    def path(self, page: str, year: int, parameters: Mapping[str, str]) -> str | None:
        """Return the path of a page, or None if the site has no such page.

        Args:
            page: the name of the page, as in its address on the server.
            year: the assessment year.
            parameters: the page's own parameters.
        """
        if page == "overview":
            newest = year == max(self.periods)
            path = "index.html" if newest else f"{year}/overview.html"
            return path if year in self.periods else None
        if page in {"unit", "period"}:
            return self._of_unit(parameters, year)
        if page == "entry":
            owner = self.owners.get(parameters["id"])
            return None if owner is None else f"entries/{self.names[owner]}.html"
        if page == "clause":
            return f"{year}/clauses/{parameters['id']}.html"
        if page == "bulletin" or (page == "differences" and parameters):
            return self._of_edition(page, parameters)
        if page == "audit" and parameters:
            page = f"audit-{parameters['list']}"
        # A search takes a server.
        return f"{year}/{page}.html" if year in self.periods and page != "search" else None

    def _of_edition(self, page: str, parameters: Mapping[str, str]) -> str | None:
        name = parameters.get("from") or "{period}#{number}".format(**parameters)
        period, _, number = name.partition("#")
        folder = "bulletins" if page == "bulletin" else page
        exists = name in self.editions
        return f"{name[:4]}/{folder}/{self.names[period]}-{number}.html" if exists else None

    def _of_unit(self, parameters: Mapping[str, str], year: int) -> str | None:
        period = parameters.get("period")
        if period is None:
            unit = parameters["id"]
            exists = unit in self.periods.get(year, {})
            return f"{year}/units/{self.names[unit]}.html" if exists else None
        year, unit = int(period[:4]), parameters["unit"]
        exists = period in self.periods.get(year, {}).get(unit, ())
        return f"{year}/periods/{self.names[period]}/{self.names[unit]}.html" if exists else None


class SiteLinks(Links):
    """Links of the static site, relative to the file that is being written."""

    def __init__(self, paths: SitePaths, path: str, year: int) -> None:
        """Take the paths of the site, and the path and year of the file."""
        self._paths, self._year, self._root = paths, year, "../" * path.count("/")

    def to(self, page: str, anchor: str = "", **parameters: str) -> str | None:
        """Return the relative address of a page; None if the site has no such page."""
        year = int(parameters.pop("year", self._year))
        path = self._paths.path(page, year, parameters)
        if page == "entry":
            anchor = parameters["id"]
        return None if path is None else self._root + quote(path) + fragment(anchor)

    def answer(self, page: str, anchor: str = "", **parameters: str) -> None:
        """Return None: a file answers nothing."""
        del page, anchor, parameters

    def static(self, name: str) -> str:
        """Return the relative address of a static file."""
        return f"{self._root}static/{name}"

    def language(self, language: str) -> None:
        """Return None: a site has one language."""
        del language
