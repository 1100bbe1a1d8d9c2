"""Points that sections add or cut once the clauses are summed: bounds, weights, carried periods."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ledger.decimals import quotient
from projections.judging import applies, begun_periods, cut_of
from projections.measure.model import is_imposed, resolved
from projections.postings import ZERO, Flag, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from projections.facts import TownYear, UnitYear
    from projections.measure import Measure
    from projections.measure.head import Scale, Section
    from projections.postings import ClauseResult

    Points = dict[tuple[int | None, str], Decimal]
    """Points by period and section."""

CARRIED = Working("carried forward as published: {}")
"""The working of a section's points in a carried period; its value is the basis."""


def without_carried(
    results: Iterable[ClauseResult], unit: UnitYear, measure: Measure
) -> Iterable[ClauseResult]:
    """Leave out what is scored in periods that were published before the ledger began.

    Flags stay, and what is open about them.
    """
    if not unit.carried:
        return results
    return [
        one
        for one in results
        if isinstance(one, Flag)
        or one.period not in unit.carried
        or measure.section_of[one.clause or ""] not in measure.sections
    ]


def adjust(
    points: Points,
    unit: UnitYear,
    town: TownYear,
    results: Sequence[ClauseResult] = (),
) -> list[Posting]:
    """Adjust sums in place; return a posting under the section's slug for each adjustment.

    Args:
        points: points by period and section, openings apart.
        unit: the unit that they are of.
        town: the year.
        results: the unit's results, for the entries that a cut concerns.
    """
    if not town.has_begun:
        return []
    measure = town.measure
    found = [*_carried(unit, town)]
    for one in found:
        key = one.period, one.clause
        points[key] = points.get(key, ZERO) + one.points
    begun = begun_periods(unit, town) if measure.adjusted else []
    periods = [one.number for one in begun if one.number not in unit.carried]
    for section in measure.adjusted:
        spans: list[int | None] = [None] if section.of == "year" else [*periods]
        # What is beside the periods is bounded in the year, to which it is added.
        for period in spans if section.of == "period" else [None]:
            found += _bounded(points, section, period, town, results)
        for period in [*spans, None] if section.of == "beside" else spans:
            found += _weighted(points, section, period)
    for scale in measure.scales:
        found += _scaled(points, scale, unit, town)
    return found


def _carried(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
    begun = {one.number for one in begun_periods(unit, town)} if unit.carried else ()
    for period, carried in unit.carried.items():
        if period not in begun:
            continue
        for section in (*town.measure.of_a_period, *town.measure.beside_a_period):
            # Nothing else is scored in the period: a section that was not published has no points.
            text = carried.sections.get(section.slug, "0")
            opening = section.opening if section.of == "period" else ZERO
            change = section.told(Decimal(text)) - opening
            if section.slug in carried.sections or change:
                words = Working(CARRIED.template, (carried.basis,))
                yield Posting(section.slug, period, change, (carried.id,), words)


def _bounded(
    points: Points,
    section: Section,
    period: int | None,
    town: TownYear,
    results: Sequence[ClauseResult],
) -> Iterator[Posting]:
    key = period, section.slug
    of_section = [
        value
        for (number, slug), value in points.items()
        if slug == section.slug and (number == period or section.of == "beside")
    ]
    cut = cut_of(sum(of_section, section.opening), section.floor, section.cap)
    if cut is not None:
        entries = _cut_entries(cut[0], section, period, town, results)
        yield Posting(section.slug, period, cut[0], entries, cut[1])
        points[key] = points.get(key, ZERO) + cut[0]


def _weighted(points: Points, section: Section, period: int | None) -> Iterator[Posting]:
    key = period, section.slug
    total = points.get(key, ZERO)
    if section.of == "period" or period is None:
        total += section.opening
    if section.weight != 1 and (total or section.of != "beside"):
        change = total * section.weight - total
        words = Working("{} × {}", (total, section.weight))
        yield Posting(section.slug, period, change, (), words)
        points[key] = points.get(key, ZERO) + change


def _cut_entries(
    cut: Decimal,
    section: Section,
    period: int | None,
    town: TownYear,
    results: Sequence[ClauseResult],
) -> tuple[str, ...]:
    """Return the entries whose points a floor cuts: the last in time, or all of them."""
    costly = [
        one
        for one in results
        if isinstance(one, Posting)
        and (one.period == period or section.of == "beside")
        and town.measure.section_of[one.clause] == section.slug
        and one.points * cut < 0
    ]
    if resolved(section.floor_order, town.readings) == "last":
        left, last = abs(cut), list[Posting]()
        # Results of a clause come in the order of their entries' dates.
        for one in reversed(costly):
            if left <= 0:
                break
            last.insert(0, one)
            left -= abs(one.points)
        costly = last
    return tuple(dict.fromkeys(entry for one in costly for entry in one.entries))


def _scaled(points: Points, scale: Scale, unit: UnitYear, town: TownYear) -> Iterator[Posting]:
    imposed = is_imposed(scale.condition, town.readings)
    excepted = scale.not_applies_to is not None and applies(scale.not_applies_to, unit)
    if not imposed or excepted or not applies(scale.applies_to, unit):
        return
    slug = scale.sections[-1]
    total = sum(
        [
            town.measure.sections[name].opening + points.get((None, name), ZERO)
            for name in scale.sections
        ],
        ZERO,
    )
    scaled = quotient(total * scale.out_of, scale.attainable, scale.places)
    words = Working("{} × {} / {}", (total, scale.out_of, scale.attainable))
    yield Posting(slug, None, scaled - total, (), words)
    points[None, slug] = points.get((None, slug), ZERO) + scaled - total
