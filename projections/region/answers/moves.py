"""Answer which units of a town differ: under a draft measure, or since an earlier time."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.positions import position_at
from projections.adopted import NoMeasureError
from projections.differences import differences
from projections.postings import ZERO
from projections.presentation import unit_json
from projections.reform import reform
from projections.region.answers.asked import loader_of, query_of
from projections.region.answers.edition import root_at
from projections.region.answers.scores import standing
from projections.region.draft import unpacked
from projections.region.messages import TownMoves, UnitMove

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.stores import Store
    from projections.differences import UnitChange
    from projections.measure import Measure
    from projections.region.messages import DiffQuestion, ReformQuestion, UnitStanding
    from projections.scores import Scored

_APART = ("unit", "open")
"""Fields of `unit_json` that are no figures."""


def under_draft(question: ReformQuestion, store: Store, position: int) -> TownMoves:
    """Return the units of a town that a draft measure would move, as `tally reform` finds them."""
    loader, draft = (
        loader_of(store, question.today),
        unpacked(question.draft, question.draft_sha256),
    )
    query = query_of(question, store, position)
    present = loader.scores(query, postings=True)
    then = loader.scores_under(draft, replace(query, year=present.scores.town.year))
    moves = _moves(present, then, reform(present, then), of=present)
    return replace(
        moves, rescaled=_scale(present.scores.town.measure) != _scale(then.scores.town.measure)
    )


def _scale(measure: Measure) -> tuple[str, dict[str, Decimal]]:
    """Return what a measure counts in, and the opening and full points of its parts."""
    points = dict[str, Decimal]()
    for one in measure.sections.values():
        for name, value in (("opening", one.opening), ("full", one.points or ZERO)):
            part = f"{one.of} {name}"
            points[part] = points.get(part, ZERO) + value * one.weight
    return measure.source.counted_in.text, {part: one for part, one in points.items() if one}


def since(question: DiffQuestion, store: Store, position: int, start: int | None) -> TownMoves:
    """Return the units of a town that moved since an earlier time, as `tally diff` finds them.

    Where no measure was in force then, every unit is new.

    Args:
        question: the question.
        store: the town's ledger.
        position: up to which it is read.
        start: the position of the region's edition that the question names, if it names one.
    """
    loader, query = loader_of(store, question.today), query_of(question, store, position)
    if question.since is not None:
        start = position_at(store, question.since)
    assert start is not None, "the task of a question about an edition has the town's position"
    assert isinstance(query.as_of, int), "up to a position"
    start = min(start, query.as_of)
    proof = None if question.edition is None else root_at(store, start)
    after = loader.scores(query, postings=True, since=start)
    town = after.scores.town
    shown = question.published_through
    if question.published_on is not None and shown is None:
        shown = min(question.published_on, town.calendar.last_day(town.year))
    if shown is not None and query.through is None and town.through < shown:
        # What the edition counted of later days is not to be missing now.
        query = replace(query, year=town.year, through=shown)
        after = loader.scores(query, postings=True, since=start)
        town = after.scores.town
    earlier = replace(query, as_of=start, year=town.year, through=shown or town.through)
    try:
        before = loader.scores(earlier, postings=True)
    except NoMeasureError:
        return _moves(None, after, (), of=after, root=proof)
    changes = differences(before, after, provisional=question.provisional)
    return _moves(before, after, changes, of=after, root=proof)


def _moves(
    before: Scored | None,
    after: Scored,
    changes: Iterable[UnitChange],
    of: Scored,
    root: str | None = None,
) -> TownMoves:
    """Return how changes travel: the figures before and after of every unit that has some.

    Args:
        before: the scores before; None if there are none, so that every unit is new.
        after: those after.
        changes: between the two.
        of: those whose measure is named.
        root: of the events before.
    """
    old = {} if before is None else _figures(before)
    new = _figures(after)
    fields: dict[str, Iterable[str]] = {one.unit: {**one.before, **one.after} for one in changes}
    if before is None:
        fields = {one.unit: unit_json(one) for one in after.scores.units}
    shown = {
        unit: tuple(one for one in names if one not in _APART) for unit, names in fields.items()
    }
    town = of.scores.town
    return TownMoves(
        town.year,
        town.through,
        town.measure.id,
        town.measure.sha256,
        len({**old, **new}),
        tuple(
            UnitMove(old.get(unit), new.get(unit), names) for unit, names in shown.items() if names
        ),
        root=root,
    )


def _figures(scored: Scored) -> dict[str, UnitStanding]:
    """Return the figures of each unit as they travel."""
    scores = scored.scores
    return {one.unit: standing(one, scores.town) for one in scores.units}
