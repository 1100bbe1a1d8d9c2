"""A unit's score as a page of bytes and back: its figures, flags and open points, no findings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn, overload

from msgspec.json import decode, encode

from projections.facts import TownYear
from projections.postings import OpenPoint
from projections.scores import QuarterScore, UnitScore

if TYPE_CHECKING:
    from datetime import date

    from projections.postings import Finding


_NOT_HERE = "a page keeps no findings; score the unit's own entries"


class Unkept(Sequence["Finding"]):
    """The findings of a score that was read from a page, where none are kept."""

    def __len__(self) -> NoReturn:
        raise AssertionError(_NOT_HERE)

    @overload
    def __getitem__(self, index: int) -> NoReturn: ...
    @overload
    def __getitem__(self, index: slice) -> NoReturn: ...
    def __getitem__(self, index: int | slice) -> NoReturn:
        raise AssertionError(_NOT_HERE)


UNKEPT = Unkept()
"""In place of findings."""


def page_of(score: UnitScore) -> bytes:
    """The page of a score; its rank is the town's and not kept."""
    return encode(
        [
            score.unit,
            score.name,
            [
                [
                    one.quarter,
                    *map(str, (one.basic_work, one.abnormal_petitions, one.rewards, one.penalties)),
                ]
                for one in score.quarters
            ],
            *map(str, (score.inspection, score.rewards, score.penalties)),
            score.disqualified,
            score.vetoed,
            score.open,
        ]
    )


def score_of(page: bytes) -> UnitScore:
    """The score of a page."""
    unit, name, quarters, inspection, rewards, penalties, disqualified, vetoed, waiting = decode(
        page
    )
    return UnitScore(
        unit,
        name,
        tuple(QuarterScore(quarter, *map(Decimal, points)) for quarter, *points in quarters),
        Decimal(inspection),
        Decimal(rewards),
        Decimal(penalties),
        disqualified,
        vetoed,
        UNKEPT,
        [OpenPoint(*point) for point in waiting],
    )


def town_page(town: TownYear) -> bytes:
    """What a sheet keeps of the town: the readings in force and the rulings behind them."""
    return encode([town.readings, town.rulings])


def town_of(page: bytes, year: int, through: date) -> TownYear:
    """The town of a sheet; periods, notices and resolutions have gone into the pages."""
    kept: Any = decode(page)
    return TownYear(year, through, *kept)
