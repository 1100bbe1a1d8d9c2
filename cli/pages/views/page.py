"""The parts that every page is made of: links, values for a template, and the context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from cli.output.measure_words import MeasureWords
from ledger.events import ADOPTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.language.translating import Translator
    from cli.pages.computing import Computation
    from cli.pages.links import Links
    from cli.pages.year_data import YearData
    from projections.measure import Clause, Heading
    from projections.scores import UnitScore

MAX_ROWS = 2_000
"""Most rows that a page lists; with more, it shows how many each unit has."""


class Link(NamedTuple):
    """A text that links to a page, or plain text if there is no such page."""

    text: str
    href: str | None
    chinese: bool = False
    """True if the text is Chinese in every language of the page."""


class Page(Struct):
    """A template, and what it needs to render one page."""

    template: str
    title: str
    crumbs: list[Link] = []
    """Breadcrumbs: the pages above this one."""
    values: dict[str, Any] = {}
    """The template's own variables."""
    parameters: dict[str, str] = {}
    """The parameters of this page alone, which its forms keep."""
    current: str = ""
    """The navigation link that the page belongs to."""
    lead_to: str = ""
    """The address that the request leads to, in place of a page."""


class PageContext(NamedTuple):
    """Context of a page: the year's data, the links, the language."""

    data: YearData
    links: Links
    translate: Translator
    only: str | None = None
    """The unit whose results alone are shown; None for those of all units."""
    patience: float | None = None
    """Seconds to wait for what is computed beside the page; None to the end."""

    @property
    def units(self) -> Sequence[UnitScore]:
        """Return the scores of the units whose results are shown, in rank order."""
        units = self.data.scores.units
        return units if self.only is None else [one for one in units if one.unit == self.only]

    @property
    def words(self) -> MeasureWords:
        """Return the words of the year's measure."""
        return MeasureWords(self.data.measure, self.data.kinds_of_year, self.translate)

    def unit_link(self, unit_id: str, name: str | None = None) -> Link:
        """Return a link to the year of a unit, or to its entry if it is not scored."""
        scored = self.data.scored_unit_id(unit_id)
        href = self.links.entry(unit_id) if scored is None else self.links.unit(scored)
        return Link(unit_id if name is None else name, href, chinese=name is not None)

    def entry_link(self, entry_id: str) -> Link:
        """Return a link to an entry or an objection, or to the measure that was adopted."""
        if entry_id.startswith(ADOPTION):
            year = int(entry_id.removeprefix(ADOPTION))
            return Link(entry_id, self.links.measure(None if year == self.data.year else year))
        return Link(entry_id, self.links.entry(entry_id))

    def ranking_title(self) -> str:
        """Return the title of the page of all units."""
        if self.data.measure.rank.none:
            return self.translate("Scores {year}", year=self.data.year)
        return self.translate("Ranking {year}", year=self.data.year)

    def overview_link(self) -> Link:
        """Return a link to the overview of the year."""
        return Link(self.translate("Overview {year}", year=self.data.year), self.links.overview())

    def ranking_link(self) -> Link:
        """Return a link to the ranking of the year."""
        return Link(self.ranking_title(), self.links.ranking())

    def clause_name(self, clause: Clause | Heading) -> str:
        """Return the citation of a clause, or of a section, with its title."""
        return f"{clause.citation} {self.translate.bilingual(clause.title)}"


def computing_page(
    context: PageContext, title: str, name: str, computation: Computation[Any]
) -> Page:
    """Return the page that is shown while what belongs on it is being computed.

    Args:
        context: of the page.
        title: of the page.
        name: of the page, in its address and in the navigation.
        computation: of what belongs on it.
    """
    values = {
        "done": computation.done,
        "steps": computation.steps,
        "again": context.links.to(name),
    }
    return Page("computing.html", title, [], values, {}, name)
