"""Where each page is among the files of a site."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from cli.pages.links import Links, fragment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PLAIN = re.compile(r"[^A-Za-z0-9_-]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")
"""Names that Windows keeps for itself."""
_LONGEST = 40


class FileNames:
    """Names of files for ids: plain, no two alike on a disk that knows no capitals."""

    def __init__(self, ids: Iterable[str]) -> None:
        """Of all ids that are to have a file."""
        known = set(ids)
        folded = Counter(_PLAIN.sub("_", one)[:_LONGEST].casefold() for one in known)
        self._names = {one: _name(one, folded) for one in known}

    def __getitem__(self, one: str) -> str:
        """The name of an id's file, without ending."""
        return self._names[one]


def _name(one: str, folded: Counter[str]) -> str:
    plain = _PLAIN.sub("_", one)[:_LONGEST]
    if plain == one and folded[plain.casefold()] == 1 and not _RESERVED.fullmatch(one):
        return plain
    return f"{plain}~{hashlib.sha256(one.encode()).hexdigest()[:8]}"


class Plan(NamedTuple):
    """What a site has pages of."""

    names: FileNames
    homes: Mapping[str, str]
    """By entry or objection, the id whose file of entries it stands in."""
    quarters: Mapping[int, Mapping[str, int]]
    """By year and unit, how many quarters have begun."""
    editions: frozenset[str]
    """Published editions (2016Q2#1), each compared with now."""

    def file(self, page: str, year: int, own: Mapping[str, str]) -> str | None:
        """The file of a page; None where the site has no such page."""
        if page == "ranking":
            newest = year == max(self.quarters)
            named = "index.html" if newest else f"{year}/ranking.html"
            return named if year in self.quarters else None
        if page in {"unit", "quarter"}:
            return self._of_unit(own, year)
        if page == "entry":
            home = self.homes.get(own["id"])
            return None if home is None else f"entries/{self.names[home]}.html"
        if page == "clause":
            return f"{year}/clauses/{own['id']}.html"
        if page == "differences" and own:
            name = own["from"]
            there = name in self.editions
            return f"{name[:4]}/differences/{name.replace('#', '-')}.html" if there else None
        return f"{year}/{page}.html"

    def _of_unit(self, own: Mapping[str, str], year: int) -> str | None:
        quarter = own.get("quarter")
        if quarter is None:
            there = own["id"] in self.quarters.get(year, {})
            return f"{year}/units/{self.names[own['id']]}.html" if there else None
        year, number, unit = int(quarter[:4]), int(quarter[-1]), own["unit"]
        there = number <= self.quarters.get(year, {}).get(unit, 0)
        return f"{year}/quarters/{self.names[unit]}-Q{number}.html" if there else None


class SiteLinks(Links):
    """Files of `tally site`, relative to the one that is being made."""

    def __init__(self, plan: Plan, path: str, year: int) -> None:
        """From a file of a year."""
        self._plan, self._year, self._up = plan, year, "../" * path.count("/")

    def to(self, page: str, anchor: str = "", **own: str) -> str | None:
        """A page, by the way to it from this one."""
        year = int(own.pop("year", self._year))
        path = self._plan.file(page, year, own)
        if page == "entry":
            anchor = own["id"]
        return None if path is None else self._up + quote(path) + fragment(anchor)

    def static(self, name: str) -> str:
        """The style or the script."""
        return f"{self._up}static/{name}"

    def language(self, language: str) -> None:
        """A site is in one language."""
        del language
