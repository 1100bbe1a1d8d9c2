"""What an append moves once it is verified, as pages of the desk show it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from cli.pages.formatting import sign_class, signed_points, true_minus
from ledger.numbering import Numbering, series_of
from projections.postings import ZERO
from projections.preview import preview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.desk.work import Desk
    from ledger.entries import AnyEntry
    from projections.differences import UnitChange
    from projections.postings import Posting


class Move(NamedTuple):
    """What moves of one unit in a year."""

    year: int
    unit: str
    name: str
    href: str | None
    points: str
    """The change of its total, signed."""
    sign: str
    total: str
    """Its total afterwards."""
    removed: list[str]
    """Postings that go, in words."""
    added: list[str]


class Moves(NamedTuple):
    """What an append moves."""

    units: list[Move]
    failed: list[tuple[int, str]]
    """Years that cannot be scored, and why."""


def moves_of(desk: Desk, entries: Sequence[AnyEntry], about: Sequence[str]) -> Moves:
    """Return what entries move if they are recorded and verified now; nothing is written.

    Args:
        desk: the desk.
        entries: those that would be recorded; without ids they get the next free ones.
        about: ids that they refer to.
    """
    state = desk.ledger.state_of(about)
    numbering = Numbering(desk.ledger.store.last_number, {one.id for one in entries})
    fresh = [
        one
        if one.id
        else replace(one, id=numbering.next(series_of(one, desk.measures, desk.today)))
        for one in entries
    ]
    changes = preview(desk.session.loader, state, fresh, desk.now)
    found = [_move(year, one, desk) for year, units in changes.units.items() for one in units]
    return Moves(found, [(year, desk.translate(why)) for year, why in changes.failed.items()])


def _move(year: int, change: UnitChange, desk: Desk) -> Move:
    before, after = (Decimal(side.get("total", "0")) for side in (change.before, change.after))
    points = after - before if "total" in change.after else ZERO
    return Move(
        year,
        change.unit,
        change.name,
        desk.links.unit(change.unit),
        signed_points(points),
        sign_class(points),
        true_minus(change.after.get("total", "")),
        [_words(one, year, desk) for one in change.removed],
        [_words(one, year, desk) for one in change.added],
    )


def _words(posting: Posting, year: int, desk: Desk) -> str:
    clause = desk.measures.of(year, provisional=True).measure.heading(posting.clause)
    title, working = desk.translate.bilingual(clause.title), desk.translate(posting.working)
    return f"{signed_points(posting.points)} {title}: {working}"
