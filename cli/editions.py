"""Find what names a published edition; make the figures of one, and say what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.options import OptionError
from cli.parameters.times import EditionName, Period
from ledger.editions import edition_in_force
from ledger.message import Message, Series
from projections.adopted import Measures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cli.session import Session
    from ledger.editions import Edition
    from ledger.events import FiguresPublished
    from ledger.state import LedgerState
    from projections.query import ScoreQuery
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


def figures_of(
    opened: Session, period: Period, query: ScoreQuery, state: LedgerState, reason: str | None
) -> tuple[FiguresPublished, YearScores, int | None]:
    """Return the event that would publish a period, the scores, and the period's number.

    Args:
        opened: the ledger.
        period: the period, or the year.
        query: as of which position and through which day.
        state: what is known of its editions, as of that position.
        reason: why it replaces the edition before it.

    Raises:
        OptionError: the measure has no such period, it has not begun, the day has not come, or no
            unit counts.
    """
    from cli.session import check_begun, check_units  # noqa: PLC0415 - sessions know editions
    from projections.publication import publication  # noqa: PLC0415 - not for pages

    asked, number = opened.period_query(period, query)
    scores = opened.loader.scores(asked, postings=True).scores
    check_units(scores)
    check_begun(number, scores)
    return publication(state, scores, number, reason, opened.checkpoint()), scores, number


def open_remarks(scores: YearScores, number: int | None) -> Iterator[Message]:
    """Yield what is still open in a period, from 1, or in the year."""
    from projections.bulletin import open_counts  # noqa: PLC0415 - not for pages

    town = scores.town
    period = None if number is None else town.calendar.period(town.year, number)
    last = town.last if period is None else period.last
    if town.through < last:
        yield Message("it is not over: its last day is {last}", last=last)
    counts = [
        Message("{count} {kind}", count=one.times, kind=one.kind)
        for one in open_counts(scores, period)
    ]
    if counts:
        yield Message("still open: {points}; see `tally bulletin`", points=Series(counts))
