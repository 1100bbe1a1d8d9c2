"""The address of each page: the interface for templates and views, and the server's addresses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def fragment(anchor: str) -> str:
    """Return the fragment of an address that leads to an HTML id; empty for none."""
    return f"#{quote(anchor, safe='')}" if anchor else ""


class Above(NamedTuple):
    """A page of a region that leads to a town's pages."""

    name: str
    page: str
    """Its name, as `Links.to` takes it; it has no prefix."""
    parameters: dict[str, str]
    """Of its address, beside those that are carried on."""


class Links(ABC):
    """Addresses as seen from the page that is being made; None for a page that does not exist."""

    @abstractmethod
    def to(self, page: str, anchor: str = "", **parameters: str) -> str | None:
        """Return the address of a page by its name and its own parameters."""

    @abstractmethod
    def answer(self, page: str, anchor: str = "", **parameters: str) -> str | None:
        """Return the address of a page as parameters ask for it; None where no server answers."""

    @abstractmethod
    def static(self, name: str) -> str:
        """Return the address of a static file."""

    @abstractmethod
    def language(self, language: str) -> str | None:
        """Return the address of this page in another language."""

    @property
    def carried(self) -> Mapping[str, str]:
        """Return the parameters that a form of every page must keep; none of a file."""
        return {}

    @property
    def above(self) -> Sequence[tuple[str, str]]:
        """Return name and address of the pages that lead to this ledger; none of one alone."""
        return []

    def overview(self, year: int | None = None) -> str | None:
        """Return the address of the overview of this year or another."""
        return self.to("overview") if year is None else self.to("overview", year=str(year))

    def ranking(self, year: int | None = None) -> str | None:
        """Return the address of the ranking of this year or another."""
        return self.to("ranking") if year is None else self.to("ranking", year=str(year))

    def unit(self, unit: str, anchor: str = "") -> str | None:
        """Return the address of a unit's year."""
        return self.to("unit", anchor, id=unit)

    def period(self, unit: str, period: str, anchor: str = "") -> str | None:
        """Return the address of a unit's period (2016Q2)."""
        return self.to("period", anchor, unit=unit, period=period)

    def entry(self, entry: str) -> str | None:
        """Return the address of an entry or an objection."""
        return self.to("entry", id=entry)

    def open(self) -> str | None:
        """Return the address of the open points."""
        return self.to("open")

    def margins(self) -> str | None:
        """Return the address of the entries near an edge."""
        return self.to("margins")

    def sensitivity(self) -> str | None:
        """Return the address of what hangs on each reading."""
        return self.to("sensitivity")

    def clauses(self, anchor: str = "") -> str | None:
        """Return the address of the clauses."""
        return self.to("clauses", anchor)

    def clause(self, slug: str) -> str | None:
        """Return the address of one clause."""
        return self.to("clause", id=slug)

    def measure(self, year: int | None = None) -> str | None:
        """Return the address of the measure of this year or another."""
        return self.to("measure") if year is None else self.to("measure", year=str(year))

    def differences(self) -> str | None:
        """Return the address of the published editions, with the form to compare states."""
        return self.to("differences")

    def bulletin(self, period: str, number: int) -> str | None:
        """Return the address of an edition as it went out, beside the present figures."""
        return self.to("bulletin", period=period, number=str(number))

    def audit(self, table: str = "") -> str | None:
        """Return the address of how the office works, or of one of its lists."""
        return self.to("audit", **({"list": table} if table else {}))

    def corrections(self) -> str | None:
        """Return the address of what was taken back and replaced."""
        return self.to("corrections")

    def costs(self) -> str | None:
        """Return the address of the points that each clause cost."""
        return self.to("costs")

    def difference(self, start: str) -> str | None:
        """Return the address of the differences between a state and the newest."""
        return self.to("differences", **{"from": start})


class ServerLinks(Links):
    """Addresses of a server, which carry the reader's query on."""

    def __init__(
        self,
        path: str,
        parameters: Mapping[str, str],
        carried: Mapping[str, str],
        prefix: str = "",
        above: Sequence[Above] = (),
    ) -> None:
        """Take the path of the page, its own parameters, those to carry on, and a path prefix.

        Args:
            path: of the page.
            parameters: of the page alone.
            carried: parameters to carry on.
            prefix: of the path of every address.
            above: the pages of the region, which have no prefix.
        """
        self._path, self._parameters, self._carried = path, parameters, carried
        self._prefix, self._above = prefix, above

    @property
    def carried(self) -> Mapping[str, str]:
        """Return the parameters that links and forms carry on."""
        return self._carried

    @property
    def above(self) -> Sequence[tuple[str, str]]:
        """Return name and address; a position is of this ledger and is not carried on."""
        carried = {
            name: value
            for name, value in self._carried.items()
            if name != "as_of" or not value.isdigit()
        }
        links = ServerLinks("", {}, carried)
        return [(one.name, links.to(one.page, **one.parameters)) for one in self._above]

    def to(self, page: str, anchor: str = "", **parameters: str) -> str:
        """Return the address of a page; a link to another year does not keep the day."""
        path = "/" if page == "overview" else f"/{page}"
        carried = dict(self._carried)
        if "year" in parameters:
            carried.pop("through", None)
        return self._address(path, {**carried, **parameters}) + fragment(anchor)

    def answer(self, page: str, anchor: str = "", **parameters: str) -> str:
        """Return the address of a page as parameters ask for it."""
        return self.to(page, anchor, **parameters)

    def form(self, page: str) -> str:
        """Return the address of a page for a form, which gives its own parameters."""
        return f"{self._prefix}/{page}"

    def here(self) -> str:
        """Return the address of this page."""
        return self._address(self._path, {**self._parameters, **self._carried})

    def static(self, name: str) -> str:
        """Return the address of a static file."""
        return f"{self._prefix}/static/{name}"

    def language(self, language: str) -> str:
        """Return the address of this page in another language."""
        return self._address(self._path, {**self._parameters, **self._carried, "lang": language})

    def _address(self, path: str, parameters: Mapping[str, str]) -> str:
        path = self._prefix + path
        return f"{path}?{urlencode(parameters)}" if parameters else path
