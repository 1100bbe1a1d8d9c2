"""Where each page is: what templates and views ask, and the addresses of the server."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping


def fragment(anchor: str) -> str:
    """A place on a page, as an address has it."""
    return f"#{quote(anchor, safe='')}" if anchor else ""


class Links(ABC):
    """The address of each page, from the page that is being made; None for one not there."""

    @abstractmethod
    def to(self, page: str, anchor: str = "", **own: str) -> str | None:
        """A page by its name and its own parameters."""

    @abstractmethod
    def static(self, name: str) -> str:
        """The style or the script."""

    @abstractmethod
    def language(self, language: str) -> str | None:
        """This page in another language."""

    def ranking(self, year: int | None = None) -> str | None:
        """The ranking of this year or another."""
        return self.to("ranking") if year is None else self.to("ranking", year=str(year))

    def unit(self, unit: str, anchor: str = "") -> str | None:
        """A unit's year."""
        return self.to("unit", anchor, id=unit)

    def quarter(self, unit: str, quarter: str, anchor: str = "") -> str | None:
        """A unit's quarter (2016Q2)."""
        return self.to("quarter", anchor, unit=unit, quarter=quarter)

    def entry(self, entry: str) -> str | None:
        """An entry or an objection."""
        return self.to("entry", id=entry)

    def open(self) -> str | None:
        """The open points."""
        return self.to("open")

    def clauses(self, anchor: str = "") -> str | None:
        """The clauses."""
        return self.to("clauses", anchor)

    def clause(self, slug: str) -> str | None:
        """What was scored under a clause."""
        return self.to("clause", id=slug)

    def differences(self) -> str | None:
        """The editions, and the form for differences."""
        return self.to("differences")

    def difference(self, start: str) -> str | None:
        """The differences between a state and now."""
        return self.to("differences", **{"from": start})


class ServerLinks(Links):
    """Addresses of `tally serve`; what the reader chose goes along."""

    def __init__(self, path: str, own: Mapping[str, str], carried: Mapping[str, str]) -> None:
        """From a page with its own parameters, and the choices carried from page to page."""
        self._path, self._own, self._carried = path, own, carried

    def to(self, page: str, anchor: str = "", **own: str) -> str:
        """A page; another year is seen at its own last day."""
        path = "/" if page == "ranking" else f"/{page}"
        carried = dict(self._carried)
        if "year" in own:
            carried.pop("through", None)
        return _address(path, {**carried, **own}) + fragment(anchor)

    def here(self) -> str:
        """This page."""
        return _address(self._path, {**self._own, **self._carried})

    def static(self, name: str) -> str:
        """The style or the script."""
        return f"/static/{name}"

    def language(self, language: str) -> str:
        """This page in another language."""
        return _address(self._path, {**self._own, **self._carried, "lang": language})


def _address(path: str, parameters: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
