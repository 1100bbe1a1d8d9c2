"""The query that every command and page asks the loader."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import date, datetime


class ScoreQuery(Struct, frozen=True):
    """Which scores to compute: of a year, up to a day, from what was known at a time."""

    year: int | None = None
    """Assessment year; None for the latest one that the ledger has come to."""
    through: date | None = None
    """Count what happened up to the close of this day; None for the year's last day, or today."""
    as_of: int | datetime | None = None
    """Replay events up to this position or this recorded time; None for all of them."""
    unit: str | None = None
    """The one unit asked about, by any id that it ever had; None for all units."""
    provisional: bool = False
    """Whether unverified entries count too."""


class YearQuery(NamedTuple):
    """A query whose year and day are known; the name of a cached score."""

    year: int
    through: date
    provisional: bool = False
