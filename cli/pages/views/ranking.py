"""The ranking of a year: a row for each unit, with a bar of the parts of its score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.pages.formatting import points_text, true_minus
from cli.pages.views.charts import ScoreBar, scale_for, score_bar, style_of
from cli.pages.views.page import Page, PageContext
from cli.workbooks.words import meant
from ledger.message import Message, Series
from projections.measure.head import Coded
from projections.postings import Working

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from projections.scores import UnitScore

_FILTERS = {
    "eligible": Message("eligible"),
    "open": Message("with open points"),
    "published": Message("differs from the bulletin"),
}
"""The filters of the ranking beside the measure's flags, with their labels."""


class PeriodCell(NamedTuple):
    """A period's score, and the published one where it differs."""

    now: str
    published: str | None
    note: str
    """Why there is no score, or where it comes from; the published figure where it differs."""
    is_carried: bool = False


class Row(NamedTuple):
    """One unit."""

    score: UnitScore
    href: str | None
    type: str
    group: str
    periods: list[PeriodCell]
    sections: list[str]
    total: str
    band: str
    bar: ScoreBar
    flags: list[str]
    marks: list[str]
    """The names of the filters that show the row."""
    part_of_year: str
    """The days on which the unit is assessed, where these are a part of the year."""
    hidden: bool


def _published_note(published: Mapping[str, Any], context: PageContext) -> str:
    """Return which edition showed other figures, and which."""
    figures: dict[str, str] = {}
    for name, value in published.items():
        if isinstance(value, dict):
            figures |= value
        elif name == "flags":
            flags = Series(map(context.words.term, value))
            figures[name] = context.translate(flags) or context.translate.term("none")
        elif name not in {"edition", "position", "through", "period"}:
            figures[name] = context.translate.term(value)
    fields = Series(
        f"{context.words.term(name)} {true_minus(one)}" for name, one in figures.items()
    )
    return context.translate(
        "edition {edition}, through {through}: {fields}",
        edition=published["edition"],
        through=published["through"],
        fields=fields,
    )


def period_cells(score: UnitScore, context: PageContext) -> list[PeriodCell]:
    """Return the cells of a year's periods; those that have not begun are empty."""
    data, translate = context.data, context.translate
    town = data.scores.town
    own = {period.number: period for period in score.periods}
    cells = []
    for period in town.calendar.periods(town.year):
        found = own.get(period.number)
        if found is None:
            missing = period.first <= town.through
            note = translate("not assessed in this period") if missing else ""
            cells.append(PeriodCell("–" if missing else "", None, note))
            continue
        notes, other = [], None
        carried = data.carried.get((score.unit, period.number))
        if carried is not None:
            notes.append(translate(Working("carried forward as published: {}", (carried.basis,))))
        published = data.published.get((score.unit, period.name))
        if published is not None:
            other = true_minus(str(published.get("score", "*")))
            notes.append(_published_note(published, context))
        now = points_text(found.score)
        cells.append(PeriodCell(now, other, translate("; ").join(notes), carried is not None))
    return cells


def part_of_year(score: UnitScore, context: PageContext) -> str:
    """Return the days on which a unit is assessed, if these are not the whole year; else empty."""
    town = context.data.scores.town
    first, last = max(score.first, town.first), min(score.last, town.last)
    if (first, last) == (town.first, town.last):
        return ""
    return context.translate("assessed from {first} to {last}", first=first, last=last)


def _marks(score: UnitScore, cells: list[PeriodCell]) -> list[str]:
    """Return the names of the filters that show a row."""
    found = {
        "eligible": score.eligible,
        "open": bool(score.open),
        "published": any(cell.published is not None for cell in cells),
    }
    return [*score.flags, *(name for name in _FILTERS if found[name])]


def _filters(context: PageContext) -> list[tuple[str, str]]:
    """Return the filters that the measure has a use for, with their labels."""
    measure = context.data.measure
    used = {
        "eligible": any(not flag.eligible for flag in measure.flags.values()),
        "open": True,
        "published": bool(measure.calendar.count),
    }
    flags = [(name, context.words.term(name)) for name in measure.flags]
    return flags + [(name, context.translate(one)) for name, one in _FILTERS.items() if used[name]]


def rank_note(context: PageContext) -> str:
    """Return among which units a rank is counted, where these are not all of them."""
    return {
        "group": context.translate("ranked within groups"),
        "type": context.translate("ranked within types of units"),
    }.get(context.data.measure.rank.within, "")


def _code(text: str, coded: Iterable[Coded]) -> str:
    """Return the code that a value of an address means: itself, or a title in either language."""
    titles = {one.value: one.title for one in coded}
    chinese = tuple((value, title.zh) for value, title in titles.items())
    english = tuple((value, title.en) for value, title in titles.items())
    return meant(text, tuple(titles), chinese, english) or text


def ranking_page(
    context: PageContext, type_: str = "", group: str = "", flag: str = "", text: str = ""
) -> Page:
    """Return the page of all units in rank order; rows that do not match are hidden.

    Args:
        context: of the page.
        type_: the type of units to show, by code or title; empty for all.
        group: their group, likewise.
        flag: a flag of the measure, likewise, or another filter.
        text: a part of the unit's id or name, in any case.
    """
    data, measure, translate = context.data, context.data.measure, context.translate
    units, town = data.scores.units, data.scores.town
    scale, sought = scale_for(units, measure), text.casefold()
    type_, group = _code(type_, measure.units.type), _code(group, measure.units.group)
    flags = [Coded(value=one.flag, title=one.title) for one in measure.flags.values()]
    flag = _code(flag, flags)
    rows = []
    for score in units:
        cells = period_cells(score, context)
        marks = _marks(score, cells)
        matches = (
            sought in f"{score.unit} {score.name}".casefold()
            and type_ in {"", score.type}
            and group in {"", score.group}
            and flag in {"", *marks}
        )
        rows.append(
            Row(
                score,
                context.links.unit(score.unit),
                context.words.unit_type(score.type),
                context.words.group(score.group),
                cells,
                [points_text(score.sections[one.slug]) for one in measure.of_the_year],
                points_text(score.total),
                context.words.band(score.band, closed=data.scores.town.closed),
                score_bar(score, scale, context),
                [context.words.term(flag) for flag in score.flags],
                marks,
                part_of_year(score, context),
                hidden=not matches,
            )
        )
    types = {score.type for score in units}
    in_use = {score.group for score in units if score.group is not None}
    declared = [one.value for one in measure.units.group if one.value in in_use]
    groups = dict.fromkeys([*declared, *sorted(in_use)])
    values = {
        "rows": rows,
        "periods": [
            (period.name, translate.bilingual(period.title))
            for period in town.calendar.periods(town.year)
        ],
        "sections": [translate.bilingual(one.title) for one in measure.of_the_year],
        "parts": [
            (style_of(one, measure), translate.bilingual(one.title))
            for one in (*measure.of_a_period, *measure.of_the_year)
        ],
        "types": [
            (one.value, translate.bilingual(one.title))
            for one in measure.units.type
            if one.value in types
        ],
        "groups": [(name, context.words.group(name)) for name in groups],
        "flags": _filters(context),
        "chosen": {"type": type_, "group": group, "flag": flag, "q": text},
        "seen": sum(not row.hidden for row in rows),
        "published": any("published" in row.marks for row in rows),
        "carried": any(cell.is_carried for row in rows for cell in row.periods),
        "rank_note": rank_note(context),
    }
    return Page("ranking.html", context.ranking_title(), [], values, {}, "ranking")
