"""Sentences on what first place, the flags and the ranks of a year hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Message, Parts, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.sensitivity import Sensitivity


def summary(of: Sensitivity, *, by_unit: bool = True) -> Iterator[Message]:
    """Yield the answers as sentences: first place, flags, ranks, which pairs interact, limits.

    Args:
        of: what the readings move.
        by_unit: whether to say of each unit what its flags and its rank hang on.
    """
    subject = Message("no reading")
    if len(of.readings) == 1:
        subject = Message("no other value of {reading}", reading=of.readings[0].reading.name)
    ranked = any(one.rank is not None for one in of.scores.units)
    if ranked:
        yield _of_first(of, subject)
    yield from _of_flags(of, subject, by_unit=by_unit)
    if ranked:
        yield from _of_ranks(of, subject, by_unit=by_unit)
    if of.pairs:
        yield Message(
            "{count} {count:pair of readings interacts|pairs of readings interact}: "
            "together they move something else than the two alone",
            count=len(of.pairs),
        )
    else:
        yield Message("no two readings interact: together they move what each moves alone")
    yield from _of_limits(of)


def _of_first(of: Sensitivity, subject: Message) -> Message:
    """Return the sentence on first place."""
    firsts = Series(f"{one.unit} {one.name}" for one in of.scores.units if one.rank == 1)
    moving = list(dict.fromkeys(one.reading for one in of.alternatives() if one.moves_first))
    if moving:
        return Message(
            "first place ({units}) hangs on {count} {count:reading|readings}: {readings}",
            units=firsts,
            count=len(moving),
            readings=Series(moving),
        )
    if of.firsts:
        pairs = dict.fromkeys(tuple(name for name, _ in pair) for pair in of.firsts)
        return Message(
            "first place ({units}) hangs on two readings together: {pairs}",
            units=firsts,
            pairs=Parts(Series(pair) for pair in pairs),
        )
    return Message("{subject} moves first place, alone or with another", subject=subject)


def _of_flags(of: Sensitivity, subject: Message, *, by_unit: bool) -> Iterator[Message]:
    """Yield a sentence for each unit whose flags hang on readings, or that there is none."""
    flagged = [(one, of.hanging(one, "flags")) for one in of.scores.units]
    flagged = [(one, readings) for one, readings in flagged if readings]
    for score, readings in flagged if by_unit else ():
        yield Message(
            "the flags of {unit} {name} hang on {count} {count:reading|readings}: {readings}",
            unit=score.unit,
            name=score.name,
            count=len(readings),
            readings=Series(readings),
        )
    if not flagged and of.town.measure.flags:
        yield Message("{subject} moves a flag", subject=subject)


def _of_ranks(of: Sensitivity, subject: Message, *, by_unit: bool) -> Iterator[Message]:
    """Yield a sentence for each unit whose rank hangs on readings, and one for the others."""
    hanging = [(one, of.hanging(one, "rank")) for one in of.scores.units]
    for score, readings in sorted(hanging, key=lambda one: -len(one[1])):
        if readings and by_unit:
            yield Message(
                "the rank of {unit} {name} hangs on {count} {count:reading|readings}: {readings}",
                unit=score.unit,
                name=score.name,
                count=len(readings),
                readings=Series(readings),
            )
    fixed = sum(not readings for _, readings in hanging)
    if fixed:
        yield Message(
            "{subject} moves the rank of {count} {count:unit|units}", subject=subject, count=fixed
        )


def _of_limits(of: Sensitivity) -> Iterator[Message]:
    """Yield which values were not tried, and under which the year cannot be scored."""
    numbers = [one.reading.name for one in of.readings if one.reading.number is not None]
    if numbers:
        yield Message(
            "{readings} may be ruled to be any number within bounds: the values listed were tried",
            readings=Series(numbers),
        )
    for one in of.alternatives():
        if one.error is not None:
            yield Message(
                "under {reading} = {value} the year cannot be scored: {error}",
                reading=one.reading,
                value=one.value,
                error=one.error,
            )
