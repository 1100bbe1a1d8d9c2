"""The pages of the towns of a region, whose ledgers are opened on demand."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from cli.pages.app import Pages
from cli.pages.links import Above
from cli.pages.query import MissingError
from cli.pages.region.divisions import above
from cli.session import session
from ledger.message import Message

if TYPE_CHECKING:
    from typing import Self

    from projections.region.towns import Region

KEPT = 4
"""Ledgers that are kept open; each keeps its latest years in memory."""


class _Open(NamedTuple):
    pages: Pages
    session: ExitStack


class OpenTowns:
    """The pages of towns, which one thread at a time may use."""

    def __init__(self, region: Region) -> None:
        """Take the towns."""
        self._region = region
        self._towns = {town.code: town for town in region.towns}
        self._open = OrderedDict[str, _Open]()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._open:
            self._open.popitem()[1].session.close()

    def find(self, code: str) -> Pages | None:
        """Return the pages of a town if its ledger is open."""
        found = self._open.get(code)
        return None if found is None else found.pages

    def pages(self, code: str, language: str) -> Pages:
        """Return the pages of a town; the ledger unused for longest is closed.

        Args:
            code: of the town.
            language: of addresses that name none.

        Raises:
            MissingError: the region has no such town.
            TallyError: its ledger cannot be opened.
        """
        if code not in self._open:
            self._open[code] = self._opened(code, language)
            while len(self._open) > KEPT:
                self._open.popitem(last=False)[1].session.close()
        self._open.move_to_end(code)
        return self._open[code].pages

    def _opened(self, code: str, language: str) -> _Open:
        town = self._towns.get(code)
        if town is None:
            words = Message("{code} is not the code of a town of the region", code=code)
            raise MissingError(words)
        closing = ExitStack()
        opened = closing.enter_context(session(town.url))
        return _Open(Pages(opened, language, f"/town/{code}", self.leading(code)), closing)

    def leading(self, code: str) -> list[Above]:
        """Return the pages that lead to a town's, and its first; none if there is no such town."""
        town = self._towns.get(code)
        if town is None:
            return []
        return [
            *(Above(one.name, "overview", one.parameters) for one in above(self._region, code)),
            Above(town.name, f"town/{code}/", {}),
        ]
