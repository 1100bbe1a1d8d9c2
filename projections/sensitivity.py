"""What each contested reading (◆) of a year's measure moves: totals, ranks and flags of units.

Two readings interact in a unit if, under both, its total is not its present one plus what each
alone adds; if its flags are not what both alone give; or if its rank moves and neither alone moves
it. No pair is left out: every pair is summed, and few are judged. A clause is judged for a pair
only if it asks for each of the two readings while the other has its other value (`rescoring`);
what any other clause yields is known from one of the two alone.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.decimals import plain
from ledger.errors import TallyError
from ledger.message import Message, Series
from ledger.progress import with_progress
from projections.measure.amounts import NoAmountError
from projections.measure.model import QUANTITIES, ByReading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projections.facts import TownYear
    from projections.measure import Measure, Reading
    from projections.rescoring import Rescoring
    from projections.scores import UnitScore, YearScores


class UnknownReadingError(TallyError):
    """The measure has no such reading, or the reading no such value."""


class Standing(NamedTuple):
    """What a unit has in a year: total (points), rank, flags; nothing where it is not assessed."""

    total: Decimal | None = None
    rank: int | None = None
    flags: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as the contract writes it."""
        total = None if self.total is None else plain(self.total)
        return {"total": total, "rank": self.rank, "flags": list(self.flags)}


_NOTHING = Standing()


class Move(NamedTuple):
    """A unit that another reading moves."""

    unit: str
    name: str
    before: Standing
    after: Standing

    @property
    def points(self) -> Decimal:
        """What its total gains; 0 where it is not assessed before or after."""
        before, after = self.before.total, self.after.total
        return Decimal(0) if before is None or after is None else after - before

    def as_json(self) -> dict[str, Any]:
        """Return it as the contract writes it."""
        before, after = self.before.as_json(), self.after.as_json()
        fields = {name: {"from": before[name], "to": after[name]} for name in before}
        return {"unit": self.unit, "name": self.name, **fields}


class Alternative(NamedTuple):
    """Another value of a reading, and what it moves."""

    reading: str
    value: str
    moves: tuple[Move, ...]
    """In the present order of ranks."""
    error: Message | None = None
    """Why the year cannot be scored under it."""

    @property
    def moves_first(self) -> bool:
        """Whether a unit gains or loses a first place."""
        return any((one.before.rank == 1) != (one.after.rank == 1) for one in self.moves)

    @property
    def ranks(self) -> int:
        """How many ranks it moves."""
        return sum(one.before.rank != one.after.rank for one in self.moves)

    @property
    def flags(self) -> int:
        """How many units gain or lose flags."""
        return sum(one.before.flags != one.after.flags for one in self.moves)

    @property
    def totals(self) -> int:
        """How many totals it moves."""
        return sum(one.before.total != one.after.total for one in self.moves)

    @property
    def most(self) -> Decimal:
        """The points by which it moves a total at most, up or down."""
        return max([one.points for one in self.moves], key=abs, default=Decimal(0))

    def weight(self) -> tuple[bool, int, int, int, Decimal]:
        """Return by what it is sorted, the heaviest first: first place, flags, ranks, totals."""
        return self.moves_first, self.flags, self.ranks, self.totals, abs(self.most)

    def as_json(self) -> dict[str, Any]:
        """Return it as the contract writes it."""
        error = {} if self.error is None else {"error": self.error}
        return {"value": self.value, "units": [one.as_json() for one in self.moves], **error}


class ReadingMoves(NamedTuple):
    """A reading with its value in force, and its alternatives, the heaviest first."""

    reading: Reading
    value: str
    alternatives: tuple[Alternative, ...]

    def weight(self) -> tuple[bool, int, int, int, Decimal]:
        """Return that of its heaviest alternative."""
        return max(
            (one.weight() for one in self.alternatives), default=(False, 0, 0, 0, Decimal(0))
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as the contract writes it."""
        return {
            "reading": self.reading.name,
            "value": self.value,
            "citation": self.reading.citation,
            "alternatives": [one.as_json() for one in self.alternatives],
        }


class Together(NamedTuple):
    """A unit in which two readings interact: what it has under both, and under each alone."""

    move: Move
    alone: tuple[Standing, Standing]

    def as_json(self) -> dict[str, Any]:
        """Return the move with what the unit has under each alone."""
        return {**self.move.as_json(), "alone": [one.as_json() for one in self.alone]}


class Pair(NamedTuple):
    """Values of two readings that interact."""

    values: tuple[tuple[str, str], tuple[str, str]]
    units: tuple[Together, ...]
    error: Message | None = None
    """Why the year cannot be scored under both, though it can under each."""

    def as_json(self) -> dict[str, Any]:
        """Return it for the key `pairs`."""
        named = [{"reading": name, "value": value} for name, value in self.values]
        error = {} if self.error is None else {"error": self.error}
        return {"readings": named, "units": [one.as_json() for one in self.units], **error}


class Sensitivity(NamedTuple):
    """What the readings of a year move."""

    scores: YearScores
    """Those under the readings in force."""
    readings: tuple[ReadingMoves, ...]
    """The heaviest first."""
    pairs: tuple[Pair, ...]
    """Those that interact, in the order of the readings of the measure."""
    firsts: tuple[tuple[tuple[str, str], tuple[str, str]], ...]
    """Values of two readings under both of which first place moves, though under neither alone."""
    judged: int
    """How often a clause was judged for all units."""

    @property
    def town(self) -> TownYear:
        """The year."""
        return self.scores.town

    def alternatives(self) -> list[Alternative]:
        """Return every alternative, the heaviest first."""
        found = [one for moves in self.readings for one in moves.alternatives]
        return sorted(found, key=Alternative.weight, reverse=True)

    def hanging(self, score: UnitScore, field: str) -> tuple[str, ...]:
        """Return the readings that a unit's `total`, `rank` or `flags` hang on."""
        return tuple(
            moves.reading.name
            for moves in self.readings
            if any(
                getattr(one.before, field) != getattr(one.after, field)
                for other in moves.alternatives
                for one in other.moves
                if one.unit == score.unit
            )
        )

    def as_json(self) -> dict[str, Any]:
        """Return what the contract has of it, with the pairs, and what each unit hangs on."""
        units = [
            {"unit": one.unit, "name": one.name}
            | {field: list(self.hanging(one, field)) for field in Standing._fields}
            for one in self.scores.units
        ]
        return {
            "readings": [one.as_json() for one in self.readings],
            "pairs": [one.as_json() for one in self.pairs],
            "units": [one for one in units if any(one[name] for name in Standing._fields)],
        }


def sensitivity(
    rescoring: Rescoring,
    reading: str | None = None,
    values: Mapping[str, Sequence[str]] | None = None,
) -> Sensitivity:
    """Return what the readings move, each alone and two together.

    Args:
        rescoring: the year under the readings in force.
        reading: this reading alone, and its pairs; all by default.
        values: by reading, the values to try instead of those of `alternative_values`.
    """
    town, measure = rescoring.town, rescoring.town.measure
    tried = {name: alternative_values(one, town) for name, one in measure.readings.items()}
    for name, given in (values or {}).items():
        tried[name] = tuple(one for one in given if one != town.readings[name])
    present = _standings(rescoring.present)
    alone = {(name, value): {name: value} for name in tried for value in tried[name]}
    both = {
        (one, other): {**alone[one], **alone[other]}
        for first, second in combinations(tried, 2)
        if reading in (None, first, second)
        for one, other in product(*([(name, v) for v in tried[name]] for name in (first, second)))
    }
    steps = [*alone.items(), *both.items()]
    found: dict[Any, dict[str, Standing]] = {}
    errors: dict[Any, Message] = {}
    for key, changed in with_progress(steps, Message("comparing"), lambda: len(steps)):
        if any(one in errors for one in key):
            continue
        try:
            found[key] = _standings(rescoring.under(changed))
        except NoAmountError as error:
            errors[key] = error.args[0]
    names = {one.unit: one.name for one in rescoring.present.units}
    moves = []
    for name in tried if reading is None else [reading]:
        of_reading = [
            Alternative(name, value, _moves(present, found.get((name, value), present), names))
            for value in tried[name]
        ]
        of_reading = [one._replace(error=errors.get(one[:2])) for one in of_reading]
        of_reading.sort(key=Alternative.weight, reverse=True)
        in_force = town.readings[name]
        moves.append(ReadingMoves(measure.readings[name], in_force, tuple(of_reading)))
    moves.sort(key=ReadingMoves.weight, reverse=True)
    pairs = []
    for key in both:
        if key in errors:
            pairs.append(Pair(key, (), errors[key]))
        elif key in found:
            each = found[key[0]], found[key[1]]
            pairs.append(Pair(key, _together(present, found[key], each, names)))
    pairs = [one for one in pairs if one.units or one.error]
    first = _firsts(present)
    firsts = [
        key
        for key in both
        if key in found
        and _firsts(found[key]) != first
        and all(_firsts(found[one]) == first for one in key)
    ]
    scores, judged = rescoring.present, rescoring.judged
    return Sensitivity(scores, tuple(moves), tuple(pairs), tuple(firsts), judged)


def alternative_values(reading: Reading, town: TownYear) -> tuple[str, ...]:
    """Return the values of a reading that are tried: those named, but for the one in force.

    Where a reading is a number that an amount states (a factor, as `overstay_factor`), also the
    numbers that the other amounts of its clause state for the same quantity, if it may be one.
    """
    in_force = town.readings[reading.name]
    named = [one.value for one in reading.value]
    stated = _numbers(reading, town.measure) if reading.number is not None else ()
    return tuple(one for one in dict.fromkeys([*named, *stated]) if one != in_force)


def _numbers(reading: Reading, measure: Measure) -> list[str]:
    """Return the numbers that clauses state beside one that a reading gives, from the least."""
    found = set[Decimal]()
    for clause in measure.clauses.values():
        for quantity in QUANTITIES:
            stated = [getattr(amount, quantity) for amount in clause.amount]
            if any(isinstance(one, ByReading) and one.reading == reading.name for one in stated):
                found |= {one for one in stated if isinstance(one, Decimal)}
    assert reading.number is not None
    read = [reading.number.read(plain(one)) for one in sorted(found)]
    return [one for one in read if one is not None]


def named_value(named: str, measure: Measure) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Return a reading, and by its name the one value to try if `NAME=VALUE` names it.

    Raises:
        UnknownReadingError: the measure has no such reading, or the reading no such value.
    """
    name, equals, value = named.partition("=")
    reading = measure.reading(name.strip())
    if reading is None:
        known = Series(measure.readings)
        raise UnknownReadingError(
            Message(
                "{name!r} is not a reading of the measure; choose one of {readings}",
                name=name,
                readings=known,
            )
        )
    if not equals:
        return reading.name, {}
    canonical = reading.canonical(value.strip())
    if canonical is None:
        words = Message("{reading} may be {choices}", reading=name, choices=reading.choices())
        raise UnknownReadingError(words)
    return reading.name, {reading.name: (canonical,)}


def _standings(scores: YearScores) -> dict[str, Standing]:
    return {one.unit: Standing(one.total, one.rank, one.flags) for one in scores.units}


def _firsts(standings: Mapping[str, Standing]) -> set[str]:
    """Return the units that have a first place."""
    return {unit for unit, one in standings.items() if one.rank == 1}


def _moves(
    before: Mapping[str, Standing], after: Mapping[str, Standing], names: Mapping[str, str]
) -> tuple[Move, ...]:
    """Return the units that differ, in the order before, then those that came."""
    sides = (
        (unit, before.get(unit, _NOTHING), after.get(unit, _NOTHING))
        for unit in {**before, **after}
    )
    return tuple(
        Move(unit, names.get(unit, unit), *both) for unit, *both in sides if both[0] != both[1]
    )


def _together(
    present: Mapping[str, Standing],
    both: Mapping[str, Standing],
    alone: tuple[Mapping[str, Standing], Mapping[str, Standing]],
    names: Mapping[str, str],
) -> tuple[Together, ...]:
    """Return the units in which two readings interact, in the present order of ranks."""
    found = []
    for unit, now in present.items():
        after = both.get(unit, _NOTHING)
        each = alone[0].get(unit, _NOTHING), alone[1].get(unit, _NOTHING)
        if interact(now, after, each):
            found.append(Together(Move(unit, names[unit], now, after), each))
    return tuple(found)


def interact(now: Standing, both: Standing, alone: tuple[Standing, Standing]) -> bool:
    """Return whether two readings interact in a unit; see the module's first lines."""
    totals = [one.total for one in (now, both, *alone)]
    if None in totals:
        # Not assessed on one side: nothing can be added.
        return both not in alone
    before, after, one, other = (total or Decimal(0) for total in totals)
    if after - before != (one - before) + (other - before):
        return True
    raised = {flag for each in alone for flag in each.flags if flag not in now.flags}
    gone = {flag for each in alone for flag in now.flags if flag not in each.flags}
    if {*both.flags} != ({*now.flags} | raised) - gone:
        return True
    return both.rank != now.rank and all(each.rank == now.rank for each in alone)
