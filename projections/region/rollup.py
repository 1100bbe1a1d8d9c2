"""Roll the scores of many towns up by division; compare only what is comparable."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from ledger.message import Message, Parts
from projections.places import places
from projections.region.messages import TownScores

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from projections.region.messages import UnitStanding
    from projections.region.running import Outcome
    from projections.region.towns import Town

_HUNDREDTH = Decimal("0.01")


class Group(Struct, frozen=True):
    """Towns whose scores are comparable: one year and day, one measure, the same readings."""

    number: int
    """From 1; the group with the most towns is the first."""
    year: int
    through: date
    measure: str
    measure_sha256: str
    readings: dict[str, str]
    towns: tuple[Town, ...]
    differs: Message
    """How it differs from the first group; empty for the first."""


class Division(NamedTuple):
    """The towns of a division that are in one group; its figures are of their units."""

    prefix: str
    """Empty for the whole region."""
    name: str
    group: int | None
    """None if no town of the division answered."""
    answered: int
    """Towns of the group that answered."""
    asked: int
    """Towns of the division."""
    units: int
    mean: Decimal | None
    """Of the totals, in points, to two places; None without units."""
    lowest: Decimal | None
    highest: Decimal | None
    flagged: int
    """Units with a flag."""
    ineligible: int
    open: int
    """Open points."""


class RankedUnit(NamedTuple):
    """A unit with its rank among those of all comparable towns."""

    town: Town
    group: int
    standing: UnitStanding
    rank: int | None
    """None where the measure ranks nobody."""


class RollUp:
    """The scores of a region's towns: groups, divisions and units."""

    def __init__(self, outcome: Outcome, digits: int) -> None:
        """Take the scores of the towns that answered, and how many digits a division has.

        Args:
            outcome: of a `ScoreQuestion`.
            digits: 2, 4, 6 or 9.
        """
        self._outcome, self._digits = outcome, digits
        self._scores = {
            code: value for code, value in outcome.values.items() if isinstance(value, TownScores)
        }
        self.groups = self._grouped()
        self._group_of = {town.code: one.number for one in self.groups for town in one.towns}

    def divisions(self) -> list[Division]:
        """Return a row for each division and group, by prefix; the whole region comes last."""
        return self._divisions

    def ranked(self, group: Group) -> list[tuple[int | None, Division]]:
        """Return the divisions of a group with their ranks, the highest mean first.

        Divisions with equal means share a rank. There is none where the measure ranks nobody:
        those come by prefix.
        """
        rows = [one for one in self.divisions() if one.group == group.number and one.prefix]
        units = (unit for town in group.towns for unit in self._scores[town.code].units)
        if not any(unit.rank is not None for unit in units):
            return [(None, one) for one in rows]
        keyed = sorted((-one.mean, one.prefix, one) for one in rows if one.mean is not None)
        place_of = places(mean for mean, *_ in keyed)
        ranked = [(place_of[mean], one) for mean, _, one in keyed]
        return [*ranked, *((None, one) for one in rows if one.mean is None)]

    def silent(self) -> list[Division]:
        """Return the divisions in which no town answered."""
        return [one for one in self.divisions() if one.group is None and one.prefix]

    def units(self) -> list[RankedUnit]:
        """Return all units: by group, by what they are ranked within, by rank."""
        return self._units

    @cached_property
    def _divisions(self) -> list[Division]:
        region = self._outcome.region
        rows = [
            row
            for prefix, towns in region.by_prefix(self._digits)
            for row in self._rows(prefix, towns)
        ]
        return [*rows, *self._rows("", region.towns)]

    @cached_property
    def _units(self) -> list[RankedUnit]:
        found = list[RankedUnit]()
        for group in self.groups:
            within = dict[str, list[tuple["Town", "UnitStanding"]]]()
            for town in group.towns:
                for unit in self._scores[town.code].units:
                    within.setdefault(unit.within, []).append((town, unit))
            for one in sorted(within, key=lambda name: (not name, name)):  # none comes last
                found += _ranked(within[one], group.number)
        return found

    def _grouped(self) -> list[Group]:
        towns = {town.code: town for town in self._outcome.region.towns}
        found = dict[tuple[object, ...], list[str]]()
        for code, one in self._scores.items():
            readings = tuple(sorted(one.readings.items()))
            key = one.year, one.through, one.measure_sha256, readings
            found.setdefault(key, []).append(code)
        ordered = sorted(found.values(), key=len, reverse=True)  # stable: else in their order
        first = self._scores[ordered[0][0]] if ordered else None
        groups = list[Group]()
        for number, codes in enumerate(ordered, 1):
            one = self._scores[codes[0]]
            assert first is not None, "there is a group"
            groups.append(
                Group(
                    number,
                    one.year,
                    one.through,
                    one.measure,
                    one.measure_sha256,
                    one.readings,
                    tuple(towns[code] for code in codes),
                    _difference(one, first),
                )
            )
        return groups

    def _rows(self, prefix: str, towns: Sequence[Town]) -> Iterable[Division]:
        region = self._outcome.region
        name = region.division_name(prefix)
        answered = dict[int, list["UnitStanding"]]()
        number = dict[int, int]()
        for town in towns:
            group = self._group_of.get(town.code)
            if group is not None:
                answered.setdefault(group, []).extend(self._scores[town.code].units)
                number[group] = number.get(group, 0) + 1
        if not answered:
            return [Division(prefix, name, None, 0, len(towns), 0, None, None, None, 0, 0, 0)]
        return [
            _division(prefix, name, group, number[group], len(towns), answered[group])
            for group in sorted(answered)
        ]


def _division(
    prefix: str, name: str, group: int, answered: int, asked: int, units: Sequence[UnitStanding]
) -> Division:
    totals = [Decimal(unit.total) for unit in units]
    mean = (
        (sum(totals, Decimal()) / len(totals)).quantize(_HUNDREDTH, ROUND_HALF_UP)
        if totals
        else None
    )
    return Division(
        prefix,
        name,
        group,
        answered,
        asked,
        len(units),
        mean,
        min(totals, default=None),
        max(totals, default=None),
        sum(bool(unit.flags) for unit in units),
        sum(not unit.eligible for unit in units),
        sum(unit.open for unit in units),
    )


def _ranked(units: Iterable[tuple[Town, UnitStanding]], group: int) -> list[RankedUnit]:
    """Return units in rank order, ranked as `projections.scores.rank` ranks those of a town."""
    keyed = sorted(
        ((unit.behind, -Decimal(unit.total)), town.code, unit.unit, town, unit)
        for town, unit in units
    )
    place_of = places(key for key, *_ in keyed)
    return [
        RankedUnit(town, group, unit, None if unit.rank is None else place_of[key])
        for key, _, _, town, unit in keyed
    ]


def _difference(one: TownScores, first: TownScores) -> Message:
    """Return how towns differ from those of the first group, in words."""
    parts = list[Message]()
    if (one.year, one.through) != (first.year, first.through):
        parts.append(Message("{year} through {through}", year=one.year, through=one.through))
    if one.measure_sha256 != first.measure_sha256:
        words = Message(
            "another measure: {measure} ({sha256})",
            measure=one.measure,
            sha256=one.measure_sha256[:12],
        )
        parts.append(words)
    else:
        parts += _other_readings(one.readings, first.readings)
    return Message("{parts}", parts=Parts(parts))


def _other_readings(one: Mapping[str, str], first: Mapping[str, str]) -> list[Message]:
    return [
        Message(
            "another reading: {reading} = {value}, not {other}",
            reading=name,
            value=one.get(name, "—"),
            other=first.get(name, "—"),
        )
        for name in sorted({*one, *first})
        if one.get(name) != first.get(name)
    ]
