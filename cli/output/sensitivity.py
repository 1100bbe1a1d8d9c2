"""Write what the readings of a measure move, as tables and sentences and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.language import default_language, render
from cli.language.translating import translator
from cli.output.lines import print_line
from cli.output.scores import scope_of
from ledger.decimals import plain
from ledger.message import Message, Series
from projections.hanging import summary

if TYPE_CHECKING:
    from cli.language.translating import Translator
    from projections.measure import Measure
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

    measure, translate = found.town.measure, translator(default_language())
    print_table(
        [
            *(Column(render("unit")), Column(render("name"), spare=1)),
            *(Column(render("total"), right=True), Column(render("rank"), right=True)),
            Column(render("flags"), prose=8),
        ],
        [[move.unit, move.name, *moved_texts(move, measure, translate)] for move in one.moves],
    )


class MovedTexts(NamedTuple):
    """The values of a unit, before → after; empty where it is not moved."""

    total: str
    rank: str
    flags: str


def moved_texts(move: Move, measure: Measure, translate: Translator) -> MovedTexts:
    """Return each part of a move in the words of its measure."""
    titles = {name: translate(one.title.text) for name, one in measure.flags.items()}

    def texts(standing: Standing) -> tuple[str, str, str]:
        total = "—" if standing.total is None else plain(standing.total)
        flags = " ".join(titles[name] for name in standing.flags) or translate("none")
        return total, str(standing.rank or "—"), flags

    pairs = zip(texts(move.before), texts(move.after), strict=True)
    return MovedTexts(*(f"{one} → {other}" if one != other else "" for one, other in pairs))


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
