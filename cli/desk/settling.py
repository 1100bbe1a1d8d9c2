"""Preview an append, and carry it out once what was shown is confirmed and still true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.desk.previewing import digest, preview_rows
from cli.desk.summary import content_rows
from cli.proposing import MAX_ATTEMPTS, propose
from ledger.errors import LedgerMovedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from cli.desk.work import Desk, Given
    from cli.proposing import Proposal
    from ledger.receipts import Receipt
    from ledger.state import LedgerState
    from ledger.submissions import Submission

MOST_SHOWN = 50
"""Entries of an append that its preview lists."""

_NOT_CARRIED = frozenset({"csrf", "once", "step", "position", "shown"})
"""Controls that the form of a confirmation has anew."""


def settle(
    desk: Desk,
    given: Given,
    make: Callable[[LedgerState], Sequence[Submission]],
    about: Collection[str],
) -> Receipt | dict[str, Any]:
    """Append entries if what they would change was shown and confirmed, else show it.

    Args:
        desk: the desk.
        given: the form; a confirmation has `step=confirm`, with the position and the digest of
            what was shown.
        make: makes the entries of the newest state.
        about: ids that they are about.

    Returns:
        the receipt; or the values of the template `desk/confirm.html`.

    Raises:
        EntriesRefusedError: the ledger refuses them.
        LedgerMovedError: others append all the time.
    """
    confirmed, shown = given.text("step") == "confirm", given.text("shown")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        position = desk.ledger.position()
        if not (confirmed and given.text("position") == str(position)):
            proposed = propose(desk.session, make, about, desk.by)
            found = _digest(proposed)
            if not confirmed or found != shown:
                return _values(desk, given, proposed, found, moved=confirmed)
            position = proposed.position
        try:
            return desk.ledger.record(make, desk.by, about=about, at_position=position)
        except LedgerMovedError:
            if attempt == MAX_ATTEMPTS:
                raise
    raise AssertionError


def _digest(proposed: Proposal) -> str:
    return digest([one.content() for one in proposed.fresh], proposed.changes)


def _values(
    desk: Desk, given: Given, proposed: Proposal, found: str, *, moved: bool
) -> dict[str, Any]:
    """Return the values of the page that shows a proposal and asks for confirmation."""
    carried = [
        (name, value)
        for name, values in given.fields.items()
        if name not in _NOT_CARRIED
        for value in values
    ]
    carried += [("position", str(proposed.position)), ("shown", found)]
    kinds = desk.kinds
    return {
        "preview": preview_rows(desk, proposed.changes),
        "fresh": [
            (desk.translate.kind(kinds, one.KIND), one.id, content_rows(desk, one, proposed.state))
            for one in proposed.fresh[:MOST_SHOWN]
        ],
        "more": max(0, len(proposed.fresh) - MOST_SHOWN),
        "remarks": [desk.translate(one) for one in proposed.units_taken_back(desk.session)],
        "moved": moved,
        "carried": carried,
    }
