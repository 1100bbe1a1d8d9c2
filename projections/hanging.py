"""Sentences on what first place, the flags and the ranks of a year hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.sensitivity import Sensitivity


def summary(of: Sensitivity) -> Iterator[Message]:
    """Yield the answers as sentences: first place, flags, ranks, and which pairs interact."""
    alternatives = of.alternatives()
    ranked = any(one.rank is not None for one in of.scores.units)
    subject = Message("no reading")
    if len(of.readings) == 1:
        subject = Message("no other value of {reading}", reading=of.readings[0].reading.name)
    if ranked:
        firsts = [one for one in of.scores.units if one.rank == 1]
        moving = [*dict.fromkeys(one.reading for one in alternatives if one.moves_first)]
        if moving:
            yield Message(
                "first place ({units}) hangs on {count} {count:reading|readings}: {readings}",
                units=Series(f"{one.unit} {one.name}" for one in firsts),
                count=len(moving),
                readings=Series(moving),
            )
        else:
            yield Message("{subject} moves first place", subject=subject)
    flagged = [(one, of.hanging(one, "flags")) for one in of.scores.units]
    flagged = [(one, readings) for one, readings in flagged if readings]
    for score, readings in flagged:
        yield Message(
            "the flags of {unit} {name} hang on {count} {count:reading|readings}: {readings}",
            unit=score.unit,
            name=score.name,
            count=len(readings),
            readings=Series(readings),
        )
    if not flagged and of.town.measure.flags:
        yield Message("{subject} moves a flag", subject=subject)
    if ranked:
        yield from _of_ranks(of, subject)
    for one in alternatives:
        if one.error is not None:
            yield Message(
                "under {reading} = {value} the year cannot be scored: {error}",
                reading=one.reading,
                value=one.value,
                error=one.error,
            )
    if of.pairs:
        yield Message(
            "{count} {count:pair of readings interacts|pairs of readings interact}: "
            "together they move something else than the two alone",
            count=len(of.pairs),
        )
    else:
        yield Message("no two readings interact: together they move what each moves alone")


def _of_ranks(of: Sensitivity, subject: Message) -> Iterator[Message]:
    """Yield a sentence for each unit whose rank hangs on readings, and one for the others."""
    hanging = [(one, of.hanging(one, "rank")) for one in of.scores.units]
    for score, readings in sorted(hanging, key=lambda one: -len(one[1])):
        if readings:
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
