"""The question to a region's towns that options or an address ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from cli.options import OptionError
from cli.session import today
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.query import ScoreQuery

Made = TypeVar("Made")


def year_question(
    kind: Callable[..., Made], query: ScoreQuery, *, as_of: str = "--as-of", **more: Any
) -> Made:
    """Return the question of a kind that a query asks of every town.

    Args:
        kind: its class, of those about a year.
        query: of one ledger.
        as_of: what messages call the option that names the time.
        more: the fields that other questions do not have.

    Raises:
        OptionError: the time is a position, of which every ledger has its own.
    """
    if isinstance(query.as_of, int):
        words = Message("every ledger has positions of its own; give a day or a time")
        raise OptionError(as_of, words)
    return kind(
        today=today(),
        year=query.year,
        through=query.through,
        as_of=query.as_of,
        provisional=query.provisional,
        **more,
    )
