"""The ledger's own time: the computer's clock, unless it is plainly wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ledger.errors import TallyError
from ledger.instants import office_minute
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

JUMP = timedelta(days=1)
"""How far the clock may be from the last event without being compared with another one."""

SKEW = timedelta(minutes=5)
"""How far two right clocks may be apart."""


class ClockError(TallyError):
    """The clock is wrong, or was when the last event was recorded; nothing was written."""


def system_time() -> datetime:
    """Return the time of the computer's clock, in UTC."""
    return datetime.now(UTC)


def ledger_time(
    now: datetime,
    last: datetime | None,
    other: Callable[[], datetime | None],
) -> datetime:
    """Return the time of the next event, which is never before the last one's.

    Args:
        now: the clock's time.
        last: when the last event was recorded.
        other: returns the time of the store (its file system, its server), if it has one.

    Raises:
        ClockError: the clock is more than a day before the last event; or it is more than a day
            after it, or there is none, and it is ahead of the store's or a day behind that.
    """
    if last is not None and now < last:
        if last - now > JUMP:
            raise ClockError(
                Message(
                    "the clock of this computer says {now}, but the last event was recorded at "
                    "{last}: one of the two is wrong. Set the clock. If it is right, give "
                    "--trust-clock with each command until then: what you record is dated like the "
                    "last event. To be rid of it, go back to a backup of before (`tally restore`), "
                    "or import what `tally list --format jsonl` writes into a new ledger. Nothing "
                    "was written.",
                    now=office_minute(now),
                    last=office_minute(last),
                )
            )
        return last
    if last is None or now - last > JUMP:
        theirs = other()
        if theirs is not None and (now - theirs > SKEW or theirs - now > JUMP):
            raise ClockError(
                Message(
                    "the clock of this computer says {now}, but where the ledger is kept it is "
                    "{theirs}; what is recorded would have a wrong time for good. Set the clock of "
                    "this computer. If it is right, give --trust-clock. Nothing was written.",
                    now=office_minute(now),
                    theirs=office_minute(theirs),
                )
            )
    return now
