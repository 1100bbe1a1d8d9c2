"""Which clauses cost and earn how many points in a year, with their shares."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ledger.decimals import plain, quotient
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from projections.measure import Measure
    from projections.scores import UnitScore

COLUMNS = (
    "clause", "citation", "title", "lost", "lost_share", "units_lost", "postings_lost",
    "gained", "gained_share", "units_gained", "postings_gained",
)  # fmt: skip
"""The columns of the table of clauses, in order."""


class _Side:
    """The postings of one clause that cost, or those that earn."""

    def __init__(self) -> None:
        self.points, self.units, self.postings = ZERO, set[str](), 0


def clause_costs(units: Iterable[UnitScore], measure: Measure) -> list[dict[str, Any]]:
    """Return a row for each clause and bound that has points, the costliest first.

    Points lost are positive numbers. A floor, a cap or a weight of a section is a row of its own,
    so that lost and gained points add up to those of all postings.

    Args:
        units: with their postings.
        measure: of the year.
    """
    lost, gained = defaultdict[str, _Side](_Side), defaultdict[str, _Side](_Side)
    for score in units:
        for one in score.postings():
            if one.points:
                side = (lost if one.points < 0 else gained)[one.clause]
                side.points += abs(one.points)
                side.units.add(score.unit)
                side.postings += 1
    sums = [sum((one.points for one in sides.values()), ZERO) for sides in (lost, gained)]
    order = [*measure.clauses, *(slug for slug in measure.sections if slug not in measure.clauses)]
    slugs = [slug for slug in order if slug in lost or slug in gained]
    slugs += [slug for slug in (*lost, *gained) if slug not in slugs]
    rows = []
    for slug in sorted(slugs, key=lambda slug: (-lost[slug].points, -gained[slug].points)):
        heading = measure.heading(slug)
        row: dict[str, Any] = {
            "clause": slug,
            "citation": heading.citation,
            "title": heading.title.zh,
        }
        for name, side, total in zip(
            ("lost", "gained"), (lost[slug], gained[slug]), sums, strict=True
        ):
            row[name] = plain(side.points)
            row[f"{name}_share"] = share(side.points, total)
            row[f"units_{name}"] = len(side.units)
            row[f"postings_{name}"] = side.postings
        rows.append(row)
    return rows


def share(part: Decimal | int, whole: Decimal | int) -> str | None:
    """Return a part of a whole as a decimal of four places at most; None of nothing."""
    return plain(quotient(ZERO + part, whole, 4)) if whole else None
