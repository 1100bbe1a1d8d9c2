"""The divisions of a region by prefixes of codes: which hold which, and what to compare them by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cli.options import OptionError
from cli.pages.query import MissingError, parameter_name
from ledger.message import Message
from projections.region.town_list import DIVISIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.region.towns import Region

TOWNS = 12
"""Digits by which every town is a division of its own: those of the longest code."""
LEVELS = (*DIVISIONS.values(), TOWNS)


class Division(NamedTuple):
    """A division of the region, or the region itself."""

    prefix: str
    """Empty for the region."""
    name: str
    """Its prefix where the list of towns does not name it."""

    @property
    def parameters(self) -> dict[str, str]:
        """Return the parameters of the address of its page."""
        return {"in": self.prefix} if self.prefix else {}


def division_of(region: Region, prefix: str) -> Division:
    """Return the division of a prefix.

    Raises:
        MissingError: no town of the region is in it.
    """
    if not prefix:
        return Division("", region.name)
    if len(prefix) not in LEVELS or not any(town.code.startswith(prefix) for town in region.towns):
        words = Message("no town of the region is in a division {prefix}", prefix=prefix)
        raise MissingError(words)
    return Division(prefix, region.division_name(prefix) or prefix)


def above(region: Region, code: str) -> Iterator[Division]:
    """Yield the region and each division above a town or a division, the largest first.

    What holds the same towns as the one before it, or one town alone, is left out.
    """
    yield division_of(region, "")
    within = [town.code for town in region.towns]
    for digits in LEVELS:
        inner = [one for one in within if one.startswith(code[:digits])]
        if digits < len(code) and 1 < len(inner) < len(within):
            yield division_of(region, code[:digits])
            within = inner


def levels(region: Region, prefix: str) -> list[int]:
    """Return by how many digits a division can be divided; last by its towns.

    What divides nothing, or into towns alone, is left out.
    """
    codes = [town.code for town in region.towns if town.code.startswith(prefix)]
    found = [
        digits
        for digits in LEVELS
        if len(prefix) < digits < TOWNS and 1 < len({code[:digits] for code in codes}) < len(codes)
    ]
    return [*found, TOWNS]


def level(text: str) -> int | None:
    """Return the number of digits that an address gives; None for an empty text.

    Raises:
        OptionError: divisions have no such number of digits.
    """
    if not text:
        return None
    if not re.fullmatch("|".join(map(str, LEVELS)), text):
        words = Message(
            "{text!r} is not a number of digits of a division; write 2, 4, 6, 9, or 12 for towns",
            text=text,
        )
        raise OptionError(parameter_name("by"), words)
    return int(text)
