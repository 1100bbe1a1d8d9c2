"""The question to a region's towns that options or an address ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.options import OptionError
from cli.session import today
from ledger.message import Message
from projections.region.messages import ScoreQuestion

if TYPE_CHECKING:
    from projections.query import ScoreQuery


def score_question(query: ScoreQuery, option: str = "--as-of") -> ScoreQuestion:
    """Return the question that a query asks of every town.

    Args:
        query: of one ledger.
        option: what messages call the one that names a state.

    Raises:
        OptionError: it names a position, of which every ledger has its own.
    """
    if isinstance(query.as_of, int):
        words = Message("every ledger has positions of its own; give a day or a time")
        raise OptionError(option, words)
    return ScoreQuestion(today(), query.year, query.through, query.as_of, query.provisional)
