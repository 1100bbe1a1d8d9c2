"""The page of what hangs on each contested reading (◆) of the year's measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.output.sensitivity import moved_texts
from cli.pages.formatting import signed_points
from cli.pages.views.page import MAX_ROWS, Link, Page, PageContext, computing_page
from ledger.message import Message
from projections.hanging import summary

if TYPE_CHECKING:
    from cli.output.sensitivity import MovedTexts
    from projections.measure import Reading
    from projections.sensitivity import Alternative, Move, Pair, Sensitivity, Standing


class MoveRow(NamedTuple):
    """A unit that another value of a reading moves."""

    unit: Link
    unit_id: str
    texts: MovedTexts


class Worded(NamedTuple):
    """A reading or its value: what it says, empty for a number, and the code that commands take."""

    words: str
    code: str


class AlternativeRow(NamedTuple):
    """Another value of a reading, and what it moves."""

    anchor: str
    reading: str
    citation: str
    summary: str
    in_force: Worded
    value: Worded
    totals: int
    ranks: int
    flags: int
    most: str
    """Points by which a total is moved at most, signed; empty for none."""
    moves_first: bool
    units: list[MoveRow]
    """Empty where there are too many to list."""


class UnitRow(NamedTuple):
    """The readings that a unit's rank and flags hang on."""

    unit: Link
    unit_id: str
    rank: list[Worded]
    flags: list[Worded]


class PairRow(NamedTuple):
    """A unit in which two readings interact."""

    values: list[tuple[Worded, Worded]]
    """Of each reading itself, and its value."""
    unit: Link
    unit_id: str
    texts: MovedTexts
    alone: list[str]
    """The total and rank that it has under each alone."""


def sensitivity_page(context: PageContext) -> Page:
    """Return the page of what the readings move."""
    title = context.translate("What hangs on readings {year}", year=context.data.year)
    found = context.data.sensitivity.value(context.patience)
    if found is None:
        return computing_page(context, title, "sensitivity", context.data.sensitivity)
    listed = sum(len(one.moves) for one in found.alternatives()) <= MAX_ROWS
    pairs = [row for one in found.pairs for row in _pair_rows(one, found, context)]
    values = {
        "summary": [context.translate(one) for one in summary(found, by_unit=False)],
        "units": _unit_rows(found, context),
        "alternatives": [
            _alternative(one, found, context, listed=listed) for one in found.alternatives()
        ],
        "listed": listed,
        "pairs": pairs[:MAX_ROWS],
        "faults": [context.translate(one.error) for one in found.pairs if one.error is not None],
    }
    return Page("sensitivity.html", title, [], values, {}, "sensitivity")


def _unit_rows(found: Sensitivity, context: PageContext) -> list[UnitRow]:
    """Return the units whose rank or flags hang on readings, those on most first."""
    readings = _readings(found)
    rows = [
        UnitRow(
            context.unit_link(one.unit, one.name),
            one.unit,
            *(
                [_reading(readings[name], context) for name in found.hanging(one, part)]
                for part in ("rank", "flags")
            ),
        )
        for one in found.scores.units
    ]
    hanging = [one for one in rows if one.rank or one.flags]
    return sorted(hanging, key=lambda one: (len(one.flags), len(one.rank)), reverse=True)


def _alternative(
    one: Alternative, found: Sensitivity, context: PageContext, *, listed: bool
) -> AlternativeRow:
    moves = next(each for each in found.readings if each.reading.name == one.reading)
    reading = moves.reading
    return AlternativeRow(
        f"{one.reading}.{one.value}",
        one.reading,
        reading.citation,
        context.translate.bilingual(reading.summary),
        _value(reading, moves.value, context),
        _value(reading, one.value, context),
        one.totals,
        one.ranks,
        one.flags,
        signed_points(one.most) if one.most else "",
        one.moves_first,
        [_move_row(each, found, context) for each in one.moves] if listed else [],
    )


def _readings(found: Sensitivity) -> dict[str, Reading]:
    return {one.reading.name: one.reading for one in found.readings}


def _reading(reading: Reading, context: PageContext) -> Worded:
    return Worded(context.translate.bilingual(reading.summary), reading.name)


def _value(reading: Reading, value: str, context: PageContext) -> Worded:
    """Return what a value of a reading means; no words for a number of the office's choice."""
    for one in reading.value:
        if one.value == value:
            if context.translate.language == "zh" and one.meaning_zh:
                return Worded(one.meaning_zh, value)
            return Worded(context.translate(one.meaning), value)
    return Worded("", value)


def _move_row(move: Move, found: Sensitivity, context: PageContext) -> MoveRow:
    texts = moved_texts(move, found.town.measure, context.translate)
    return MoveRow(context.unit_link(move.unit, move.name), move.unit, texts)


def _pair_rows(pair: Pair, found: Sensitivity, context: PageContext) -> list[PairRow]:
    readings = _readings(found)
    values = [
        (_reading(readings[name], context), _value(readings[name], value, context))
        for name, value in pair.values
    ]
    rows = []
    for one in pair.units:
        row = _move_row(one.move, found, context)
        alone = [_alone(each, context) for each in one.alone]
        rows.append(PairRow(values, row.unit, row.unit_id, row.texts, alone))
    return rows


def _alone(standing: Standing, context: PageContext) -> str:
    """Return what a unit has under one of two readings."""
    if standing.total is None:
        return "—"
    total = signed_points(standing.total).removeprefix("+")
    if standing.rank is None:
        return total
    words = Message("{total}, rank {rank}", total=total, rank=standing.rank)
    return context.translate(words)
