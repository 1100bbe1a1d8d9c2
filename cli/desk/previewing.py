"""What an append would change once verified, as the desk's pages show it."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.output.changes import field_changes
from cli.output.workings import beside_points
from cli.pages.formatting import points_text, sign_class, signed_points, true_minus, true_minuses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.desk.work import Desk
    from projections.differences import UnitChange
    from projections.postings import Posting
    from projections.preview import Preview


_MOST_UNITS: Final = 100
"""Units of a year that a preview shows."""


class PostingRow(NamedTuple):
    """A posting that goes or comes."""

    gone: bool
    points: str
    clause: str
    working: str


class UnitRow(NamedTuple):
    """A unit that would change."""

    unit: str
    name: str
    href: str | None
    moved: str
    """By how many points its year's total moves: −13."""
    sign: str
    """The CSS class of that."""
    fields: list[tuple[str, str, str]]
    """(name, before, after) of each changed field."""
    postings: list[PostingRow]


class PreviewRows(NamedTuple):
    """A preview for a template."""

    years: list[tuple[int, list[UnitRow], int]]
    """Year, units, and how many more units there are."""
    failed: list[tuple[int, str]]
    """By year, why what would change in it cannot be computed."""


def moved_total(change: UnitChange) -> Decimal:
    """Return by how many points a unit's total moves."""
    before, after = (Decimal(side.get("total", 0)) for side in (change.before, change.after))
    return after - before


def preview_rows(desk: Desk, changes: Preview) -> PreviewRows:
    """Return a preview in the words of the page."""
    translate = desk.translate
    return PreviewRows(
        [
            (
                year,
                [_unit_row(one, desk) for one in units[:_MOST_UNITS]],
                max(0, len(units) - _MOST_UNITS),
            )
            for year, units in sorted(changes.units.items())
        ],
        [(year, translate(why)) for year, why in sorted(changes.failed.items())],
    )


def _unit_row(change: UnitChange, desk: Desk) -> UnitRow:
    translate = desk.translate

    def worded(name: str) -> str:
        known = change.words.get(name)
        return translate.term(name) if known is None else translate(known)

    fields = [
        (name, true_minus(before), true_minus(after))
        for name, before, after in field_changes(change, worded)
    ]
    moved = moved_total(change)
    sides: tuple[tuple[bool, Sequence[Posting]], ...] = (
        (True, change.removed),
        (False, change.added),
    )
    postings = [
        PostingRow(
            gone,
            points_text(one.points),
            worded(one.clause),
            true_minuses(beside_points(one.working, one.points, translate)),
        )
        for gone, some in sides
        for one in some
    ]
    sign = sign_class(moved)
    href = desk.links.unit(change.unit)
    return UnitRow(change.unit, change.name, href, signed_points(moved), sign, fields, postings)


def moves(changes: Preview) -> list[tuple[str, str, str]]:
    """Return (unit, points moved, CSS class) of each unit whose total moves, for one line."""
    found: dict[tuple[str, str], Decimal] = {}
    for units in changes.units.values():
        for one in units:
            key = one.unit, one.name
            found[key] = found.get(key, Decimal(0)) + moved_total(one)
    return [
        (f"{unit} {name}", signed_points(points), sign_class(points))
        for (unit, name), points in found.items()
        if points
    ]


def digest(*parts: Any) -> str:
    """Return a digest of what is shown, by which a confirmation is bound to it."""
    return sha256(repr(parts).encode(errors="surrogatepass")).hexdigest()
