"""Write the scores of a region's towns as tables, CSV and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language import default_language, render
from cli.language.translating import translator
from cli.output.lines import print_line
from cli.output.region.outcome import head_json, print_head, print_lost
from ledger.decimals import plain
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from projections.region.rollup import Division, Group, RankedUnit, RollUp
    from projections.region.running import Outcome

_FIGURES = ("units", "mean", "lowest", "highest", "flagged", "ineligible", "open")


def print_scores(outcome: Outcome, found: RollUp, *, units: bool) -> None:
    """Print a table of divisions for each group of comparable towns, and the lost towns.

    Args:
        outcome: what came of the question.
        found: the same, rolled up.
        units: whether to print the units of each group too.
    """
    print_head(outcome)
    divisions, ranked = found.divisions(), found.units() if units else []
    for group in found.groups:
        print_line(render(_heading(group)))
        first = group.number == 1
        # A division in which no town answered is in the first table: never a silent hole.
        shown = [one for one in divisions if one.group == group.number or (first and not one.group)]
        _print_divisions(shown)
        if units:
            _print_units([one for one in ranked if one.group == group.number])
    print_lost(outcome)


def group_name(group: Group) -> Message:
    """Return what the towns of a group are assessed by, and how many they are."""
    return Message(
        "{measure} ({sha256}), {year} through {through}: {towns:,} {towns:town|towns}",
        measure=group.measure,
        sha256=group.measure_sha256[:12],
        year=group.year,
        through=group.through,
        towns=len(group.towns),
    )


def _heading(group: Group) -> Message:
    named = group_name(group)
    if group.number == 1:
        return named
    return Message("Not comparable with the above ({why}): {group}", why=group.differs, group=named)


def _print_divisions(divisions: Sequence[Division]) -> None:
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    titles = Message("units"), Message("mean"), Message("lowest"), Message("highest")
    counts = Message("flagged"), Message("ineligible"), Message("open")
    columns = [
        Column(render("division")),
        Column(render("name")),
        Column(render("towns"), right=True),
    ]
    columns += [Column(render(title), right=True) for title in titles]
    columns += [Column(render(title), right=True, spare=1) for title in counts]
    print_table(columns, [_division_texts(one) for one in divisions])


def _division_texts(one: Division) -> list[str]:
    towns = render("{answered:,} of {asked:,}", answered=one.answered, asked=one.asked)
    return [one.prefix or render("all"), one.name, towns, *map(_text, _figures(one))]


def _figures(one: Division) -> list[Decimal | int | None]:
    return [getattr(one, name) for name in _FIGURES]


def _text(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else plain(value)


def _print_units(units: Sequence[RankedUnit]) -> None:
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    # Each group or type has ranks of its own: which one is beside them.
    apart = any(one.standing.within for one in units)
    term = translator(default_language()).term
    print_table(
        [
            *(Column(render("rank"), right=True), Column(render("code")), Column(render("town"))),
            *(Column(render("unit")), Column(render("name"))),
            *([Column(render("ranked within"))] if apart else []),
            *(Column(render("total"), right=True), Column(render("rank in the town"), right=True)),
        ],
        [
            [
                *(str(one.rank or ""), one.town.code, one.town.name),
                *(one.standing.unit, one.standing.name),
                *([term(one.standing.within)] if apart else []),
                *(one.standing.total, str(one.standing.rank or "")),
            ]
            for one in units
        ],
    )


def scores_json(
    outcome: Outcome, found: RollUp, edition: int | None, *, units: bool
) -> dict[str, Any]:
    """Return the JSON of `region score`; of an edition with its number."""
    value = {
        **head_json(outcome),
        **({} if edition is None else {"edition": edition}),
        "groups": [_group_json(one, outcome) for one in found.groups],
        "divisions": [_division_json(one) for one in found.divisions()],
    }
    return {**value, "units": [_unit_json(one) for one in found.units()]} if units else value


def _group_json(group: Group, outcome: Outcome) -> dict[str, Any]:
    return {
        "group": group.number,
        "year": group.year,
        "through": group.through.isoformat(),
        "measure": {"id": group.measure, "sha256": group.measure_sha256},
        "readings": group.readings,
        "differs": group.differs,
        "towns": [
            {"town": town.code, "name": town.name, "position": outcome.positions[town.code]}
            for town in group.towns
        ],
    }


def _division_json(one: Division) -> dict[str, Any]:
    named = {
        "division": one.prefix,
        "name": one.name,
        "group": one.group,
        "answered": one.answered,
        "asked": one.asked,
    }
    return {**named, **{name: _json(getattr(one, name)) for name in _FIGURES}}


def _json(value: Decimal | int | None) -> str | int | None:
    return value if value is None or isinstance(value, int) else plain(value)


def _unit_json(one: RankedUnit) -> dict[str, Any]:
    standing = one.standing
    return {
        "rank": one.rank,
        "group": one.group,
        "town": one.town.code,
        "unit": standing.unit,
        "name": standing.name,
        "within": standing.within or None,
        "total": standing.total,
        "rank_in_town": standing.rank,
        "flags": list(standing.flags),
        "eligible": standing.eligible,
        "band": standing.band,
        "open": standing.open,
    }


def score_rows(found: RollUp, *, units: bool) -> tuple[list[str], list[list[Any]]]:
    """Return CSV header and rows: a row for each division and group, or for each unit."""
    if units:
        return _unit_rows(found)
    header = ["division", "name", "group", "answered", "asked", *_FIGURES]
    rows = [
        ["" if value is None else value for value in _division_json(one).values()]
        for one in found.divisions()
    ]
    return header, rows


def _unit_rows(found: RollUp) -> tuple[list[str], list[list[Any]]]:
    header = ["rank", "group", "town", "town_name", "unit", "name", "within", "total"]
    more = ["rank_in_town", "flags", "eligible", "band", "open"]
    rows = []
    for one in found.units():
        unit = one.standing
        place = [one.rank or "", one.group, one.town.code, one.town.name]
        score = [unit.unit, unit.name, unit.within, unit.total, unit.rank or ""]
        state = [" ".join(unit.flags), str(unit.eligible).lower(), unit.band or "", unit.open]
        rows.append([*place, *score, *state])
    return [*header, *more], rows
