"""Which units have a calm year, an ordinary one and a hard one."""

from random import Random
from typing import Final, NamedTuple

from cli.sample.names import unit_ids

QUIET: Final = 12
TROUBLED: Final = 6


class Town(NamedTuple):
    """The units' numbers by the year that they have; the three groups share no unit."""

    units: tuple[str, ...]
    quiet: tuple[str, ...]
    """Everything in time, no batch, and whatever there is to be rewarded for."""
    ordinary: tuple[str, ...]
    """One or two batches (the first one three, one of them by mistake), now and then late."""
    troubled: tuple[str, ...]
    """Many batches; the first two units are disqualified, the third is vetoed."""

    def share(self, unit: str, *, quiet: int, ordinary: int, troubled: int) -> int:
        """The amount that goes with the kind of year that the unit has, in percent."""
        if unit in self.quiet:
            return quiet
        return troubled if unit in self.troubled else ordinary


def found(rng: Random) -> Town:
    """Deal the units out to the three groups."""
    units = unit_ids()
    dealt = list(units)
    rng.shuffle(dealt)
    return Town(
        units=tuple(units),
        quiet=tuple(dealt[:QUIET]),
        ordinary=tuple(dealt[QUIET:-TROUBLED]),
        troubled=tuple(dealt[-TROUBLED:]),
    )
