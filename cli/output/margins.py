"""Write the margins of units, as a table and as CSV."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.language import default_language, render
from cli.language.translating import translator
from cli.output.lines import print_line
from cli.output.scores import scope_of
from ledger.kinds import Kinds
from ledger.message import Message
from projections.margins import signed, told

if TYPE_CHECKING:
    from cli.language.translating import Translator
    from projections.margins import Margin, Margins
    from projections.measure import Measure

_DISTANCES = {
    "things": Message("in number"),
    "minutes": Message("minutes"),
    "time": Message("minutes"),
    "days": Message("days"),
    "points": Message("points"),
}


class MarginWords(NamedTuple):
    """A margin as tables show it."""

    field: str
    value: str
    would_be: str
    away: str
    clause: str
    points: str
    rank: str
    """As `3 → 2`; empty if it is not moved."""
    flags: str


def margin_words(one: Margin, measure: Measure, kinds: Kinds, translate: Translator) -> MarginWords:
    """Return a margin in the words of its measure."""
    titles = {name: translate(flag.title.text) for name, flag in measure.flags.items()}
    before, after = one.before, one.after
    flags = [
        " ".join(titles[flag] for flag in side.flags) or translate("none")
        for side in (before, after)
    ]
    total = translate(Message("total"))
    return MarginWords(
        total if one.kind is None else translate.field(kinds, one.kind, one.field),
        _short(one.value),
        _short(one.would_be),
        f"{told(one.distance)} {translate(_DISTANCES[one.measured_in])}",
        "" if one.clause is None else translate(measure.clauses[one.clause].title.text),
        signed(one.points),
        f"{before.rank} → {after.rank}" if before.rank != after.rank else "",
        " → ".join(flags) if before.flags != after.flags else "",
    )


def _short(value: Any) -> str:
    """Return a value for a table: of a time, the local time without its offset."""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(told(value))


def print_margins(found: Margins, *, provisional: bool) -> None:
    """Print the margins of the units in rank order, the heaviest of each first."""
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    scope = scope_of(found.scores, provisional=provisional)
    print_line(render("Entries near an edge: {scope}", scope=scope))
    measure = found.scores.town.measure
    kinds, translate = Kinds.of(measure), translator(default_language())
    rows = [
        [unit.unit, one.entry or "—", *margin_words(one, measure, kinds, translate)]
        for unit in found.units
        for one in unit.margins
    ]
    if not rows:
        print_line(render("No entry is near an edge."))
        return
    print_table(
        [
            *(Column(render("unit")), Column(render("entry")), Column(render("field"))),
            *(Column(render("value")), Column(render("would be"))),
            *(Column(render("away"), spare=2), Column(render("clause"), spare=1)),
            *(Column(render("points"), right=True), Column(render("rank"), right=True)),
            Column(render("flags"), prose=8),
        ],
        rows,
    )


def margin_rows(found: Margins) -> tuple[list[str], list[list[Any]]]:
    """Return CSV header and rows: a row for each margin."""
    header = [
        *("unit", "name", "entry", "field", "value", "would_be", "distance", "measured_in"),
        *("clause", "points", "rank_from", "rank_to", "flags_from", "flags_to"),
    ]
    rows = []
    for unit in found.units:
        for one in unit.margins:
            shown = one.as_json()
            named = [shown[name] for name in header[2:10]]
            sides = [shown["rank"][side] for side in ("from", "to")]
            flags = [" ".join(shown["flags"][side]) for side in ("from", "to")]
            rows.append([unit.unit, unit.name, *named, *sides, *flags])
    return header, rows
