"""Write what the readings of a measure move, as tables and sentences and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language import render
from cli.output.lines import print_line
from cli.output.scores import scope_of
from ledger.decimals import plain
from ledger.message import Message, Series
from projections.hanging import summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.sensitivity import Alternative, Move, Sensitivity, Standing


def print_sensitivity(found: Sensitivity, *, alone: bool, provisional: bool) -> None:
    """Print the readings by what they move, the pairs that interact, and the sentences.

    Args:
        found: what the readings move.
        alone: whether one reading was asked for, which is shown unit by unit.
        provisional: whether unverified entries count too.
    """
    scope = scope_of(found.scores, provisional=provisional)
    print_line(render("What other readings move: {scope}", scope=scope))
    _print_readings(found)
    for one in found.alternatives() if alone else ():
        if one.moves:
            print_line(render("{reading} = {value}:", reading=one.reading, value=one.value))
            _print_units(one, found)
    _print_pairs(found)
    for sentence in summary(found):
        print_line(f"- {render(sentence)}")


def _print_readings(found: Sensitivity) -> None:
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    titles = Message("totals"), Message("ranks"), Message("flags"), Message("at most")
    in_force = {one.reading.name: one for one in found.readings}
    print_table(
        [
            *(
                Column(render("reading (◆)")),
                Column(render("in force")),
                Column(render("other value")),
            ),
            Column(render("citation"), spare=2),
            *(Column(render(title), right=True) for title in titles),
            Column(render("first place"), spare=1),
        ],
        [
            [
                *(one.reading, in_force[one.reading].value, one.value),
                in_force[one.reading].reading.citation,
                *(str(number or "") for number in (one.totals, one.ranks, one.flags)),
                _signed(one),
                render(Message("moves")) if one.moves_first else "",
            ]
            for one in found.alternatives()
        ],
    )


def _signed(one: Alternative) -> str:
    """Return the points by which a total moves at most, with their sign; nothing for 0."""
    return f"{'+' if one.most > 0 else ''}{plain(one.most)}" if one.most else ""


def _print_units(one: Alternative, found: Sensitivity) -> None:
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    print_table(
        [
            *(Column(render("unit")), Column(render("name"), spare=1)),
            *(Column(render("total"), right=True), Column(render("rank"), right=True)),
            Column(render("flags"), prose=8),
        ],
        [[move.unit, move.name, *_texts(move, found).values()] for move in one.moves],
    )


def _texts(move: Move, found: Sensitivity) -> dict[str, str]:
    """Return each field of a move as before → after; nothing where it is not moved."""
    flags = found.town.measure.flags
    titles = {name: render(one.title.text) for name, one in flags.items()}
    before, after = _shown(move.before, titles), _shown(move.after, titles)
    return {
        name: f"{before[name]} → {after[name]}" if before[name] != after[name] else ""
        for name in before
    }


def _shown(standing: Standing, titles: Mapping[str, str]) -> dict[str, str]:
    total = "—" if standing.total is None else plain(standing.total)
    flags = " ".join(titles[name] for name in standing.flags) or render("none")
    return {"total": total, "rank": str(standing.rank or "—"), "flags": flags}


def _print_pairs(found: Sensitivity) -> None:
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    if not found.pairs:
        return
    print_line(render("Readings that move something else together than each alone:"))
    print_table(
        [
            *(Column(render("reading (◆)")), Column(render("and"))),
            Column(render("unit"), prose=20),
        ],
        [
            [
                *(f"{name} = {value}" for name, value in one.values),
                str(Series(unit.move.unit for unit in one.units)) or render(one.error or ""),
            ]
            for one in found.pairs
        ],
    )


def sensitivity_rows(found: Sensitivity) -> tuple[list[str], list[list[Any]]]:
    """Return CSV header and rows: a row for each unit that another value of a reading moves."""
    header = ["reading", "value", "alternative", "unit", "name"]
    in_force = {one.reading.name: one.value for one in found.readings}
    rows = []
    for one in found.alternatives():
        for move in one.moves:
            shown = [move.before.as_json(), move.after.as_json()]
            sides = [[standing["total"], standing["rank"]] for standing in shown]
            flags = [" ".join(standing["flags"]) for standing in shown]
            cells = [cell for pair in zip(*sides, strict=True) for cell in pair]
            named = [one.reading, in_force[one.reading], one.value, move.unit, move.name]
            rows.append([*named, *cells, *flags])
    fields = ("total", "rank", "flags")
    return [*header, *(f"{name}_{side}" for name in fields for side in ("from", "to"))], rows
