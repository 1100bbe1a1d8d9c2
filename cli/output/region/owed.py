"""Write what is owed in a region's towns, and whose bulletins are due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language import render
from cli.output.lines import print_line
from cli.output.region.outcome import (
    answered_of,
    divisions,
    head_json,
    print_head,
    print_lost,
)
from ledger.message import Message
from projections.region.messages import TownMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.region.running import Outcome
    from projections.region.towns import Town

_OPEN = ("late", "missing", "due")
"""States that need attention."""


def _needs_attention(found: TownMissing) -> bool:
    return bool(found.bulletins) or any(found.counts[name] for name in _OPEN)


def print_owed(outcome: Outcome, digits: int | None = None) -> None:
    """Print how much is late, missing and due, and the bulletins due, by town or by division.

    Args:
        outcome: what came of the question.
        digits: of the prefixes of the divisions; None: a row for each town that owes something.
    """
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    print_head(outcome)
    found = list(outcome.of_kind(TownMissing))
    counts = {name: sum(one.counts[name] for _, one in found) for name in ("in", *_OPEN)}
    print_line(
        render(
            "{yes:,} in, {late:,} late, {missing:,} missing, {due:,} due within a month; bulletins "
            "due: {bulletins:,}",
            yes=counts["in"],
            late=counts["late"],
            missing=counts["missing"],
            due=counts["due"],
            bulletins=sum(len(one.bulletins) for _, one in found),
        )
    )
    if digits is not None:
        rows = _division_texts(outcome, digits)
        first = Message("division"), Message("name"), Message("towns")
    else:
        rows = [_texts(town, one) for town, one in found if _needs_attention(one)]
        first = Message("code"), Message("town"), Message("on")
    if rows:
        titles = Message("late"), Message("not handed in"), Message("due within a month")
        print_table(
            [
                *(Column(render(title)) for title in first),
                *(Column(render(title), right=True) for title in titles),
                Column(render("bulletins due"), prose=12),
            ],
            rows,
        )
    print_lost(outcome)


def _division_texts(outcome: Outcome, digits: int) -> list[list[str]]:
    return [
        [prefix or render("all"), name, answered_of(outcome, codes), *map(str, _sums(of_towns))]
        for prefix, name, codes, of_towns in divisions(outcome, digits, TownMissing)
    ]


def _sums(of_towns: Sequence[TownMissing]) -> list[int]:
    counts = [sum(one.counts[state] for one in of_towns) for state in _OPEN]
    return [*counts, sum(len(one.bulletins) for one in of_towns)]


def _texts(town: Town, found: TownMissing) -> list[str]:
    counts = [str(found.counts[name]) for name in _OPEN]
    bulletins = [
        one.period
        if one.awaiting is None
        else render("{period} (awaits verification)", period=one.period)
        for one in found.bulletins
    ]
    return [town.code, town.name, found.through.isoformat(), *counts, ", ".join(bulletins)]


def owed_json(outcome: Outcome) -> dict[str, Any]:
    """Return the JSON of `region missing`."""
    return {
        **head_json(outcome),
        "towns": [
            {
                "town": town.code,
                "name": town.name,
                "position": outcome.positions[town.code],
                "year": found.year,
                "through": found.through.isoformat(),
                "measure": {"id": found.measure, "sha256": found.measure_sha256},
                **found.counts,
                "units": [
                    {"unit": one.unit, "late": one.late, "missing": one.missing, "due": one.due}
                    for one in found.units
                ],
                "bulletins": [
                    {
                        "period": one.period,
                        "last": one.last.isoformat(),
                        "awaiting": one.awaiting,
                    }
                    for one in found.bulletins
                ],
            }
            for town, found in outcome.of_kind(TownMissing)
        ],
    }


def owed_rows(outcome: Outcome, digits: int | None = None) -> tuple[list[str], list[list[Any]]]:
    """Return CSV header and rows: for each town that answered, or each division as the table."""
    if digits is not None:
        header = ["division", "name", "answered", "asked", *_OPEN, "bulletins"]
        return header, [
            [prefix, name, len(of_towns), len(codes), *_sums(of_towns)]
            for prefix, name, codes, of_towns in divisions(outcome, digits, TownMissing)
        ]
    header = ["town", "name", "year", "through", "in", *_OPEN, "bulletins"]
    return header, [
        [
            *(town.code, town.name, found.year, found.through.isoformat()),
            *(found.counts[name] for name in ("in", *_OPEN)),
            " ".join(one.period for one in found.bulletins),
        ]
        for town, found in outcome.of_kind(TownMissing)
    ]
