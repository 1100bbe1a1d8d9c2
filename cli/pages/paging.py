"""Pages of a long list, and the links between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.pages.query import parse_parameter
from cli.parameters.values import WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.pages.links import Links


class PageLinks(NamedTuple):
    """Where a reader is in a list, and where to go."""

    first: int
    """Number of the first row shown, from 1."""
    last: int
    total: int
    before: str | None
    """Address of the page before."""
    after: str | None


class Paging(NamedTuple):
    """The rows of a list that one page shows."""

    number: int
    """From 1."""
    first: int
    """Index of the first row."""
    last: int
    """Index after the last row."""
    total: int

    def links(self, links: Links, page: str, parameters: Mapping[str, str]) -> PageLinks | None:
        """Return the links to the pages before and after; None for a list of one page.

        Args:
            links: addresses of pages.
            page: its name.
            parameters: of the address, to be kept.
        """
        before = after = None
        if self.number > 1:
            before = links.answer(page, **parameters, part=str(self.number - 1))
        if self.last < self.total:
            after = links.answer(page, **parameters, part=str(self.number + 1))
        if before is None and after is None:
            return None
        return PageLinks(self.first + 1, self.last, self.total, before, after)


def page_of(part: str, total: int, rows: int) -> Paging:
    """Return the page of a list that an address asks for; the last one beyond the end.

    Args:
        part: the parameter `part`, which counts from 1; empty for the first.
        total: number of rows of the list.
        rows: of one page.

    Raises:
        OptionError: the number is malformed.
    """
    asked = parse_parameter(WHOLE, part, "part") if part else 1
    number = max(1, min(asked, -(-total // rows)))
    first = (number - 1) * rows
    return Paging(number, first, min(first + rows, total), total)
