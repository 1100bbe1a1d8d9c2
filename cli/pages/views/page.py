"""A page before it is set: its template, its title, the way to it, and what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.decimals import plain
from ledger.vocabulary import OFFICE_TIME

if TYPE_CHECKING:
    from decimal import Decimal

    from cli.pages.links import Links
    from cli.pages.view import View
    from cli.pages.words import Speech


LISTED = 2_000
"""Lines that one page lists; of more it tells how many each unit has."""


class Link(NamedTuple):
    """A word that leads somewhere; nowhere, where there is no such page."""

    text: str
    href: str | None
    chinese: bool = False
    """Whether the text is Chinese whatever the language of the page."""


@dataclass(slots=True)
class Page:
    """One page."""

    template: str
    title: str
    crumbs: list[Link] = field(default_factory=list)
    says: dict[str, Any] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    """The parameters that are this page's alone, for its forms."""
    current: str = ""
    """Which link of the navigation it is under."""


class Desk(NamedTuple):
    """What a page is made with: what is looked at, where pages are, in which language."""

    view: View
    links: Links
    say: Speech

    def unit(self, unit_id: str, name: str | None = None) -> Link:
        """A unit by its year's page, or by its entry where it is not scored."""
        standing = self.view.standing_unit(unit_id)
        href = self.links.entry(unit_id) if standing is None else self.links.unit(standing)
        return Link(unit_id if name is None else name, href, chinese=name is not None)

    def entry(self, entry_id: str) -> Link:
        """An entry or an objection."""
        return Link(entry_id, self.links.entry(entry_id))


_NEGATIVE = re.compile(r"-(?=\d+(\.\d+)?$)")


def number(points: Decimal) -> str:
    """Points without needless zeros and with a true minus: −1.4, 20, 0."""
    return plain(points).replace("-", "−")


def number_text(text: str) -> str:
    """The same of a number that is text already; any other text as it is."""
    return _NEGATIVE.sub("−", text) if _NEGATIVE.match(text) else text


def office_time(text: str) -> str:
    """A recorded time (UTC, ISO 8601) as the office's clock showed it, UTC+08:00."""
    return f"{datetime.fromisoformat(text).astimezone(OFFICE_TIME):%Y-%m-%d %H:%M:%S}"


def office_minute(text: str) -> str:
    """A time as the office writes it: without seconds where there are none."""
    return office_time(text).removesuffix(":00")
