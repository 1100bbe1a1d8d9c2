"""Divide the units into those with a quiet, an ordinary and a troubled year."""

from random import Random
from typing import Final, NamedTuple

from cli.sample.names import unit_ids

QUIET: Final = 12
TROUBLED: Final = 6


class Town(NamedTuple):
    """Ids of all units, and of each of three groups by the year that they have."""

    units: tuple[str, ...]
    quiet: tuple[str, ...]
    """Everything in time, no batch, and most of the rewards."""
    ordinary: tuple[str, ...]
    """One or two batches (the first unit three, one of them by mistake), at times late."""
    troubled: tuple[str, ...]
    """Many batches; the first two units are disqualified, the third is vetoed."""

    def percent(self, unit: str, *, quiet: int, ordinary: int, troubled: int) -> int:
        """Return the probability in percent that is given for the unit's group."""
        if unit in self.quiet:
            return quiet
        return troubled if unit in self.troubled else ordinary


def make_town(rng: Random) -> Town:
    """Divide the units into the three groups at random."""
    units = unit_ids()
    shuffled = list(units)
    rng.shuffle(shuffled)
    return Town(
        units=tuple(units),
        quiet=tuple(shuffled[:QUIET]),
        ordinary=tuple(shuffled[QUIET:-TROUBLED]),
        troubled=tuple(shuffled[-TROUBLED:]),
    )
