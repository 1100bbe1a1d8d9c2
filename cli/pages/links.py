"""Where each page is: addresses of the server, or files beside each other."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PLAIN = re.compile(r"[^A-Za-z0-9_-]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")
_LONGEST = 40


class Links(Protocol):
    """The address of each page, from the page that is being made; None for one not there."""

    def ranking(self, year: int | None = None) -> str | None: ...
    def unit(self, unit: str, anchor: str = "") -> str | None: ...
    def quarter(self, unit: str, quarter: str, anchor: str = "") -> str | None: ...
    def entry(self, entry: str) -> str | None: ...
    def open(self) -> str | None: ...
    def clauses(self, anchor: str = "") -> str | None: ...
    def clause(self, slug: str) -> str | None: ...
    def differences(self) -> str | None: ...
    def difference(self, start: str, end: str | None = None) -> str | None: ...
    def static(self, name: str) -> str: ...
    def language(self, language: str) -> str | None: ...


def fragment(anchor: str) -> str:
    """A place on a page, as an address has it."""
    return f"#{quote(anchor, safe='')}" if anchor else ""


class ServerLinks:
    """Addresses of `tally serve`; what the reader chose goes along."""

    def __init__(self, path: str, own: Mapping[str, str], carried: Mapping[str, str]) -> None:
        """From a page with its own parameters, and the choices carried from page to page."""
        self._path, self._own, self._carried = path, own, carried

    def _to(self, path: str, anchor: str = "", **own: str) -> str:
        parameters = {**own, **self._carried}
        return path + (f"?{urlencode(parameters)}" if parameters else "") + fragment(anchor)

    def ranking(self, year: int | None = None) -> str:
        """The ranking of this year or another."""
        if year is None:
            return self._to("/")
        carried = {name: told for name, told in self._carried.items() if name != "through"}
        return f"/?{urlencode({**carried, 'year': str(year)})}"

    def unit(self, unit: str, anchor: str = "") -> str:
        """A unit's year."""
        return self._to("/unit", anchor, id=unit)

    def quarter(self, unit: str, quarter: str, anchor: str = "") -> str:
        """A unit's quarter (2016Q2)."""
        return self._to("/quarter", anchor, unit=unit, quarter=quarter)

    def entry(self, entry: str) -> str:
        """An entry or an objection."""
        return self._to("/entry", id=entry)

    def open(self) -> str:
        """The open points."""
        return self._to("/open")

    def clauses(self, anchor: str = "") -> str:
        """The clauses."""
        return self._to("/clauses", anchor)

    def clause(self, slug: str) -> str:
        """What was scored under a clause."""
        return self._to("/clause", id=slug)

    def differences(self) -> str:
        """The form for differences."""
        return self._to("/differences")

    def difference(self, start: str, end: str | None = None) -> str:
        """The differences between two states."""
        sides = {"from": start} if end is None else {"from": start, "to": end}
        return self._to("/differences", **sides)

    def static(self, name: str) -> str:
        """The style or the script."""
        return f"/static/{name}"

    def here(self) -> str:
        """This page."""
        return self._to(self._path, **self._own)

    def language(self, language: str) -> str:
        """This page in another language."""
        return f"{self._path}?{urlencode({**self._own, **self._carried, 'lang': language})}"


class FileNames:
    """Names of files for ids: plain, no two alike on a disk that knows no capitals."""

    def __init__(self, ids: Iterable[str]) -> None:
        """Of all ids that are to have a file."""
        known = set(ids)
        folded = Counter(_PLAIN.sub("_", one)[:_LONGEST].casefold() for one in known)
        self._names = {one: self._name(one, folded) for one in known}

    @staticmethod
    def _name(one: str, folded: Counter[str]) -> str:
        plain = _PLAIN.sub("_", one)[:_LONGEST]
        if plain == one and folded[plain.casefold()] == 1 and not _RESERVED.fullmatch(one):
            return plain
        return f"{plain}~{hashlib.sha256(one.encode()).hexdigest()[:8]}"

    def get(self, one: str) -> str | None:
        """The name of an id's file, without ending."""
        return self._names.get(one)


class SiteLinks:
    """Files of `tally site`, relative to the one that is being made."""

    def __init__(
        self,
        names: FileNames,
        homes: Mapping[str, str],
        quarters: Mapping[int, Mapping[str, int]],
        comparisons: frozenset[str],
    ) -> None:
        """To the pages that the site has.

        Args:
            names: of the files of units.
            homes: by entry or objection, the name of the file of entries that it stands in.
            quarters: by year and unit, how many quarters have begun.
            comparisons: the editions (2016Q2-1) that are compared with now.
        """
        self._names, self._homes, self._quarters = names, homes, quarters
        self._comparisons = comparisons
        self._newest = max(quarters)
        self.year, self._up = self._newest, ""

    def at(self, path: str, year: int) -> SiteLinks:
        """The same, from another page."""
        other = SiteLinks(self._names, self._homes, self._quarters, self._comparisons)
        other.year, other._up = year, "../" * path.count("/")
        return other

    def ranking_file(self, year: int) -> str:
        """The file of a year's ranking."""
        return "index.html" if year == self._newest else f"{year}/ranking.html"

    def unit_file(self, unit: str, year: int) -> str | None:
        """The file of a unit's year."""
        there = unit in self._quarters.get(year, {})
        return f"{year}/units/{self._names.get(unit)}.html" if there else None

    def quarter_file(self, unit: str, quarter: str) -> str | None:
        """The file of a unit's quarter (2016Q2)."""
        year, number = int(quarter[:4]), int(quarter[-1])
        there = number <= self._quarters.get(year, {}).get(unit, 0)
        return f"{year}/quarters/{self._names.get(unit)}-Q{number}.html" if there else None

    def _to(self, path: str | None, anchor: str = "") -> str | None:
        return None if path is None else self._up + quote(path) + fragment(anchor)

    def ranking(self, year: int | None = None) -> str | None:
        """The ranking of this year or another."""
        wanted = self.year if year is None else year
        return self._to(self.ranking_file(wanted)) if wanted in self._quarters else None

    def unit(self, unit: str, anchor: str = "") -> str | None:
        """A unit's year."""
        return self._to(self.unit_file(unit, self.year), anchor)

    def quarter(self, unit: str, quarter: str, anchor: str = "") -> str | None:
        """A unit's quarter (2016Q2)."""
        return self._to(self.quarter_file(unit, quarter), anchor)

    def entry(self, entry: str) -> str | None:
        """An entry or an objection, in the file of its unit."""
        home = self._homes.get(entry)
        return None if home is None else self._to(f"entries/{home}.html", entry)

    def open(self) -> str | None:
        """The open points."""
        return self._to(f"{self.year}/open.html")

    def clauses(self, anchor: str = "") -> str | None:
        """The clauses."""
        return self._to(f"{self.year}/clauses.html", anchor)

    def clause(self, slug: str) -> str | None:
        """What was scored under a clause."""
        return self._to(f"{self.year}/clauses/{slug}.html")

    def differences(self) -> str | None:
        """The editions, each compared with now."""
        return self._to(f"{self.year}/differences.html")

    def difference(self, start: str, end: str | None = None) -> str | None:
        """An edition compared with now."""
        name = start.replace("#", "-")
        there = end is None and name in self._comparisons
        return self._to(f"{start[:4]}/differences/{name}.html") if there else None

    def static(self, name: str) -> str:
        """The style or the script."""
        return f"{self._up}static/{name}"

    def language(self, language: str) -> None:
        """A site is in one language."""
        del language
