"""Compare the scores of one ledger under two measures: the one in force, and a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from projections.differences import differences

if TYPE_CHECKING:
    from projections.differences import UnitChange
    from projections.scores import Scored


def reform(present: Scored, under_draft: Scored) -> list[UnitChange]:
    """Return the units whose score, rank, flags or postings differ under a draft.

    The entries of a change are those whose postings differ; none where a unit only changes rank.

    Args:
        present: the scores under the measure in force.
        under_draft: the scores of the same entries under the draft.
    """
    found = differences(present, under_draft, unequal_postings=True)
    return [replace(change, entries=_entries(change)) for change in found]


def _entries(change: UnitChange) -> tuple[str, ...]:
    postings = (*change.removed, *change.added)
    return tuple(dict.fromkeys(entry for posting in postings for entry in posting.entries))
