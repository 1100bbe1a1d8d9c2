"""The pages of a region: its divisions and its units, ranked among comparable towns alone."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.output.region.outcome import lost_towns, reason
from cli.output.region.scores import group_name
from cli.pages.formatting import points_text, true_minus
from cli.pages.paging import page_of
from cli.pages.region.divisions import LEVELS, TOWNS, above
from cli.pages.views.charts import Scale, ScoreBar, Segment
from cli.pages.views.page import Link, Page
from cli.pages.views.tables import ROWS
from ledger.identifiers import redact
from ledger.message import Message
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from cli.language.translating import Translator
    from cli.pages.computing import Computation
    from cli.pages.links import ServerLinks
    from cli.pages.region.answers import Answers
    from cli.pages.region.divisions import Division
    from projections.region.messages import ScoreQuestion
    from projections.region.rollup import Division as Row
    from projections.region.rollup import Group, RankedUnit, RollUp
    from projections.region.running import Outcome
    from projections.region.towns import Region

_MOST = 500
"""Divisions of a group that one page shows."""

_BY: dict[int, str] = {
    2: Message("provinces"),
    4: Message("cities"),
    6: Message("counties"),
    9: Message("townships"),
    TOWNS: Message("towns"),
}
"""What the divisions of so many digits are called."""

assert set(_BY) == set(LEVELS), "each has a name"


class RegionContext(NamedTuple):
    """Context of a page: what is shown of the region, the links, the language."""

    region: Region
    division: Division
    digits: int
    """Of the divisions that are compared."""
    levels: Sequence[int]
    """Digits by which the division can be divided."""
    links: ServerLinks
    translate: Translator
    question: ScoreQuestion
    answers: Answers | None
    """None while the towns are being asked."""

    def page(self, template: str, current: str, title: str, values: dict[str, Any]) -> Page:
        """Return a page with what all pages of the region show."""
        inside = self.division.parameters
        crumbs = [
            Link(one.name, self.links.to("overview", **one.parameters), chinese=True)
            for one in above(self.region, self.division.prefix)
            if one.prefix != self.division.prefix
        ]
        shared = {
            "division": self.division,
            "question": self.question,
            "asked_at": "" if self.answers is None else f"{self.answers.at:%Y-%m-%d %H:%M:%S}",
            "pages": [
                ("overview", self.links.to("overview", **inside), self.translate("Divisions")),
                ("units", self.links.to("units", **inside), self.translate("All units")),
            ],
            "form": {
                "path": self.links.form("" if current == "overview" else current),
                "hidden": [
                    *inside.items(),
                    *((one, text) for one, text in self.links.carried.items() if one == "lang"),
                ],
                "as_of": self.links.carried.get("as_of", ""),
            },
        }
        return Page(template, title, crumbs, {**shared, **values}, {}, current)

    def division_link(self, row: Row) -> Link:
        """Return a link to a division, or to the town that is the only one in it."""
        if row.asked == 1:
            (town,) = (one for one in self.region.towns if one.code.startswith(row.prefix))
            href = self.links.to(f"town/{town.code}/")
            return Link(row.name or town.name, href, chinese=True)
        href = self.links.to("overview", **{"in": row.prefix})
        return Link(row.name or row.prefix, href, chinese=bool(row.name))


class Bar(NamedTuple):
    """A division with its mean as a bar."""

    rank: int | None
    link: Link
    row: Row
    lost: int
    """Its towns that did not answer."""
    elsewhere: int
    """Its towns that answered and are in other tables."""
    mean: str
    lowest: str
    highest: str
    bar: ScoreBar | None


class Bars(NamedTuple):
    """The divisions of comparable towns."""

    title: str
    differs: str
    """Why its towns are not comparable with those of the first table; empty for the first."""
    bars: list[Bar]
    total: int
    """Number of divisions, those that are left out too."""
    is_ranked: bool


class Units(NamedTuple):
    """Ranked units of comparable towns."""

    title: str
    differs: str
    """See `Bars`."""
    within: str
    """The group or type that they are ranked among; empty for all."""
    rows: list[tuple[RankedUnit, Link, Link, str]]
    """Unit, links to its page and its town's, and its total."""
    is_ranked: bool


def computing_page(context: RegionContext, computation: Computation[Answers]) -> Page:
    """Return the page that is shown while the towns are being asked."""
    values = {
        "layout": "region/frame.html",
        "done": computation.done,
        "steps": computation.steps,
        "again": context.links.here(),
    }
    return context.page("computing.html", "overview", context.division.name, values)


def divisions_page(context: RegionContext) -> Page:
    """Return the page of a division: what it holds as tiles, and what divides it as bars."""
    outcome, found = _rolled_up(context)
    units = [one for one in found.divisions() if not one.prefix]
    values = {
        **_lost(context, outcome),
        "tiles": {
            "units": sum(one.units for one in units),
            "flagged": sum(one.flagged for one in units),
            "measures": len({one.measure_sha256 for one in found.groups}),
            "groups": len(found.groups),
        },
        "levels": [
            (
                context.links.to("overview", **context.division.parameters, by=str(digits)),
                context.translate(_BY[digits]),
                digits == context.digits,
            )
            for digits in sorted({*context.levels, context.digits})
        ],
        "of_towns": context.digits == TOWNS,
        "groups": [_bars(context, outcome, found, group) for group in found.groups],
        "silent": [(context.division_link(one), one) for one in found.silent()],
    }
    return context.page("region/divisions.html", "overview", context.division.name, values)


def units_page(context: RegionContext, part: str) -> Page:
    """Return the page of a division's units, each with its rank among comparable ones.

    Raises:
        OptionError: the part of the list is malformed.
    """
    outcome, found = _rolled_up(context)
    units = found.units()
    paging = page_of(part, len(units), ROWS)
    groups = {group.number: group for group in found.groups}
    shown = units[paging.first : paging.last]
    tables = [
        _units(context, groups[number], within, list(rows))
        for (number, within), rows in groupby(
            shown, key=lambda one: (one.group, one.standing.within)
        )
    ]
    title = context.translate("Units of {division}", division=context.division.name)
    values = {
        **_lost(context, outcome),
        "tables": tables,
        "paging": paging.links(context.links, "units", context.division.parameters),
    }
    return context.page("region/units.html", "units", title, values)


def _rolled_up(context: RegionContext) -> tuple[Outcome, RollUp]:
    assert context.answers is not None, "the towns have answered"
    return context.answers.rolled_up(context.division.prefix, context.digits)


def _lost(context: RegionContext, outcome: Outcome) -> dict[str, Any]:
    """Return how many towns answered, and the others with their reasons."""
    return {
        "counted": context.translate(outcome.counted()),
        "lost": [
            (
                town.code,
                Link(town.name, context.links.to(f"town/{town.code}/"), chinese=True),
                redact(context.translate(reason(fault))),
            )
            for town, fault in lost_towns(outcome)
        ],
    }


def _bars(context: RegionContext, outcome: Outcome, found: RollUp, group: Group) -> Bars:
    ranked = found.ranked(group)
    means = [row.mean for _, row in ranked if row.mean is not None]
    scale = Scale(min([*means, ZERO]), max([*means, ZERO]))
    lost = Counter(code[: context.digits] for code in outcome.lost)
    bars = [
        Bar(
            rank,
            context.division_link(row),
            row,
            lost[row.prefix],
            row.asked - row.answered - lost[row.prefix],
            _points(row.mean),
            _points(row.lowest),
            _points(row.highest),
            None if row.mean is None else _bar(row.mean, scale),
        )
        for rank, row in ranked[:_MOST]
    ]
    title = context.translate(group_name(group))
    return Bars(
        title,
        context.translate(group.differs),
        bars,
        len(ranked),
        any(rank is not None for rank, _ in ranked),
    )


def _bar(mean: Decimal, scale: Scale) -> ScoreBar:
    start, end = sorted((scale.x(ZERO), scale.x(mean)))
    style = "part-loss" if mean < 0 else "part-1"
    segment = Segment(style, f"{start:.1f}", f"{end - start:.1f}")
    return ScoreBar([segment], f"{scale.x(ZERO):.1f}", points_text(mean))


def _units(context: RegionContext, group: Group, within: str, units: Iterable[RankedUnit]) -> Units:
    rows = [
        (
            one,
            Link(
                one.standing.name,
                context.links.to(f"town/{one.town.code}/unit", id=one.standing.unit),
                chinese=True,
            ),
            Link(one.town.name, context.links.to(f"town/{one.town.code}/"), chinese=True),
            true_minus(one.standing.total),
        )
        for one in units
    ]
    title = context.translate(group_name(group))
    is_ranked = any(one.rank is not None for one, *_ in rows)
    differs = context.translate(group.differs)
    return Units(title, differs, within and context.translate.term(within), rows, is_ranked)


def _points(points: Decimal | None) -> str:
    return "" if points is None else points_text(points)
