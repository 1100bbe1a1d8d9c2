"""Find what names a published edition; say what is still open in its period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.options import OptionError
from cli.output import remark
from cli.parameters.times import EditionName, Period
from ledger.editions import edition_in_force
from ledger.message import Message, Series
from projections.adopted import Measures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cli.session import Session
    from ledger.editions import Edition
    from projections.scores import YearScores


def named_edition(
    editions: Sequence[Edition], named: EditionName, position: int, option: str
) -> Edition:
    """Return a published edition; without a number the one in force, or that awaits verification.

    Args:
        editions: those of the period, as known at the position.
        named: the period, with the number of an edition or without.
        position: as known where, for messages.
        option: the option or parameter that names it, for messages.

    Raises:
        OptionError: there is no such edition.
    """
    period, number = str(named.period), named.number
    if not editions:
        words = Message(
            "{period} was not published as of position {position}",
            period=period,
            position=position,
        )
        raise OptionError(option, words)
    if number is None:
        standing = edition_in_force(editions) or editions[-1]
        if standing.withdrawn is not None:
            words = Message(
                "every edition of {period} was withdrawn; name one of them, as {period}#{number}",
                period=period,
                number=standing.number,
            )
            raise OptionError(option, words)
        return standing
    if not 1 <= number <= len(editions):
        words = Message(
            "{period} has the editions 1 to {count}", period=period, count=len(editions)
        )
        raise OptionError(option, words)
    return editions[number - 1]


def side(
    opened: Session, named: int | datetime | EditionName, to: int | None = None
) -> int | datetime | EditionName:
    """Return a side of a comparison; a number beyond the end may be a year with a measure.

    A position of the ledger stays a position, whatever year it may be too.

    Args:
        opened: the ledger.
        named: what a person named.
        to: the position as of which the years with a measure are known; None for now.
    """
    if not isinstance(named, int) or named <= opened.ledger.position():
        return named
    years = Measures(opened.adopted(to).adoptions).years(provisional=True)
    return EditionName(Period(named, ""), None) if named in years else named


def remark_open(scores: YearScores, number: int | None) -> bool:
    """Say on standard error what is still open in a period, from 1, or in the year.

    Returns whether there is anything.
    """
    from projections.bulletin import open_counts  # noqa: PLC0415 - not for pages

    town = scores.town
    period = None if number is None else town.calendar.period(town.year, number)
    last = town.last if period is None else period.last
    if town.through < last:
        remark("it is not over: its last day is {last}", last=last)
    counts = [
        Message("{count} {kind}", count=one.times, kind=one.kind)
        for one in open_counts(scores, period)
    ]
    if counts:
        remark("still open: {points}; see `tally bulletin`", points=Series(counts))
    return bool(counts) or town.through < last
