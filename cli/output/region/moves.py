"""Write which units of a region's towns differ, under a draft or since an earlier time."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.language import render
from cli.output.lines import print_line
from cli.output.region.outcome import (
    answered_of,
    divisions,
    head_json,
    print_head,
    print_lost,
)
from ledger.decimals import plain
from ledger.message import Message, Series
from projections.margins import signed
from projections.region.messages import TownMoves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.output.tables import Column
    from projections.region.messages import UnitMove, UnitStanding
    from projections.region.running import Outcome
    from projections.region.towns import Town

_COUNTED = ("total", "rank", "flags", "eligible")
"""Fields of which it is told for how many units they differ that are there before and after."""

_FIGURES = ("total", "rank", "flags", "eligible", "band")
"""Fields of a unit before and after."""


class Difference(NamedTuple):
    """By how many points the total of a unit differs."""

    unit: str
    points: Decimal


def _shown(move: UnitMove) -> UnitStanding:
    """Return the unit after, or before if it is not there any more."""
    found = move.after or move.before
    assert found is not None, "it is on one side at least"
    return found


def _counts(found: TownMoves) -> dict[str, int]:
    both = [one for one in found.moves if one.before is not None and one.after is not None]
    return {
        **{name: sum(name in one.fields for one in both) for name in _COUNTED},
        "new": sum(one.before is None for one in found.moves),
        "gone": sum(one.after is None for one in found.moves),
    }


def extremes(found: TownMoves) -> tuple[Difference | None, Difference | None]:
    """Return the largest gain and the largest loss of a town's units; ties by unit id."""
    both = [
        Difference(one.after.unit, Decimal(one.after.total) - Decimal(one.before.total))
        for one in found.moves
        if one.after is not None and one.before is not None
    ]
    gain = min(both, key=lambda one: (-one.points, one.unit), default=None)
    loss = min(both, key=lambda one: (one.points, one.unit), default=None)
    return (
        gain if gain is not None and gain.points > 0 else None,
        loss if loss is not None and loss.points < 0 else None,
    )


def remark_rescaled(outcome: Outcome) -> None:
    """Remark on standard error in which towns a draft counts on another scale."""
    from cli.output import remark  # noqa: PLC0415 - only for such towns

    towns = [town.code for town, found in outcome.of_kind(TownMoves) if found.rescaled]
    if towns:
        remark(
            "opening or full points of the draft, or what it counts in, are not those of the "
            "measure in force: gains and losses are of the scale too ({towns})",
            towns=Series(towns),
        )


def print_moves(outcome: Outcome, heading: Message, digits: int | None = None) -> None:
    """Print how many units differ in what: by town with the largest gain and loss, or by division.

    Args:
        outcome: what came of the question.
        heading: what is compared.
        digits: of the prefixes of the divisions; None: a row for each town in which one differs.
    """
    print_head(outcome)
    found = list(outcome.of_kind(TownMoves))
    moved = [(town, one) for town, one in found if one.moves]
    units, differ = sum(one.units for _, one in found), sum(len(one.moves) for _, one in moved)
    print_line(
        render(
            "{heading}: {differ:,} of {units:,} {units:unit differs|units differ}, in {towns:,} "
            "{towns:town|towns}",
            heading=heading,
            differ=differ,
            units=units,
            towns=len(moved),
        )
    )
    if digits is not None:
        _print_divisions(outcome, digits)
    elif moved:
        _print_towns(moved)
    print_lost(outcome)


def _print_towns(moved: list[tuple[Town, TownMoves]]) -> None:
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    print_table(
        [
            *(Column(render("code")), Column(render("town"), spare=1)),
            Column(render("measure"), spare=3),
            *_columns(),
            *(Column(render("largest gain"), spare=2), Column(render("largest loss"))),
        ],
        [_texts(town, one) for town, one in moved],
    )


def _print_divisions(outcome: Outcome, digits: int) -> None:
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    rows = [
        [prefix or render("all"), name, answered_of(outcome, codes), *map(str, sums)]
        for prefix, name, codes, sums in _by_division(outcome, digits)
    ]
    print_table(
        [
            *(Column(render("division")), Column(render("name"))),
            Column(render("towns"), right=True),
            *_columns(),
        ],
        rows,
    )


def _by_division(outcome: Outcome, digits: int) -> Iterator[tuple[str, str, list[str], list[int]]]:
    """Yield prefix, name, codes and sums of the numbers of each division."""
    for prefix, name, codes, found in divisions(outcome, digits, TownMoves):
        of_towns = map(_numbers, found)
        sums = [sum(column) for column in zip(*of_towns, strict=True)] or [0] * len(_NUMBERS)
        yield prefix, name, codes, sums


_NUMBERS = {
    "units": Message("units"),
    "differ": Message("differ"),
    "total": Message("score"),
    "rank": Message("rank"),
    "flags": Message("flags"),
    "eligible": Message("eligible"),
    "new": Message("new"),
    "gone": Message("gone"),
}
"""The columns of numbers of units, with their titles."""


def _columns() -> list[Column]:
    from cli.output.tables import Column  # noqa: PLC0415 - not for CSV

    spare = {"new": 4, "gone": 5}
    return [
        Column(render(title), right=True, spare=spare.get(name, 0))
        for name, title in _NUMBERS.items()
    ]


def _numbers(found: TownMoves) -> list[int]:
    return [found.units, len(found.moves), *_counts(found).values()]


def _texts(town: Town, found: TownMoves) -> list[str]:
    ends = ["" if one is None else f"{one.unit} {signed(one.points)}" for one in extremes(found)]
    return [town.code, town.name, found.measure, *map(str, _numbers(found)), *ends]


def moves_json(outcome: Outcome, head: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON: what is compared, then every town that answered with all units that differ.

    Args:
        outcome: what came of the question.
        head: what is compared.
    """
    return {
        **head_json(outcome),
        **head,
        "towns": [_town_json(town, found, outcome) for town, found in outcome.of_kind(TownMoves)],
    }


def _town_json(town: Town, found: TownMoves, outcome: Outcome) -> dict[str, Any]:
    gain, loss = (
        None if one is None else {"unit": one.unit, "points": plain(one.points)}
        for one in extremes(found)
    )
    return {
        "town": town.code,
        "name": town.name,
        "position": outcome.positions[town.code],
        "year": found.year,
        "through": found.through.isoformat(),
        "measure": {"id": found.measure, "sha256": found.measure_sha256},
        "units": found.units,
        "differ": {"any": len(found.moves), **_counts(found)},
        "gain": gain,
        "loss": loss,
        "moves": [
            {
                "unit": _shown(one).unit,
                "name": _shown(one).name,
                "fields": list(one.fields),
                "before": _figures_json(one.before),
                "after": _figures_json(one.after),
            }
            for one in found.moves
        ],
    }


def _figures_json(one: UnitStanding | None) -> dict[str, Any] | None:
    if one is None:
        return None
    values = one.total, one.rank, list(one.flags), one.eligible, one.band
    return dict(zip(_FIGURES, values, strict=True))


def move_rows(outcome: Outcome, digits: int | None = None) -> tuple[list[str], list[list[Any]]]:
    """Return CSV header and rows: for each unit that differs, or each division as the table."""
    if digits is not None:
        return ["division", "name", "answered", "asked", *_NUMBERS], [
            [prefix, name, sum(code in outcome.values for code in codes), len(codes), *sums]
            for prefix, name, codes, sums in _by_division(outcome, digits)
        ]
    sides = [f"{name}_{side}" for name in _FIGURES for side in ("from", "to")]
    rows = []
    for town, found in outcome.of_kind(TownMoves):
        for one in found.moves:
            unit = _shown(one)
            both = zip(_cells(one.before), _cells(one.after), strict=True)
            named = [town.code, town.name, unit.unit, unit.name, " ".join(one.fields)]
            rows.append([*named, *(cell for pair in both for cell in pair)])
    return ["town", "town_name", "unit", "name", "fields", *sides], rows


def _cells(one: UnitStanding | None) -> list[str]:
    if one is None:
        return [""] * len(_FIGURES)
    rank = "" if one.rank is None else str(one.rank)
    return [one.total, rank, " ".join(one.flags), str(one.eligible).lower(), one.band or ""]
